"""Booking what came in, and giving an invoice more time."""

import asyncio
from datetime import date

import pytest

from billing.delays import HoldRefused
from billing.invoices import AmountRefused, InvoiceState, NothingOwed, ReferenceTaken
from billing.money import Money
from billing.refusals import AlreadyDone, NoRight, NotFound
from billing.services.payments import booking
from billing.services.payments.booking import DateRefused
from storage.payments.payments import Payments
from tests.billing.samples import brl, there
from tests.billing.services.people import FRED, SAM


@pytest.fixture
async def due(world, acme):
    """Return an invoice of two instances, 119.80, on the second of February."""
    await acme.running("loja-1", "loja-2")
    await world.until("2026-02-02 12:00")
    return await acme.invoice("2026-01")


def book(world, *words, by=FRED):
    return world.staff(by).do(booking.book, *words)


class TestAPayment:
    async def test_settles_the_invoice_and_is_told(self, world, acme, due):
        booked = await book(world, due.number.lower(), brl(11980), "pix 1")
        assert booked.invoice.state is InvoiceState.PAID
        assert await acme.balance() == (0, 0)
        await world.settle()
        facts = world.last(acme.chat_id, "payment_received").facts
        assert facts["owed"] == {"$money": [0, "BRL"]}
        assert (await world.actions(due.number))[-1] == "paid"
        assert await world.due(f"%{due.id}%") == []

    async def test_of_a_part_leaves_it_due(self, world, acme, due):
        booked = await book(world, due.number, brl(10000), "pix 1")
        assert (booked.invoice.state, booked.invoice.owed) == (InvoiceState.DUE, brl(1980))
        assert await acme.balance() == (1980, 0)
        await world.until("2026-02-11 00:00")
        assert set((await acme.states()).values()) == {"overdue"}
        booked = await book(world, due.number, brl(1980), "pix 2")
        assert len(booked.restored) == 2
        found = await world.read(lambda work: work.payments.of_invoice(due.id))
        assert [payment.reference for payment in found] == ["pix 1", "pix 2"]

    async def test_of_too_much_is_a_credit_that_the_next_invoice_uses(self, world, acme, due):
        booked = await book(world, due.number, brl(15000), "pix 1")
        assert (booked.credit, booked.invoice.owed) == (brl(3020), brl(0))
        assert await acme.balance() == (0, 3020)
        await world.until("2026-03-01 12:00")
        february = await acme.invoice("2026-02")
        assert (february.total, february.settled) == (brl(11980), brl(3020))
        assert await acme.balance() == (8960, 0)

    async def test_of_far_too_much_pays_the_next_invoice_at_once(self, world, acme, due):
        await book(world, due.number, brl(30000), "pix 1")
        await world.until("2026-04-20 12:00")
        states = [(str(i.period), i.state, i.settled.minor) for i in await acme.invoices()]
        assert states == [
            ("2026-01", InvoiceState.PAID, 11980),
            ("2026-02", InvoiceState.PAID, 11980),
            ("2026-03", InvoiceState.DUE, 6040),
        ]
        # What is paid is told when it is issued, and nothing else is said of it.
        february = [kind for at, kind in acme.heard("notice_invoice") if at < "2026-04"]
        assert february == ["notice_invoice_issued"] * 2
        assert set((await acme.states()).values()) == {"deleted"}

    async def test_with_a_reference_that_is_known_is_booked_once(self, world, acme, due):
        first = await book(world, due.number, brl(5000), "E2E-77")
        with pytest.raises(AlreadyDone) as refused:
            await book(world, due.number, brl(5000), " e2e-77 ")
        assert refused.value.facts["amount"] == brl(5000)
        assert refused.value.facts["reference"] == first.payment.reference
        with pytest.raises(ReferenceTaken):
            await book(world, due.number, brl(6980), "E2E-77")
        assert await acme.balance() == (6980, 0)

    async def test_again_after_it_settled_the_invoice_is_no_new_one(self, world, acme, due):
        await book(world, due.number, brl(11980), "pix 1")
        with pytest.raises(AlreadyDone):
            await book(world, due.number, brl(11980), "pix 1")
        assert await acme.balance() == (0, 0)
        assert len(world.heard(acme.chat_id, "payment")) == 0
        await world.settle()
        assert len(world.heard(acme.chat_id, "payment")) == 1

    async def test_that_comes_twice_from_the_bank_is_a_credit(self, world, acme, due):
        await book(world, due.number, brl(11980), "pix 1")
        booked = await book(world, due.number, brl(11980), "pix 2")
        assert (booked.invoice.state, booked.credit) == (InvoiceState.PAID, brl(11980))
        assert await acme.balance() == (0, 11980)

    async def test_of_too_much_settles_what_else_is_owed_the_oldest_first(self, world, acme, due):
        await world.until("2026-03-02 12:00")
        february = await acme.invoice("2026-02")
        booked = await book(world, february.number, brl(20000), "pix 1")
        assert [(also.number, also.owed) for also in booked.also] == [(due.number, brl(3960))]
        assert (booked.credit, await acme.balance()) == (brl(0), (3960, 0))
        booked = await book(world, february.number, brl(4000), "pix 2")
        assert [(also.number, also.state) for also in booked.also] == [
            (due.number, InvoiceState.PAID)
        ]
        assert (booked.credit, await acme.balance()) == (brl(40), (0, 40))
        assert await world.due(f"stop:{due.id}%") == []

    async def test_says_the_cards_of_the_staff_anew(self, world, acme, due):
        await world.until("2026-02-14 12:00")
        assert await world.labels(f"staff:overdue:{due.id}") >= {"mark_paid", "hold"}
        assert "hold_number" in await world.labels("staff:deletions:2026-02-15:0")
        await book(world, due.number, brl(11980), "pix 1")
        await world.settle()
        assert await world.labels(f"staff:overdue:{due.id}") == {"partner"}
        assert await world.labels("staff:deletions:2026-02-15:0") == set()

    async def test_booked_fifty_times_at_once_counts_once(self, world, acme, due):
        tries = (book(world, due.number, brl(11980), "pix 1") for _ in range(50))
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
        assert {type(o) for o in outcomes if isinstance(o, Exception)} == {AlreadyDone}
        assert await acme.balance() == (0, 0)

    async def test_that_somebody_booked_in_between_is_not_posted_again(
        self, world, acme, due, monkeypatch
    ):
        await book(world, due.number, brl(100), "pix 1")
        # A database with several writers: looked at just before the other was committed.
        stale, known = [None], Payments.referenced

        async def referenced(self, reference):
            return stale.pop() if stale else await known(self, reference)

        monkeypatch.setattr(Payments, "referenced", referenced)
        with pytest.raises(AlreadyDone):
            await book(world, due.number, brl(100), "pix 1")
        assert stale == []
        assert await acme.balance() == (11980 - 100, 0)

    @pytest.mark.parametrize(
        ("amount", "why"),
        [(brl(0), "not_positive"), (brl(-1), "not_positive"), (Money(100, "USD"), "currency")],
    )
    async def test_of_a_wrong_amount_is_refused(self, world, acme, due, amount, why):
        before = await world.kept()
        with pytest.raises(AmountRefused) as refused:
            await book(world, due.number, amount, "pix 1")
        assert refused.value.facts["why"] == why
        assert await world.kept() == before

    @pytest.mark.parametrize(
        ("day", "why"), [("2026-02-03", "future"), ("2025-01-31", "too_old"), ("2026-02-01", None)]
    )
    async def test_came_in_on_a_day_that_can_be(self, world, due, day, why):
        asked = book(world, due.number, brl(1), "pix 1", date.fromisoformat(day))
        if why is None:
            assert there((await asked).payment.received_at) == "2026-02-01 12:00"
            return
        with pytest.raises(DateRefused) as refused:
            await asked
        assert refused.value.facts == {"why": why, "today": date(2026, 2, 2)}

    async def test_of_no_invoice_is_not_found(self, world, due):
        with pytest.raises(NotFound):
            await book(world, "INT-2026-00099", brl(1), "pix 1")

    async def test_is_booked_by_finance_alone(self, world, acme, due):
        for somebody in (world.staff(SAM), acme):
            with pytest.raises(NoRight):
                await somebody.do(booking.book, due.number, brl(11980), "pix 1")

    async def test_of_an_invoice_whose_instances_are_gone_is_booked_all_the_same(
        self, world, acme, due
    ):
        await world.until("2026-02-16 12:00")
        booked = await book(world, due.number, brl(11980), "pix 1")
        assert booked.restored == []
        assert (await acme.partner()).stopped_at is None
        assert len(await acme.new("loja-1")) == 1


class TestAHold:
    async def test_keeps_the_due_date_and_moves_the_last_day(self, world, acme, due):
        held = await acme.held("2026-01", "2026-02-20")
        assert (held.due_on, held.last_on) == (due.due_on, date(2026, 2, 20))
        assert there(held.stop_at) == "2026-02-21 00:00"
        assert there(held.delete_at) == "2026-02-25 09:00"
        facts = world.last(acme.chat_id, "held").facts
        assert facts["restored"] == []
        assert (await world.actions(due.number))[-1] == "hold"

    async def test_twice_is_already_done(self, world, acme, due):
        await acme.held("2026-01", "2026-02-20")
        with pytest.raises(AlreadyDone):
            await acme.held("2026-01", "2026-02-20")
        assert len(acme.heard("held")) == 1

    async def test_into_the_past_or_of_what_is_paid_is_refused(self, world, acme, due):
        with pytest.raises(HoldRefused):
            await acme.held("2026-01", "2026-02-09")
        await book(world, due.number, due.owed, "pix 1")
        with pytest.raises(NothingOwed):
            await acme.held("2026-01", "2026-02-20")

    async def test_is_finances_to_give(self, world, due):
        with pytest.raises(NoRight):
            await world.staff(SAM).do(booking.hold, due.number, date(2026, 2, 20), "x")
