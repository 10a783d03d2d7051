"""Changing and deleting what was said."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox import shapes
from bot.sandbox.addresses import LONGEST_CAPTION, LONGEST_TEXT, formatted, markup_in, open_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.exchange import BOT_ID, Exchange
from bot.sandbox.methods import Methods
from bot.sandbox.methods.sending import media_in
from bot.sandbox.parameters import Parameters
from bot.sandbox.values import Json, Message

DELETABLE_SECONDS = 48 * 3600


def _own(exchange: Exchange, parameters: Parameters) -> Message:
    """Return the message of the bot that is to be edited."""
    chat = open_chat(exchange, parameters)
    message_id = parameters.integer("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    message = exchange.world.message(chat.id, message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message.from_id != BOT_ID or message.service:
        raise bad_request("message can't be edited")
    return message


def _save(exchange: Exchange, before: Message, after: Message) -> Json:
    if after == before:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are"
            " exactly the same as a current content and reply markup of the message"
        )
    exchange.limits.spend_edit()
    if replace(after, markup=before.markup) != before:
        after = replace(after, edited_at=exchange.world.seconds())
    return shapes.message(exchange, exchange.world.change(after))


async def edit_message_text(exchange: Exchange, parameters: Parameters) -> Json:
    message = _own(exchange, parameters)
    if message.attachment is not None:
        raise bad_request("there is no text in the message to edit")
    said = formatted(parameters, "text", LONGEST_TEXT)
    if not said.text:
        raise bad_request("message text is empty")
    markup = markup_in(parameters)
    after = replace(message, text=said.text, entities=said.entities, markup=markup)
    return _save(exchange, message, after)


async def edit_message_caption(exchange: Exchange, parameters: Parameters) -> Json:
    message = _own(exchange, parameters)
    if message.attachment is None:
        raise bad_request("there is no caption in the message to edit")
    said = formatted(parameters, "caption", LONGEST_CAPTION)
    markup = markup_in(parameters)
    after = replace(message, text=said.text, entities=said.entities, markup=markup)
    return _save(exchange, message, after)


async def edit_message_media(exchange: Exchange, parameters: Parameters) -> Json:
    message = _own(exchange, parameters)
    markup = markup_in(parameters)
    media = media_in(exchange, parameters, parameters.json("media"))
    after = replace(
        message, text=media.text, entities=media.entities, attachment=media.attachment,
        markup=markup,
    )  # fmt: skip
    return _save(exchange, message, after)


async def edit_message_reply_markup(exchange: Exchange, parameters: Parameters) -> Json:
    message = _own(exchange, parameters)
    return _save(exchange, message, replace(message, markup=markup_in(parameters)))


async def delete_message(exchange: Exchange, parameters: Parameters) -> bool:
    chat = open_chat(exchange, parameters)
    message_id = parameters.integer("message_id")
    message = exchange.world.message(chat.id, message_id) if message_id else None
    if message is None:
        raise bad_request("message to delete not found")
    age = exchange.world.seconds() - message.date
    others = message.from_id != BOT_ID
    if age > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    if others and not chat.is_private and chat.bot_status != "administrator":
        raise bad_request("message can't be deleted")
    exchange.world.remove(message)
    return True


METHODS: Methods = {
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagemedia": edit_message_media,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
}
