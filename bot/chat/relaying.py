"""Replies to what partners and staff said to each other: they go to the other side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from billing.partners import Right
from billing.services import topics
from billing.services.ports import Work
from bot.chat.commands import PARTNERS
from bot.chat.handlers import support
from bot.chat.hearing import Spoken
from bot.chat.turn import Answer, Turn

Act = Callable[[], Awaitable[Answer]]


async def meant(turn: Turn, said: Spoken) -> Act | None:
    """Return what passes a reply on, or None for one that answers nothing of that kind."""
    if said.album is not None and turn.here in PARTNERS:
        first = await turn.work.support.of_album(said.heard.chat_id, said.album)
        if first is not None:
            return lambda: support.add(turn, first)
    if said.reply_to is None:
        return None
    shown = await turn.work.messages.standing(said.heard.chat_id, said.reply_to)
    if shown is None:
        return None
    about = shown.facts.get("support")
    if turn.here in PARTNERS and about is not None:
        return lambda: support.reply(turn, about)
    if not turn.in_staff_group:
        return None
    if about:
        return lambda: support.answer(turn, about)
    partner_id = await topics.whose(turn.work, said.heard.chat_id, turn.heard.thread_id)
    # What answers a colleague's command is between colleagues.
    if partner_id is None or shown.key.startswith("answer:") or not turn.may(Right.SERVE):
        return None
    return lambda: support.tell_owners(turn, partner_id)


async def leads_nowhere(turn: Turn, said: Spoken) -> Act | None:
    """Return what tells staff that a reply to a card reaches nobody; None for any other words."""
    if not (turn.in_staff_group and said.to_bot and said.text and turn.may(Right.SERVE)):
        return None
    if said.reply_to is None:
        return None
    shown = await turn.work.messages.standing(said.heard.chat_id, said.reply_to)
    if shown is None or shown.key.startswith("answer:") or shown.kind == topics.KIND:
        return None
    return lambda: support.nobody_reads(turn, shown)


async def is_relayed(work: Work, said: Spoken) -> bool:
    """Whether a message replies to something of the other side."""
    if said.reply_to is None:
        return False
    shown = await work.messages.standing(said.heard.chat_id, said.reply_to)
    return shown is not None and "support" in shown.facts
