"""An issued invoice is voided by a credit note and issued anew, never edited."""

from datetime import date

import pytest

from billing.corrections import NothingToIssue, VoidRefused
from billing.invoices import InvoiceKind, InvoiceState
from billing.partners import Agreement
from billing.refusals import AlreadyDone, NoRight
from billing.services.invoices import corrections, invoicing
from billing.services.payments import booking
from tests.billing.samples import brl, local, there
from tests.billing.services.people import FRED, SAM


@pytest.fixture
async def issued(world, acme):
    """Return an invoice of two instances, on the second of February."""
    await acme.running("loja-1", "loja-2")
    await world.until("2026-02-02 12:00")
    return await acme.invoice("2026-01")


async def void(world, number, reason="wrong price"):
    done = await world.staff(FRED).do(corrections.void, number, reason)
    await world.settle()
    return done


async def reissue(world, number):
    done = await world.staff(FRED).do(corrections.reissue, number)
    await world.settle()
    return done


class TestVoiding:
    async def test_is_foreseen_without_a_change(self, world, acme, issued):
        partner, shown = await world.staff(FRED).do(corrections.foresee, issued.number)
        assert (partner.id, shown) == (acme.partner_id, issued)
        assert await acme.invoice("2026-01") == issued

    async def test_takes_the_invoice_back_by_a_credit_note_of_the_same_series(
        self, world, acme, issued
    ):
        done = await void(world, issued.number)
        assert (done.invoice.state, done.note.kind) == (
            InvoiceState.VOID, InvoiceKind.CREDIT_NOTE,
        )  # fmt: skip
        assert done.note.corrects == issued.number
        assert (done.note.total, done.note.owed) == (issued.total, brl(0))
        assert int(done.note.number[-5:]) == int(issued.number[-5:]) + 1
        assert await acme.balance() == (0, 0)
        assert await acme.billed() == {"2026-01": ["loja-1 2026-01", "loja-2 2026-01"],
                                       "2026-02": []}  # fmt: skip
        await world.until("2026-03-01 12:00")
        # What was on it is free: the next close takes it along.
        assert len((await acme.billed())["2026-02"]) == 4

    async def test_lets_nothing_that_it_led_to_happen(self, world, acme, issued):
        await world.until("2026-02-12 12:00")
        assert set((await acme.states()).values()) == {"overdue"}
        done = await void(world, issued.number)
        assert set((await acme.states()).values()) == {"active"}
        assert {instance.name for instance in done.restored} == {"loja-1", "loja-2"}
        await world.until("2026-02-27 12:00")
        assert set((await acme.states()).values()) == {"active"}
        assert await world.due("delete:%") == []

    async def test_is_told_with_both_numbers_and_the_reason(self, world, acme, issued):
        done = await void(world, issued.number)
        facts = world.last(acme.user_id, "invoice_voided").facts
        assert (facts["number"], facts["note"]) == (issued.number, done.note.number)
        assert facts["reason"] == "wrong price"

    async def test_is_refused_once_something_was_paid(self, world, acme, issued):
        await acme.pays("2026-01", 1000)
        with pytest.raises(VoidRefused) as refused:
            await void(world, issued.number)
        assert refused.value.facts["why"] == "paid"
        await acme.pays("2026-01")
        with pytest.raises(VoidRefused):
            await void(world, issued.number)

    async def test_gives_credit_back_that_had_settled_a_part(self, world, acme, issued):
        await acme.pays("2026-01", issued.total.minor + 3000)
        await world.until("2026-03-01 12:00")
        february = await acme.invoice("2026-02")
        assert february.settled == brl(3000)
        await void(world, february.number)
        assert await acme.balance() == (0, 3000)

    async def test_of_what_credit_paid_whole_or_of_a_credit_note_is_refused(
        self, world, acme, issued
    ):
        await acme.pays("2026-01", 2 * issued.total.minor)
        await world.until("2026-03-01 12:00")
        with pytest.raises(VoidRefused) as refused:
            await void(world, (await acme.invoice("2026-02")).number)
        assert refused.value.facts["why"] == "credit"
        await world.until("2026-04-01 12:00")
        note = (await void(world, (await acme.invoice("2026-03")).number)).note
        with pytest.raises(VoidRefused) as refused:
            await void(world, note.number)
        assert refused.value.facts["why"] == "credit_note"

    async def test_twice_shows_the_first_credit_note(self, world, acme, issued):
        first = await void(world, issued.number)
        with pytest.raises(AlreadyDone) as refused:
            await void(world, issued.number)
        assert refused.value.facts["note"] == first.note.number

    async def test_is_nothing_for_support(self, world, acme, issued):
        with pytest.raises(NoRight):
            await world.staff(SAM).do(corrections.void, issued.number, "x")


class TestIssuingAnew:
    async def test_keeps_the_calendars_dates_while_they_have_not_come(self, world, acme, issued):
        await void(world, issued.number)
        again = await reissue(world, issued.number)
        assert again.number != issued.number
        assert (again.due_on, again.last_on) == (issued.due_on, issued.last_on)
        assert (again.stop_at, again.delete_at) == (issued.stop_at, issued.delete_at)
        assert (again.total, again.kind) == (issued.total, InvoiceKind.MONTHLY)
        assert acme.heard("notice_invoice_issued")[-1][0] == "2026-02-02 12:00"

    async def test_is_told_in_full_before_it_is_due_when_they_are_past(self, world, acme, issued):
        await world.until("2026-02-09 10:00")
        await void(world, issued.number)
        again = await reissue(world, issued.number)
        assert again.due_on == date(2026, 2, 13)
        assert there(again.stop_at) == "2026-02-19 00:00"
        await world.until("2026-03-25 12:00")
        assert acme.heard("notice_deleted")

    async def test_takes_what_is_billable_now(self, world, acme, issued):
        await void(world, issued.number)
        agreed = Agreement(brl(1000), local("2026-01-01 00:00"))
        await world.write(
            lambda w: w.partners.add_agreement(acme.partner_id, agreed, by=1, at=w.now)
        )
        assert (await reissue(world, issued.number)).total == brl(2000)

    async def test_is_done_once(self, world, acme, issued):
        with pytest.raises(NothingToIssue):
            await reissue(world, issued.number)
        await void(world, issued.number)
        again = await reissue(world, issued.number)
        with pytest.raises(AlreadyDone) as refused:
            await reissue(world, issued.number)
        assert refused.value.facts["number"] == again.number

    async def test_finds_nothing_where_the_next_invoice_has_it(self, world, acme, issued):
        await void(world, issued.number)
        await world.until("2026-03-01 12:00")
        with pytest.raises(NothingToIssue) as refused:
            await reissue(world, issued.number)
        assert refused.value.facts["why"] == "nothing"

    async def test_can_be_paid_like_any_other(self, world, acme, issued):
        await void(world, issued.number)
        again = await reissue(world, issued.number)
        await world.staff(FRED).do(booking.book, again.number, again.total, "E2E")
        await world.until("2026-02-20 12:00")
        assert set((await acme.states()).values()) == {"active"}
        seen = await acme.do(invoicing.own_invoice, issued.number)
        assert seen.invoice.state is InvoiceState.VOID
