"""Where a bot's call goes: its chat, topic, reply and buttons, or the refusal."""

from __future__ import annotations

import re

from bot.sandbox.errors import bad_request, forbidden
from bot.sandbox.exchange import Exchange
from bot.sandbox.formatted import Formatted, trimmed
from bot.sandbox.html import parse
from bot.sandbox.parameters import Parameters
from bot.sandbox.values import Chat, Json

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
LONGEST_MARKUP_BYTES = 32_768
LONGEST_CALLBACK_BYTES = 64
MOST_BUTTONS = 100
BUTTON_URL = re.compile(r"(?:https?|tg|ton)://[^\s]+", re.IGNORECASE)
# What an inline button may do besides sending its data or opening an address.
OTHER_ACTIONS = frozenset(
    {"web_app", "login_url", "copy_text", "pay", "callback_game", "switch_inline_query",
     "switch_inline_query_current_chat", "switch_inline_query_chosen_chat"}
)  # fmt: skip


def known_chat(exchange: Exchange, parameters: Parameters) -> Chat:
    """
    Return the chat that is named, wherever the bot stands in it.

    :raises ApiError: if there is none, or the group became a supergroup.
    """
    if not parameters.given("chat_id"):
        raise bad_request("chat_id is empty")
    try:
        chat = exchange.world.chats.get(int(parameters.text("chat_id")))
    except ValueError:
        chat = None
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        words = "group chat was upgraded to a supergroup chat"
        raise bad_request(words, migrate_to_chat_id=chat.migrated_to)
    return chat


def open_chat(exchange: Exchange, parameters: Parameters) -> Chat:
    """
    Return the chat that is named, in which the bot may speak.

    :raises ApiError: as `known_chat`, or 403 if the bot was blocked or is not there.
    """
    chat = known_chat(exchange, parameters)
    if chat.is_private and exchange.world.people[chat.id].blocked:
        raise forbidden("bot was blocked by the user")
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


def thread_in(chat: Chat, parameters: Parameters) -> int | None:
    """Return the topic that is named, if the bot may write there."""
    thread_id = parameters.integer("message_thread_id")
    if thread_id is None:
        return None
    topic = chat.topic(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not chat.manage_topics:
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def reply_in(exchange: Exchange, chat: Chat, parameters: Parameters) -> int | None:
    """Return the message that is answered."""
    raw = parameters.object("reply_parameters")
    replied: object
    if raw is None:
        replied = parameters.integer("reply_to_message_id")
        lenient = parameters.flag("allow_sending_without_reply")
    else:
        replied = raw.get("message_id")
        lenient = bool(raw.get("allow_sending_without_reply"))
    if replied is None:
        return None
    if not isinstance(replied, int) or exchange.world.message(chat.id, replied) is None:
        if lenient:
            return None
        raise bad_request("message to be replied not found")
    return replied


def formatted(parameters: Parameters, name: str, longest: int) -> Formatted:
    """
    Return the text or caption of that name, read as its parse_mode says.

    :raises ApiError: if the markup is bad or the text too long.
    """
    entities_name = "entities" if name == "text" else "caption_entities"
    raw = {
        "text": parameters.text(name),
        "parse_mode": parameters.text("parse_mode"),
        "entities": parameters.json(entities_name),
    }
    return read_text(raw, longest, "message" if name == "text" else "message caption")


def read_text(raw: Json, longest: int, what: str) -> Formatted:
    text = str(raw.get("text") or "").replace("\r", "").replace("\0", "")
    mode = str(raw.get("parse_mode") or "").lower()
    if len(text.encode(errors="replace")) > LONGEST_MARKUP_BYTES:
        raise bad_request(f"{what} is too long")
    if mode == "html":
        read = parse(text)
    elif mode:
        # The bot of this box speaks HTML; a mode that nobody reads must not pass for read.
        raise bad_request("unsupported parse_mode")
    else:
        read = trimmed(Formatted(text, tuple(_entities(raw.get("entities")))))
    if len(read.text) > longest:
        raise bad_request(f"{what} is too long")
    return read


def _entities(raw: object) -> list[Json]:
    if raw is None:
        return []
    if not isinstance(raw, list) or not all(_is_entity(one) for one in raw):
        raise bad_request('can\'t parse entities: Field "entities" must be an Array of entities')
    return raw


def _is_entity(raw: object) -> bool:
    if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
        return False
    numbers = isinstance(raw.get("offset"), int) and isinstance(raw.get("length"), int)
    return numbers and (raw["type"] != "text_link" or isinstance(raw.get("url"), str))


def markup_in(parameters: Parameters) -> Json | None:
    """
    Return the inline keyboard, if there is one with a button.

    Keyboards of other kinds are accepted and not shown: no person of the box has one.

    :raises ApiError: if a button is not as Telegram wants it.
    """
    raw = parameters.object("reply_markup")
    if raw is None or "inline_keyboard" not in raw:
        return None
    rows = raw["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'can\'t parse inline keyboard: Field "inline_keyboard" must be an Array of Arrays'
        )
    rows = [[_button(one) for one in row] for row in rows if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _button(raw: object) -> Json:
    if not isinstance(raw, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    data, url = raw.get("callback_data"), raw.get("url")
    if data is not None:
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= LONGEST_CALLBACK_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    elif url is not None:
        if not isinstance(url, str) or BUTTON_URL.fullmatch(url) is None:
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    elif not OTHER_ACTIONS & raw.keys():
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    return raw
