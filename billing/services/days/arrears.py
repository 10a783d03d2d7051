"""
Days that were used before they were bought: posted and invoiced at the month's close (`arrears`).

What is owed is counted from the beginning: all days used, less those bought, less those on
invoices that are still to be paid. Rules: "Days", 4.
"""

from __future__ import annotations

from datetime import datetime

from billing import ledger, partners
from billing.calendar import Month
from billing.days import quotes, usage
from billing.instances import Instance
from billing.invoices import Line
from billing.money import Money
from billing.partners import Partner
from billing.programmes import DayMode, Programme, Settlement
from billing.services import finding
from billing.services.days import funds, life
from billing.services.people import Actor
from billing.services.ports import Work


async def lines(work: Work, partner: Partner, programme: Programme, month: Month) -> list[Line]:
    """
    Return the lines of the days used up to the end of `month`, or up to now, that are owed.

    By the instance's name; together they come to the price of all days, rounded once.
    """
    terms = programme.days
    if terms is None or Settlement.DAYS not in programme.settlements:
        return []
    if quotes.funds(terms, balance=0, limit=partner.day_limit).mode is not DayMode.ARREARS:
        # What a reversed payment leaves open is paid for by paying again.
        return []
    until = min(programme.calendar.end(month), work.now)
    owed = await _owed(work, partner, until)
    if not owed:
        return []
    agreements = await work.partners.agreements(partner.id)
    price = partners.channel_price(programme, terms, agreements, month=month)
    found = await _whose(work, partner, owed, programme.calendar.start(month), until)

    def cost(count: int) -> Money:
        return price.share(count, terms.channel_days)

    return list(usage.lines(found, month=month, price=cost))


async def _owed(work: Work, partner: Partner, until: datetime) -> int:
    used = await work.ledger.balance(ledger.used(partner.id), ledger.DAYS)
    # What the books do not have yet; and, when a close comes late, what they have of later days.
    apart = [*await work.days.open(partner.id), *await work.days.ending_after(partner.id, until)]
    for allocation in {allocation.id: allocation for allocation in apart}.values():
        used += allocation.started(until) - allocation.used
    bought = -await work.ledger.balance(ledger.bought(partner.id), ledger.DAYS)
    invoiced = sum(invoice.days for invoice in await work.invoices.unpaid(partner.id))
    return usage.owed_days(used=used, bought=bought, invoiced=invoiced)


async def _whose(
    work: Work, partner: Partner, owed: int, start: datetime, until: datetime
) -> list[tuple[Instance, int]]:
    """Return the instances of the last `owed` days, by name."""
    since: datetime | None = start
    found = usage.newest_periods(await work.days.ending_after(partner.id, since), owed, until=until)
    if sum(found.values()) < owed:
        # More than this month's: what a void invoice had comes again.
        found = usage.newest_periods(
            await work.days.ending_after(partner.id, None), owed, until=until
        )
    whose = []
    for instance_id, count in found.items():
        instance = await work.instances.by_id(instance_id)
        assert instance is not None, "an instance is never forgotten"
        whose.append((instance, count))
    return sorted(whose, key=lambda one: (one[0].name.casefold(), one[0].id))


async def post(work: Work, actor: Actor, partner: Partner, month: Month) -> None:
    """Post the days that began before the end of `month`: the books have them from then on."""
    if not funds.has_days(work, partner) and not partner.past:
        return
    until = finding.programme_in(work, partner, month).calendar.end(month)
    held = await work.days.open(partner.id)
    await life.post_used(work, actor, partner.id, held, str(month), until=until)
