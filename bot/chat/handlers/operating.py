"""Staff about the desk as a machine: /health, /settings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from billing.services.desk import health as examined
from billing.services.desk import settings as terms
from billing.services.messages import Button
from bot.chat.cards.card import Card
from bot.chat.turn import Answer, Turn


async def health(turn: Turn, words: str) -> Answer:
    """Show whether all is well, and how what is not is mended."""
    del words
    found = await examined.health(turn.work, turn.actor, turn.machine())
    return Card(
        "health", {"checks": [asdict(one) for one in found]}, [[Button("refresh", "health")]]
    )


async def health_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Look again, in the same message."""
    del args
    return await health(turn, "")


async def settings(turn: Turn, words: str) -> Answer:
    """Show the terms that are in force, and where they are changed."""
    del words
    found = await terms.in_force(turn.work, turn.actor)
    return Card("settings", {"programmes": [terms.told(one) for one in found]})
