"""
What moves the stop and the deletion of an invoice: a hold, a reversal, whatever came late.

Rules: "Hold", "The postpaid calendar".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from billing.calendar import BillingCalendar, local_date
from billing.invoices import Invoice, InvoiceKind, InvoiceState, NothingOwed, lasting
from billing.money import Money
from billing.refusals import AlreadyDone, Refusal

# The deletion lies at least this long after the stop, whatever happened in between.
STOP_TO_DELETION = timedelta(days=4)
# So long a proof of payment that nobody has looked at holds the deletion.
PROOF_HOLDS = timedelta(days=5)
# More time than this is no hold but a mistyped year.
LONGEST_HOLD = timedelta(days=366)


class HoldRefused(Refusal):
    """
    A hold cannot end on that day, or is for what never stops anything.

    Facts: `why` (past, too_far, before_last_day, not_monthly), `earliest`.
    """

    code = "hold_refused"


def hold(
    invoice: Invoice, *, until: date, reason: str, at: datetime, calendar: BillingCalendar
) -> Invoice:
    """
    Give an invoice a new last day: the stop follows it, the deletion five days later.

    The due date stays. A later hold replaces it; it ends by itself.

    :raises NothingOwed: it is paid or void.
    :raises HoldRefused: the day is over, or earlier than the last day without a hold; or the
        invoice stops nothing.
    :raises AlreadyDone: it is held until that day for that reason.
    """
    if invoice.state is not InvoiceState.DUE:
        raise NothingOwed(number=invoice.number, state=invoice.state)
    today = local_date(at, calendar.zone)
    if invoice.kind is not InvoiceKind.MONTHLY:
        raise HoldRefused(why="not_monthly", earliest=today)
    if until < today:
        raise HoldRefused(why="past", earliest=today)
    if until - today > LONGEST_HOLD:
        raise HoldRefused(why="too_far", earliest=today)
    # One that was issued late has later dates: by as much as its due date, which never moves.
    late = invoice.due_on - calendar.due_date(invoice.period)
    unheld = calendar.last_date(invoice.period) + late
    if until < unheld:
        raise HoldRefused(why="before_last_day", earliest=unheld)
    if (invoice.held_until, invoice.hold_reason) == (until, reason):
        raise AlreadyDone(action="hold", number=invoice.number, until=until)
    delete_on = until + timedelta(days=calendar.days_from_last_day_to_deletion)
    held = replace(invoice, held_until=until, hold_reason=reason)
    return lasting(held, until, delete_on, calendar)


def unheld(
    invoice: Invoice, *, last_on: date, reason: str | None, at: datetime, calendar: BillingCalendar
) -> Invoice:
    """
    Return a held invoice as it was before: its last day, and the hold for `reason` if it had one.

    :raises NothingOwed: it is paid or void.
    :raises HoldRefused: that day is over: it would stop at once.
    """
    if invoice.state is not InvoiceState.DUE:
        raise NothingOwed(number=invoice.number, state=invoice.state)
    today = local_date(at, calendar.zone)
    if last_on < today:
        raise HoldRefused(why="past", earliest=today)
    delete_on = last_on + timedelta(days=calendar.days_from_last_day_to_deletion)
    held = replace(invoice, held_until=None if reason is None else last_on, hold_reason=reason)
    return lasting(held, last_on, delete_on, calendar)


def due_again(
    invoice: Invoice, *, used: Money, at: datetime, days: int, calendar: BillingCalendar
) -> Invoice:
    """
    Return the invoice after the payment that settled `used` of it turned out to be none.

    So many whole days are left before the stop, and five more before the deletion; where the
    invoice's own days are later, they stay. A day invoice can be paid until then, too.
    """
    owed = replace(invoice, settled=invoice.settled - used, state=InvoiceState.DUE)
    last_on = local_date(at, calendar.zone) + timedelta(days=days)
    if last_on <= invoice.last_on:
        return owed
    if invoice.kind is InvoiceKind.DAYS:
        over = calendar.end_of(last_on)
        return replace(
            owed, due_on=last_on, last_on=last_on, due_until=over, stop_at=over, delete_at=over
        )
    delete_on = last_on + timedelta(days=calendar.days_from_last_day_to_deletion)
    return lasting(replace(owed, held_until=None, hold_reason=None), last_on, delete_on, calendar)


def held_by_proof(sent_at: datetime, calendar: BillingCalendar) -> datetime:
    """Return until when a proof of payment holds the deletion while nobody looks at it."""
    return calendar.morning(local_date(sent_at, calendar.zone) + PROOF_HOLDS)


def earliest_deletion(
    invoice: Invoice,
    *,
    stopped_at: datetime | None,
    warned_at: datetime | None,
    now: datetime,
    calendar: BillingCalendar,
) -> datetime:
    """
    Return when the deletion may happen; in the ordinary run that is `delete_at`.

    Four full days lie between the stop that was carried out and the deletion, and the last
    warning arrived on an earlier day: whatever came late slides the deletion.
    """
    if stopped_at is None:
        return calendar.next_morning(max(invoice.delete_at, now + STOP_TO_DELETION))
    earliest = max(invoice.delete_at, calendar.next_morning(stopped_at + STOP_TO_DELETION))
    if warned_at is None:
        tomorrow = local_date(now, calendar.zone) + timedelta(days=1)
        return max(earliest, calendar.morning(tomorrow))
    day_after = local_date(warned_at, calendar.zone) + timedelta(days=1)
    return max(earliest, calendar.morning(day_after))
