"""A payment that was none: due again, with days to pay; what it made is taken back."""

from dataclasses import replace
from datetime import date

import pytest

from billing import ledger
from billing.corrections import NothingToReverse, NotTheNewest, PaymentGone
from billing.invoices import InvoiceKind, InvoiceState, ReferenceTaken
from billing.services.access import by_clock
from billing.services.invoices import corrections
from billing.services.payments import booking, giving, reversals
from tests.billing.samples import brl, there
from tests.billing.services.days.people import a_firm
from tests.billing.services.people import FRED


@pytest.fixture
async def paid(world, acme):
    """Return an invoice of two instances, paid on the second of February."""
    await acme.running("loja-1", "loja-2")
    await world.until("2026-02-02 12:00")
    await acme.pays("2026-01")
    return await acme.invoice("2026-01")


async def unpay(world, number, reason="bounced"):
    done = await world.staff(FRED).do(reversals.reverse, number, reason)
    await world.settle()
    return done


class TestReversing:
    async def test_makes_the_invoice_due_again_with_its_own_dates_while_they_are_later(
        self, world, acme, paid
    ):
        done = await unpay(world, paid.number)
        assert (done.invoice.state, done.invoice.owed) == (InvoiceState.DUE, paid.total)
        assert done.invoice.last_on == paid.last_on
        assert await acme.balance() == (paid.total.minor, 0)
        await world.until("2026-02-15 12:00")
        assert set((await acme.states()).values()) == {"deleted"}

    async def test_stops_after_two_days_and_deletes_five_days_later(self, world, acme, paid):
        await world.until("2026-02-20 15:00")
        done = await unpay(world, paid.number)
        assert done.invoice.last_on == date(2026, 2, 22)
        assert there(done.invoice.stop_at) == "2026-02-23 00:00"
        assert there(done.invoice.delete_at) == "2026-02-27 09:00"
        await world.until("2026-02-22 23:59")
        assert set((await acme.states()).values()) == {"active"}
        await world.until("2026-02-23 00:00")
        assert set((await acme.states()).values()) == {"overdue"}
        await world.until("2026-02-27 09:01")
        assert set((await acme.states()).values()) == {"deleted"}
        kinds = [kind for _, kind in acme.heard("notice_")]
        assert kinds.index("notice_deletion_tomorrow") < kinds.index("notice_deleted")

    async def test_is_told_to_the_partner_and_can_be_paid_again(self, world, acme, paid):
        await world.until("2026-02-20 15:00")
        await unpay(world, paid.number)
        facts = world.last(acme.user_id, "payment_reversed").facts
        assert facts["number"] == paid.number
        assert facts["owed"] == {"$money": [paid.total.minor, "BRL"]}
        await acme.pays("2026-01", reference="again")
        await world.until("2026-02-28 12:00")
        assert set((await acme.states()).values()) == {"active"}

    async def test_takes_the_newest_and_then_the_one_before(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01", 1000, "a")
        await world.until("2026-02-02 12:01")
        await acme.pays("2026-01", 2000, "b")
        number = (await acme.invoice("2026-01")).number
        assert (await unpay(world, number)).payment.reference == "b"
        done = await unpay(world, number)
        assert (done.payment.reference, done.invoice.settled) == ("a", brl(0))
        with pytest.raises(NothingToReverse):
            await unpay(world, number)

    async def test_leaves_the_reference_taken(self, world, acme, paid):
        await unpay(world, paid.number)
        with pytest.raises(ReferenceTaken) as refused:
            await acme.pays("2026-01", paid.total.minor, f"{paid.number}:None")
        assert refused.value.facts["reversed"] is True

    async def test_of_what_came_in_too_much_as_a_whole_leaves_the_invoice_paid(
        self, world, acme, paid
    ):
        await world.until("2026-02-02 12:01")
        await acme.pays("2026-01", 100, "twice")
        assert await acme.balance() == (0, 100)
        done = await unpay(world, paid.number)
        assert (done.payment.reference, done.credit) == ("twice", brl(100))
        assert (done.invoice.state, await acme.balance()) == (InvoiceState.PAID, (0, 0))
        assert await world.due("stop:%") == []
        await world.until("2026-02-20 12:00")
        assert set((await acme.states()).values()) == {"active"}

    async def test_of_a_day_invoice_that_is_paid_all_the_same_lets_it_neither_remind_nor_lapse(
        self, world
    ):
        firm = await a_firm(world)
        invoice = await firm.buys(30)
        await world.until("2026-01-28 12:01")
        await firm.pays_for(invoice, 100)
        before = await world.due("%day%")
        await unpay(world, invoice.number)
        assert await world.due("%day%") == before
        await world.until("2026-03-01 12:00")
        (kept,) = await firm.invoices()
        assert (kept.state, await firm.days()) == (InvoiceState.PAID, 30)


class TestThePaymentAimedAt:
    """A card shows one payment; whoever presses its button means that one and no other."""

    @pytest.fixture
    async def twice(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01", 1000, "a")
        await world.until("2026-02-02 12:01")
        await acme.pays("2026-01", 2000, "b")
        return (await acme.invoice("2026-01")).number

    async def test_is_reversed_if_it_is_the_newest(self, world, twice):
        with pytest.raises(NotTheNewest) as refused:
            await world.staff(FRED).do(reversals.reverse, twice, "bounced", "a")
        assert (refused.value.facts["wanted"], refused.value.facts["newest"]) == ("a", "b")
        done = await world.staff(FRED).do(reversals.reverse, twice, "bounced", "b")
        assert done.payment.reference == "b"

    async def test_is_not_replaced_by_another_once_it_is_gone(self, world, acme, twice):
        await world.staff(FRED).do(reversals.reverse, twice, "bounced", "b")
        with pytest.raises(PaymentGone) as refused:
            await world.staff(FRED).do(reversals.reverse, twice, "bounced", "b")
        assert refused.value.facts["reference"] == "b"
        assert await acme.balance() == (4990, 0)


class TestWhatItMade:
    async def test_credit_is_taken_back_as_far_as_it_is_there(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01", 5990 + 4000)
        done = await unpay(world, (await acme.invoice("2026-01")).number)
        assert (done.credit, done.lost, done.also) == (brl(4000), brl(0), ())
        assert await acme.balance() == (5990, 0)

    async def test_what_credit_had_settled_is_due_again_too(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01", 2 * 5990 + 100)
        await world.until("2026-03-20 12:00")
        february = await acme.invoice("2026-02")
        assert february.state is InvoiceState.PAID
        done = await unpay(world, (await acme.invoice("2026-01")).number)
        assert [(it.number, it.owed) for it in done.also] == [(february.number, brl(5990))]
        assert (done.credit, done.lost) == (brl(100), brl(0))
        assert await acme.balance() == (2 * 5990, 0)
        assert (await acme.invoice("2026-02")).last_on == date(2026, 3, 22)

    async def test_what_credit_had_settled_is_due_again_the_newest_first_as_far_as_it_went(
        self, world, acme
    ):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01", 3 * 5990 - 1000)
        await world.until("2026-04-02 12:00")
        await acme.pays("2026-03")
        february, march = await acme.invoice("2026-02"), await acme.invoice("2026-03")
        done = await unpay(world, (await acme.invoice("2026-01")).number)
        assert [(it.number, it.owed) for it in done.also] == [
            (march.number, brl(4990)), (february.number, brl(5990)),
        ]  # fmt: skip
        assert (done.credit, done.lost) == (brl(0), brl(0))
        assert await acme.balance() == (5990 + 5990 + 4990, 0)

    async def test_credit_is_not_looked_for_in_what_is_void_nor_in_its_credit_note(
        self, world, acme
    ):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        void = (await acme.invoice("2026-01")).number
        await world.staff(FRED).do(corrections.void, void, "wrong price")
        await world.until("2026-03-02 12:00")
        february = (await acme.invoice("2026-02")).number
        await acme.pays("2026-02", 2 * 5990 + 4000)
        await world.staff(FRED).do(giving.refund, acme.partner_id, brl(3000), "TED 1")
        done = await unpay(world, february)
        assert (done.also, done.credit, done.lost) == ((), brl(1000), brl(3000))
        assert await acme.balance() == (2 * 5990, 0)

    async def test_what_was_paid_back_is_shown_as_lost(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        await acme.pays("2026-01", 5990 + 4000)
        await world.staff(FRED).do(giving.refund, acme.partner_id, brl(3000), "TED 1")
        number = (await acme.invoice("2026-01")).number
        foreseen = await world.staff(FRED).do(reversals.foresee, number)
        done = await unpay(world, number)
        assert (foreseen.credit, foreseen.lost) == (done.credit, done.lost)
        assert (done.credit, done.lost) == (brl(1000), brl(3000))
        assert await acme.balance() == (5990, 0)

    async def test_days_are_taken_back_and_what_is_missing_is_shown_first(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 12:00")
        # As a day invoice stands once it was issued.
        monthly = await acme.invoice("2026-01")
        days = replace(monthly, kind=InvoiceKind.DAYS, days=30)
        await world.sql("UPDATE invoices SET kind = 'days', days = 30 WHERE id = :id", id=days.id)
        await world.sql("DELETE FROM invoice_lines")
        await world.staff(FRED).do(booking.book, days.number, days.total, "E2E")
        balance = ledger.balance(acme.partner_id)
        assert await world.read(lambda w: w.ledger.balance(balance, ledger.DAYS)) == 30
        used = ledger.days_taken_back(acme.partner_id, "K7Q2M", 12)
        await world.write(lambda w: w.ledger.post(used, actor=by_clock("test"), at=w.now))
        foreseen = await world.staff(FRED).do(reversals.foresee, days.number)
        assert (foreseen.days, foreseen.shortfall) == (30, 12)
        done = await unpay(world, days.number)
        assert (done.days, done.shortfall) == (30, 12)
        assert await world.read(lambda w: w.ledger.balance(balance, ledger.DAYS)) == -12
