"""Copying: a message said anew, with nothing that tells where it comes from."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.addresses import LONGEST_CAPTION, formatted, open_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.exchange import Exchange
from bot.sandbox.methods import Methods
from bot.sandbox.methods.sending import draft_in
from bot.sandbox.parameters import Parameters
from bot.sandbox.values import Json


async def copy_message(exchange: Exchange, parameters: Parameters) -> Json:
    """A caption that is given takes the place of the file's; a text stays as it is."""
    chat = open_chat(exchange, parameters)
    source = exchange.world.chats.get(parameters.integer("from_chat_id") or 0)
    if source is None:
        raise bad_request("chat not found")
    original = exchange.world.message(source.id, parameters.integer("message_id") or 0)
    if original is None:
        raise bad_request("message to copy not found")
    if original.service:
        raise bad_request("message can't be copied")
    draft = draft_in(exchange, parameters, chat)
    text, entities = original.text, original.entities
    if original.attachment is not None and parameters.given("caption"):
        caption = formatted(parameters, "caption", LONGEST_CAPTION)
        text, entities = caption.text, caption.entities
    exchange.limits.spend(chat)
    copied = exchange.world.post(
        replace(draft, text=text, entities=entities, attachment=original.attachment)
    )
    return {"message_id": copied.message_id}


METHODS: Methods = {"copymessage": copy_message}
