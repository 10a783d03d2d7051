"""Files that a command wants: fetched before its unit of work, which waits for nobody."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.chat.hearing import Spoken, clean
from bot.chat.tables import spreadsheets
from bot.chat.tables.rows import TableUnclear
from bot.chat.words import bulk, grammar
from bot.chat.words.understanding import NotUnderstood

log = structlog.get_logger(__name__)

# Of other commands a file is no part. In the one for instances that are there it names them; what
# was said beside it follows, as in `/extend NAMES 30`.
NAMING = frozenset({"subscribe", "cancel", "keep", "delete", "extend", "auto"})
WANTING = NAMING | {"import", "new", "customer", "paid"}
LARGEST = 512 * 1024


class FileRefused(NotUnderstood):
    """A file cannot be read. Facts: `why` (too_big, not_fetched, no_text)."""

    code = "file_refused"


async def with_file(bot: Bot, said: Spoken) -> Spoken:
    """Return what was said with the text of its file after the command, if that wants one."""
    if said.document is None or said.shared or said.edited or said.second_hand:
        return said
    private = said.heard.private
    called = grammar.called(said.text, username=bot.username, private=private)
    if called is None or called.command is None or called.command.name not in WANTING:
        return said
    if called.command.name == "paid" and called.words:
        # The payment is in the words; the file is its proof.
        return said
    if said.document.size > LARGEST:
        return replace(said, file_trouble="too_big")
    try:
        file = await bot.get_file(said.document.file_id)
        content = bytes(await file.download_as_bytearray())
    except TelegramError as error:
        log.warning("a file could not be fetched", error=str(error))
        return replace(said, file_trouble="not_fetched")
    text = await asyncio.to_thread(read, content)
    if text is None:
        return replace(said, file_trouble="no_text")
    if called.command.name in NAMING:
        try:
            text = "\n".join(bulk.names_in(text))
        except TableUnclear:
            return replace(said, file_trouble="no_text")
        return replace(said, text=clean(f"/{called.word} {text}\n{called.words}"))
    return replace(said, text=clean(f"{said.text}\n{text}"))


def read(content: bytes) -> str | None:
    """Return the table in a file, a spreadsheet or text; None for what is none."""
    if len(content) <= LARGEST and spreadsheets.is_spreadsheet(content):
        return spreadsheets.as_text(content)
    return decoded(content)


def decoded(content: bytes) -> str | None:
    """Return a file's text as spreadsheets write it; None for what is none."""
    if b"\0" in content or len(content) > LARGEST:
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
