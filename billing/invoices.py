"""
Monthly invoices: what is on them, until when they can be paid, what a payment settles.

Rules: "The postpaid calendar".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from billing.billable import billable_months
from billing.calendar import BillingCalendar, Month, local_date
from billing.instances import Instance
from billing.money import Money, total
from billing.programmes import Programme
from billing.refusals import AlreadyDone, Refusal

# The deletion lies at least this long after the stop, whatever happened in between.
STOP_TO_DELETION = timedelta(days=4)
# More time than this is no hold but a mistyped year.
LONGEST_HOLD = timedelta(days=366)


class InvoiceState(StrEnum):
    """Whether something is still owed; a void invoice never is."""

    DUE = "due"
    PAID = "paid"
    VOID = "void"


class AmountRefused(Refusal):
    """An amount that cannot be booked. Facts: `why` (not_positive, currency), `currency`."""

    code = "amount_refused"


class ReferenceTaken(Refusal):
    """A payment with that reference is booked. Facts: `number`, `amount`, `on`, `reference`."""

    code = "reference_taken"


class NothingOwed(Refusal):
    """The invoice is paid or void. Facts: `number`, `state`."""

    code = "nothing_owed"


class HoldRefused(Refusal):
    """A hold cannot end on that day. Facts: `why` (past, too_far, before_last_day), `earliest`."""

    code = "hold_refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One instance in one month, at the full price; it keeps what it was drawn up from."""

    instance_id: str
    name: str
    period: Month
    price: Money
    band: int
    subscribed_at: datetime
    cancelled_at: datetime | None
    service_ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice as the close of `period` would draw it up; `credit` is used of what there is."""

    period: Month
    lines: tuple[Line, ...]
    total: Money
    credit: Money

    @property
    def owed(self) -> Money:
        """What is left to pay."""
        return self.total - self.credit


@dataclass(frozen=True, slots=True)
class Invoice:
    """
    An issued invoice. `settled` is what payments and credit have covered so far.

    `due_on` and `last_on` are civil dates whose whole day still counts; `stop_at` and
    `delete_at` follow from `last_on`.
    """

    id: str
    number: str
    partner_id: str
    programme: str
    period: Month
    total: Money
    settled: Money
    state: InvoiceState
    issued_at: datetime
    due_on: date
    last_on: date
    due_until: datetime
    stop_at: datetime
    delete_at: datetime
    held_until: date | None = None
    hold_reason: str | None = None

    @property
    def owed(self) -> Money:
        """What is left to pay; never negative."""
        return self.total - self.settled


def draw_up(
    instances: Iterable[Instance],
    *,
    month: Month,
    programme: Programme,
    billed: Callable[[str], frozenset[Month]],
    price: Callable[[int, Month], Money],
    credit: Money,
) -> Draft | None:
    """
    Draw up the invoice of `month`, or None when there is no line.

    One line for every month up to `month` in which an instance was billable at any instant
    and which no invoice has yet: the full price, no pro rata. `billed` tells an instance's
    months that are on invoices; `price` is given the band and the month.
    """
    calendar = programme.calendar
    lines = tuple(
        _line(instance, period, price)
        for instance in instances
        for period in billable_months(instance, calendar, through=month)
        if period not in billed(instance.id)
    )
    if not lines:
        return None
    amount = total((line.price for line in lines), programme.currency)
    return Draft(month, lines, amount, min(credit, amount))


def _line(instance: Instance, period: Month, price: Callable[[int, Month], Money]) -> Line:
    assert instance.subscribed_at is not None
    return Line(
        instance_id=instance.id,
        name=instance.name,
        period=period,
        price=price(instance.band, period),
        band=instance.band,
        subscribed_at=instance.subscribed_at,
        cancelled_at=instance.cancelled_at,
        service_ends_at=instance.service_ends_at,
    )


def issue(
    draft: Draft,
    *,
    invoice_id: str,
    number: str,
    partner_id: str,
    programme: Programme,
    at: datetime,
) -> Invoice:
    """
    Turn a draft into an invoice; one that credit covers whole is paid at once.

    Drawn up late (after an outage of days), its dates slide: it is told in full before it
    is due, and the days from the due date to the stop and to the deletion stay as they are.
    """
    calendar = programme.calendar
    due_on = calendar.due_date(draft.period)
    late = max(timedelta(0), local_date(at, calendar.zone) - draft.period.plus(1).day(1))
    invoice = Invoice(
        id=invoice_id,
        number=number,
        partner_id=partner_id,
        programme=programme.id,
        period=draft.period,
        total=draft.total,
        settled=draft.credit,
        state=InvoiceState.DUE,
        issued_at=at,
        due_on=due_on + late,
        last_on=calendar.last_date(draft.period),
        due_until=calendar.end_of(due_on + late),
        stop_at=at,
        delete_at=at,
    )
    last_on = calendar.last_date(draft.period) + late
    delete_on = calendar.delete_date(draft.period) + late
    return _closed(_lasting(invoice, last_on, delete_on, calendar))


def _lasting(
    invoice: Invoice, last_on: date, delete_on: date, calendar: BillingCalendar
) -> Invoice:
    return replace(
        invoice,
        last_on=last_on,
        stop_at=calendar.end_of(last_on),
        delete_at=calendar.morning(delete_on),
    )


def _closed(invoice: Invoice) -> Invoice:
    return invoice if invoice.owed else replace(invoice, state=InvoiceState.PAID)


def settle(invoice: Invoice, amount: Money) -> tuple[Invoice, Money]:
    """
    Return the invoice after a payment, and what was paid too much.

    A part payment leaves it due; what comes in for one that is paid was too much as a whole.

    :raises AmountRefused: not positive, or of another currency.
    :raises NothingOwed: it is void.
    """
    if amount.currency != invoice.total.currency:
        raise AmountRefused(why="currency", currency=invoice.total.currency)
    if amount.minor <= 0:
        raise AmountRefused(why="not_positive", currency=invoice.total.currency)
    if invoice.state is InvoiceState.VOID:
        raise NothingOwed(number=invoice.number, state=invoice.state)
    used = min(amount, invoice.owed)
    return _closed(replace(invoice, settled=invoice.settled + used)), amount - used


def hold(
    invoice: Invoice, *, until: date, reason: str, at: datetime, calendar: BillingCalendar
) -> Invoice:
    """
    Give an invoice a new last day: the stop follows it, the deletion five days later.

    The due date stays. A later hold replaces it; it ends by itself.

    :raises NothingOwed: it is paid or void.
    :raises HoldRefused: the day is over, or earlier than the last day without a hold.
    :raises AlreadyDone: it is held until that day for that reason.
    """
    if invoice.state is not InvoiceState.DUE:
        raise NothingOwed(number=invoice.number, state=invoice.state)
    today = local_date(at, calendar.zone)
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
    return _lasting(held, until, delete_on, calendar)


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
