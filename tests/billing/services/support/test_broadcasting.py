"""One text to many: who they are, shown first, sent by steps, counted as it arrives."""

import pytest

from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.operations import Operation
from billing.services.support import broadcasting
from billing.services.support.broadcasting import NobodyThere, NoSegment, TextTooLong
from billing.services.support.cards import Original
from tests.billing.services.people import GROUP, SAM


def said(text="News", file=None):
    return Original(text, GROUP, 8, file)


async def prepared(world, segment="all", **more):
    found, _ = await world.staff().do(broadcasting.look, segment, said(**more))
    return found


async def reports(world):
    """Return what the report says in turn."""
    return [one.facts for one in world.sent if one.kind == "broadcast_report"]


class TestASegment:
    async def test_is_all_or_a_programme_or_a_state(self, world, acme):
        other = await world.enrolled(12, "Bazar", "days")
        await acme.new("loja-1")
        for segment, receivers in {
            "all": [11, 12], "integrator": [11], "days": [12], "trial": [11],
        }.items():  # fmt: skip
            assert list((await prepared(world, segment)).receivers) == receivers, segment
        for empty in ("active", "stopped", "unpaid", "overdue", "integrator-classic"):
            with pytest.raises(NobodyThere):
                await prepared(world, empty)
        assert other.partner_id

    async def test_of_unpaid_and_overdue_follows_the_invoices(self, world, acme):
        await world.enrolled(12, "Bazar")
        (instance,) = await acme.new("loja-1")
        await acme.act(Operation.SUBSCRIBE, instance)
        await world.until("2026-02-02 09:00")
        assert list((await prepared(world, "unpaid")).receivers) == [11]
        with pytest.raises(NobodyThere):
            await prepared(world, "overdue")
        await world.until("2026-02-11 09:00")
        assert list((await prepared(world, "overdue")).receivers) == [11]

    async def test_leaves_out_who_has_left(self, world, acme):
        await world.enrolled(12, "Bazar")
        await world.sql("UPDATE partners SET left_at = 1 WHERE name = 'Acme'")
        assert list((await prepared(world)).receivers) == [12]

    async def test_that_is_none_is_refused_with_those_that_are(self, world, acme):
        with pytest.raises(NoSegment) as refused:
            await prepared(world, "everyone")
        assert {"all", "overdue", "days"} <= set(refused.value.facts["known"])

    async def test_takes_a_text_that_fits_into_a_message(self, world, acme):
        with pytest.raises(TextTooLong) as refused:
            await prepared(world, text="💥" * 1751)
        assert refused.value.facts == {"length": 3502, "most": 3500}


class TestABroadcast:
    async def test_is_an_admins_alone(self, world, acme):
        with pytest.raises(NoRight):
            await world.staff(SAM).do(broadcasting.look, "all", said())

    async def test_goes_to_everybody_once_and_is_counted_in_one_message(self, world, acme):
        await world.enrolled(12, "Bazar")
        await world.enrolled(13, "Casa")
        world.blocked.add(13)
        found = await prepared(world, file="photo")
        await world.staff().do(broadcasting.confirm, found.id)
        with pytest.raises(AlreadyDone):
            await world.staff().do(broadcasting.confirm, found.id)
        await world.until("2026-01-28 12:30")
        assert world.last(11, "broadcast").facts["text"] == "News"
        assert world.last(12, "broadcast").facts["copies"] == [GROUP, 8]
        last = (await reports(world))[-1]
        assert (last["people"], last["sent"], last["failed"]) == (3, 2, 1)
        assert (
            len([one for one in world.sent if one.kind == "broadcast_report" and not one.edit]) == 1
        )
        assert (await world.read(lambda work: work.broadcasts.get(found.id))).state == "over"
        assert await world.due("broadcast%") == []
        assert "broadcast" in await world.actions(found.id)

    async def test_goes_on_by_steps_and_leaves_out_who_is_gone_by_then(
        self, world, acme, monkeypatch
    ):
        monkeypatch.setattr(broadcasting, "STEP", 1)
        await world.enrolled(12, "Bazar")
        await world.enrolled(13, "Casa")
        found = await prepared(world)
        await world.staff().do(broadcasting.confirm, found.id)
        await world.write(lambda work: work.people.remove_member(12))
        await world.until("2026-01-28 12:30")
        told = [sent.chat_id for sent in world.sent if sent.kind == "broadcast"]
        assert told == [11, 13]
        last = (await reports(world))[-1]
        assert (last["sent"], last["waiting"]) == (2, 0)

    async def test_wakes_nobody_and_is_looked_for_seldom_until_the_morning(self, world, acme):
        await world.until("2026-01-28 23:00")
        found = await prepared(world)
        await world.staff().do(broadcasting.confirm, found.id)
        await world.until("2026-01-29 07:00")
        assert (await reports(world))[-1]["waiting"] == 1
        await world.until("2026-01-29 09:00")
        assert world.heard(11, "broadcast") == [("2026-01-29 08:00", "broadcast")]
        assert (await reports(world))[-1]["sent"] == 1

    async def test_that_is_dropped_is_never_sent(self, world, acme):
        found = await prepared(world)
        await world.staff().do(broadcasting.drop, found.id)
        with pytest.raises(AlreadyDone):
            await world.staff().do(broadcasting.drop, found.id)
        with pytest.raises(AlreadyDone):
            await world.staff().do(broadcasting.confirm, found.id)
        with pytest.raises(NotFound):
            await world.staff().do(broadcasting.confirm, "none")

    async def test_goes_to_those_of_the_moment_of_its_confirmation(self, world, acme):
        found = await prepared(world)
        await world.enrolled(12, "Bazar")
        going = await world.staff().do(broadcasting.confirm, found.id)
        assert list(going.receivers) == [11, 12]

    async def test_of_staff_nobody_knows_is_reported_without_a_name(self, world, acme):
        found = await prepared(world)
        await world.staff().do(broadcasting.confirm, found.id)
        await world.sql("DELETE FROM persons WHERE user_id = 1")
        await world.until("2026-01-28 12:30")
        assert (await reports(world))[-1]["by"] == ""
