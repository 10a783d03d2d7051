"""
What each instance costs and earns in the present month, and whom to charge this week.

Rules: "Partner's own customers"; the command is /margin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing import customers, margins, terms
from billing.calendar import Month, local_date
from billing.customers import Customer
from billing.instances import GONE, Instance
from billing.margins import Margin
from billing.money import Money
from billing.partners import Partner, Right
from billing.programmes import Programme
from billing.services import finding
from billing.services.access import requires
from billing.services.days import funds
from billing.services.people import Actor
from billing.services.ports import Work


@dataclass(frozen=True, slots=True)
class MarginCard:
    """
    The present month, as of now; `in_days`: what instances cost is the days used so far.

    `to_charge` are those whose customers have paid for no more than 7 days, the first one leading;
    `unknown` so many that live have no customer with a price in the partner's currency.
    """

    partner: Partner
    month: Month
    in_days: bool
    margin: Margin
    to_charge: list[tuple[Instance, Customer]]
    unknown: int
    today: date


@requires(Right.PAY)
async def own(work: Work, actor: Actor) -> MarginCard:
    """Return the present month of the actor's partner."""
    return await of(work, finding.own_partner_id(actor))


async def of(work: Work, partner_id: str) -> MarginCard:
    """
    Return the present month of any partner; who may have it was asked before.

    :raises NotFound:
    """
    partner = await finding.the_partner(work, partner_id)
    programme = finding.programme_of(work, partner)
    month = programme.calendar.month_of(work.now)
    used = await _days_used(work, partner, programme, month)
    every = await _instances(work, partner, programme.calendar.end(month), used)
    agreements = await work.partners.agreements(partner.id)
    pricing = terms.pricing(work.programmes, partner, agreements, programme)
    costs = await _day_costs(work, partner, every, used, month)
    costs |= margins.month_costs(every, programme.calendar, month, pricing)
    whose = await work.customers.of_partner(partner.id)
    found = margins.margin(every, whose, costs, programme.currency)
    today = local_date(work.now, partner.zone)
    return MarginCard(
        partner=partner,
        month=month,
        in_days=funds.has_days(work, partner),
        margin=found,
        to_charge=_to_charge(found, today),
        unknown=sum(row.earned is None and row.instance.state not in GONE for row in found.rows),
        today=today,
    )


async def _days_used(
    work: Work, partner: Partner, programme: Programme, month: Month
) -> dict[str, int]:
    if not funds.has_days(work, partner):
        return {}
    start = programme.calendar.start(month)
    held = await work.days.ending_after(partner.id, start)
    return margins.days_used(held, start, work.now)


async def _instances(
    work: Work, partner: Partner, end: datetime, used: Mapping[str, int]
) -> list[Instance]:
    """Return those that live, and those that are gone and cost something still; by name."""
    found = [
        *await work.instances.unbilled(partner.id, end=end),
        *await work.instances.of_ids(used),
        *await work.instances.of_partner(partner.id),
    ]
    return finding.by_name({it.id: it for it in found}.values())


async def _day_costs(
    work: Work, partner: Partner, every: Sequence[Instance], used: Mapping[str, int], month: Month
) -> dict[str, Money]:
    if not used:
        return {}
    day_terms, price = funds.terms_of(work, partner), await funds.price_of(work, partner)
    return margins.day_costs(
        every, used, month, lambda days: price.share(days, day_terms.channel_days)
    )


def _to_charge(found: Margin, today: date) -> list[tuple[Instance, Customer]]:
    waiting = [
        (row.customer.paid_until, row.instance, row.customer)
        for row in found.rows
        if row.customer is not None
        and row.customer.paid_until is not None
        and row.instance.state not in GONE
        and customers.is_to_charge(row.customer, today)
    ]
    waiting.sort(key=lambda one: (one[0], one[1].name.casefold()))
    return [(instance, customer) for _, instance, customer in waiting]
