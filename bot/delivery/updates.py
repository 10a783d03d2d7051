"""Raw updates: which id and which lane they have, whatever is in them."""

import hashlib
import json
from typing import Any

LARGEST_ID = 2**63 - 1
UNREADABLE_LANE = "unreadable"

# Telegram keeps sending what it was last asked for: always the whole list.
ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "pre_checkout_query",
)


def entry(raw: object, body: str | None = None) -> tuple[int, str, str]:
    """
    Return the inbox row of an update: (id, lane, body).

    What has no usable id gets one made of its content, below zero, so that
    the same thing received twice is kept once.
    """
    text = json.dumps(raw) if body is None else body
    update_id = id_of(raw)
    if update_id is None:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        return -1 - int.from_bytes(digest[:7], "big"), UNREADABLE_LANE, text
    return update_id, lane_of(raw), text


def id_of(raw: object) -> int | None:
    """Return the update's id, or None if it has none that can be one."""
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if type(update_id) is int and 0 <= update_id <= LARGEST_ID:
        return update_id
    return None


def lane_of(raw: object) -> str:
    """
    Return who has to be served in order: the chat, or the person where there is none.

    A payment that is about to be made waits behind nothing: it has to be
    answered within ten seconds.
    """
    if not isinstance(raw, dict):
        return UNREADABLE_LANE
    for kind, event in raw.items():
        if not isinstance(event, dict):
            continue
        if kind == "pre_checkout_query":
            return f"checkout:{event.get('id')}"
        for place in (event, event.get("message")):
            chat_id = _id_in(place, "chat")
            if chat_id is not None:
                return str(chat_id)
        person_id = _id_in(event, "from")
        if person_id is not None:
            return str(person_id)
    return UNREADABLE_LANE


def _id_in(holder: Any, name: str) -> int | None:
    part = holder.get(name) if isinstance(holder, dict) else None
    found = part.get("id") if isinstance(part, dict) else None
    return found if type(found) is int else None
