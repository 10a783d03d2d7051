"""Partners' own groups, and what they and their members chose to be told."""

from storage.partners.partner_groups import PartnerGroups
from tests.storage.stocked import partner


class TestGroups:
    async def test_are_one_for_each_partner(self, desk):
        async def unit(work):
            await work.groups.bind(-5, "P1", by=71, at=work.now)
            await work.groups.bind(-6, "P1", by=71, at=work.now)
            return await work.groups.all(), await work.groups.of_partner("P1")

        assert await desk.write(unit) == ([-6], -6)
        assert await desk.read(lambda work: work.groups.owner(-5)) is None
        assert await desk.read(lambda work: work.groups.owner(-6)) == "P1"

    async def test_that_are_let_go_are_nobodys(self, desk):
        await desk.write(lambda work: work.groups.bind(-5, "P1", by=None, at=work.now))
        await desk.database.write(lambda tx: PartnerGroups(tx).unbind(-5))
        assert await desk.read(lambda work: work.groups.of_partner("P1")) is None

    async def test_follow_into_a_supergroup_that_is_known_already(self, desk):
        async def unit(work):
            await work.partners.add(partner("P2", "Outra"))
            await work.groups.bind(-5, "P1", by=None, at=work.now)
            await work.groups.bind(-6, "P2", by=None, at=work.now)
            await work.people.rename_chat(-5, -6)
            return await work.groups.owner(-5), await work.groups.owner(-6)

        assert await desk.write(unit) == (None, "P2")


async def test_choices_are_replaced_and_forgotten(desk):
    async def unit(work):
        await work.choices.choose("P1", "71", "trials", wanted=True)
        await work.choices.choose("P1", "71", "trials", wanted=False)
        await work.choices.choose("P1", "group", "trials", wanted=True)
        before = await work.choices.of_partner("P1")
        await work.choices.forget("P1", "71")
        return before, await work.choices.of_partner("P1")

    assert await desk.write(unit) == (
        {("71", "trials"): False, ("group", "trials"): True}, {("group", "trials"): True},
    )  # fmt: skip


async def test_quiet_hours_come_back_as_they_were_saved(desk):
    quiet = partner(quiet="23:00-07:00")
    await desk.write(lambda work: work.partners.save(quiet))
    assert await desk.read(lambda work: work.partners.get("P1")) == quiet
