"""Invoices that are paid by card; refunds and disputes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.calendar import Month
from billing.invoices import Invoice, InvoiceState, NothingOwed
from billing.money import Money
from billing.services.cards import paying, showing
from billing.services.cards.subscribing import NoCards
from billing.services.days import buying, handling
from billing.services.desk import overview
from billing.services.invoices import corrections
from billing.services.messages import Message
from billing.services.payments import booking, reversals
from billing.services.ports import CardSession, SessionStep, Work
from billing.services.ports.cards import DisputeState, Returned, SessionState
from tests.billing.services.cards.conftest import Desk
from tests.billing.services.people import FRED


async def bought(desk: Desk) -> Invoice:
    """Return a day invoice over 30 days, prepared by staff."""
    quote = await desk.firm.do(buying.quote, channels=1)
    request = await desk.firm.do(buying.request, terms=quote.terms, channels=1)
    await desk.world.staff(FRED).do(handling.prepare, request.request.id)
    await desk.world.settle()
    (invoice,) = await desk.firm.invoices()
    return invoice


async def opened(desk: Desk, invoice: Invoice, key: str = "answer:20") -> CardSession:
    async def unit(work: Work, actor: Any) -> CardSession:
        session = await paying.pay(work, actor, invoice.number, message_key=key)
        facts = await showing.facts_of(work, session)
        buttons = showing.buttons_of(session, facts)
        chat = desk.firm.chat_id
        said = Message(key, chat, "card_payment", facts, buttons, reader=desk.firm.user_id)
        await work.messages.say(said, at=work.now)
        return session

    asked = await desk.firm.do(unit)
    await desk.world.settle()
    found: CardSession = await desk.world.read(lambda work: work.card_sessions.get(asked.id))
    return found


async def of(desk: Desk, invoice: Invoice) -> Invoice:
    found: Invoice = await desk.world.read(lambda work: work.invoices.by_id(invoice.id))
    return found


class TestPaying:
    async def test_what_is_paid_settles_the_invoice_and_credits_its_days(self, desk: Desk) -> None:
        invoice = await bought(desk)
        session = await opened(desk, invoice)
        assert session.amount == invoice.total
        desk.stripe.pays(str(session.session_id))
        await desk.world.settle()
        assert (await of(desk, invoice)).state is InvoiceState.PAID
        shown = desk.world.last(desk.firm.chat_id, "card_payment").facts
        assert (shown["step"], shown["what"]) == ("paid", invoice.number)
        assert desk.world.heard(desk.firm.chat_id, "payment_received")
        (payment,) = await desk.world.read(lambda work: work.payments.of_invoice(invoice.id))
        assert (payment.reference, payment.booked_by) == (f"pi_{session.session_id}", 0)

    async def test_asked_again_shows_the_same_page(self, desk: Desk) -> None:
        invoice = await bought(desk)
        first, again = await opened(desk, invoice), await opened(desk, invoice, "answer:21")
        assert (again.id, again.card_key) == (first.id, "answer:21")

    async def test_a_page_that_ends_soon_is_not_shown_again(self, desk: Desk) -> None:
        invoice = await bought(desk)
        first = await opened(desk, invoice)
        desk.world.clock.at += timedelta(hours=23, minutes=30)
        again = await opened(desk, invoice)
        assert again.id != first.id
        desk.stripe.expires(str(again.session_id))
        await desk.world.settle()
        assert (await opened(desk, invoice)).id not in {first.id, again.id}

    async def test_paid_without_a_payment_it_is_shown_to_staff(self, desk: Desk) -> None:
        session = await opened(desk, await bought(desk))
        about = str(session.session_id)
        desk.stripe.sessions[about] = replace(
            desk.stripe.sessions[about], state=SessionState.COMPLETE, paid=True
        )
        desk.stripe.tell("told", about)
        await desk.world.settle()
        assert await desk.quarantined() == ["op"]

    async def test_settled_by_staff_its_page_is_ended(self, desk: Desk) -> None:
        invoice = await bought(desk)
        session = await opened(desk, invoice)
        await desk.world.staff(FRED).do(booking.book, invoice.number, invoice.total, "bank 1")
        await desk.world.settle()
        assert ("expire", session.session_id) in desk.stripe.asked
        with pytest.raises(NothingOwed):
            await opened(desk, invoice)

    async def test_void_its_page_is_ended(self, desk: Desk) -> None:
        invoice = await bought(desk)
        session = await opened(desk, invoice)
        await desk.world.staff(FRED).do(corrections.void, invoice.number, "twice")
        await desk.world.settle()
        assert ("expire", session.session_id) in desk.stripe.asked

    async def test_paid_in_part_a_page_over_the_rest_is_opened(self, desk: Desk) -> None:
        invoice = await bought(desk)
        first = await opened(desk, invoice)
        await desk.world.staff(FRED).do(booking.book, invoice.number, Money(1000, "USD"), "b 1")
        await desk.world.settle()
        second = await opened(desk, await of(desk, invoice))
        assert (second.amount.minor, second.id == first.id) == (2000, False)

    @pytest.mark.parametrize("void", [False, True])
    async def test_of_a_race_with_staff_one_wins_and_the_rest_is_credit(
        self, desk: Desk, void: bool
    ) -> None:
        invoice = await bought(desk)
        session = await opened(desk, invoice)
        desk.stripe.tells = False
        desk.stripe.pays(str(session.session_id))
        staff = desk.world.staff(FRED)
        if void:
            await staff.do(corrections.void, invoice.number, "twice")
        else:
            await staff.do(booking.book, invoice.number, invoice.total, "bank 1")
        desk.stripe.tells = True
        await desk.world.settle()
        assert await desk.firm.balance() == (0, 3000)
        ended = await desk.world.read(lambda work: work.card_sessions.get(session.id))
        assert ended.state is SessionStep.PAID

    async def test_booked_by_staff_under_stripes_reference_it_is_booked_once(
        self, desk: Desk
    ) -> None:
        invoice = await bought(desk)
        session = await opened(desk, invoice)
        desk.stripe.tells = False
        desk.stripe.pays(str(session.session_id))
        reference = f"pi_{session.session_id}"
        await desk.world.staff(FRED).do(booking.book, invoice.number, invoice.total, reference)
        desk.stripe.tells = True
        await desk.world.settle()
        assert await desk.firm.balance() == (0, 0)

    async def test_without_a_key_it_is_refused(self, desk: Desk) -> None:
        invoice = await bought(desk)
        desk.world.cards = None
        desk.world.set_programmes(desk.world.programmes)
        with pytest.raises(NoCards):
            await opened(desk, invoice)


class TestGoingBack:
    async def paid(self, desk: Desk) -> tuple[Invoice, str]:
        invoice = await bought(desk)
        session = await opened(desk, invoice)
        charge = desk.stripe.pays(str(session.session_id))
        await desk.world.settle()
        return invoice, charge

    def back(self, desk: Desk, minor: int = 3000, **named: Any) -> Returned:
        return Returned("re_1", Money(minor, "USD"), desk.world.clock.at, **named)

    async def test_a_refund_of_all_is_a_reversal(self, desk: Desk) -> None:
        invoice, charge = await self.paid(desk)
        desk.stripe.returns(charge, self.back(desk))
        desk.stripe.returns(charge, self.back(desk))
        await desk.world.settle()
        assert (await of(desk, invoice)).state is InvoiceState.DUE
        assert await desk.firm.balance() == (3000, 0)
        assert len([one for one in desk.world.sent if one.kind == "card_returned"]) == 1

    async def test_of_two_refunds_that_are_told_at_once_each_has_its_card(self, desk: Desk) -> None:
        _, charge = await self.paid(desk)
        desk.stripe.tells = False
        for nth in (1, 2):
            desk.stripe.returns(charge, replace(self.back(desk, nth * 100), id=f"re_{nth}"))
        desk.stripe.tells = True
        desk.stripe.tell("charge.refunded", charge)
        await desk.world.settle()
        told = [one.facts for one in desk.world.sent if one.kind == "card_returned"]
        assert [one["amount"] for one in told] == [
            {"$money": [100, "USD"]},
            {"$money": [200, "USD"]},
        ]

    async def test_a_charge_of_which_nothing_went_back_is_nothing(self, desk: Desk) -> None:
        await desk.pays()
        desk.stripe.tell("charge.updated", "ch_in_1")
        await desk.world.settle()
        assert await desk.quarantined() == []

    @pytest.mark.parametrize(
        ("changed", "wrong"),
        [({"customer_id": "cus_2"}, "customer"), ({"amount": Money(1, "USD")}, "amount")],
    )
    async def test_of_a_charge_that_is_not_as_it_was_booked_nothing_is(
        self, desk: Desk, changed: dict[str, Any], wrong: str
    ) -> None:
        await desk.pays()
        desk.stripe.charges["ch_in_1"] = replace(desk.stripe.charges["ch_in_1"], **changed)
        desk.stripe.returns("ch_in_1", self.back(desk))
        await desk.world.settle()
        assert await desk.quarantined() == [wrong]

    async def test_a_refund_of_a_part_is_left_to_a_person(self, desk: Desk) -> None:
        invoice, charge = await self.paid(desk)
        desk.stripe.returns(charge, self.back(desk, 1000))
        await desk.world.settle()
        assert await desk.quarantined() == ["return_by_hand"]
        assert (await of(desk, invoice)).state is InvoiceState.PAID

    async def test_what_staff_took_back_already_is_left_to_a_person(self, desk: Desk) -> None:
        invoice, charge = await self.paid(desk)
        await desk.world.staff(FRED).do(reversals.reverse, invoice.number, "refunded")
        desk.stripe.returns(charge, self.back(desk))
        await desk.world.settle()
        assert await desk.quarantined() == ["return_by_hand"]

    async def test_a_dispute_of_an_instances_card_and_its_end(self, desk: Desk) -> None:
        await desk.pays()
        lost = self.back(desk, dispute=DisputeState.OPEN)
        desk.stripe.returns("ch_in_1", lost)
        await desk.world.settle()
        assert await desk.books() == [("card_revenue", "USD", 0), ("cards", "USD", 0)]
        desk.stripe.returns("ch_in_1", self.back(desk, dispute=DisputeState.WON))
        desk.stripe.returns("ch_in_1", self.back(desk, dispute=DisputeState.WON))
        await desk.world.settle()
        assert await desk.books() == [("card_revenue", "USD", -3000), ("cards", "USD", 3000)]

    async def test_is_in_the_report_of_the_month_once(self, desk: Desk) -> None:
        async def brought() -> tuple[list[Money], list[Money]]:
            fred = desk.world.staff(FRED)
            today = desk.world.clock.at
            figures = await fred.do(overview.report, Month(today.year, today.month), "UTC")
            return figures.received, figures.by_card

        await desk.pays()
        await self.paid(desk)
        # An invoice that a card paid is a payment like any other.
        assert await brought() == ([Money(6000, "USD")], [Money(3000, "USD")])
        desk.stripe.returns("ch_in_1", self.back(desk, 1000))
        await desk.world.settle()
        assert await brought() == ([Money(5000, "USD")], [Money(2000, "USD")])

    async def test_won_before_anybody_heard_nothing_is_missing(self, desk: Desk) -> None:
        await desk.pays()
        desk.stripe.returns("ch_in_1", self.back(desk, dispute=DisputeState.WON))
        await desk.world.settle()
        assert await desk.books() == [("card_revenue", "USD", -3000), ("cards", "USD", 3000)]

    async def test_a_dispute_of_an_invoice_won_is_booked_by_a_person(self, desk: Desk) -> None:
        _, charge = await self.paid(desk)
        desk.stripe.returns(charge, self.back(desk, dispute=DisputeState.OPEN))
        await desk.world.settle()
        desk.stripe.returns(charge, self.back(desk, dispute=DisputeState.WON))
        await desk.world.settle()
        assert await desk.quarantined() == ["return_by_hand"]

    async def test_heard_of_before_the_payment_it_waits_for_it(self, desk: Desk) -> None:
        invoice = await bought(desk)
        session = await opened(desk, invoice)
        desk.stripe.tells = False
        charge = desk.stripe.pays(str(session.session_id))
        desk.stripe.said.clear()
        desk.stripe.tells = True
        desk.stripe.returns(charge, self.back(desk))
        await desk.world.settle()
        assert (await of(desk, invoice)).state is InvoiceState.DUE
        desk.stripe.tell("checkout.session.completed", str(session.session_id))
        await desk.world.until_instant(desk.world.clock.at + timedelta(minutes=11))
        assert await desk.firm.balance() == (3000, 0)

    async def test_of_what_is_never_booked_a_person_hears_after_a_day(self, desk: Desk) -> None:
        _, charge = await self.paid(desk)
        await desk.world.sql("DELETE FROM card_payments")
        desk.stripe.returns(charge, self.back(desk))
        await desk.world.until_instant(desk.world.clock.at + timedelta(days=1, hours=1))
        assert await desk.quarantined() == ["payment_unknown"]
