"""Updates as they were received, until what they ask for is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.engine.instants import to_micros
from storage.engine.transaction import Transaction

ATTEMPTS = 3
# Telegram repeats an update for a day at most; more than that is for people who look back.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class WaitingUpdate:
    """An update nobody has dealt with yet."""

    update_id: int
    lane: str
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class FailedUpdate:
    """How an update stands after one more failure."""

    attempts: int
    quarantined: bool


class Inbox:
    """The inbox, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def store(self, batch: Sequence[tuple[int, str, str]], at: datetime) -> list[int]:
        """
        Keep updates given as (update_id, lane, body); one that is known is left as it is.

        :returns: the ids that were not known yet.
        """
        new = []
        for update_id, lane, body in batch:
            stored = await self._transaction.run(
                """
                INSERT INTO inbox (update_id, lane, body, received_at, state)
                VALUES (:update_id, :lane, :body, :at, 'new')
                ON CONFLICT (update_id) DO NOTHING
                """,
                update_id=update_id,
                lane=lane,
                body=body,
                at=to_micros(at),
            )
            if stored:
                new.append(update_id)
        return new

    async def claim(self, update_id: int, at: datetime) -> bool:
        """
        Mark an update done: the first thing a handler's unit does.

        :returns: False if it was done (or put into quarantine) before; then
            the unit must change nothing.
        """
        return bool(
            await self._transaction.run(
                """
                UPDATE inbox SET state = 'done', done_at = :at
                 WHERE update_id = :update_id AND state = 'new'
                """,
                update_id=update_id,
                at=to_micros(at),
            )
        )

    async def failed(self, update_id: int, error: str) -> FailedUpdate | None:
        """Count a failure, the third puts the update aside; None if it was done after all."""
        row = await self._transaction.one(
            """
            UPDATE inbox
               SET attempts = attempts + 1,
                   error = :error,
                   state = CASE WHEN attempts + 1 >= :allowed THEN 'quarantined' ELSE state END
             WHERE update_id = :update_id AND state = 'new'
            RETURNING attempts, state
            """,
            update_id=update_id,
            error=error,
            allowed=ATTEMPTS,
        )
        if row is None:
            return None
        return FailedUpdate(row["attempts"], row["state"] == "quarantined")

    async def pending(self, lane: str, limit: int = 1) -> list[WaitingUpdate]:
        """Return the first updates of a lane that nobody has dealt with, in order."""
        rows = await self._transaction.all(
            """
            SELECT update_id, lane, body, attempts FROM inbox
             WHERE state = 'new' AND lane = :lane
             ORDER BY update_id
             LIMIT :limit
            """,
            lane=lane,
            limit=limit,
        )
        return [WaitingUpdate(**row) for row in rows]

    async def lanes(self) -> list[str]:
        """Return the lanes in which something waits, the longest waiting first."""
        rows = await self._transaction.all(
            """
            SELECT lane FROM inbox WHERE state = 'new'
             GROUP BY lane ORDER BY MIN(received_at), MIN(update_id)
            """
        )
        return [row["lane"] for row in rows]

    async def purge(self, now: datetime) -> int:
        """Forget what was done, or put aside, more than 30 days ago; what waits stays."""
        return await self._transaction.run(
            """
            DELETE FROM inbox
             WHERE (state = 'done' AND done_at < :before)
                OR (state = 'quarantined' AND received_at < :before)
            """,
            before=to_micros(now - KEPT),
        )
