"""
What is still billed of instances that end, and what keeping them adds: only what no invoice has.

Rules: "Life of an instance". Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from billing import invoices, terms
from billing.billable import Billed
from billing.calendar import Month
from billing.instances import Instance
from billing.invoices import Line
from billing.money import Money, zero
from billing.partners import Partner, Right
from billing.services import finding
from billing.services.access import requires
from billing.services.instances import subscriptions
from billing.services.instances.subscriptions import Quote
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Work

# Each is billed up to its own last month, which may be so many later than the present one.
LAST_BILLED = 2


@requires(Right.OPERATE)
async def of_quote(work: Work, actor: Actor, quote: Quote) -> tuple[Line, ...]:
    """Return what is still billed of what ends; of what is kept, what the keeping adds."""
    after = [item.after for item in quote.possible if item.after is not None]
    if quote.operation is Operation.SUBSCRIBE:
        return ()
    if quote.operation is not Operation.KEEP:
        return await still_to_bill(work, actor, after, quote.month.plus(LAST_BILLED))
    cancelled = [item.instance for item in quote.possible]
    anyway, kept = [
        await still_to_bill(work, actor, found, quote.month) for found in (cancelled, after)
    ]
    had = {(line.instance_id, line.period) for line in anyway}
    return tuple(line for line in kept if (line.instance_id, line.period) not in had)


@requires(Right.OPERATE)
async def runs_on(
    work: Work, actor: Actor, quote: Quote, to_bill: tuple[Line, ...]
) -> datetime | None:
    """Return until when the one that is deleted would run if cancelled, for the same money."""
    if quote.operation is not Operation.DELETE or len(quote.possible) != 1:
        return None
    ids = [quote.possible[0].instance.id]
    cancelling = await subscriptions.quote(work, actor, Operation.CANCEL, ids)
    after = cancelling.items[0].after
    if after is None or _costs(await of_quote(work, actor, cancelling)) != _costs(to_bill):
        return None
    return after.service_ends_at


def _costs(found: tuple[Line, ...]) -> list[tuple[Month, Money]]:
    return [(line.period, line.price) for line in found]


@requires(Right.VIEW)
async def still_to_bill(
    work: Work, actor: Actor, found: Iterable[Instance], through: Month
) -> tuple[Line, ...]:
    """Return what would be billed up to a month of instances, as given, that no invoice has."""
    partner = await finding.own_partner(work, actor)
    programme = finding.programme_of(work, partner)
    if not programme.postpaid:
        return ()
    agreements = await work.partners.agreements(partner.id)
    calendar = programme.calendar
    billed = await work.instances.billed_months(partner.id, calendar)
    drawn = invoices.draw_up(
        await _owing(work, partner, list(found), billed, calendar.end(through)),
        month=through,
        programme=programme,
        billed=lambda instance_id: billed.get(instance_id, Billed()),
        price=terms.pricing(work.programmes, partner, agreements, programme),
        credit=zero(partner.currency),
    )
    return drawn.lines if drawn else ()


async def _owing(
    work: Work,
    partner: Partner,
    found: list[Instance],
    billed: Mapping[str, Billed],
    end: datetime,
) -> list[Instance]:
    """Leave out what ended and is billed whole: of that, the billed months are not told."""
    if all(instance.id in billed for instance in found):
        return found
    owing = {instance.id for instance in await work.instances.unbilled(partner.id, end=end)}
    return [it for it in found if it.id in billed or it.id in owing]
