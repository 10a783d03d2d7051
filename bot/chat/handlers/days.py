"""/days, the standing order, /limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from billing.days.quotes import Funds
from billing.partners import Right
from billing.services import finding
from billing.services.days import funds, handling, overview, standing_orders
from billing.services.days.overview import DaysCard
from bot.chat.cards import days as cards
from bot.chat.cards.card import Card
from bot.chat.handlers.choosing import partner_named
from bot.chat.turn import Answer, Turn
from bot.chat.words import days as day_words
from bot.chat.words.days import DaysUnclear

T = TypeVar("T")


async def days(turn: Turn, words: str) -> Answer:
    """Show the balance and what each instance has left."""
    del words
    return await card(turn)


async def card(turn: Turn, *, standing_ended: bool = False) -> Card:
    """Show the partner's days as they stand."""
    shown = await overview.card(turn.work, turn.actor)
    named = {
        found.id: found.name
        for one in shown.movements
        if (found := await turn.work.instances.get(shown.partner.id, one.reference)) is not None
    }
    payer, operator = turn.may(Right.PAY), turn.may(Right.OPERATE)
    return cards.days(shown, named, payer=payer, operator=operator, standing_ended=standing_ended)


async def standing(turn: Turn, args: dict[str, Any]) -> Answer:
    """Switch the standing order; before it buys anything, show what that costs and ask once."""
    on = bool(args["on"])
    if on and not args.get("confirmed"):
        return cards.standing(await standing_orders.foresee(turn.work, turn.actor))
    await standing_orders.switch(turn.work, turn.actor, on=on)
    return await card(turn, standing_ended=not on)


async def own(turn: Turn) -> DaysCard | None:
    """Return what the home card tells of days; None under terms that know none."""
    partner = await finding.own_partner(turn.work, turn.actor)
    if not funds.has_days(turn.work, partner):
        return None
    return await overview.card(turn.work, turn.actor)


async def of_partner(turn: Turn, partner_id: str) -> DaysCard | None:
    """Return what staff see of a partner's days."""
    partner = await finding.the_partner(turn.work, partner_id)
    if not funds.has_days(turn.work, partner):
        return None
    return await overview.card_of(turn.work, turn.actor, partner_id)


async def own_funds(turn: Turn) -> Funds:
    """
    Return the days that the partner may allocate.

    :raises NoDays:
    """
    partner = await finding.own_partner(turn.work, turn.actor)
    return await funds.funds_of(turn.work, partner)


async def understood(turn: Turn, read: Callable[[], T]) -> T:
    """
    Read words about days; what is not understood is answered with what the partner has.

    :raises NotUnderstood, NoDays:
    """
    have = await own_funds(turn)
    try:
        return read()
    except DaysUnclear as unclear:
        raise DaysUnclear(
            **unclear.facts, balance=have.balance, possible=have.possible
        ) from unclear


async def limit(turn: Turn, words: str) -> Answer:
    """Agree how far a partner's balance may go below nothing, or that it may not."""
    found = await partner_named(turn, "limit", words, more=True)
    if isinstance(found, Card):
        return found
    partner, rest = found
    wanted = day_words.limit(rest)
    changed = await handling.set_limit(turn.work, turn.actor, partner.id, wanted)
    have = await funds.funds_of(turn.work, changed)
    return cards.limit(changed, have.balance)


async def limit_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask how far."""
    return await limit(turn, str(args["partner"]))
