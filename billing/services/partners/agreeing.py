"""
A partner's own price from a date on.

The price in force on the 1st, 00:00 holds for all of the month. Agreements are only ever added.
Rules: "The three programmes that ship", "Words".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from billing.calendar import BillingCalendar, Month, local_date
from billing.invoices import AmountRefused
from billing.money import Money
from billing.partners import Agreement, Partner, Right
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.messages import Button, Urgency
from billing.services.people import Actor
from billing.services.ports import Work


class MonthClosed(Refusal):
    """A price cannot begin in a month that is closed. Facts: `month`, `earliest`."""

    code = "month_closed"


@dataclass(frozen=True, slots=True)
class Agreed:
    """
    What was agreed, and from which invoice on it counts.

    `first` is the first month at that price, its invoice is drawn up on `invoiced_on`. `daily`:
    it is the price of a channel of days.
    """

    partner: Partner
    price: Money
    since: date
    first: Month
    invoiced_on: date
    daily: bool


@requires(Right.BOOK)
async def agree(work: Work, actor: Actor, partner_id: str, price: Money, since: date) -> Agreed:
    """
    Agree on a partner's own price from a date on; the partner hears.

    :raises AmountRefused: not positive, or of another currency.
    :raises MonthClosed:
    :raises AlreadyDone: the same was agreed for that date. Facts: `partner`, `price`, `first`.
    """
    partner = await work.partners.lock(partner_id)
    programme = finding.programme_of(work, partner)
    if price.currency != partner.currency:
        raise AmountRefused(why="currency", currency=partner.currency)
    if price.minor <= 0:
        raise AmountRefused(why="not_positive", currency=partner.currency)
    calendar = programme.calendar
    month, present = Month(since.year, since.month), calendar.month_of(work.now)
    if month < present:
        raise MonthClosed(month=month, earliest=present.day(1))
    first = month if since.day == 1 else month.plus(1)
    agreed = Agreed(
        partner=partner,
        price=price,
        since=since,
        first=first,
        invoiced_on=local_date(calendar.end(first), programme.zone),
        daily=not programme.postpaid,
    )
    agreement = Agreement(price, begins(calendar, since))
    await _add(work, actor, agreed, agreement)
    await _tell(work, actor, agreed)
    return agreed


@requires(Right.BOOK)
async def take_back(work: Work, actor: Actor, partner_id: str, since: date) -> None:
    """
    Take back what was agreed last for a date that has not come; the partner hears.

    :raises AlreadyDone: nothing is agreed for that date (any more), or it has begun.
    """
    partner = await work.partners.lock(partner_id)
    programme = finding.programme_of(work, partner)
    instant = begins(programme.calendar, since)
    same = [one for one in await work.partners.agreements(partner.id) if one.since == instant]
    if not same or instant <= work.now:
        raise AlreadyDone(action="price_taken_back", partner=partner.name)
    await work.partners.withdraw_agreement(partner.id, instant, at=work.now)
    price = same[-1].price
    await recording.of_partner(
        work, actor, "price_taken_back", partner.id, before=f"from {since}", amount=price
    )
    await telling.tell_partner(
        work,
        partner.id,
        "price_taken_back",
        {"price": price, "since": since, "daily": not programme.postpaid},
        key=f"price_taken_back:{partner.id}:{actor.cause}",
        roles=telling.PAYERS,
        buttons=[[Button("preview", "preview"), Button("home", "home")]],
        urgency=Urgency.REPLY,
    )


async def has_begun(work: Work, partner_id: str, since: date) -> bool:
    """Whether a price from that day on holds by now."""
    partner = await finding.the_partner(work, partner_id)
    return begins(finding.programme_of(work, partner).calendar, since) <= work.now


def begins(calendar: BillingCalendar, since: date) -> datetime:
    """Return the first instant of a day; of the 1st that of its month, whatever the zones."""
    if since.day == 1:
        return calendar.start(Month(since.year, since.month))
    return calendar.midnight(since)


async def _add(work: Work, actor: Actor, agreed: Agreed, agreement: Agreement) -> None:
    partner = agreed.partner
    known = await work.partners.agreements(partner.id)
    same = [before for before in known if before.since == agreement.since]
    if same and same[-1].price == agreement.price:
        raise AlreadyDone(
            action="price", partner=partner.name, price=agreed.price, month=agreed.first
        )
    await work.partners.add_agreement(partner.id, agreement, by=actor.user_id, at=work.now)
    await recording.of_partner(
        work,
        actor,
        "price",
        partner.id,
        before=str(same[-1].price.minor) if same else "",
        after=f"from {agreed.since}, first for {agreed.first}",
        amount=agreement.price,
    )


async def _tell(work: Work, actor: Actor, agreed: Agreed) -> None:
    await telling.tell_partner(
        work,
        agreed.partner.id,
        "price_agreed",
        {
            "price": agreed.price,
            "since": agreed.since,
            "first": agreed.first,
            "invoiced_on": agreed.invoiced_on,
            "daily": agreed.daily,
        },
        key=f"price:{agreed.partner.id}:{actor.cause}",
        roles=telling.PAYERS,
        buttons=[[Button("preview", "preview"), Button("home", "home")]],
        urgency=Urgency.REPLY,
    )
