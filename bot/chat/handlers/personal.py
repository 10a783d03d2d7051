"""/export and /forget: what is kept about a person, handed out and removed."""

from __future__ import annotations

from typing import Any

from billing.services.partners import personal
from bot.chat.cards import personal as cards
from bot.chat.cards.documents import document
from bot.chat.turn import Answer, Turn


async def export(turn: Turn, words: str) -> Answer:
    """Send all that is kept about the speaker, as a file."""
    del words
    return document("person_json", user_id=await personal.export(turn.work, turn.actor))


async def forget(turn: Turn, words: str) -> Answer:
    """Show what forgetting means, and ask."""
    del words
    return cards.forgetting(await personal.look(turn.work, turn.actor))


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Forget the speaker."""
    del args
    done = await personal.forget(turn.work, turn.actor)
    return cards.forgotten(done, language=turn.language)
