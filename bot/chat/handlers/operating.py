"""Staff about the desk as a machine: /health, /settings."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from billing.services.desk import health as examined
from billing.services.desk import settings as terms
from billing.services.messages import Button
from billing.services.sorts import Sort
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
    left_out = await terms.left_out(turn.work, turn.actor)
    facts = {"programmes": [terms.told(one) for one in found], "in_group": turn.in_staff_group}
    return Card("settings", facts, _sorts(left_out) if turn.in_staff_group else [])


async def take(turn: Turn, args: dict[str, Any]) -> Answer:
    """Let this group take a sort of cards, or not."""
    sort, taken = Sort(str(args["sort"])), bool(args["taken"])
    await terms.take(turn.work, turn.actor, sort, taken=taken)
    return await settings(turn, "")


def _sorts(left_out: frozenset[str]) -> list[list[Button]]:
    """Return a button for each sort of cards, in rows of two; it does the opposite."""
    buttons = [
        Button(
            f"{'leaves' if sort in left_out else 'takes'}_{sort}",
            "group_takes",
            {"sort": str(sort), "taken": sort in left_out},
        )
        for sort in Sort
    ]
    return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
