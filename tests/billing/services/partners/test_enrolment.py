"""Becoming a partner."""

import asyncio

import pytest

from billing.partners import NameRefused, StaffRole
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.desk import office, waiting
from billing.services.partners import application_cards, enrolment, preferences
from billing.services.partners.enrolment import AlreadyPartner, NoSuchProgramme, StaffCannotApply
from billing.services.people import ApplicationState
from tests.billing.services.people import GROUP, SAM, SOFIA


@pytest.fixture
def carla(world):
    return world.person(31)


class TestApplying:
    async def test_shows_staff_a_card_that_is_edited_not_doubled(self, world, carla):
        first = await carla.do(enrolment.apply, "Acme")
        await world.settle()
        second = await carla.do(enrolment.apply, "Acme  Ltda", migrate=True)
        third = await carla.do(enrolment.apply, "Acme Ltda")
        await world.settle()
        assert [applied.edited for applied in (first, second, third)] == [False, True, True]
        assert third.application.id == first.application.id
        assert (third.application.company, third.application.migrate) == ("Acme Ltda", True)
        assert world.heard(GROUP, "application") == [("2026-01-28 12:00", "application")]
        assert world.last(GROUP, "application").facts["company"] == "Acme Ltda"
        assert await world.actions(first.application.id) == ["apply"] * 3

    async def test_is_not_for_staff_nor_for_a_partner(self, world, carla, acme):
        with pytest.raises(StaffCannotApply):
            await world.staff(SAM).do(enrolment.apply, "Acme")
        with pytest.raises(AlreadyPartner) as refused:
            await acme.do(enrolment.apply, "Bolt")
        assert refused.value.facts == {"partner": "Acme"}
        with pytest.raises(NameRefused):
            await carla.do(enrolment.apply, " ")

    async def test_waits_in_the_queue(self, world, carla):
        applied = await carla.do(enrolment.apply, "Acme")
        queue = await world.staff(SAM).do(waiting.queue)
        assert [one.facts for one in queue.kinds["applications"]] == [
            {"id": applied.application.id, "company": "Acme"}
        ]


class TestApproving:
    async def test_makes_a_partner_with_its_first_token_and_welcomes_it(self, world, carla):
        await carla.do(preferences.live_in, "Europe/Lisbon")
        applied = await carla.do(enrolment.apply, "Acme")
        partner = await world.staff(SAM).do(enrolment.approve, applied.application.id, "integrator")
        await world.settle()
        assert (partner.name, partner.zone, partner.currency) == ("Acme", "Europe/Lisbon", "BRL")
        facts = world.last(carla.chat_id, "approved").facts
        assert (facts["trial_hours"], facts["allowed"], facts["last_day"]) == (48, 25, 10)
        assert await world.actions(applied.application.id) == ["apply", "approve"]
        assert world.last(GROUP, "application").facts["state"] == "approved"
        member = await world.read(lambda work: work.people.member(carla.user_id))
        assert (member.partner_id, member.role) == (partner.id, "owner")

    async def test_twice_or_by_two_at_once_makes_one_partner(self, world, carla):
        applied = await carla.do(enrolment.apply, "Acme")
        outcomes = await asyncio.gather(
            *(
                world.staff(who).do(enrolment.approve, applied.application.id, "integrator")
                for who in (SAM, SOFIA) * 20
            ),
            return_exceptions=True,
        )
        assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
        assert {type(o) for o in outcomes if isinstance(o, Exception)} == {AlreadyDone}
        assert len(await world.read(lambda work: work.partners.all())) == 1
        with pytest.raises(AlreadyDone) as refused:
            await world.staff(SAM).do(enrolment.decline, applied.application.id, "no")
        assert refused.value.facts["state"] is ApplicationState.APPROVED

    async def test_under_days_gives_a_token_without_limit_and_instances_on_days(self, world, carla):
        applied = await carla.do(enrolment.apply, "Acme")
        partner = await world.staff(SAM).do(enrolment.approve, applied.application.id, "days")
        token = await world.read(lambda work: work.tokens.present(partner.id))
        assert (partner.currency, token.allowed) == ("USD", None)
        await world.settle()
        told = world.last(carla.user_id, "approved").facts
        assert (told["prices"], told["trial_hours"]) == ([], 120)

    @pytest.mark.parametrize("programme", ["nothing", "day"])
    async def test_is_for_a_programme_that_one_can_enrol_in(self, world, carla, programme):
        applied = await carla.do(enrolment.apply, "Acme")
        with pytest.raises(NoSuchProgramme) as refused:
            await world.staff(SAM).do(enrolment.approve, applied.application.id, programme)
        assert refused.value.facts["known"] == ["days", "integrator", "integrator-classic"]

    async def test_is_staffs_and_of_an_application_there_is(self, world, carla):
        applied = await carla.do(enrolment.apply, "Acme")
        with pytest.raises(NoRight):
            await carla.do(enrolment.approve, applied.application.id, "integrator")
        with pytest.raises(NotFound):
            await world.staff(SAM).do(enrolment.approve, "ZZZZ9", "integrator")

    async def test_of_somebody_who_belongs_to_a_partner_by_now_makes_none(self, world, carla, acme):
        applied = await carla.do(enrolment.apply, "Bolt")
        await acme.joined(carla.user_id, "manager")
        with pytest.raises(AlreadyPartner):
            await world.staff(SAM).do(enrolment.approve, applied.application.id, "integrator")
        assert [p.name for p in await world.read(lambda work: work.partners.all())] == ["Acme"]

    async def test_of_somebody_who_is_staff_by_now_makes_none(self, world, carla):
        applied = await carla.do(enrolment.apply, "Bolt")
        await world.staff().do(office.appoint, carla.user_id, StaffRole.SUPPORT)
        with pytest.raises(StaffCannotApply):
            await world.staff(SAM).do(enrolment.approve, applied.application.id, "integrator")

    async def test_of_a_person_nobody_has_seen_takes_the_programmes_zone(self, world, carla):
        applied = await carla.do(enrolment.apply, "Acme")
        await world.sql("DELETE FROM persons WHERE user_id = :id", id=carla.user_id)
        partner = await world.staff(SAM).do(
            enrolment.approve, applied.application.id, "integrator-classic"
        )
        assert partner.zone == "America/Sao_Paulo"

    async def test_begins_with_the_choice_of_a_programme(self, world, carla):
        applied = await carla.do(enrolment.apply, "Acme")
        await world.settle()
        await world.write(
            lambda work: application_cards.show(work, applied.application, choosing=True)
        )
        rows = await world.sql("SELECT buttons FROM messages WHERE key LIKE 'application:%'")
        assert "integrator-classic" in rows[0]["buttons"]
        assert "days" in rows[0]["buttons"]


class TestDeclining:
    async def test_is_told_with_its_reason_and_one_may_apply_again(self, world, carla):
        applied = await carla.do(enrolment.apply, "Acme")
        declined = await world.staff(SAM).do(
            enrolment.decline, applied.application.id, " " + "x" * 600
        )
        assert declined.reason == "x" * 500
        await world.settle()
        assert world.last(carla.chat_id, "declined").facts["company"] == "Acme"
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(enrolment.decline, applied.application.id, "again")
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(enrolment.approve, applied.application.id, "integrator")
        again = await carla.do(enrolment.apply, "Acme")
        assert again.application.id != applied.application.id
        assert not again.edited
