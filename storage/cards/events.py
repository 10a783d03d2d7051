"""Stripe's events as they came in, and what became of each."""

from datetime import datetime

from billing.services.ports.card_rows import EventState, StoredEvent
from billing.services.ports.cards import Event
from storage.engine.instants import from_micros, maybe_from_micros, to_micros
from storage.engine.rows import must_touch
from storage.engine.transaction import Row, Transaction


class StripeEvents:
    """The events, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, event: Event, *, at: datetime) -> bool:
        """Store it as new; False, changing nothing, if its id is known."""
        return bool(
            await self._transaction.run(
                """
                INSERT INTO stripe_events (id, type, created_at, live, about, body, received_at,
                                           not_before, state)
                VALUES (:id, :type, :created_at, :live, :about, :body, :at, :at, 'new')
                ON CONFLICT (id) DO NOTHING
                """,
                id=event.id,
                type=event.type,
                created_at=to_micros(event.created_at),
                live=int(event.live),
                about=event.about,
                body=event.body,
                at=to_micros(at),
            )
        )

    async def get(self, event_id: str) -> StoredEvent | None:
        row = await self._transaction.one("SELECT * FROM stripe_events WHERE id = :id", id=event_id)
        return None if row is None else _read(row)

    async def waiting(self, now: datetime, *, limit: int = 50) -> list[Event]:
        """New ones that may be processed by `now`, oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM stripe_events WHERE state = 'new' AND not_before <= :now
             ORDER BY not_before, created_at, id LIMIT :limit
            """,
            now=to_micros(now),
            limit=limit,
        )
        return [_event(row) for row in rows]

    async def put_off(self, event_id: str, *, until: datetime, error: str) -> None:
        touched = await self._transaction.run(
            """
            UPDATE stripe_events SET not_before = :until, error = :error
             WHERE id = :id AND state = 'new'
            """,
            id=event_id,
            until=to_micros(until),
            error=error,
        )
        must_touch(touched, f"new event {event_id}")

    async def settle(
        self,
        event_id: str,
        state: EventState,
        *,
        error: str | None = None,
        partner_id: str | None = None,
    ) -> bool:
        """Say what became of it, conditionally: False if it is not new."""
        return bool(
            await self._transaction.run(
                """
                UPDATE stripe_events SET state = :state, error = :error, partner_id = :partner
                 WHERE id = :id AND state = 'new'
                """,
                id=event_id,
                state=state,
                error=error,
                partner=partner_id,
            )
        )

    async def quarantined(self) -> list[StoredEvent]:
        """Those that nobody has looked at, oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM stripe_events WHERE state = 'quarantined' AND looked_at IS NULL
             ORDER BY received_at, id
            """
        )
        return [_read(row) for row in rows]

    async def kept_aside(self, about: str, why: str) -> bool:
        """Whether an event about that object was quarantined for that, looked at or not."""
        row = await self._transaction.one(
            """
            SELECT 1 FROM stripe_events
             WHERE about = :about AND error = :why AND state = 'quarantined' LIMIT 1
            """,
            about=about,
            why=why,
        )
        return row is not None

    async def looked_at(self, event_id: str, *, by: int, at: datetime) -> bool:
        """Somebody has looked at a quarantined one; False if somebody had."""
        return bool(
            await self._transaction.run(
                """
                UPDATE stripe_events SET looked_by = :by, looked_at = :at
                 WHERE id = :id AND state = 'quarantined' AND looked_at IS NULL
                """,
                id=event_id,
                by=by,
                at=to_micros(at),
            )
        )

    async def late(self, before: datetime) -> list[StoredEvent]:
        """New ones that came in before an instant, oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM stripe_events WHERE state = 'new' AND received_at < :before
             ORDER BY received_at, id
            """,
            before=to_micros(before),
        )
        return [_read(row) for row in rows]

    async def forget_looks(self, *, before: datetime) -> None:
        """Remove our own looks from before an instant that had or have no effect."""
        await self._transaction.run(
            """
            DELETE FROM stripe_events
             WHERE type = 'look' AND received_at < :before AND state IN ('done', 'ignored')
            """,
            before=to_micros(before),
        )


def _event(row: Row) -> Event:
    return Event(
        id=row["id"],
        type=row["type"],
        created_at=from_micros(row["created_at"]),
        live=bool(row["live"]),
        about=row["about"],
        body=row["body"],
    )


def _read(row: Row) -> StoredEvent:
    return StoredEvent(
        event=_event(row),
        state=EventState(row["state"]),
        received_at=from_micros(row["received_at"]),
        error=row["error"],
        partner_id=row["partner_id"],
        looked_by=row["looked_by"],
        looked_at=maybe_from_micros(row["looked_at"]),
    )
