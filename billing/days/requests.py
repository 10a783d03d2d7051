"""
Invoices for days, and the requests that lead to them.

Rules: "Days", 1 to 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from billing.calendar import local_date
from billing.days.quotes import DayQuote
from billing.invoices import Invoice, InvoiceKind, InvoiceState
from billing.money import Money
from billing.programmes import DayTerms, Programme


class RequestState(StrEnum):
    """Where a request for days stands."""

    WAITING = "waiting"
    INVOICED = "invoiced"
    CREDITED = "credited"
    WITHDRAWN = "withdrawn"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class DayRequest:
    """
    A partner asks for days, or its standing order does; `total` is what it was quoted.

    The invoice is promised by `promised_by`; who of the staff sees to it has claimed it.
    """

    id: str
    partner_id: str
    days: int
    channels: int | None
    total: Money
    state: RequestState
    requested_by: int | None
    requested_at: datetime
    promised_by: datetime
    standing: bool = False
    claimed_by: int | None = None
    claimed_at: datetime | None = None
    invoice_id: str | None = None


def promised_by(terms: DayTerms, at: datetime) -> datetime:
    """Return until when the invoice of a request is prepared."""
    return at + timedelta(minutes=terms.invoice_within_minutes)


def escalated_at(terms: DayTerms, promised: datetime) -> datetime:
    """Return when staff hear that the time is nearly over."""
    return promised - timedelta(minutes=terms.escalate_minutes_before)


def issue(
    quote: DayQuote,
    *,
    invoice_id: str,
    number: str,
    partner_id: str,
    programme: Programme,
    terms: DayTerms,
    credit: Money,
    at: datetime,
) -> Invoice:
    """
    Draw up a day invoice: due within its days, and void when they are over.

    It stops and deletes nothing. What credit there is settles it; covered whole it is paid.
    """
    calendar = programme.calendar
    last = local_date(at, calendar.zone) + timedelta(days=terms.lapse_after_days)
    over = calendar.end_of(last)
    settled = min(credit, quote.total)
    return Invoice(
        id=invoice_id,
        number=number,
        partner_id=partner_id,
        programme=programme.id,
        period=calendar.month_of(at),
        total=quote.total,
        settled=settled,
        state=InvoiceState.PAID if settled == quote.total else InvoiceState.DUE,
        issued_at=at,
        due_on=last,
        last_on=last,
        due_until=over,
        stop_at=over,
        delete_at=over,
        kind=InvoiceKind.DAYS,
        days=quote.days,
        channels=quote.channels,
    )
