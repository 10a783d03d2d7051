"""Sending: texts, files, pictures, albums, and the answer to a tap."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox import ids, shapes
from bot.sandbox.addresses import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    formatted,
    markup_in,
    open_chat,
    read_text,
    reply_in,
    thread_in,
)
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.exchange import BOT_ID, Exchange
from bot.sandbox.files import LARGEST_PHOTO, LARGEST_UPLOAD
from bot.sandbox.methods import Methods
from bot.sandbox.parameters import Parameters
from bot.sandbox.updates import TAP_LIFE
from bot.sandbox.values import Attachment, Chat, Json, Message

LONGEST_ANSWER = 200


def draft_in(exchange: Exchange, parameters: Parameters, chat: Chat) -> Message:
    """Return the bot's message without its content, or refuse where it should go."""
    return Message(
        chat_id=chat.id,
        from_id=BOT_ID,
        thread_id=thread_in(chat, parameters),
        reply_to=reply_in(exchange, chat, parameters),
        markup=markup_in(parameters),
    )


def post(exchange: Exchange, chat: Chat, draft: Message) -> Json:
    exchange.limits.spend(chat)
    return shapes.message(exchange, exchange.world.post(draft))


async def send_message(exchange: Exchange, parameters: Parameters) -> Json:
    chat = open_chat(exchange, parameters)
    said = formatted(parameters, "text", LONGEST_TEXT)
    if not said.text:
        blank = parameters.text("text") == ""
        raise bad_request("message text is empty" if blank else "text must be non-empty")
    draft = draft_in(exchange, parameters, chat)
    return post(exchange, chat, replace(draft, text=said.text, entities=said.entities))


async def send_document(exchange: Exchange, parameters: Parameters) -> Json:
    return _send_file(exchange, parameters, "document")


async def send_photo(exchange: Exchange, parameters: Parameters) -> Json:
    return _send_file(exchange, parameters, "photo")


def _send_file(exchange: Exchange, parameters: Parameters, kind: str) -> Json:
    chat = open_chat(exchange, parameters)
    caption = formatted(parameters, "caption", LONGEST_CAPTION)
    draft = draft_in(exchange, parameters, chat)
    exchange.limits.spend(chat)
    attachment = file_in(exchange, parameters, kind, kind, parameters.text(kind))
    message = replace(draft, text=caption.text, entities=caption.entities, attachment=attachment)
    return shapes.message(exchange, exchange.world.post(message))


def file_in(
    exchange: Exchange, parameters: Parameters, kind: str, field: str, named: str
) -> Attachment:
    """
    Return the file that a call brings along or names by its id.

    :raises ApiError: if there is none, it is empty, or larger than Telegram takes.
    """
    upload = parameters.upload(field)
    if named.startswith("attach://"):
        upload = parameters.upload(named.removeprefix("attach://"))
    if upload is None:
        found = exchange.files.find(named)
        if found is None:
            words = (
                "wrong remote file identifier specified"
                if named
                else f"there is no {kind} in the request"
            )
            raise bad_request(words)
        return replace(found[0], kind=kind)
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > (LARGEST_PHOTO if kind == "photo" else LARGEST_UPLOAD):
        raise ApiError(413, "Request Entity Too Large")
    return exchange.files.add(kind, upload.file_name, upload.content, upload.mime_type)


def media_in(exchange: Exchange, parameters: Parameters, raw: object) -> Message:
    """Return the file and caption of an InputMedia, on a message that is not yet anywhere."""
    if not isinstance(raw, dict) or raw.get("type") not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: type must be photo or document")
    caption = read_text(
        {
            "text": raw.get("caption"),
            "parse_mode": raw.get("parse_mode"),
            "entities": raw.get("caption_entities"),
        },
        LONGEST_CAPTION,
        "message caption",
    )
    attachment = file_in(exchange, parameters, raw["type"], "", str(raw.get("media") or ""))
    return Message(0, BOT_ID, text=caption.text, entities=caption.entities, attachment=attachment)


async def send_media_group(exchange: Exchange, parameters: Parameters) -> list[Json]:
    chat = open_chat(exchange, parameters)
    media = parameters.json("media")
    if not isinstance(media, list) or not 2 <= len(media) <= 10:
        raise bad_request("there must be 2-10 items in an album")
    draft = draft_in(exchange, parameters, chat)
    exchange.limits.spend(chat, len(media))
    with exchange.keeper.change():
        items = [media_in(exchange, parameters, one) for one in media]
        group = ids.digits()
        posted = [
            exchange.world.post(
                replace(
                    draft, text=item.text, entities=item.entities, attachment=item.attachment,
                    markup=None, media_group_id=group,
                )
            )
            for item in items
        ]  # fmt: skip
    return [shapes.message(exchange, one) for one in posted]


async def send_chat_action(exchange: Exchange, parameters: Parameters) -> bool:
    chat = open_chat(exchange, parameters)
    thread_in(chat, parameters)
    if not parameters.text("action"):
        raise bad_request("wrong parameter action in request")
    return True


async def answer_callback_query(exchange: Exchange, parameters: Parameters) -> bool:
    tap_id = parameters.text("callback_query_id")
    tap = exchange.keeper.tap(tap_id)
    age = exchange.clock.now().timestamp() - tap["at"] if tap else None
    if age is None or age > TAP_LIFE.total_seconds():
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = parameters.text("text") or None
    if text is not None and len(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "alert": parameters.flag("show_alert") if text else None}
    exchange.keeper.keep_tap(tap_id, {**tap, "answer": answer})
    exchange.happenings.mark()
    return True


METHODS: Methods = {
    "sendmessage": send_message,
    "senddocument": send_document,
    "sendphoto": send_photo,
    "sendmediagroup": send_media_group,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
}
