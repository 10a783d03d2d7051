"""/paid with a bank's statement: what it would be booked as, asked once, then booked."""

from __future__ import annotations

import json
from typing import Any

from billing.refusals import AlreadyDone
from billing.services.instances.subscriptions import TermsChanged
from billing.services.payments import matching
from bot.chat.cards import matching as cards
from bot.chat.cards.card import Card
from bot.chat.tables import bank
from bot.chat.tables.bank import BankTable
from bot.chat.turn import Answer, Turn


async def proposed(turn: Turn, words: str) -> Card:
    """Show what the rows of a statement would be booked as."""
    table = bank.read(words, language=turn.language)
    # The newest one of a person in a chat waits; it is too long for a button.
    place, key = f"statement:{turn.heard.chat_id}:{turn.user_id}", turn.new_key
    kept = {"key": key, "text": words, "language": turn.language}
    await turn.work.state.set(place, json.dumps(kept))
    return await _shown(turn, table, place, key)


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Book what was shown; if that is no longer true, show it anew and book nothing."""
    place, key = str(args["at"]), str(args["statement"])
    kept = json.loads(await turn.work.state.get(place) or "{}")
    if kept.get("key") != key:
        raise AlreadyDone(action="matching")
    table = bank.read(kept["text"], language=kept["language"])
    try:
        done = await matching.enter(turn.work, turn.actor, table.rows, terms=str(args["terms"]))
    except TermsChanged:
        return await _shown(turn, table, place, key, changed=True)
    await turn.work.state.set(place, None)
    return cards.entered(done, table)


async def _shown(
    turn: Turn, table: BankTable, place: str, key: str, *, changed: bool = False
) -> Card:
    found = await matching.propose(turn.work, turn.actor, table.rows)
    return cards.proposed(found, table, place, key, changed=changed)
