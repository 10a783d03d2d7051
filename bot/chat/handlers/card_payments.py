"""Paying by card: an instance, an invoice; ending it; the partner's own page at Stripe."""

from __future__ import annotations

from typing import Any

from billing.card_lives import NotByCard
from billing.cards import Interval
from billing.instances import Instance, State
from billing.partners import Right
from billing.refusals import Refusal
from billing.services import finding
from billing.services.cards import paying, quarantine, showing, subscribing
from billing.services.cards.subscribing import Held
from billing.services.days import funds
from billing.services.messages import Button
from billing.services.operations import Operation
from billing.services.ports import CardSession
from bot.chat.cards import card_payments as cards
from bot.chat.cards.card import Card
from bot.chat.turn import Answer, Turn


async def instead(turn: Turn, operation: Operation, ids: list[str]) -> Card | None:
    """
    Return what an operation on one instance means where it is, or could be, paid by card.

    None: it has nothing to do with cards, and goes its usual way.
    """
    if len(ids) != 1:
        return None
    if operation is Operation.SUBSCRIBE:
        return await _offer(turn, ids[0])
    found = await held(turn, ids[0])
    if found is None:
        return None
    if operation is Operation.CANCEL:
        return cards.cancel(found)
    if operation is Operation.KEEP and found.subscription.ending:
        return await _ended(turn, ids[0], on=False)
    return None


async def held(turn: Turn, instance_id: str) -> Held | None:
    """Return how an instance is paid by card, if it is."""
    try:
        return await subscribing.held(turn.work, turn.actor, instance_id)
    except NotByCard:
        return None


async def on_instance(turn: Turn, instance: Instance, shown: Card) -> Card:
    """Put on an instance's card how it is paid by card, or that it could be."""
    by_card = await held(turn, instance.id)
    if by_card is not None:
        return cards.paid_so(
            shown, by_card, operator=turn.may(Right.OPERATE), payer=turn.may(Right.PAY)
        )
    waits = instance.state in {State.TRIAL, State.STOPPED}
    partner = await finding.the_partner(turn.work, instance.partner_id)
    if turn.may(Right.OPERATE) and waits and await subscribing.takes_cards(turn.work, partner):
        return cards.offering(shown, instance.id)
    return shown


async def _offer(turn: Turn, instance_id: str) -> Card | None:
    """Offer days or a card; what can have no card goes on without."""
    partner = await finding.own_partner(turn.work, turn.actor)
    try:
        offer = await subscribing.offer(turn.work, turn.actor, instance_id)
    except Refusal:
        return None
    terms = funds.terms_of(turn.work, partner)
    have = await funds.funds_of(turn.work, partner)
    return cards.offer(offer, days=terms.channel_days, balance=have.possible)


async def begin(turn: Turn, args: dict[str, Any]) -> Answer:
    """Open the page where a subscription is paid."""
    session = await subscribing.begin(
        turn.work,
        turn.actor,
        str(args["instance"]),
        Interval(str(args["interval"])),
        message_key=turn.key,
    )
    return await _shown(turn, session)


async def pay(turn: Turn, args: dict[str, Any]) -> Answer:
    """Open the page where an invoice is paid."""
    session = await paying.pay(
        turn.work, turn.actor, str(args["number"])[:64], message_key=turn.key
    )
    return await _shown(turn, session)


async def _shown(turn: Turn, session: CardSession) -> Card:
    facts = await showing.facts_of(turn.work, session)
    return cards.payment(facts, showing.buttons_of(session, facts))


async def cancel(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask whether a subscription is to end with its period."""
    return cards.cancel(await subscribing.held(turn.work, turn.actor, str(args["instance"])))


async def end(turn: Turn, args: dict[str, Any]) -> Answer:
    """Let a subscription end with its period, or go on after all."""
    return await _ended(turn, str(args["instance"]), on=bool(args["on"]))


async def _ended(turn: Turn, instance_id: str, *, on: bool) -> Card:
    found = await subscribing.end(turn.work, turn.actor, instance_id, on=on, message_key=turn.key)
    return cards.ending(found, on=on)


async def portal(turn: Turn, args: dict[str, Any]) -> Answer:
    """Open the partner's own page at Stripe."""
    del args
    await subscribing.portal(turn.work, turn.actor, message_key=turn.key)
    return cards.portal()


async def page(turn: Turn, args: dict[str, Any]) -> Answer:
    """Nothing: Telegram opens an address by itself, and a press of it never comes here."""
    del turn, args
    return None


async def event(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show what Stripe told and was kept aside, for the queue."""
    stored = await quarantine.the_event(turn.work, str(args["event"]))
    facts = await quarantine.told(turn.work, stored)
    buttons = quarantine.buttons_of(facts)
    return Card("stripe_quarantined", facts, [*buttons, [Button("queue", "queue")]])


async def looked_at(turn: Turn, args: dict[str, Any]) -> Answer:
    """Somebody has looked at it."""
    await quarantine.looked_at(turn.work, turn.actor, str(args["event"]))
    if not turn.on_a_copy:
        return None
    return await event(turn, args)
