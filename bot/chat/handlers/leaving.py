"""/leave: what it means, asked once, then done."""

from __future__ import annotations

from typing import Any

from billing.services.instances.subscriptions import TermsChanged
from billing.services.partners import leaving
from bot.chat.cards import leaving as cards
from bot.chat.turn import Answer, Turn


async def leave(turn: Turn, words: str) -> Answer:
    """Show what leaving would mean."""
    del words
    return cards.farewell(await leaving.look(turn.work, turn.actor))


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Leave as it was shown; if that is no longer true, show it anew and do nothing."""
    try:
        done = await leaving.leave(
            turn.work, turn.actor, terms=str(args["terms"]), message_key=turn.key
        )
    except TermsChanged:
        return cards.farewell(await leaving.look(turn.work, turn.actor), changed=True)
    return cards.left(done)
