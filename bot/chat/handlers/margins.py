"""/margin: what each instance costs and earns this month, and whom to charge this week."""

from __future__ import annotations

from typing import Any

from billing.services.invoices import margins
from bot.chat.cards import margins as cards
from bot.chat.cards.documents import document
from bot.chat.turn import Answer, Turn


async def margin_(turn: Turn, words: str) -> Answer:
    """Show the present month."""
    del words
    return await pressed(turn, {})


async def pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show a page of it in the place of the one that stands there."""
    found = await margins.own(turn.work, turn.actor)
    return cards.margin(found, page=int(args.get("page", 1)))


async def file(turn: Turn, args: dict[str, Any]) -> Answer:
    """Bring it as a file."""
    del args
    found = await margins.own(turn.work, turn.actor)
    return document("margin_xlsx", partner=found.partner.id, month=found.month)
