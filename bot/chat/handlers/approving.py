"""Staff as the second person: what waits for one is confirmed, or not."""

from __future__ import annotations

from typing import Any

from billing.services.payments import approvals, giving
from billing.services.payments.booking import Booked
from billing.services.payments.reversing import Reversal
from billing.services.payments.second import ApprovalChanged
from bot.chat.cards import corrections as cards
from bot.chat.cards import staff
from bot.chat.cards.plain import said
from bot.chat.turn import Answer, Turn


async def approval(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show what waits, for the queue."""
    found = await approvals.look(turn.work, turn.actor, str(args["approval"]))
    return cards.approval(found)


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Do what a colleague asked for; if it would do something else now, show it anew."""
    try:
        done = await approvals.confirm(
            turn.work, turn.actor, str(args["approval"]), args.get("terms")
        )
    except ApprovalChanged:
        return await approval(turn, args)
    match done:
        case Booked() as booked:
            return staff.booked(booked)
        case Reversal() as reversal:
            return cards.reversed_(reversal)
        case giving.Refunded() as refunded:
            return cards.paid_back(refunded)
        case given:
            return cards.given(given)


async def drop(turn: Turn, args: dict[str, Any]) -> Answer:
    """Leave it undone."""
    dropped = await approvals.drop(turn.work, turn.actor, str(args["approval"]))
    return said("approval_dropped", total=dropped.amount)
