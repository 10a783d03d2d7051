"""What the sender does to the messages: takes them, and writes down what became of each."""

from dataclasses import dataclass
from datetime import datetime

from billing.notices import awake
from storage.delivery.outbox import Message
from storage.engine.instants import maybe_from_micros, to_micros
from storage.engine.transaction import Row, Transaction

# So often a topic is opened for one message before it is said outside of it.
MOST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """The next message of a chat."""

    key: str
    chat_id: int
    useful_until: datetime | None


class Sending:
    """The outbox as its sender sees it, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def heads(self, now: datetime, limit: int) -> list[QueuedMessage]:
        """Return of each chat the message that is its turn, the most urgent first."""
        rows = await self._transaction.all(
            """
            SELECT key, chat_id, useful_until
              FROM (SELECT key, chat_id, created_at,
                           CASE WHEN message_id IS NULL THEN useful_until END AS useful_until,
                           CASE class WHEN 'place' THEN 0 WHEN 'money' THEN 1 WHEN 'reply' THEN 2
                                      WHEN 'reminder' THEN 3 ELSE 4 END AS urgency,
                           ROW_NUMBER() OVER (
                               PARTITION BY chat_id
                               ORDER BY CASE class WHEN 'place' THEN 0 WHEN 'money' THEN 1
                                                   WHEN 'reply' THEN 2 WHEN 'reminder' THEN 3
                                                   ELSE 4 END,
                                        created_at, key) AS place
                      FROM messages
                     WHERE state = 'queued' AND not_before <= :now) AS queued
             WHERE place = 1
             ORDER BY urgency, created_at, key
             LIMIT :limit
            """,
            now=to_micros(now),
            limit=limit,
        )
        return [
            QueuedMessage(
                key=row["key"],
                chat_id=row["chat_id"],
                useful_until=maybe_from_micros(row["useful_until"]),
            )
            for row in rows
        ]

    async def begin(self, key: str, now: datetime) -> Message | None:
        """
        Take a message to send it; the attempt is counted before the call.

        :returns: None if it is not to be sent (any more): dropped, put off,
            or of no use by now, which supersedes it; or if it would wake
            somebody, which puts it off. What stands in a chat is edited all
            the same, for else it would show what is over.
        """
        # Read, then written: to return a row from the UPDATE costs as much again as to read it.
        row = await self._transaction.one(_IN_TURN, key=key, now=to_micros(now))
        if row is None or await self._leave(row, now):
            return None
        await self._transaction.run(
            "UPDATE messages SET state = 'sending', attempts = attempts + 1 WHERE key = :key",
            key=key,
        )
        return Message.from_row({**row, "attempts": row["attempts"] + 1})

    async def _leave(self, row: Row, now: datetime) -> bool:
        """Leave a first word unsaid that is of no use by now, or till the morning."""
        if row["message_id"] is not None:
            return False
        if row["useful_until"] is not None and row["useful_until"] <= to_micros(now):
            await self._transaction.run(
                "UPDATE messages SET state = 'superseded' WHERE key = :key", key=row["key"]
            )
            return True
        if row["quiet_zone"] is not None and (morning := awake(now, row["quiet_zone"])) > now:
            await self._transaction.run(
                "UPDATE messages SET not_before = :morning WHERE key = :key",
                key=row["key"],
                morning=to_micros(morning),
            )
            return True
        return False

    async def sent(self, key: str, message_id: int, version: int, at: datetime) -> None:
        """
        Write down that a version stands in the chat; a newer one is queued as its edit.

        The instant of the first one stays: it tells when the reader was told.
        """
        await self._transaction.run(
            """
            UPDATE messages
               SET message_id = :message_id, sent_version = :version,
                   sent_at = COALESCE(sent_at, :at),
                   state = CASE WHEN version > :version THEN 'queued' ELSE 'sent' END,
                   attempts = 0, doubts = 0, error = NULL
             WHERE key = :key AND state = 'sending'
            """,
            key=key,
            message_id=message_id,
            version=version,
            at=to_micros(at),
        )

    async def again(self, key: str, error: str) -> None:
        """Queue a message again that certainly was not accepted."""
        await self._transaction.run(
            """
            UPDATE messages SET state = 'queued', error = :error
             WHERE key = :key AND state = 'sending'
            """,
            key=key,
            error=error,
        )

    async def gone(self, key: str, error: str) -> None:
        """Queue a message to be sent anew: the one that was to be edited is not there."""
        await self._transaction.run(
            """
            UPDATE messages SET state = 'queued', message_id = NULL, error = :error
             WHERE key = :key AND state = 'sending'
            """,
            key=key,
            error=error,
        )

    async def topic_gone(self, key: str, error: str) -> None:
        """
        Queue a message again whose topic is not there any more, and the topic to be opened anew.

        After a few tries it is said outside of any topic.
        """
        await self._transaction.run(
            """
            UPDATE messages SET state = 'queued', message_id = NULL, error = :error
             WHERE key = (SELECT topic FROM messages WHERE key = :key) AND state = 'sent'
            """,
            key=key,
            error=error,
        )
        await self._transaction.run(
            """
            UPDATE messages
               SET state = 'queued', thread_id = NULL, error = :error,
                   topic = CASE WHEN attempts < :most THEN topic END
             WHERE key = :key AND state = 'sending'
            """,
            key=key,
            error=error,
            most=MOST_TOPICS,
        )

    async def failed(self, key: str, version: int, error: str) -> None:
        """Give a version up; a newer one gets its own try."""
        await self._transaction.run(
            """
            UPDATE messages
               SET state = CASE WHEN version > :version THEN 'queued' ELSE 'failed' END,
                   error = :error
             WHERE key = :key AND state = 'sending'
            """,
            key=key,
            version=version,
            error=error,
        )

    async def doubted(self, key: str) -> bool:
        """
        Write down that nobody knows whether a message arrived.

        Edits are repeated, they cannot double anything. A reply is repeated
        until it is known to have arrived, for who asked has to be answered;
        money is sent once more, reminders and broadcasts never; a topic is never
        opened twice.

        :returns: whether it will be tried again.
        """
        row = await self._transaction.one(_DOUBT + " AND key = :key RETURNING state", key=key)
        return row is not None and row["state"] == "queued"

    async def recover(self) -> int:
        """Doubt everything that was being sent when the process ended."""
        return await self._transaction.run(_DOUBT)

    async def unopened(self) -> list[tuple[int, str]]:
        """Return chat and key of the topics of which nobody knows whether they were opened."""
        rows = await self._transaction.all(
            "SELECT chat_id, key FROM messages WHERE class = 'place' AND state = 'ambiguous'"
            " ORDER BY key"
        )
        return [(row["chat_id"], row["key"]) for row in rows]

    async def migrate(self, old: int, new: int) -> None:
        """Follow a group that became a supergroup; its old messages are not there."""
        await self._transaction.run(
            "UPDATE messages SET chat_id = :new, message_id = NULL, reply_to = NULL,"
            " thread_id = NULL, topic = NULL WHERE chat_id = :old",
            old=old,
            new=new,
        )


# With the topic where it goes, as that is now.
_IN_TURN = """
SELECT *, COALESCE(thread_id, (SELECT opened.message_id FROM messages AS opened
                                WHERE opened.key = messages.topic)) AS place
  FROM messages WHERE key = :key AND state = 'queued' AND not_before <= :now
"""

_DOUBT = """
UPDATE messages
   SET state = CASE WHEN message_id IS NOT NULL THEN 'queued'
                    WHEN class = 'money' AND doubts = 0 THEN 'queued'
                    WHEN class = 'reply' AND doubts < 100 THEN 'queued'
                    ELSE 'ambiguous' END,
       doubts = CASE WHEN message_id IS NULL THEN doubts + 1 ELSE doubts END
 WHERE state = 'sending'
"""
