"""Calls to Stripe, promised together with their cause; the id is the idempotency key."""

from datetime import datetime

from billing.services.ports.card_rows import CardCall, CardOperation
from storage.engine.instants import from_micros, to_micros
from storage.engine.rows import must_touch, there
from storage.engine.transaction import Row, Transaction

FAILING_FROM = 3


class CardCalls:
    """The promised calls, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def promise(self, call: CardCall) -> None:
        """Add an open call, after all that were promised before."""
        await self._transaction.run(
            """
            INSERT INTO card_calls (id, partner_id, operation, subject, message_key, state,
                                    attempts, error, seq, created_at, not_before)
            VALUES (:id, :partner_id, :operation, :subject, :message_key, 'open', :attempts,
                    :error, (SELECT COALESCE(MAX(seq), 0) + 1 FROM card_calls), :created_at,
                    :not_before)
            """,
            id=call.id,
            partner_id=call.partner_id,
            operation=call.operation,
            subject=call.subject,
            message_key=call.message_key,
            attempts=call.attempts,
            error=call.error,
            created_at=to_micros(call.created_at),
            not_before=to_micros(call.not_before),
        )

    async def get(self, call_id: str) -> CardCall | None:
        """An open one."""
        row = await self._transaction.one(
            "SELECT * FROM card_calls WHERE id = :id AND state = 'open'", id=call_id
        )
        return None if row is None else _read(row)

    async def open_by(self, now: datetime, *, limit: int = 50) -> list[CardCall]:
        """Open ones that may be tried by `now`; of one subject only the oldest open one."""
        # The customer has to be there before anything else of the partner's.
        rows = await self._transaction.all(
            """
            SELECT * FROM card_calls AS call
             WHERE state = 'open' AND not_before <= :now
               AND NOT EXISTS (SELECT 1 FROM card_calls AS earlier
                                WHERE earlier.partner_id = call.partner_id
                                  AND earlier.state = 'open' AND earlier.seq < call.seq
                                  AND (earlier.subject = call.subject
                                       OR earlier.operation = 'customer'))
             ORDER BY not_before, seq LIMIT :limit
            """,
            now=to_micros(now),
            limit=limit,
        )
        return [_read(row) for row in rows]

    async def open_about(self, subject: str) -> list[CardCall]:
        """Open ones about a subject, in the order in which they were promised."""
        rows = await self._transaction.all(
            "SELECT * FROM card_calls WHERE subject = :subject AND state = 'open' ORDER BY seq",
            subject=subject,
        )
        return [_read(row) for row in rows]

    async def started(self, call_id: str) -> int:
        """Count the attempt before the call, and return how many there were."""
        row = await self._transaction.one(
            """
            UPDATE card_calls SET attempts = attempts + 1
             WHERE id = :id AND state = 'open' RETURNING attempts
            """,
            id=call_id,
        )
        return int(there(row, f"open card call {call_id}")["attempts"])

    async def put_off(self, call_id: str, *, until: datetime, error: str) -> None:
        touched = await self._transaction.run(
            """
            UPDATE card_calls SET not_before = :until, error = :error
             WHERE id = :id AND state = 'open'
            """,
            id=call_id,
            until=to_micros(until),
            error=error,
        )
        must_touch(touched, f"open card call {call_id}")

    async def close(self, call_id: str, state: str, *, error: str | None, at: datetime) -> bool:
        """To `done`, `refused` or `void`, conditionally: False if it is not open."""
        return bool(
            await self._transaction.run(
                """
                UPDATE card_calls SET state = :state, error = :error, closed_at = :at
                 WHERE id = :id AND state = 'open'
                """,
                id=call_id,
                state=state,
                error=error,
                at=to_micros(at),
            )
        )

    async def failing(self) -> list[CardCall]:
        """Open ones that were tried at least three times, oldest first."""
        rows = await self._transaction.all(
            "SELECT * FROM card_calls WHERE state = 'open' AND attempts >= :attempts ORDER BY seq",
            attempts=FAILING_FROM,
        )
        return [_read(row) for row in rows]


def _read(row: Row) -> CardCall:
    return CardCall(
        id=row["id"],
        partner_id=row["partner_id"],
        operation=CardOperation(row["operation"]),
        subject=row["subject"],
        attempts=row["attempts"],
        created_at=from_micros(row["created_at"]),
        not_before=from_micros(row["not_before"]),
        message_key=row["message_key"],
        error=row["error"],
    )
