"""
Invoices: what is on them, until when they can be paid, what a payment settles.

Rules: "The postpaid calendar".
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from billing.billable import billable_months
from billing.calendar import BillingCalendar, Month, local_date
from billing.company import Company
from billing.instances import Instance
from billing.money import Money, total, zero
from billing.programmes import Programme
from billing.refusals import Refusal
from billing.regular import Regular


class InvoiceState(StrEnum):
    """Whether something is still owed; a void invoice never is."""

    DUE = "due"
    PAID = "paid"
    VOID = "void"


class InvoiceKind(StrEnum):
    """What an invoice is for; one series of numbers runs through all kinds."""

    MONTHLY = "monthly"
    DAYS = "days"
    CREDIT_NOTE = "credit_note"


class LineKind(StrEnum):
    """What a line bills: a whole month, or the days that were used in one (`arrears`)."""

    MONTH = "month"
    DAYS = "days"


class AmountRefused(Refusal):
    """An amount that cannot be booked. Facts: `why` (not_positive, currency), `currency`."""

    code = "amount_refused"


class ReferenceTaken(Refusal):
    """A payment with that reference is booked. Facts: `number`, `amount`, `on`, `reference`."""

    code = "reference_taken"


class NothingOwed(Refusal):
    """The invoice is paid or void. Facts: `number`, `state`."""

    code = "nothing_owed"


NO_COMPANY = Company()


@dataclass(frozen=True, slots=True)
class Line:
    """
    One instance in one month, at the full price; it keeps what it was drawn up from.

    Of the kind DAYS, `days` were used in the month, and `price` is what they come to.
    """

    instance_id: str
    name: str
    period: Month
    price: Money
    band: int
    subscribed_at: datetime
    cancelled_at: datetime | None
    service_ends_at: datetime | None
    kind: LineKind = LineKind.MONTH
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """
    An invoice as the close of `period` would draw it up; `credit` is used of what there is.

    The `regular` lines of a draft that is drawn up in bulk are not among its `lines`.
    """

    period: Month
    lines: tuple[Line, ...]
    total: Money
    credit: Money
    regular: Regular | None = None

    @property
    def count(self) -> int:
        """How many lines it has in all."""
        return len(self.lines) + (self.regular.count if self.regular else 0)

    @property
    def days(self) -> int:
        """The used days that it bills."""
        return sum(line.days or 0 for line in self.lines)

    @property
    def owed(self) -> Money:
        """What is left to pay."""
        return self.total - self.credit


@dataclass(frozen=True, slots=True)
class Invoice:
    """
    An issued invoice. `settled` is what payments and credit have covered so far.

    `due_on` and `last_on` are civil dates whose whole day still counts; `stop_at` and
    `delete_at` follow from `last_on`. Only a monthly invoice ever stops or deletes anything.

    `days` are credited when it is paid whole, `channels` what they were asked for as. A credit
    note `corrects` the invoice of that number: it is settled from the beginning. `billed_to` are
    the partner's company data as they were when it was issued.
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
    kind: InvoiceKind = InvoiceKind.MONTHLY
    days: int = 0
    channels: int | None = None
    corrects: str | None = None
    billed_to: Company = NO_COMPANY

    @property
    def owed(self) -> Money:
        """What is left to pay; never negative, and of a void one nothing."""
        if self.state is InvoiceState.VOID:
            return zero(self.total.currency)
        return self.total - self.settled


def draw_up(
    instances: Iterable[Instance],
    *,
    month: Month,
    programme: Programme,
    billed: Callable[[str], Container[Month]],
    price: Callable[[int, Month], Money],
    credit: Money,
    usage: Sequence[Line] = (),
    regular: Regular | None = None,
) -> Draft | None:
    """
    Draw up the invoice of `month`, or None when there is no line.

    One line for every month up to `month` in which an instance was billable at any instant
    and which no invoice has yet: the full price, no pro rata. `billed` tells an instance's
    months that are on invoices; `price` is given the band and the month. `usage` are the lines of
    days that were used before they were paid for. The `regular` instances are none of
    `instances`.
    """
    calendar = programme.calendar
    months = (
        _line(instance, period, price)
        for instance in instances
        for period in billable_months(instance, calendar, through=month)
        if period not in billed(instance.id)
    )
    lines = (*months, *usage)
    bands = regular.bands if regular else ()
    if not lines and not bands:
        return None
    amounts = [band.price.times(band.count) for band in bands]
    amount = total((*amounts, *(line.price for line in lines)), programme.currency)
    return Draft(month, lines, amount, min(credit, amount), regular if bands else None)


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
    anew: bool = False,
) -> Invoice:
    """
    Turn a draft into an invoice; one that credit covers whole is paid at once.

    Drawn up late (after an outage of days), its dates slide: it is told in full before it
    is due, and the days from the due date to the stop and to the deletion stay as they are.
    One that takes the place of a void one is issued `anew`: it keeps the calendar's dates
    unless its due date has come.
    """
    calendar = programme.calendar
    due_on, today = calendar.due_date(draft.period), local_date(at, calendar.zone)
    late = _slid(draft.period, today, keeps=anew and today < due_on)
    last_on = calendar.last_date(draft.period) + late
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
        last_on=last_on,
        due_until=calendar.end_of(due_on + late),
        stop_at=calendar.end_of(last_on),
        delete_at=calendar.morning(calendar.delete_date(draft.period) + late),
        days=draft.days,
    )
    return _closed(invoice)


def _slid(period: Month, today: date, *, keeps: bool) -> timedelta:
    return timedelta(0) if keeps else max(timedelta(0), today - period.plus(1).day(1))


def lasting(invoice: Invoice, last_on: date, delete_on: date, calendar: BillingCalendar) -> Invoice:
    """Return the invoice with another last day of service and another day of deletion."""
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
