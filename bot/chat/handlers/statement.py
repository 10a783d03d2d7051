"""/statement: a month of the account, in the chat where it is short, as a file where it is not."""

from __future__ import annotations

from typing import Any

from billing.calendar import Month
from billing.services import finding
from billing.services.payments import statement
from bot.chat.cards import statement as cards
from bot.chat.cards.documents import document
from bot.chat.turn import Answer, Turn
from bot.chat.words import dates


async def statement_(turn: Turn, words: str) -> Answer:
    """Show a month, by default the present one."""
    present = await _present(turn)
    month = present
    if words.strip():
        month = dates.month(words, language=turn.language, present=present)
    found = await statement.own(turn.work, turn.actor, month)
    if cards.is_long(found):
        await turn.give("statement_xlsx", partner=found.partner.id, month=found.month)
    return cards.statement(found, present=present)


async def pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show another month in the place of the one that stands there."""
    found = await statement.own(turn.work, turn.actor, await _month(turn, args))
    return cards.statement(found, present=await _present(turn))


async def file(turn: Turn, args: dict[str, Any]) -> Answer:
    """Bring a month as a file."""
    found = await statement.own(turn.work, turn.actor, await _month(turn, args))
    return document("statement_xlsx", partner=found.partner.id, month=found.month)


async def _month(turn: Turn, args: dict[str, Any]) -> Month:
    return Month.parse(str(args["month"])) if "month" in args else await _present(turn)


async def _present(turn: Turn) -> Month:
    partner = await finding.own_partner(turn.work, turn.actor)
    return finding.programme_of(turn.work, partner).calendar.month_of(turn.work.now)
