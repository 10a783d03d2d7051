"""/customer: whose an instance is, what that customer pays the partner, until when it has paid."""

from __future__ import annotations

from typing import Any

from billing.calendar import local_date
from billing.services.instances import customers
from billing.services.instances.customers import Told
from bot.chat.cards import customers as cards
from bot.chat.cards.card import Card
from bot.chat.handlers import bulk
from bot.chat.handlers.choosing import chosen_first
from bot.chat.handlers.instances import which
from bot.chat.turn import Answer, Turn
from bot.chat.words import bulk as bulk_words
from bot.chat.words import customers as customer_words


async def customer_(turn: Turn, words: str) -> Answer:
    """Take what is told of an instance's customer, or ask for it."""
    if not words.strip():
        return await which(turn, "customer")
    if bulk_words.is_table(words):
        return await bulk.customers(turn, words)
    found = await chosen_first(turn, "customer", words, as_said=True)
    if isinstance(found, Card):
        return found
    instance_id, said = found
    if not said:
        return await pressed(turn, {"instance": instance_id})
    return await _told(turn, instance_id, said)


async def pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask whose an instance is."""
    shown = await customers.look(turn.work, turn.actor, str(args["instance"]))
    return await turn.ask(
        "customer_of",
        {"instance": shown.instance.id},
        cards.no_customer(shown),
        name=shown.instance.name,
        customer=cards.facts_of(shown.customer),
    )


async def customer_of(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Take the answer."""
    return await _told(turn, str(args["instance"]), words)


async def clear_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Say that an instance is nobody's."""
    return await _cleared(turn, str(args["instance"]))


async def _cleared(turn: Turn, instance_id: str) -> Card:
    return cards.customer(await customers.clear(turn.work, turn.actor, instance_id))


async def _told(turn: Turn, instance_id: str, words: str) -> Card:
    if words.strip() in customer_words.NOBODY:
        return await _cleared(turn, instance_id)
    today = local_date(turn.work.now, await turn.zone())
    said = customer_words.customer(words, language=turn.language, today=today)
    told = Told(
        name=said.name,
        minor=said.price.minor if said.price else None,
        currency=said.price.currency if said.price else None,
        paid_until=said.paid_until,
    )
    return cards.customer(await customers.tell(turn.work, turn.actor, instance_id, told))
