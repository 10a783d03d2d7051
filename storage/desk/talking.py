"""What partners and staff say to each other, and what is said to many."""

import json
from datetime import datetime

from billing.services.ports import Broadcast, Delivery, SupportMessage
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import beyond, there
from storage.engine.transaction import Row, Transaction


class Support:
    """Messages between partners and staff, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, message: SupportMessage) -> None:
        await self._transaction.run(
            """
            INSERT INTO support_messages (id, partner_id, by_staff, user_id, chat_id, message_id,
                                          answers, text, file, album, said_at, answered_by,
                                          answered_at)
            VALUES (:id, :partner_id, :by_staff, :user_id, :chat_id, :message_id,
                    :answers, :text, :file, :album, :said_at, :answered_by, :answered_at)
            """,
            id=message.id,
            partner_id=message.partner_id,
            by_staff=int(message.by_staff),
            user_id=message.user_id,
            chat_id=message.chat_id,
            message_id=message.message_id,
            answers=message.answers,
            text=message.text,
            file=message.file,
            album=message.album,
            said_at=to_micros(message.said_at),
            answered_by=message.answered_by,
            answered_at=maybe_to_micros(message.answered_at),
        )

    async def get(self, message_id: str) -> SupportMessage | None:
        row = await self._transaction.one(
            "SELECT * FROM support_messages WHERE id = :id", id=message_id
        )
        return None if row is None else _message(row)

    async def of_album(self, chat_id: int, album: str) -> SupportMessage | None:
        """Return the first message of several that were sent together."""
        row = await self._transaction.one(
            """
            SELECT * FROM support_messages WHERE chat_id = :chat_id AND album = :album
             ORDER BY said_at, id
            """,
            chat_id=chat_id,
            album=album,
        )
        return None if row is None else _message(row)

    async def answer(self, message: SupportMessage, *, by: int, at: datetime) -> list[str]:
        """What its writer had said until then waits no more; return the ids of what did."""
        rows = await self._transaction.all(
            """
            UPDATE support_messages SET answered_by = :by, answered_at = :at
             WHERE partner_id = :partner_id AND user_id = :user_id AND said_at <= :until
               AND by_staff = 0 AND answered_at IS NULL
            RETURNING id
            """,
            by=by,
            at=to_micros(at),
            partner_id=message.partner_id,
            user_id=message.user_id,
            until=to_micros(message.said_at),
        )
        return sorted(row["id"] for row in rows)

    async def waiting(self) -> list[SupportMessage]:
        """Oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM support_messages WHERE by_staff = 0 AND answered_at IS NULL
             ORDER BY said_at, id
            """
        )
        return [_message(row) for row in rows]


class Broadcasts:
    """What was said to many, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, broadcast: Broadcast) -> None:
        await self._transaction.run(
            """
            INSERT INTO broadcasts (id, segment, text, copies, receivers, asked_by, chat_id,
                                    asked_at, said, state)
            VALUES (:id, :segment, :text, :copies, :receivers, :asked_by, :chat_id,
                    :asked_at, :said, :state)
            """,
            id=broadcast.id,
            segment=broadcast.segment,
            text=broadcast.text,
            copies=None if broadcast.copies is None else json.dumps(broadcast.copies),
            receivers=json.dumps(list(broadcast.receivers)),
            asked_by=broadcast.asked_by,
            chat_id=broadcast.chat_id,
            asked_at=to_micros(broadcast.asked_at),
            said=broadcast.said,
            state=broadcast.state,
        )

    async def get(self, broadcast_id: str) -> Broadcast | None:
        row = await self._transaction.one(
            "SELECT * FROM broadcasts WHERE id = :id", id=broadcast_id
        )
        return None if row is None else _broadcast(row)

    async def save(self, broadcast: Broadcast, *, was: str) -> bool:
        """Save how far it is, conditionally: False if it is not `was` any more."""
        return bool(
            await self._transaction.run(
                """
                UPDATE broadcasts SET said = :said, state = :state, receivers = :receivers
                 WHERE id = :id AND state = :was
                """,
                id=broadcast.id,
                said=broadcast.said,
                state=broadcast.state,
                receivers=json.dumps(list(broadcast.receivers)),
                was=was,
            )
        )

    async def delivery(self, prefix: str) -> Delivery:
        """Count the messages whose keys begin so, by what became of them."""
        row = await self._transaction.one(
            """
            SELECT COALESCE(SUM(CASE WHEN sent_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS sent,
                   COALESCE(SUM(CASE WHEN sent_at IS NULL AND state IN ('queued', 'sending')
                                     THEN 1 ELSE 0 END), 0) AS waiting,
                   COALESCE(SUM(CASE WHEN sent_at IS NULL AND state = 'failed'
                                      AND error LIKE 'Forbidden%' THEN 1 ELSE 0 END), 0) AS blocked,
                   COALESCE(SUM(CASE WHEN sent_at IS NULL AND state IN ('failed', 'superseded')
                                     THEN 1 ELSE 0 END), 0) AS failed,
                   COALESCE(SUM(CASE WHEN sent_at IS NULL AND state = 'ambiguous'
                                     THEN 1 ELSE 0 END), 0) AS unknown
              FROM messages WHERE key >= :prefix AND key < :beyond
            """,
            prefix=prefix,
            beyond=beyond(prefix),
        )
        found = there(row, "a count")
        return Delivery(
            sent=int(found["sent"]),
            waiting=int(found["waiting"]),
            blocked=int(found["blocked"]),
            failed=int(found["failed"]) - int(found["blocked"]),
            unknown=int(found["unknown"]),
        )


def _message(row: Row) -> SupportMessage:
    return SupportMessage(
        id=row["id"],
        partner_id=row["partner_id"],
        by_staff=bool(row["by_staff"]),
        user_id=row["user_id"],
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        answers=row["answers"],
        text=row["text"],
        file=row["file"],
        said_at=from_micros(row["said_at"]),
        answered_by=row["answered_by"],
        answered_at=maybe_from_micros(row["answered_at"]),
        album=row["album"],
    )


def _broadcast(row: Row) -> Broadcast:
    copies = None if row["copies"] is None else json.loads(row["copies"])
    return Broadcast(
        id=row["id"],
        segment=row["segment"],
        text=row["text"],
        copies=None if copies is None else (copies[0], copies[1]),
        receivers=json.loads(row["receivers"]),
        asked_by=row["asked_by"],
        chat_id=row["chat_id"],
        asked_at=from_micros(row["asked_at"]),
        said=row["said"],
        state=row["state"],
    )
