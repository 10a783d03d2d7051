"""A photo or a file that a partner sends: is it meant to prove that an invoice was paid."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import PurePath
from typing import Any

from billing.partners import Right
from billing.refusals import NoRight
from bot.chat.commands import PARTNERS
from bot.chat.handlers import receipts
from bot.chat.hearing import Spoken
from bot.chat.turn import Answer, Turn
from bot.chat.words.grammar import Called

Act = Callable[[], Awaitable[Answer]]

FILES = frozenset({"photo", "document"})
ENDINGS = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".gif"})
# As this desk writes them: `INT-2026-00001`.
NUMBER = re.compile(r"\b[A-Za-z]{2,10}-[0-9]{4}-[0-9]{5,}\b")


async def meant(
    turn: Turn, said: Spoken, called: Called | None, question: tuple[str, dict[str, Any]] | None
) -> Act | None:
    """
    Return what passes a file on as a proof, or None for one that is no proof.

    In private a picture or a PDF is one while something is unpaid, unless it hangs
    on another command or answers a question. In a partner's group it has to be said: by its
    caption, or as a reply to what is said of an invoice.
    """
    if said.file_kind not in FILES or turn.here not in PARTNERS or not turn.may(Right.VIEW):
        return None
    if question is not None and question[0] != "pay":
        return None
    command = called.command.name if called is not None and called.command else None
    if called is not None and called.slash and command != "pay":
        return None
    number = await _number(turn, said)
    surely = command == "pay" or number is not None
    may_be = turn.heard.private and _looks_like_one(said)
    if not surely and not (may_be and await receipts.owes(turn)):
        return None
    if not turn.may(Right.PAY):
        return _refused
    return lambda: receipts.send(turn, number)


async def _refused() -> Answer:
    raise NoRight(right=Right.PAY)


def _looks_like_one(said: Spoken) -> bool:
    """Whether it is a picture or a PDF, as banks and phones make them."""
    if said.file_kind == "photo" or said.document is None:
        return said.file_kind == "photo"
    ending = PurePath(said.document.name).suffix.casefold()
    if ending:
        return ending in ENDINGS
    return said.document.mime.startswith("image/") or said.document.mime == "application/pdf"


async def _number(turn: Turn, said: Spoken) -> str | None:
    """Return the invoice that the caption names, or the message that is replied to."""
    found = NUMBER.search(said.text)
    if found is not None:
        return found[0].upper()
    if said.reply_to is None:
        return None
    shown = await turn.work.messages.standing(said.heard.chat_id, said.reply_to)
    number = shown.facts.get("number") if shown is not None else None
    return number if isinstance(number, str) else None
