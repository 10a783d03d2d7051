"""
What a partner has in days: its balance and limit, its price, whether the balance is low.

Rules: "Days", 1 and 4; "What the bot says unasked".
"""

from __future__ import annotations

from billing import ledger, partners
from billing.days import forecasts, quotes
from billing.days.quotes import Funds
from billing.instances import State
from billing.money import Money
from billing.notices import NoticeKind
from billing.partners import Partner
from billing.programmes import DayMode, DayTerms, Settlement
from billing.refusals import Refusal
from billing.services import finding, telling
from billing.services.ports import Due, Work


class NoDays(Refusal):
    """The programme does not settle instances in days. Facts: `programme`."""

    code = "no_days"


def terms_of(work: Work, partner: Partner) -> DayTerms:
    """
    Return what the partner's programme says about days.

    :raises NoDays:
    """
    programme = finding.programme_of(work, partner)
    if programme.days is None or Settlement.DAYS not in programme.settlements:
        raise NoDays(programme=programme.id)
    return programme.days


def has_days(work: Work, partner: Partner) -> bool:
    """Whether the partner's programme settles instances in days."""
    return Settlement.DAYS in finding.programme_of(work, partner).settlements


async def funds_of(work: Work, partner: Partner) -> Funds:
    """
    Return the days that the partner may allocate.

    :raises NoDays:
    """
    terms = terms_of(work, partner)
    balance = await work.ledger.balance(ledger.balance(partner.id), ledger.DAYS)
    return quotes.funds(terms, balance=balance, limit=partner.day_limit)


def in_arrears(work: Work, partner: Partner) -> bool:
    """Whether the partner pays for days after they were used: then the postpaid calendar holds."""
    if not has_days(work, partner):
        return False
    terms = terms_of(work, partner)
    return quotes.funds(terms, balance=0, limit=partner.day_limit).mode is DayMode.ARREARS


async def price_of(work: Work, partner: Partner) -> Money:
    """
    Return what a channel's days cost the partner now: the price in force on the 1st.

    :raises NoDays:
    """
    terms = terms_of(work, partner)
    programme = finding.programme_of(work, partner)
    agreements = await work.partners.agreements(partner.id)
    month = programme.calendar.month_of(work.now)
    return partners.channel_price(programme, terms, agreements, month=month)


async def is_low(work: Work, partner: Partner) -> bool:
    """Whether the balance lasts less than the programme's days at the present use."""
    if not has_days(work, partner):
        return False
    have = await funds_of(work, partner)
    terms = terms_of(work, partner)
    # Asked after every allocation: where all that runs would not make it low, it is not read.
    running = (await work.instances.counts(partner.id)).get(State.ACTIVE, 0)
    if have.possible >= terms.low_balance_days * running:
        return False
    found = await work.instances.of_partner(partner.id, [State.ACTIVE])
    return forecasts.is_low(have.possible, found, terms)


async def look(work: Work, partner: Partner) -> None:
    """
    Say that the balance is low, once until it is not; called after whatever changed it.

    The notice is dropped if it is not low any more when it is to be said.
    """
    if not await is_low(work, partner):
        await work.days.forget_low(partner.id)
    elif await work.days.note_low(partner.id, at=work.now):
        subject = f"{partner.id}:{work.ids.opaque()}"
        await telling.announce(work, partner.id, partner.night, NoticeKind.LOW_BALANCE, subject)


async def grown(work: Work, partner_id: str) -> None:
    """
    The balance has grown: who extends itself and found no days looks again.

    By a row of its own, so that what made it grow is not held up.
    """
    key = f"days_refill:{partner_id}:{work.ids.opaque()}"
    await work.due.plan(Due(key, "days_refill", partner_id, partner_id, work.now))
