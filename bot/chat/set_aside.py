"""A question that a command comes in between: it stays open, or is set aside and comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.chat.cards import plain
from bot.chat.cards.card import Card
from bot.chat.commands import Command
from bot.chat.turn import Turn

# The kind under which a question is kept that no words answer by themselves any more.
SET_ASIDE = "set_aside"
# Longer ago nobody remembers what was asked.
REMEMBERED = timedelta(hours=1)
# Who only looks something up comes back to the question.
LOOKING = frozenset(
    {"list", "show", "days", "invoices", "invoice", "preview", "statement", "margin", "pay"}
    | {"why", "whatif", "chart", "help"}
    | {"queue", "partner", "report", "debts", "dryrun", "audit", "health"}
)

Question = tuple[str, dict[str, Any]]


def parted(asked: Question | None) -> tuple[Question | None, dict[str, Any] | None]:
    """Return the question that is open, and the one that is set aside: one of them at most."""
    if asked is not None and asked[0] == SET_ASIDE:
        return None, asked[1]
    return asked, None


async def between(turn: Turn, command: Command, question: Question | None) -> None:
    """A command comes before the answer; in private what is said later may still be the answer."""
    if command.name in LOOKING and question is not None:
        return
    conversations, chat_id = turn.work.conversations, turn.heard.chat_id
    if command.name == "start" or (question is not None and not turn.heard.private):
        await conversations.answered(chat_id, turn.user_id)
    elif question is not None:
        kind, args = question
        kept = {"kind": kind, "args": args, "at": turn.work.now}
        await conversations.ask(chat_id, turn.user_id, SET_ASIDE, kept)


async def kept(turn: Turn) -> dict[str, Any] | None:
    """Return the question that is set aside here, as it is kept."""
    return parted(await turn.work.conversations.question(turn.heard.chat_id, turn.user_id))[1]


async def perhaps_answered(turn: Turn, kept: dict[str, Any], words: str) -> Card | None:
    """Ask whether words answer the question that was set aside; None: that is long ago."""
    if turn.work.now - kept["at"] > REMEMBERED:
        return None
    for key in kept["args"].get("asked", ()):
        asked = await turn.work.messages.get(key)
        if asked is not None and asked.kind == "ask":
            return plain.perhaps_answered(kept["kind"], kept["args"], asked.facts, words)
    return None
