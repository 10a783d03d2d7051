"""One message to Telegram: sent if it stands nowhere yet, edited if it does."""

from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    MessageId,
    ReplyParameters,
)
from telegram.constants import ParseMode

from bot.delivery.ports import MessageRow, Rendered

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_ADDRESSES = ("https://", "http://", "tg://")


async def post(bot: Bot, row: MessageRow, rendered: Rendered, *, plain: bool = False) -> int:
    """
    Make Telegram show a message; return its id there, that of a topic if it opens one.

    :param plain: without markup, for a text whose markup was refused.
    :raises telegram.error.TelegramError: whatever the call met.
    """
    if rendered.leaves:
        await bot.leave_chat(row.chat_id)
        return row.message_id or 0
    if rendered.topic is not None:
        return await _open_topic(bot, row, rendered.topic)
    text = without_markup(rendered.text_html) if plain else rendered.text_html
    looks: dict[str, Any] = {"reply_markup": keyboard(rendered.keyboard)}
    if not plain:
        looks["parse_mode"] = ParseMode.HTML
    if row.message_id is None:
        looks |= _place(row)
        return (await _send(bot, row, rendered, text, looks)).message_id
    where: dict[str, Any] = {"chat_id": row.chat_id, "message_id": row.message_id}
    if (media := _media(rendered, text, looks)) is not None:
        await bot.edit_message_media(media, **where, reply_markup=looks["reply_markup"])
    else:
        await bot.edit_message_text(**where, text=text, link_preview_options=_NO_PREVIEW, **looks)
    return row.message_id


async def _open_topic(bot: Bot, row: MessageRow, name: str) -> int:
    """Open a topic, or rename it; its id is that of the message with which it begins."""
    if row.message_id is None:
        opened = await bot.create_forum_topic(row.chat_id, name)
        return opened.message_thread_id
    await bot.edit_forum_topic(row.chat_id, row.message_id, name=name)
    return row.message_id


def _place(row: MessageRow) -> dict[str, Any]:
    """Return in which topic a message is sent, and what it replies to."""
    place: dict[str, Any] = {"message_thread_id": row.thread_id}
    if row.reply_to is not None:
        place["reply_parameters"] = ReplyParameters(row.reply_to, allow_sending_without_reply=True)
    return place


def _media(
    rendered: Rendered, text: str, looks: dict[str, Any]
) -> InputMediaDocument | InputMediaPhoto | None:
    """Return the file as it replaces the one that stands there, its caption with it."""
    kind = InputMediaDocument if rendered.document is not None else InputMediaPhoto
    file = rendered.document or rendered.photo
    if file is None:
        return None
    name, content = file
    upload = InputFile(content, filename=name, attach=True)
    return kind(upload, caption=text, parse_mode=looks.get("parse_mode"))


async def _send(
    bot: Bot, row: MessageRow, rendered: Rendered, text: str, looks: dict[str, Any]
) -> Message | MessageId:
    if rendered.copies is not None:
        return await bot.copy_message(row.chat_id, *rendered.copies, caption=text, **looks)
    if rendered.document is not None:
        return await bot.send_document(
            row.chat_id, _file(*rendered.document), caption=text, **looks
        )
    if rendered.photo is not None:
        return await bot.send_photo(row.chat_id, _file(*rendered.photo), caption=text, **looks)
    return await bot.send_message(row.chat_id, text, link_preview_options=_NO_PREVIEW, **looks)


def keyboard(rows: Sequence[Sequence[tuple[str, str]]]) -> InlineKeyboardMarkup | None:
    """Make buttons of (label, address or callback data); None if there are none."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(label, goal) for label, goal in row] for row in rows])


def _button(label: str, goal: str) -> InlineKeyboardButton:
    if goal.startswith(_ADDRESSES):
        return InlineKeyboardButton(label, url=goal)
    return InlineKeyboardButton(label, callback_data=goal)


def _file(name: str, content: bytes) -> InputFile:
    return InputFile(content, filename=name)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def without_markup(text_html: str) -> str:
    """Return what a reader would see of a text in HTML."""
    parser = _Text()
    parser.feed(text_html)
    parser.close()
    return "".join(parser.parts)
