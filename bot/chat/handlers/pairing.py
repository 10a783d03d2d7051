"""/pair: the number of an instance is connected, by a QR code or by a code for a number."""

from __future__ import annotations

import re
from typing import Any

from billing.instances import RUNNING
from billing.services.instances import pairing
from bot.chat.cards.card import Card
from bot.chat.handlers.choosing import chosen_first
from bot.chat.handlers.instances import which
from bot.chat.turn import Answer, Turn
from bot.chat.words.understanding import NotUnderstood

PHONE = re.compile(r"\+?[0-9][0-9 ().-]*")
FEWEST_DIGITS, MOST_DIGITS = 8, 15


class PhoneUnclear(NotUnderstood):
    """No phone number with the code of its country. Facts: `wanted`."""

    code = "phone_unclear"


async def pair(turn: Turn, words: str) -> Answer:
    """Show how a number is connected, or ask of which instance."""
    if not words.strip():
        return await which(turn, "pair", RUNNING)
    found = await chosen_first(turn, "pair", words)
    if isinstance(found, Card):
        return found
    instance_id, said = found
    return await _begun(turn, instance_id, phone(said) if said else None)


async def pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show a QR code."""
    return await _begun(turn, str(args["instance"]), None)


async def _begun(turn: Turn, instance_id: str, number: str | None) -> Answer:
    # A card of before may be a text, and no picture can be taken back from a message.
    return await pairing.begin(
        turn.work,
        turn.actor,
        instance_id,
        number,
        chat_id=turn.heard.chat_id,
        message_key=turn.new_key,
    )


def phone(words: str) -> str:
    """
    Return the digits of a phone number.

    :raises PhoneUnclear:
    """
    digits = re.sub(r"[^0-9]", "", words)
    if not PHONE.fullmatch(words.strip()) or not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        raise PhoneUnclear(wanted=words[:64])
    return digits
