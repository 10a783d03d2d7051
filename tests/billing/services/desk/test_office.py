"""What staff do beside money."""

import asyncio
from datetime import timedelta

import pytest

from billing.partners import PartnerFrozen, StaffRole
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services import access
from billing.services.desk import office
from billing.services.desk.office import IsMember, LastAdmin, NotAGroup, WrongCode
from billing.services.people import Actor, Channel, Person
from tests.billing.services.people import FRED, GROUP, SAM, SOFIA, Human


@pytest.fixture
async def fresh(world):
    """Return a desk at its first start, with nobody."""
    await world.sql("DELETE FROM staff")
    await world.sql("DELETE FROM staff_groups")
    return world


class TestBinding:
    async def test_by_the_printed_code_makes_the_first_admin_and_uses_it_up(self, fresh):
        code = await fresh.write(office.new_bind_code)
        ana = Human(fresh, 41, "Ana", -200)
        with pytest.raises(WrongCode) as refused:
            await ana.do(office.bind, "guess", in_group=True)
        assert refused.value.facts == {"bound": False}
        with pytest.raises(NotAGroup):
            await fresh.person(41).do(office.bind, code, in_group=False)
        assert await ana.do(office.bind, code, in_group=True)
        assert not await ana.do(office.bind, code, in_group=True)
        assert await fresh.read(lambda work: work.people.staff_role(41)) is StaffRole.ADMIN
        assert (await fresh.actions())[-2:] == ["bind", "staff"]
        with pytest.raises(WrongCode):
            await Human(fresh, 42, "Bo", -201).do(office.bind, code, in_group=True)
        assert await fresh.write(office.new_bind_code) is None

    async def test_by_an_older_code_is_refused(self, fresh):
        old = await fresh.write(office.new_bind_code)
        await fresh.write(office.new_bind_code)
        with pytest.raises(WrongCode):
            await Human(fresh, 41, "Ana", -200).do(office.bind, old, in_group=True)

    async def test_of_a_second_group_is_an_admins(self, world):
        assert await Human(world, SOFIA, "Sofia", -300).do(office.bind, "", in_group=True)
        with pytest.raises(WrongCode) as refused:
            await Human(world, SAM, "Sam", -301).do(office.bind, "", in_group=True)
        assert refused.value.facts == {"bound": True}
        assert set(await world.read(lambda work: work.people.groups())) == {GROUP, -300}

    async def test_by_an_id_that_stands_for_many_is_refused(self, fresh):
        code = await fresh.write(office.new_bind_code)
        shared = min(access.SHARED_IDS)
        with pytest.raises(NoRight):
            await Human(fresh, shared, "Group", -200).do(office.bind, code, in_group=True)

    async def test_by_guessing_is_looked_at_five_times_an_hour(self, fresh):
        code = await fresh.write(office.new_bind_code)
        ana = Human(fresh, 41, "Ana", -200)
        actor = Actor(channel=Channel.BOT, cause="update:1", user_id=41)

        async def deny(work):
            await work.audit.record(actor, "bind", at=work.now, outcome="denied")

        for _ in range(office.GUESSES):
            with pytest.raises(WrongCode):
                await ana.do(office.bind, "guess", in_group=True)
            # What the chat writes down of everything that it denies.
            await fresh.write(deny)
        with pytest.raises(WrongCode):
            await ana.do(office.bind, code, in_group=True)
        # Others are not held up by it, and an hour later she may try again.
        with pytest.raises(WrongCode):
            await Human(fresh, 42, "Bo", -200).do(office.bind, "guess", in_group=True)
        fresh.clock.at += timedelta(hours=1, seconds=1)
        assert await ana.do(office.bind, code, in_group=True)


class TestRoles:
    async def test_hold_from_the_next_update_on(self, world):
        await world.staff().do(office.appoint, 51, StaffRole.SUPPORT)
        staff = await world.staff(51).do(office.colleagues)
        assert [(person.user_id, role) for person, role in staff] == [
            (SOFIA, StaffRole.ADMIN), (FRED, StaffRole.FINANCE),
            (SAM, StaffRole.SUPPORT), (51, StaffRole.SUPPORT),
        ]  # fmt: skip
        with pytest.raises(AlreadyDone):
            await world.staff().do(office.appoint, 51, StaffRole.SUPPORT)
        assert await world.staff().do(office.appoint, 51, None) is not None
        with pytest.raises(NoRight):
            await world.staff(51).do(office.colleagues)
        with pytest.raises(AlreadyDone):
            await world.staff().do(office.appoint, 51, None)
        assert (await world.actions("51")) == ["staff", "staff"]

    async def test_leave_at_least_one_admin(self, world):
        for role in (None, StaffRole.SUPPORT):
            with pytest.raises(LastAdmin):
                await world.staff().do(office.appoint, SOFIA, role)
        await world.staff().do(office.appoint, FRED, StaffRole.ADMIN)
        await world.staff().do(office.appoint, SOFIA, None)
        with pytest.raises(NoRight):
            await world.staff().do(office.appoint, SOFIA, StaffRole.ADMIN)

    async def test_of_two_admins_who_dismiss_each_other_leave_one(self, world):
        await world.staff().do(office.appoint, FRED, StaffRole.ADMIN)
        outcomes = await asyncio.gather(
            world.staff(SOFIA).do(office.appoint, FRED, None),
            world.staff(FRED).do(office.appoint, SOFIA, None),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, NoRight) for outcome in outcomes) == 1
        staff = await world.read(lambda work: work.people.staff())
        assert StaffRole.ADMIN in [role for _, role in staff]

    async def test_are_not_for_a_partners_member(self, world, acme):
        with pytest.raises(IsMember) as refused:
            await world.staff().do(office.appoint, acme.user_id, StaffRole.SUPPORT)
        assert refused.value.facts == {"partner": "Acme"}

    async def test_are_an_admins_to_give(self, world):
        with pytest.raises(NoRight):
            await world.staff(FRED).do(office.appoint, 51, StaffRole.SUPPORT)


class TestWhoIsCalledSo:
    async def test_is_a_colleague_before_anybody_else(self, world, acme):
        for user_id, name in ((SAM, "Sam"), (61, "Sam"), (62, "Ana"), (acme.user_id, "Ana")):
            person = Person(user_id, name, "en", None)
            await world.write(lambda work, it=person: work.people.save_person(it, at=work.now))
        called = await world.staff().do(office.people_called, "sam")
        assert [(one.user_id, role) for one, role in called] == [(SAM, StaffRole.SUPPORT)]
        called = await world.staff().do(office.people_called, "Ana")
        assert [(one.user_id, role) for one, role in called] == [(62, None)]
        assert await world.staff().do(office.people_called, "Nobody") == []

    async def test_is_an_admins_to_ask(self, world):
        with pytest.raises(NoRight):
            await world.staff(SAM).do(office.people_called, "Ana")


class TestFreezing:
    async def test_keeps_new_things_from_beginning_and_lets_the_rest_go_on(self, world, acme):
        (loja,) = await acme.running("loja-1")
        await acme.new("loja-2")
        await world.staff(SAM).do(office.freeze, acme.partner_id, "fraud")
        with pytest.raises(AlreadyDone) as refused:
            await world.staff(SAM).do(office.freeze, acme.partner_id, "again")
        assert refused.value.facts["reason"] == "fraud"
        with pytest.raises(PartnerFrozen):
            await acme.new("loja-3")
        await world.until("2026-02-11 12:00")
        assert await acme.states() == {"loja-1": "overdue", "loja-2": "deleted"}
        await world.staff(SAM).do(office.unfreeze, acme.partner_id)
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(office.unfreeze, acme.partner_id)
        assert await acme.states() == {"loja-1": "overdue", "loja-2": "deleted"}
        await world.settle()
        assert [kind for _, kind in acme.heard("partner")] == [
            "partner_freeze", "partner_unfreeze",
        ]  # fmt: skip
        actions = await world.actions(acme.partner_id)
        assert {"freeze", "unfreeze"} <= set(actions)
        assert (await acme.get(loja)).state == "overdue"

    async def test_of_nobody_is_refused(self, world):
        with pytest.raises(LookupError):
            await world.staff(SAM).do(office.freeze, "ZZZZ9", "x")


class TestTheRest:
    async def test_a_deletion_task_of_nothing_is_not_found(self, world):
        with pytest.raises(NotFound):
            await world.staff(SAM).do(office.deletion_done, "ZZZZ9")

    async def test_partners_are_found_by_staff(self, world, acme):
        found = await world.staff(SAM).do(office.find_partners, "ac")
        assert [partner.id for partner in found] == [acme.partner_id]
        with pytest.raises(NoRight):
            await acme.do(office.find_partners, "ac")

    async def test_what_goes_wrong_is_told_to_staff_once(self, world):
        for _ in range(2):
            await world.write(lambda work: office.update_unreadable(work, 7, "x" * 300))
            await world.write(lambda work: office.due_failed(work, "stop:1", "KeyError"))
        await world.settle()
        assert [kind for _, kind in world.heard(GROUP, "staff_")] == [
            "staff_due_failed", "staff_unreadable",
        ]  # fmt: skip
        assert len(world.last(GROUP, "staff_unreadable").facts["why"]) == 200
