"""What there is in the box: people, chats, messages, files, as frozen values."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

Json = dict[str, Any]

# Senders that stand for many people, with Telegram's own ids.
GROUP_ANONYMOUS_BOT = 1087968824
CHANNEL_BOT = 136817688
TELEGRAM = 777000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account; the private chat with the bot has the same id."""

    id: int
    first_name: str
    last_name: str | None
    username: str
    language_code: str
    blocked: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    @classmethod
    def load(cls, body: str) -> Self:
        return cls(**json.loads(body))


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a forum; its id is that of the service message that opened it."""

    thread_id: int
    name: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """A private chat with the bot or a group; `members` are the people and their status."""

    id: int
    type: str
    title: str
    is_forum: bool = False
    members: tuple[tuple[int, str], ...] = ()
    bot_status: str = "member"
    manage_topics: bool = False
    topics: tuple[Topic, ...] = ()
    migrated_to: int | None = None
    pinned: int | None = None
    last_message_id: int = 0

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    def status_of(self, person_id: int) -> str | None:
        return dict(self.members).get(person_id)

    def topic(self, thread_id: int) -> Topic | None:
        return next((one for one in self.topics if one.thread_id == thread_id), None)

    def with_topic(self, topic: Topic) -> Chat:
        others = tuple(one for one in self.topics if one.thread_id != topic.thread_id)
        ordered = sorted((*others, topic), key=lambda one: one.thread_id)
        return replace(self, topics=tuple(ordered))

    def without_topic(self, thread_id: int) -> Chat:
        return replace(self, topics=tuple(t for t in self.topics if t.thread_id != thread_id))

    @classmethod
    def load(cls, body: str) -> Self:
        raw = json.loads(body)
        raw["members"] = tuple((person, status) for person, status in raw["members"])
        raw["topics"] = tuple(Topic(**one) for one in raw["topics"])
        return cls(**raw)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it hangs on a message; `kind` is document or photo, `size` counts bytes."""

    kind: str
    file_id: str
    unique_id: str
    file_name: str
    mime_type: str
    size: int
    path: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """
    A message as it looks now; dates are whole seconds, as Telegram counts them.

    `entities`, `markup`, `sender_chat`, `forward` and `service` are in the Bot API's own form.
    """

    chat_id: int
    from_id: int
    message_id: int = 0
    date: int = 0
    text: str = ""
    entities: tuple[Json, ...] = ()
    markup: Json | None = None
    attachment: Attachment | None = None
    reply_to: int | None = None
    thread_id: int | None = None
    edited_at: int | None = None
    sender_chat: Json | None = None
    forward: Json | None = None
    media_group_id: str | None = None
    service: Json = field(default_factory=dict)

    @property
    def buttons(self) -> list[list[Json]]:
        return self.markup["inline_keyboard"] if self.markup else []

    @classmethod
    def load(cls, body: str) -> Self:
        raw = json.loads(body)
        raw["entities"] = tuple(raw["entities"])
        if raw["attachment"] is not None:
            raw["attachment"] = Attachment(**raw["attachment"])
        return cls(**raw)


def dump(value: Person | Chat | Message | Attachment) -> str:
    """Return the value as JSON text that its class's `load` reads back."""
    return json.dumps(asdict(value), ensure_ascii=False, separators=(",", ":"))
