"""Who speaks where, and what the tables of the commands let them do there: for tests of rights."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from billing.partners import MEMBER_RIGHTS, STAFF_RIGHTS, Right, Role
from billing.services.messages import Button, Message
from bot.chat.commands import Command, Place
from storage.delivery.inbox import Inbox
from tests.bot.chat.talk import (
    BOT,
    FOREIGN_GROUP,
    MEMBERS,
    OTHER_OWNER,
    OTHERS_GROUP,
    OWN_GROUP,
    STAFF,
    STAFF_GROUP,
    STRANGER,
    Talk,
    message,
    person,
)
from tests.engines import TABLES

SPEAKERS = [*MEMBERS, OTHER_OWNER, *STAFF, STRANGER]
GROUPS = (STAFF_GROUP, OWN_GROUP, OTHERS_GROUP, FOREIGN_GROUP)
PLACES = ("private", *GROUPS)
# What answering itself writes: the answer, its buttons, who was seen, what was denied.
WRITTEN_ANYWAY = {"messages", "intents", "persons", "inbox", "audit", "chains"}


def there(user: int, place: str | int) -> int:
    """Return the chat that a place is for somebody."""
    return place if isinstance(place, int) else user


def rights(user: int, chat: int) -> frozenset[Right]:
    """Return what somebody may do there, by the table of the commands and nothing else."""
    if user in MEMBERS and chat in {user, OWN_GROUP}:
        return MEMBER_RIGHTS[MEMBERS[user]]
    if user == OTHER_OWNER and chat in {user, OTHERS_GROUP}:
        return MEMBER_RIGHTS[Role.OWNER]
    if user in STAFF and chat == STAFF_GROUP:
        return STAFF_RIGHTS[STAFF[user]]
    if chat in {OWN_GROUP, OTHERS_GROUP}:
        return frozenset()
    return frozenset({Right.ANYONE})


def allowed(command: Command, user: int, chat: int) -> bool:
    """Whether the tables let somebody say a command there."""
    if command.place is Place.PRIVATE and chat != user:
        return False
    if command.place is Place.PARTNER and chat not in {user, OWN_GROUP, OTHERS_GROUP}:
        return False
    others = command.in_groups is not None and chat in {STAFF_GROUP, FOREIGN_GROUP}
    wanted = command.in_groups if others else command.right
    return wanted in rights(user, chat)


async def rows(talk: Talk) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that is kept, without what answering itself writes."""
    tables = await talk.sql(TABLES)
    names = {row["name"] for row in tables} - WRITTEN_ANYWAY
    return {
        name: [tuple(row.values()) for row in await talk.sql(f"SELECT * FROM {name}")]
        for name in sorted(names)
        if not name.startswith("sqlite_")
    }


async def hear(talk: Talk, update: dict[str, Any]) -> None:
    """Give the bot an update, and look at nothing that it says."""
    update_id = next(talk.ids)
    raw = {"update_id": update_id, **update}
    row = (update_id, "lane", json.dumps(raw))
    await talk.database.write(lambda tx: Inbox(tx).store([row], talk.clock.at))
    await talk.chat.handle(update_id, raw)


async def with_buttons(talk: Talk, chat: int, actions: Iterable[str]) -> dict[str, str]:
    """Show a card with a button for each action; return what each carries."""
    key = f"card:{chat}:{next(talk.ids)}"
    buttons = [[Button("done", action, {}, once=True)] for action in actions]
    card = Message(key, chat, "home", {}, buttons)
    await talk.store.write(lambda work: work.messages.say(card, at=work.now))
    found = await talk.sql("SELECT id, action FROM intents WHERE message_key = :key", key=key)
    return {row["action"]: row["id"] for row in found}


def press(user: int, data: str, chat: int) -> dict[str, Any]:
    """Return the update of a press."""
    query = {
        "id": "1",
        "from": person(user),
        "chat_instance": "1",
        "data": data,
        "message": message(BOT["id"], "a card", chat),
    }
    return {"callback_query": query}
