"""Invoices for days, and what is promised for them."""

from datetime import date, timedelta

import pytest

from billing.days import quotes, requests
from billing.days.quotes import Funds
from billing.invoices import InvoiceKind, InvoiceState
from billing.money import Money
from billing.programmes import Programme
from tests.billing.samples import DAYS, local

AT = local("2026-02-20 23:30", "UTC")
QUOTE = quotes.of_channels(75, Money(3000, "USD"), DAYS.days, Funds(0))


def issued(credit: int = 0, programme: Programme = DAYS):
    return requests.issue(
        QUOTE, invoice_id="i", number="DAY-2026-00001", partner_id="partner", programme=programme,
        terms=DAYS.days, credit=Money(credit, "USD"), at=AT,
    )  # fmt: skip


def test_the_invoice_is_promised_within_half_an_hour_and_escalated_ten_minutes_before():
    promised = requests.promised_by(DAYS.days, AT)
    assert promised == AT + timedelta(minutes=30)
    assert requests.escalated_at(DAYS.days, promised) == AT + timedelta(minutes=20)


class TestADayInvoice:
    def test_is_for_its_days_and_lapses_when_14_days_are_over(self):
        invoice = issued()
        assert (invoice.kind, invoice.days, invoice.channels) == (InvoiceKind.DAYS, 2250, 75)
        assert (invoice.total, invoice.settled, invoice.state) == (
            Money(225_000, "USD"), Money(0, "USD"), InvoiceState.DUE,
        )  # fmt: skip
        assert str(invoice.period) == "2026-02"
        assert invoice.due_on == invoice.last_on == date(2026, 3, 6)
        over = local("2026-03-07 00:00", "UTC")
        assert invoice.due_until == invoice.stop_at == invoice.delete_at == over

    def test_is_the_partners_under_the_number_and_programme_it_was_issued_with(self):
        invoice = issued()
        assert (invoice.id, invoice.number) == ("i", "DAY-2026-00001")
        assert (invoice.partner_id, invoice.programme) == ("partner", "days")
        assert invoice.issued_at == AT

    def test_counts_its_days_where_the_programme_is(self):
        tokyo = DAYS.model_copy(update={"zone": "Asia/Tokyo"})
        assert issued(programme=tokyo).last_on == date(2026, 3, 7)

    @pytest.mark.parametrize(
        ("credit", "settled", "state"),
        [(100, 100, "due"), (225_000, 225_000, "paid"), (300_000, 225_000, "paid")],
    )
    def test_uses_the_credit_that_there_is(self, credit, settled, state):
        invoice = issued(credit)
        assert (invoice.settled.minor, invoice.state) == (settled, state)
