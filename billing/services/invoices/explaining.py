"""
From a line of an invoice to the rule that put it there, its dates, its price, and who did it.

The rules are named as docs/rules.md names them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing import partners
from billing.calendar import BillingCalendar, local_date
from billing.invoices import Invoice, Line, LineKind
from billing.partners import Agreement, Partner, Right
from billing.programmes import Programme
from billing.refusals import NotFound
from billing.services import finding
from billing.services.access import requires
from billing.services.people import Actor
from billing.services.ports import AuditRow, Work

# What changes whether an instance is billed.
ACTS = frozenset({"subscribe", "cancel", "keep", "delete", "service_end"})
ACTS_SHOWN = 12


class Why(StrEnum):
    """Why a month of an instance is on an invoice."""

    SUBSCRIBED = "subscribed"
    RUNNING = "running"
    CANCELLED = "cancelled"
    SERVED = "served"
    CAUGHT_UP = "caught_up"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Reason:
    """
    One line, why it is there, and where its price is from.

    `agreement` None: the price is that of the line's band in the programme. The month is
    half-open: from `starts` on and before `ends`. `used` is how many days of the month the
    instance used up to the issue, of which a line of days has those that were not bought.
    """

    line: Line
    why: Why
    starts: datetime
    ends: datetime
    agreement: Agreement | None
    acts: list[AuditRow]
    used: int


@dataclass(frozen=True, slots=True)
class Explained:
    """An invoice, the lines that were asked about, and all that it has."""

    invoice: Invoice
    partner: Partner
    programme: Programme
    reasons: list[Reason]
    lines: list[Line]

    @property
    def zone(self) -> str:
        """The zone by whose midnights it is billed."""
        return self.programme.zone


@requires(Right.VIEW)
async def own(work: Work, actor: Actor, number: str, instance: str | None) -> Explained:
    """
    Explain one of the partner's invoices, or the lines of an instance on it.

    :raises NotFound: there is no such invoice, or the instance is not on it.
    """
    invoice = await finding.the_invoice(work, number, partner_id=finding.own_partner_id(actor))
    return await _explained(work, invoice, instance)


@requires(Right.SERVE)
async def any_(work: Work, actor: Actor, number: str, instance: str | None) -> Explained:
    """
    Explain any invoice, for staff.

    :raises NotFound:
    """
    del actor
    return await _explained(work, await finding.the_invoice(work, number), instance)


async def _explained(work: Work, invoice: Invoice, wanted: str | None) -> Explained:
    partner = await finding.the_partner(work, invoice.partner_id)
    lines = await work.invoices.lines(invoice.id)
    chosen = lines if wanted is None else _of(lines, wanted)
    if wanted is not None and not chosen:
        raise NotFound(what="line", wanted=wanted)
    # Many lines are shown as a list, from which one is asked about.
    asked = chosen if len({line.instance_id for line in chosen}) == 1 else []
    return Explained(
        invoice=invoice,
        partner=partner,
        programme=finding.programme_in(work, partner, invoice.period),
        reasons=[await _reason(work, partner, invoice, line) for line in asked],
        lines=lines,
    )


def _of(lines: list[Line], wanted: str) -> list[Line]:
    folded = wanted.casefold()
    by_id = [line for line in lines if line.instance_id.casefold() == folded]
    return by_id or [line for line in lines if line.name.casefold() == folded]


async def _reason(work: Work, partner: Partner, invoice: Invoice, line: Line) -> Reason:
    programme = finding.programme_in(work, partner, line.period)
    calendar = programme.calendar
    agreements = await work.partners.agreements(partner.id)
    agreement = partners.agreed(programme, agreements, line.period)
    rows = await work.audit.about(line.instance_id, limit=100)
    acts = [
        row
        for row in reversed(rows)
        if row.action in ACTS and row.outcome == "done" and row.at <= invoice.issued_at
    ]
    return Reason(
        line=line,
        why=_why(line, invoice, calendar),
        starts=calendar.start(line.period),
        ends=calendar.end(line.period),
        agreement=agreement if agreement and _is_priced_by(agreement, line) else None,
        acts=acts[-ACTS_SHOWN:],
        used=await _used(work, line, calendar, invoice.issued_at),
    )


async def _used(work: Work, line: Line, calendar: BillingCalendar, issued_at: datetime) -> int:
    until = min(calendar.end(line.period), issued_at)
    held = await work.days.of_instance(line.instance_id)
    return sum(one.started(until) - one.started(calendar.start(line.period)) for one in held)


def _is_priced_by(agreement: Agreement, line: Line) -> bool:
    # Of days it is the price of a channel, of which the line has its part.
    return line.kind is LineKind.DAYS or agreement.price == line.price


def _why(line: Line, invoice: Invoice, calendar: BillingCalendar) -> Why:
    if line.kind is LineKind.DAYS:
        return Why.DAYS
    if line.period < invoice.period:
        return Why.CAUGHT_UP
    cancelled = line.cancelled_at
    if cancelled is not None and cancelled < calendar.end(line.period):
        late = local_date(cancelled, calendar.zone) < line.period.day(1)
        return Why.SERVED if late else Why.CANCELLED
    if line.subscribed_at >= calendar.start(line.period):
        return Why.SUBSCRIBED
    return Why.RUNNING
