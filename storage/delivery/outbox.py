"""Messages as they should look: what has to be said, and how far that has come."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

from billing.services.facts import canonical
from storage.engine.instants import from_micros, to_micros
from storage.engine.transaction import Row, Transaction

MessageClass = Literal["place", "money", "reply", "reminder", "broadcast"]
Buttons = Sequence[Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Message:
    """One message that is being sent or edited, as it should look now."""

    key: str
    chat_id: int
    kind: str
    facts: Mapping[str, Any]
    buttons: Buttons
    class_: MessageClass
    reader: int | None
    reply_to: int | None
    thread_id: int | None
    version: int
    attempts: int
    doubts: int
    message_id: int | None
    created_at: datetime

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """Read a row of table messages; `place` is the topic where it goes, as that is now."""
        return cls(
            key=row["key"],
            chat_id=row["chat_id"],
            kind=row["kind"],
            facts=json.loads(row["facts"]),
            buttons=json.loads(row["buttons"]),
            class_=row["class"],
            reader=row["reader"],
            reply_to=row["reply_to"],
            thread_id=row["place"],
            version=row["version"],
            attempts=row["attempts"],
            doubts=row["doubts"],
            message_id=row["message_id"],
            created_at=from_micros(row["created_at"]),
        )


class Outbox:
    """What is said, within the transaction of what caused it."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def say(
        self,
        key: str,
        *,
        chat_id: int,
        kind: str,
        facts: Mapping[str, Any],
        at: datetime,
        buttons: Buttons = (),
        class_: MessageClass = "reply",
        reader: int | None = None,
        reply_to: int | None = None,
        thread_id: int | None = None,
        topic: str | None = None,
        not_before: datetime | None = None,
        quiet_zone: str | None = None,
        useful_until: datetime | None = None,
    ) -> int | None:
        """Say something, or differently from now on (`_SAY`); return its version if it is new."""
        row = await self._transaction.one(
            _SAY,
            key=key,
            chat_id=chat_id,
            kind=kind,
            facts=canonical(facts),
            buttons=canonical(list(buttons)),
            class_=class_,
            reader=reader,
            reply_to=reply_to,
            thread_id=thread_id,
            topic=topic,
            not_before=to_micros(not_before or at),
            quiet_zone=quiet_zone,
            useful_until=None if useful_until is None else to_micros(useful_until),
            at=to_micros(at),
        )
        return None if row is None else int(row["version"])

    async def drop(self, key: str) -> bool:
        """Take back what was not sent yet; a message that stands stays as it is."""
        return bool(
            await self._transaction.run(
                "UPDATE messages SET state = 'superseded' WHERE key = :key AND state = 'queued'",
                key=key,
            )
        )

    async def next_due(self, now: datetime) -> datetime | None:
        """Return the earliest instant after now at which a queued message becomes due."""
        row = await self._transaction.one(
            """
            SELECT MIN(not_before) AS earliest FROM messages
             WHERE state = 'queued' AND not_before > :now
            """,
            now=to_micros(now),
        )
        return from_micros(row["earliest"]) if row and row["earliest"] is not None else None


# The same said twice changes nothing, also where it failed, but what was taken back is queued
# again. In another chat it is a new message; in the same one it keeps its topic.
# In DO UPDATE a bare column is the old row's. Whoever is sending the old
# version right now finds the newer one when it marks it sent.
_SAY = """
INSERT INTO messages (
    key, chat_id, kind, facts, buttons, reader, class, reply_to, thread_id, topic,
    version, state, not_before, quiet_zone, useful_until, created_at
) VALUES (
    :key, :chat_id, :kind, :facts, :buttons, :reader, :class_, :reply_to, :thread_id, :topic,
    1, 'queued', :not_before, :quiet_zone, :useful_until, :at
)
ON CONFLICT (key) DO UPDATE
   SET chat_id = excluded.chat_id,
       kind = excluded.kind,
       facts = excluded.facts,
       buttons = excluded.buttons,
       reader = excluded.reader,
       class = excluded.class,
       reply_to = excluded.reply_to,
       thread_id = COALESCE(excluded.thread_id, CASE WHEN messages.chat_id = excluded.chat_id
                                                     THEN messages.thread_id END),
       topic = COALESCE(excluded.topic, CASE WHEN messages.chat_id = excluded.chat_id
                                             THEN messages.topic END),
       not_before = excluded.not_before,
       quiet_zone = excluded.quiet_zone,
       useful_until = excluded.useful_until,
       message_id = CASE WHEN messages.chat_id = excluded.chat_id THEN messages.message_id END,
       version = messages.version + 1,
       state = CASE messages.state WHEN 'sending' THEN 'sending' ELSE 'queued' END,
       attempts = CASE messages.state WHEN 'sending' THEN messages.attempts ELSE 0 END,
       doubts = CASE messages.state WHEN 'sending' THEN messages.doubts ELSE 0 END,
       error = NULL
 WHERE messages.kind <> excluded.kind
    OR messages.facts <> excluded.facts
    OR messages.buttons <> excluded.buttons
    OR messages.chat_id <> excluded.chat_id
    OR COALESCE(messages.reader, 0) <> COALESCE(excluded.reader, 0)
    OR (messages.state = 'queued' AND messages.not_before <> excluded.not_before)
    OR (messages.state = 'superseded'
        AND (excluded.useful_until IS NULL OR excluded.useful_until > :at))
    OR (messages.state = 'queued'
        AND COALESCE(messages.useful_until, 0) <> COALESCE(excluded.useful_until, 0))
RETURNING version
"""
