"""
Months one after the other, for pictures and tables: of the desk, and of one partner.

Twelve months are looked at, however long the history is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing.calendar import BillingCalendar, Month, local_date
from billing.money import Money
from billing.partners import Partner, Right
from billing.services import finding
from billing.services.access import requires
from billing.services.days import funds
from billing.services.people import Actor
from billing.services.ports import Work

MONTHS = 12


@dataclass(frozen=True, slots=True)
class DeskMonth:
    """A month of the desk; money by currency, `instances` at its end, or now where it goes on."""

    month: Month
    invoiced: list[Money]
    received: list[Money]
    created: int
    converted: int
    instances: int


@dataclass(frozen=True, slots=True)
class PartnerMonth:
    """A month of a partner: instances and days at its end, or now; `cost` is invoiced for it."""

    month: Month
    instances: int
    days: int | None
    cost: Money | None


@dataclass(frozen=True, slots=True)
class Course:
    """How a partner has fared, oldest month first; `days` are counted where its terms know them."""

    partner: Partner
    months: list[PartnerMonth]
    in_days: bool


async def of_desk(work: Work, until: Month, zone: str) -> list[DeskMonth]:
    """Return the twelve months that end with `until`, by the midnights of `zone`."""
    calendar = BillingCalendar(zone=zone)
    months = [until.plus(nth) for nth in range(1 - MONTHS, 1)]
    instances = await work.totals.living([calendar.end(month) for month in months])
    rows = []
    for month, living in zip(months, instances, strict=True):
        start, end = calendar.start(month), calendar.end(month)
        created, converted = await work.totals.trials(start, end)
        rows.append(
            DeskMonth(
                month=month,
                invoiced=await work.totals.invoiced(start, end),
                received=await work.totals.received(start, end),
                created=created,
                converted=converted,
                instances=living,
            )
        )
    return rows


@requires(Right.VIEW)
async def own(work: Work, actor: Actor) -> Partner:
    """
    Return the partner whose course the actor may see.

    :raises NoPartner:
    """
    return await finding.own_partner(work, actor)


async def of_partner(work: Work, partner_id: str) -> Course:
    """Return the months of a partner since it began, twelve at most, by the zone of its terms."""
    partner = await finding.the_partner(work, partner_id)
    calendar = finding.programme_of(work, partner).calendar
    months = _months(calendar, partner.created_at, work.now)
    ends = [calendar.end(month) for month in months]
    instances = await work.totals.living_of(partner_id, ends)
    in_days = funds.has_days(work, partner)
    days = await work.totals.days_of(partner_id, ends) if in_days else [None] * len(months)
    invoiced = await work.totals.cost_of(partner_id, calendar.start(months[0]))
    costs = {month: cost for month, cost in invoiced if cost.currency == partner.currency}
    rows = [
        PartnerMonth(month, instances[nth], days[nth], costs.get(month))
        for nth, month in enumerate(months)
    ]
    return Course(partner, rows, in_days)


def _months(calendar: BillingCalendar, since: datetime, now: datetime) -> list[Month]:
    present = calendar.month_of(now)
    began = local_date(since, calendar.zone)
    first = max(Month(began.year, began.month), present.plus(1 - MONTHS))
    months = [first]
    while months[-1] < present:
        months.append(months[-1].plus(1))
    return months
