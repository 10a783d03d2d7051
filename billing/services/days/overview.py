"""
Looking at days: the balance, what each instance has left, what runs out when, what moved.

Rules: "Days"; the command is /days.
"""

from __future__ import annotations

from dataclasses import dataclass

from billing.days import forecasts
from billing.days.forecasts import Forecast
from billing.days.quotes import Funds
from billing.days.requests import DayRequest, RequestState
from billing.invoices import Invoice, InvoiceKind
from billing.money import Money
from billing.partners import Partner, Right
from billing.services import finding
from billing.services.access import requires
from billing.services.days import funds
from billing.services.people import Actor
from billing.services.ports import Movement, Work

MOVEMENTS = 10


@dataclass(frozen=True, slots=True)
class DaysCard:
    """
    What a partner has in days, as of now.

    `forecast.each` has what every instance has left (see forecasts); `held` is how many days the
    instances hold in all; `price` what a channel's days cost now. `waiting` are requests whose
    invoice is promised, `unpaid` day invoices that are still to be paid.
    """

    partner: Partner
    funds: Funds
    price: Money
    channel_days: int
    forecast: Forecast
    held: int
    low: bool
    waiting: list[DayRequest]
    unpaid: list[Invoice]
    movements: list[Movement]


@requires(Right.VIEW)
async def card(work: Work, actor: Actor) -> DaysCard:
    """
    Return what /days shows.

    :raises NoPartner, NoDays:
    """
    return await _card(work, await finding.own_partner(work, actor))


@requires(Right.SERVE)
async def card_of(work: Work, actor: Actor, partner_id: str) -> DaysCard:
    """
    Return the same for staff, of any partner.

    :raises NotFound, NoDays:
    """
    del actor
    return await _card(work, await finding.the_partner(work, partner_id))


async def _card(work: Work, partner: Partner) -> DaysCard:
    terms = funds.terms_of(work, partner)
    have = await funds.funds_of(work, partner)
    living = await work.instances.of_partner(partner.id)
    held = await work.days.open(partner.id)
    return DaysCard(
        partner=partner,
        funds=have,
        price=await funds.price_of(work, partner),
        channel_days=terms.channel_days,
        forecast=forecasts.forecast(living, have.possible, at=work.now, zone=partner.zone),
        held=sum(one.kept - one.started(work.now) for one in held),
        low=await funds.is_low(work, partner),
        waiting=[
            one for one in await work.days.requests(partner.id) if one.state is RequestState.WAITING
        ],
        unpaid=[
            one for one in await work.invoices.open_of(partner.id) if one.kind is InvoiceKind.DAYS
        ],
        movements=await work.days.movements(partner.id, limit=MOVEMENTS),
    )
