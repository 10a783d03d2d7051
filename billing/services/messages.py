"""
What is to be said: facts and buttons; the words are chosen when it is sent.

Rules: "What the bot says unasked".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from billing.services.facts import Facts


class Urgency(StrEnum):
    """
    In which order messages leave, and what an unanswered send means.

    Money may be repeated once (it carries its number), a reminder never is. A place is a topic
    that has to be there before anything is said in it, and is never opened twice.
    """

    PLACE = "place"
    MONEY = "money"
    REPLY = "reply"
    REMINDER = "reminder"
    BROADCAST = "broadcast"


@dataclass(frozen=True, slots=True)
class Button:
    """
    Something that can be done from a message.

    `label` names the words on it, `action` the command it stands for, `args` what it is about.
    A button that is pressed finds these in the database: Telegram carries an opaque id alone.
    `once` is for what has an effect: a second press is told that it was done.
    """

    label: str
    action: str
    args: Facts = field(default_factory=dict)
    once: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """
    A message as it should look.

    The same key again replaces it: what was sent is edited, what was not is sent as it is now.
    `reader` is the person whose language it speaks; None takes the chat's. With a `quiet_zone` it
    is not sent in the night of that zone, however late it comes to be sent (`notices.awake`).
    `thread_id` is the topic of the chat where it is said; `topic`, the key of the message that
    opens that topic (`services.topics`), which is looked up when it is sent.
    """

    key: str
    chat_id: int
    kind: str
    facts: Facts
    buttons: Sequence[Sequence[Button]] = ()
    urgency: Urgency = Urgency.REPLY
    reader: int | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    topic: str | None = None
    not_before: datetime | None = None
    quiet_zone: str | None = None
    useful_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """
    What a button stands for, found by the opaque id that was pressed.

    `current` tells whether the message still shows this button; `used_at` is set by the first
    press of a `once` button.
    """

    id: str
    message_key: str
    chat_id: int
    reader: int | None
    action: str
    args: dict[str, Any]
    once: bool
    current: bool
    expires_at: datetime
    used_at: datetime | None
