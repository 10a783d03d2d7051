"""Claiming a card of the staff's, and handing it over."""

from __future__ import annotations

from typing import Any

from billing.services.desk import claiming
from bot.chat.handlers import applying, comparing, desk, partners, receipts, support
from bot.chat.turn import Answer, Presses, Turn

# What shows a copy of a card again, where it was pressed on one, and the argument it takes.
COPIES: dict[str, tuple[Presses, str]] = {
    "application": (applying.application, "application"),
    "token_request": (partners.shown, "partner"),
    "deletion": (desk.task, "instance"),
    "by_hand": (desk.by_hand_task, "call"),
    "receipt": (receipts.shown, "receipt"),
    "support": (support.shown, "support"),
    "comparison": (comparing.comparison, "platform"),
}


async def claim(turn: Turn, args: dict[str, Any]) -> Answer:
    """See to a card oneself."""
    await claiming.claim(turn.work, turn.actor, str(args["kind"]), str(args["subject"]))
    return await _shown(turn, args)


async def hand_over(turn: Turn, args: dict[str, Any]) -> Answer:
    """Leave a card to whoever claims it next."""
    await claiming.hand_over(turn.work, turn.actor, str(args["kind"]), str(args["subject"]))
    return await _shown(turn, args)


async def _shown(turn: Turn, args: dict[str, Any]) -> Answer:
    """Cards are kept up to date by the use cases, copies of them are not."""
    if not turn.on_a_copy:
        return None
    show, argument = COPIES[str(args["kind"])]
    return await show(turn, {argument: args["subject"]})
