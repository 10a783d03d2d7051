"""
The standing order: on the 1st of a month days are bought for every live channel.

Rules: "Days", 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from billing.calendar import Month
from billing.days import quotes
from billing.days.quotes import DayQuote
from billing.instances import State
from billing.partners import Partner, Right, check_may_begin
from billing.programmes import Settlement
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding, recording
from billing.services.access import requires
from billing.services.days import buying, funds
from billing.services.people import Actor
from billing.services.ports import Due, Work


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What a standing order would buy the next time, as things stand now.

    `quote` None: nothing runs that days would be bought for.
    """

    at: datetime
    quote: DayQuote | None


@requires(Right.PAY)
async def foresee(work: Work, actor: Actor) -> Standing:
    """
    Say what a standing order would cost, and when; changes nothing.

    :raises NoDays, PartnerLeft:
    :raises AlreadyDone: it is on. Facts: `on`.
    """
    partner = await finding.own_partner(work, actor)
    funds.terms_of(work, partner)
    check_may_begin(partner)
    if partner.standing_order:
        raise AlreadyDone(action="standing_order", on=True)
    calendar = finding.programme_of(work, partner).calendar
    at = calendar.start(calendar.month_of(work.now).plus(1))
    return Standing(at, await _wanted(work, partner))


@requires(Right.PAY)
async def switch(work: Work, actor: Actor, *, on: bool) -> Partner:
    """
    Buy a channel's days for every live channel on the 1st of each month, or no more.

    :raises NoDays, PartnerLeft:
    :raises AlreadyDone: it is so. Facts: `on`.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    funds.terms_of(work, partner)
    if on:
        check_may_begin(partner)
    if partner.standing_order is on:
        raise AlreadyDone(action="standing_order", on=on)
    changed = replace(partner, standing_order=on)
    await work.partners.save(changed)
    await recording.of_partner(
        work, actor, "standing_order", partner.id, after="on" if on else "off"
    )
    calendar = finding.programme_of(work, partner).calendar
    following = calendar.month_of(work.now).plus(1)
    if on:
        await _plan_standing(work, partner, following)
    else:
        await work.due.drop(_standing_key(partner, following))
    return changed


async def _plan_standing(work: Work, partner: Partner, month: Month) -> None:
    at = finding.programme_of(work, partner).calendar.start(month)
    key = _standing_key(partner, month)
    await work.due.plan(Due(key, "standing", f"{partner.id}:{month}", partner.id, at))


def _standing_key(partner: Partner, month: Month) -> str:
    return f"standing:{partner.id}:{month}"


async def carry_out(work: Work, actor: Actor, due: Due) -> None:
    """The 1st has come: ask for the days of the live channels, unless nothing may be bought."""
    assert due.partner_id is not None
    partner = await work.partners.lock(due.partner_id)
    if not partner.standing_order or not funds.has_days(work, partner):
        return
    calendar = finding.programme_of(work, partner).calendar
    month = Month.parse(due.subject.rpartition(":")[2])
    await _plan_standing(work, partner, month.plus(1))
    # After an outage only the month that runs is bought for.
    if calendar.month_of(work.now) != month:
        return
    try:
        check_may_begin(partner)
    except Refusal:
        return
    wanted = await _wanted(work, partner)
    if wanted is not None:
        await buying.ask(work, actor, partner, wanted, standing=True)


async def _wanted(work: Work, partner: Partner) -> DayQuote | None:
    """Return what a channel's days for every live channel cost; None: there is no live one."""
    live = [
        one
        for one in await work.instances.of_partner(partner.id, [State.ACTIVE])
        if one.settlement is Settlement.DAYS
    ]
    if not live:
        return None
    terms = funds.terms_of(work, partner)
    have = await funds.funds_of(work, partner)
    return quotes.of_channels(len(live), await funds.price_of(work, partner), terms, have)
