"""What is taken back above the limit waits for a second person, as what is booked does."""

import pytest

from billing.corrections import NothingToReverse
from billing.invoices import InvoiceState
from billing.services.payments import approvals, booking, reversals
from billing.services.payments.second import ApprovalChanged
from billing.services.ports import Approval
from tests.billing.samples import brl
from tests.billing.services.people import FRED, SOFIA

ABOVE = brl(500_001)


@pytest.fixture
async def number(world, acme):
    """Return the number of an invoice that a large payment paid, more than it is."""
    await acme.running("loja-1")
    await world.until("2026-02-02 12:00")
    found = (await acme.invoice("2026-01")).number
    asked = await world.staff(FRED).do(booking.book, found, ABOVE, "E2E")
    await world.staff(SOFIA).do(approvals.confirm, asked.id)
    await world.until("2026-02-02 12:01")
    return found


@pytest.fixture
async def asked(world, number):
    return await world.staff(FRED).do(reversals.reverse, number, "bounced")


async def test_waits_and_changes_nothing(acme, asked):
    assert isinstance(asked, Approval)
    assert (asked.kind, asked.amount) == ("unpaid", ABOVE)
    assert (await acme.invoice("2026-01")).state is InvoiceState.PAID


async def test_shows_what_it_would_mean_and_means_it(world, acme, asked):
    shown = await world.staff(SOFIA).do(approvals.look, asked.id)
    assert shown["reversal"]["credit"] == ABOVE - brl(5990)
    done = await world.staff(SOFIA).do(approvals.confirm, asked.id)
    assert (done.payment.reference, done.credit) == ("E2E", ABOVE - brl(5990))
    assert await acme.balance() == (5990, 0)


async def test_is_shown_anew_where_another_payment_came_since(world, acme, number, asked):
    await acme.pays("2026-01", 100, "later")
    with pytest.raises(ApprovalChanged):
        await world.staff(SOFIA).do(approvals.confirm, asked.id)
    shown = await world.staff(SOFIA).do(approvals.look, asked.id)
    assert (shown["changed"], shown["reversal"]) == (True, None)


async def test_is_refused_where_nothing_is_booked_any_more(world, acme, number, asked):
    again = await world.staff(SOFIA).do(reversals.reverse, number, "bounced")
    assert again.id == asked.id
    await world.staff(SOFIA).do(approvals.confirm, asked.id)
    with pytest.raises(NothingToReverse):
        await world.staff(FRED).do(reversals.reverse, number, "bounced")
