"""What is kept about a person: handed out, and removed."""

from datetime import timedelta

import pytest

from billing.partners import Role
from billing.refusals import NoRight
from billing.services import clockwork
from billing.services.desk import overview
from billing.services.partners import enrolment, personal
from billing.services.partners.personal import StaffStay
from billing.services.partners.team import LastOwner
from tests.billing.services.people import GROUP


class TestForgetting:
    async def test_removes_the_person_and_keeps_the_books(self, world, acme):
        manager = await acme.joined(72, Role.MANAGER)
        await manager.new("loja-1")
        await world.write(lambda work: work.conversations.ask(72, 72, "new", {}))
        shown = await manager.do(personal.look)
        assert (shown.partner, shown.role, shown.company) == ("Acme", "manager", None)
        await manager.do(personal.forget)
        await world.settle()
        for table in ("persons", "members", "questions"):
            assert await world.sql(f"SELECT * FROM {table} WHERE user_id = 72") == []
        assert "create" in await world.actions(None)
        told = world.last(acme.user_id, "team_removed").facts
        assert (told["oneself"], told["you"]) == (True, False)
        with pytest.raises(NoRight):
            await manager.do(overview.home)

    async def test_of_the_last_owner_is_refused(self, world, acme):
        for use_case in (personal.look, personal.forget):
            with pytest.raises(LastOwner):
                await acme.do(use_case)
        await acme.joined(72, Role.OWNER)
        await acme.do(personal.forget)
        members = await world.read(lambda work: work.people.members(acme.partner_id))
        assert [member.user_id for member in members] == [72]

    async def test_of_staff_is_refused(self, world):
        with pytest.raises(StaffStay):
            await world.staff().do(personal.forget)

    async def test_ends_an_application(self, world):
        stranger = world.person(71)
        applied = await stranger.do(enrolment.apply, "Bolo")
        await world.settle()
        assert (await stranger.do(personal.look)).company == "Bolo"
        await stranger.do(personal.forget)
        await world.settle()
        found = await world.read(lambda work: work.people.application(applied.application.id))
        assert found.state == "declined"
        card = [sent for sent in world.sent if sent.chat_id == GROUP][-1]
        assert (card.kind, card.edit, card.facts["person"]) == ("application", True, "")
        # Who comes back begins anew.
        await stranger.do(enrolment.apply, "Bolo")

    async def test_of_a_stranger_is_nothing_much(self, world):
        stranger = world.person(71)
        assert await stranger.do(personal.look) == personal.Farewell(None, None, None)
        await stranger.do(personal.forget)
        assert await world.read(lambda work: work.people.person(71)) is None


async def test_exporting_is_noted(world, acme):
    assert await acme.do(personal.export) == acme.user_id
    assert "export" in await world.actions(str(acme.user_id))


async def test_raw_updates_are_forgotten_after_thirty_days_by_the_night(world):
    async def store(tx):
        await tx.run(
            """
            INSERT INTO inbox (update_id, lane, body, received_at, state, done_at)
            VALUES (1, '71', '{}', :at, 'done', :at)
            """,
            at=int(world.clock.at.timestamp() * 1_000_000),
        )

    await world.database.write(store)
    await world.write(clockwork.plan_nights)
    begun = world.clock.at
    await world.until_instant(begun + timedelta(days=29))
    assert await world.sql("SELECT update_id FROM inbox")
    await world.until_instant(begun + timedelta(days=31))
    assert await world.sql("SELECT update_id FROM inbox") == []
