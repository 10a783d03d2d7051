"""
Corrections of what was issued: an invoice is never edited, it is voided by a credit note.

Rules: "An issued invoice is never edited…", "Reversal of a booked payment".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from billing.calendar import BillingCalendar, Month, local_date
from billing.invoices import Invoice, InvoiceKind, InvoiceState
from billing.money import Money, zero
from billing.refusals import AlreadyDone, Refusal


class VoidRefused(Refusal):
    """
    An invoice cannot be voided. Facts: `number`, `why`, `paid`.

    `why` is paid (by payments), credit (all of it by credit) or credit_note.
    """

    code = "void_refused"


class NothingToReverse(Refusal):
    """No payment of the invoice is booked, or none any more. Facts: `number`."""

    code = "nothing_to_reverse"


class PaymentGone(Refusal):
    """The payment was taken back already. Facts: `number`, `reference`."""

    code = "payment_gone"


class NotTheNewest(Refusal):
    """A newer payment was booked since. Facts: `number`, `wanted`, `newest` (references)."""

    code = "not_the_newest"


class NothingToIssue(Refusal):
    """What was on a void invoice is not billable, or on another one. Facts: `number`, `why`."""

    code = "nothing_to_issue"


class CreditTooSmall(Refusal):
    """More was asked for than the credit that there is. Facts: `credit`, `amount`."""

    code = "credit_too_small"


def void(invoice: Invoice, *, paid: Money, note: str | None) -> Invoice:
    """
    Return the invoice as it is void; what credit had settled of it is credit again.

    `paid` is what payments have settled, `note` the credit note that voided it before.

    :raises VoidRefused: something was paid, or it is a credit note.
    :raises AlreadyDone: it is void. Facts: `number`, `note`.
    """
    if invoice.state is InvoiceState.VOID:
        raise AlreadyDone(action="void", number=invoice.number, note=note)
    if invoice.kind is InvoiceKind.CREDIT_NOTE:
        raise VoidRefused(number=invoice.number, why="credit_note", paid=paid)
    if paid:
        raise VoidRefused(number=invoice.number, why="paid", paid=paid)
    if invoice.state is InvoiceState.PAID:
        raise VoidRefused(number=invoice.number, why="credit", paid=invoice.settled)
    return replace(invoice, state=InvoiceState.VOID, settled=zero(invoice.total.currency))


def credit_note(
    invoice: Invoice, *, note_id: str, number: str, at: datetime, calendar: BillingCalendar
) -> Invoice:
    """Return the credit note that voids an invoice: it is settled from the beginning."""
    today = local_date(at, calendar.zone)
    return replace(
        invoice,
        id=note_id,
        number=number,
        kind=InvoiceKind.CREDIT_NOTE,
        period=Month(today.year, today.month),
        settled=invoice.total,
        state=InvoiceState.PAID,
        issued_at=at,
        due_on=today,
        last_on=today,
        due_until=at,
        stop_at=at,
        delete_at=at,
        held_until=None,
        hold_reason=None,
        days=0,
        channels=None,
        corrects=invoice.number,
    )
