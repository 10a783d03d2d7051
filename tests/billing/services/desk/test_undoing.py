"""Taking back one's own last act: what can be, what cannot, and within which time."""

from datetime import date, timedelta

import pytest

from billing.delays import HoldRefused
from billing.invoices import NothingOwed
from billing.partners import StaffRole
from billing.refusals import AlreadyDone, NoRight
from billing.services.days import buying, handling
from billing.services.desk import claiming, office, undoing
from billing.services.desk.undoing import CannotUndo, NothingToUndo
from billing.services.partners import (
    agreeing,
    application_cards,
    enrolment,
    integrator,
    moving,
    reopening,
)
from billing.services.partners.enrolment import AlreadyPartner, StaffCannotApply
from billing.services.payments import giving, unholding
from tests.billing.samples import brl
from tests.billing.services.people import FRED, GROUP, SAM, SOFIA


async def undo(world, who=SOFIA, cause=None):
    done = await world.staff(who).do(undoing.undo, cause)
    await world.settle()
    return done


async def application(world, user_id=71):
    applied = await world.person(user_id).do(enrolment.apply, "Padaria")
    return applied.application


async def owing(world, firm):
    """Return an invoice of January that is due."""
    await firm.subscribe(*await firm.new("loja-1"))
    await world.until("2026-02-03 12:00")
    return await firm.invoice("2026-01")


class TestCanBeUndone:
    async def test_a_freeze_and_an_unfreeze(self, world, acme):
        await world.staff(SAM).do(office.freeze, acme.partner_id, "spam")
        done = await undo(world, SAM)
        assert done.act.action == "freeze"
        assert (await acme.partner()).frozen_at is None
        assert (await world.actions(acme.partner_id))[-3:] == ["freeze", "undo", "unfreeze"]
        await world.staff(SAM).do(office.freeze, acme.partner_id, "spam")
        await world.staff(SAM).do(office.unfreeze, acme.partner_id)
        await undo(world, SAM)
        assert (await acme.partner()).frozen_reason == "spam"

    async def test_a_halt_and_a_resume(self, world):
        await world.staff().do(office.halt, "audit")
        await undo(world)
        assert await world.read(lambda work: work.state.get("halted")) is None
        await world.staff().do(office.halt, "audit")
        await world.staff().do(office.resume)
        await undo(world)
        assert await world.read(lambda work: work.state.get("halted")) == "audit"

    async def test_a_claim(self, world):
        made = await application(world)
        await world.staff(SAM).do(claiming.claim, "application", made.id)
        await undo(world, SAM)
        assert await world.sql("SELECT * FROM claims") == []

    async def test_a_decline_and_the_applicant_hears(self, world):
        made = await application(world)
        await world.staff(SAM).do(enrolment.decline, made.id, "no tax id")
        await world.settle()
        await undo(world, SAM)
        assert world.last(71, "reopened").edit
        facts = world.last(GROUP, "application").facts
        assert (facts["state"], facts["decided_by"]) == ("open", None)

    async def test_a_declined_token_request(self, world, acme):
        await acme.new(*(f"a {n}" for n in range(10)))
        await acme.do(integrator.request_next)
        await world.staff(SAM).do(integrator.refuse_request, acme.partner_id, "no")
        await undo(world, SAM)
        assert (await acme.do(integrator.look)).requested
        assert [kind for _, kind in acme.heard("token")] == ["token_refused", "token_reopened"]
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(reopening.token_request, acme.partner_id)

    async def test_a_price_that_has_not_begun(self, world, acme):
        agree = agreeing.agree, acme.partner_id, brl(4990), date(2026, 3, 1)
        await world.staff(FRED).do(*agree)
        await undo(world, FRED)
        assert await world.read(lambda work: work.partners.agreements(acme.partner_id)) == []
        assert [kind for _, kind in acme.heard("price")] == ["price_agreed", "price_taken_back"]
        with pytest.raises(AlreadyDone):
            await world.staff(FRED).do(agreeing.take_back, acme.partner_id, date(2026, 3, 1))
        # Agreed anew it counts, and so does the one before of the same date.
        await world.staff(FRED).do(*agree)
        await world.staff(FRED).do(agreeing.agree, acme.partner_id, brl(100), date(2026, 3, 1))
        await undo(world, FRED)
        (left,) = await world.read(lambda work: work.partners.agreements(acme.partner_id))
        assert left.price == brl(4990)

    async def test_a_planned_move_and_a_role(self, world, acme):
        await world.staff().do(moving.plan, acme.partner_id, "integrator-classic")
        await undo(world)
        assert await world.read(lambda work: work.moves.waiting(acme.partner_id)) is None
        await world.staff().do(office.appoint, SAM, StaffRole.FINANCE)
        await undo(world)
        assert await world.read(lambda work: work.people.staff_role(SAM)) is StaffRole.SUPPORT
        await world.staff().do(office.appoint, 77, StaffRole.SUPPORT)
        await undo(world)
        assert await world.read(lambda work: work.people.staff_role(77)) is None

    async def test_a_limit_and_the_claim_of_a_request_for_days(self, world, acme):
        await world.under_days(acme)
        for limit in (300, 500):
            await world.staff(FRED).do(handling.set_limit, acme.partner_id, limit)
        await undo(world, FRED)
        assert (await acme.partner()).day_limit == 300
        await world.staff(FRED).do(handling.set_limit, acme.partner_id, None)
        await world.staff(FRED).do(handling.set_limit, acme.partner_id, 10)
        await undo(world, FRED)
        assert (await acme.partner()).day_limit is None
        shown = await acme.do(buying.quote, by_days=30)
        asked = await acme.do(buying.request, by_days=30, terms=shown.terms)
        await world.staff(SAM).do(handling.claim, asked.request.id)
        await undo(world, SAM)
        assert (await world.read(lambda w: w.days.request(asked.request.id))).claimed_by is None

    async def test_what_waits_for_a_second_person(self, world, acme):
        await world.staff(FRED).do(giving.give, acme.partner_id, brl(900_000), "sorry")
        await undo(world, FRED)
        assert await world.read(lambda work: work.approvals.waiting()) == []

    async def test_a_payment_by_the_way_that_asks(self, world, acme):
        invoice = await owing(world, acme)
        await acme.pays("2026-01")
        done = await undo(world, FRED)
        assert (done.asks, done.act.object_id) == ("unpaid", invoice.number)
        assert (await acme.invoice("2026-01")).owed.minor == 0


class TestAHold:
    async def test_is_taken_back_to_the_day_before_it(self, world, acme):
        invoice = await owing(world, acme)
        await acme.held("2026-01", "2026-02-20")
        await undo(world, FRED)
        again = await acme.invoice("2026-01")
        assert (again.last_on, again.held_until, again.stop_at) == (
            invoice.last_on, None, invoice.stop_at,
        )  # fmt: skip
        assert acme.heard("hold_taken_back")
        with pytest.raises(AlreadyDone):
            await world.staff(FRED).do(unholding.take_back, invoice.number, invoice.last_on, None)

    async def test_that_replaced_another_gives_that_one_back(self, world, acme):
        await owing(world, acme)
        await acme.held("2026-01", "2026-02-15", "first")
        await acme.held("2026-01", "2026-02-20", "second")
        await undo(world, FRED)
        again = await acme.invoice("2026-01")
        assert (again.held_until, again.hold_reason) == (date(2026, 2, 15), "first")

    async def test_that_let_instances_run_again_stays(self, world, acme):
        await owing(world, acme)
        await world.until("2026-02-12 12:00")
        await acme.held("2026-01", "2026-02-20")
        with pytest.raises(CannotUndo) as refused:
            await undo(world, FRED)
        assert refused.value.facts["instead"] == "hold_restored"

    async def test_is_not_taken_back_to_a_day_that_is_over_or_when_it_is_paid(self, world, acme):
        invoice = await owing(world, acme)
        await acme.held("2026-01", "2026-02-20")
        await world.until("2026-02-12 12:00")
        take_back = unholding.take_back, invoice.number, invoice.last_on, None
        with pytest.raises(HoldRefused):
            await world.staff(FRED).do(*take_back)
        await acme.pays("2026-01")
        with pytest.raises(NothingOwed):
            await world.staff(FRED).do(*take_back)


class TestCannotBeUndone:
    async def test_what_has_effects_and_it_says_what_to_do_instead(self, world, acme):
        made = await application(world)
        await world.staff(SAM).do(enrolment.approve, made.id, "integrator")
        with pytest.raises(CannotUndo) as refused:
            await undo(world, SAM)
        assert refused.value.facts == {
            "action": "approve", "instead": "approved", "number": None,
        }  # fmt: skip
        assert await world.actions(made.id) == ["apply", "approve"]

    async def test_what_nobody_thought_of(self, world):
        async def odd(work, actor):
            await work.audit.record(actor, "odd", at=work.now)

        await world.staff(SAM).do(odd)
        with pytest.raises(CannotUndo) as refused:
            await undo(world, SAM)
        assert refused.value.facts["instead"] == "other"

    async def test_a_price_that_holds_by_now(self, world, acme):
        await world.staff(FRED).do(agreeing.agree, acme.partner_id, brl(4990), date(2026, 1, 5))
        with pytest.raises(CannotUndo) as refused:
            await undo(world, FRED)
        assert refused.value.facts["instead"] == "price_begun"

    async def test_what_is_older_than_ten_minutes_or_a_colleagues(self, world, acme):
        await world.staff(SAM).do(office.freeze, acme.partner_id, "spam")
        for who in (FRED, SOFIA):
            with pytest.raises((NothingToUndo, CannotUndo)):
                await undo(world, who, cause="update:999")
        await world.until_instant(world.clock.at + timedelta(minutes=11))
        with pytest.raises(NothingToUndo) as refused:
            await undo(world, SAM)
        assert refused.value.facts == {"why": "none"}

    async def test_an_undo(self, world):
        await world.staff().do(office.halt, "audit")
        await undo(world)
        with pytest.raises(NothingToUndo) as refused:
            await undo(world)
        assert refused.value.facts == {"why": "undone"}

    async def test_what_a_button_names_once_something_else_was_done(self, world, acme):
        await world.staff().do(office.halt, "audit")
        cause = f"update:{world.causes}"
        await world.staff().do(office.freeze, acme.partner_id, "spam")
        with pytest.raises(NothingToUndo) as refused:
            await undo(world, cause=cause)
        assert refused.value.facts == {"why": "other"}

    async def test_what_one_has_no_right_to_any_more(self, world, acme):
        await world.staff(FRED).do(agreeing.agree, acme.partner_id, brl(4990), date(2026, 3, 1))
        await world.staff().do(office.appoint, FRED, StaffRole.SUPPORT)
        with pytest.raises(NoRight):
            await undo(world, FRED)
        with pytest.raises(NoRight):
            await acme.do(undoing.undo)


class TestReopening:
    async def test_is_for_what_is_declined_of_somebody_who_is_free(self, world, acme):
        made = await application(world)
        with pytest.raises(AlreadyDone):
            await world.staff(SAM).do(reopening.application, made.id)
        await world.staff(SAM).do(enrolment.decline, made.id, "no")
        await acme.joined(71, "viewer")
        with pytest.raises(AlreadyPartner):
            await world.staff(SAM).do(reopening.application, made.id)
        other = await application(world, 72)
        await world.staff(SAM).do(enrolment.decline, other.id, "no")
        await world.staff().do(office.appoint, 72, StaffRole.SUPPORT)
        with pytest.raises(StaffCannotApply):
            await world.staff(SAM).do(reopening.application, other.id)
        found = await world.read(lambda w: application_cards.the_application(w, other.id))
        assert found.reason == "no"
