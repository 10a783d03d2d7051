"""Calls to the messaging platform, promised together with their cause."""

from collections.abc import Collection
from datetime import datetime

from billing.services.ports import Call
from storage.engine.instants import from_micros, maybe_from_micros, to_micros
from storage.engine.rows import filled, listed, must_touch, there
from storage.engine.transaction import Row, Transaction

FAILING_FROM = 3


class Calls:
    """The promised calls, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def promise(self, call: Call) -> None:
        """Add an open call, after all that were promised before."""
        # `seq` is unique and indexed: MAX is one step, and two that race cannot share a place.
        await self._transaction.run(
            """
            INSERT INTO platform_calls (id, instance_id, partner_id, operation, message_key,
                                        state, attempts, error, seq, created_at, not_before)
            VALUES (:id, :instance_id, :partner_id, :operation, :message_key, 'open', :attempts,
                    :error, (SELECT COALESCE(MAX(seq), 0) + 1 FROM platform_calls), :created_at,
                    :not_before)
            """,
            id=call.id,
            instance_id=call.instance_id,
            partner_id=call.partner_id,
            operation=call.operation,
            message_key=call.message_key,
            attempts=call.attempts,
            error=call.error,
            created_at=to_micros(call.created_at),
            not_before=to_micros(call.not_before),
        )

    async def open_by(self, now: datetime, *, limit: int = 50) -> list[Call]:
        """Open ones that may be tried by `now`; of one instance only the oldest open one."""
        # One that is put off holds back those of its instance behind it: a stop must not
        # overtake the creation.
        rows = await self._transaction.all(
            """
            SELECT * FROM platform_calls AS call
             WHERE state = 'open' AND not_before <= :now
               AND (by_hand_since IS NULL OR queued_until IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM platform_calls AS earlier
                                WHERE earlier.instance_id = call.instance_id
                                  AND earlier.state = 'open' AND earlier.by_hand_since IS NULL
                                  AND earlier.seq < call.seq)
             ORDER BY not_before, seq LIMIT :limit
            """,
            now=to_micros(now),
            limit=limit,
        )
        return [_call(row) for row in rows]

    async def get(self, call_id: str) -> Call | None:
        row = await self._transaction.one("SELECT * FROM platform_calls WHERE id = :id", id=call_id)
        return None if row is None else _call(row)

    async def of_message(self, message_key: str) -> list[Call]:
        """In the order in which they were promised."""
        rows = await self._transaction.all(
            "SELECT * FROM platform_calls WHERE message_key = :key ORDER BY seq", key=message_key
        )
        return [_call(row) for row in rows]

    async def left_of(self, message_key: str, now: datetime) -> tuple[int, int]:
        """How many were promised under a key, and how many of them may be tried by `now`."""
        row = await self._transaction.one(
            """
            SELECT COUNT(*) AS promised,
                   COUNT(CASE WHEN state = 'open' AND not_before <= :now
                               AND by_hand_since IS NULL
                               AND NOT EXISTS (SELECT 1 FROM platform_calls AS earlier
                                                WHERE earlier.instance_id = call.instance_id
                                                  AND earlier.state = 'open'
                                                  AND earlier.by_hand_since IS NULL
                                                  AND earlier.seq < call.seq)
                              THEN 1 END) AS still
              FROM platform_calls AS call WHERE message_key = :key
            """,
            key=message_key,
            now=to_micros(now),
        )
        found = there(row, "a count")
        return int(found["promised"]), int(found["still"])

    async def started(self, call_id: str) -> int:
        """Count the attempt before the call, and return how many there were."""
        row = await self._transaction.one(
            """
            UPDATE platform_calls SET attempts = attempts + 1
             WHERE id = :id AND state = 'open' RETURNING attempts
            """,
            id=call_id,
        )
        return int(there(row, f"open call {call_id}")["attempts"])

    async def put_off(self, call_id: str, *, until: datetime, error: str) -> None:
        # What a person sees to as well stays queued: otherwise it would be theirs alone.
        touched = await self._transaction.run(
            """
            UPDATE platform_calls SET not_before = :until, error = :error,
                                      queued_until = CASE WHEN by_hand_since IS NOT NULL
                                                          THEN :until END
             WHERE id = :id AND state = 'open'
            """,
            id=call_id,
            until=to_micros(until),
            error=error,
        )
        must_touch(touched, f"open call {call_id}")

    async def queue(self, call_id: str, *, until: datetime, why: str) -> None:
        """Put it off because the platform wants so: nothing was done, no attempt was made."""
        touched = await self._transaction.run(
            """
            UPDATE platform_calls SET not_before = :until, queued_until = :until, error = :why,
                                      attempts = attempts - 1
             WHERE id = :id AND state = 'open'
            """,
            id=call_id,
            until=to_micros(until),
            why=why,
        )
        must_touch(touched, f"open call {call_id}")

    async def leave_to_person(self, call_id: str, *, why: str, at: datetime) -> None:
        """A person does it at the platform; it stays open, and holds up no other."""
        touched = await self._transaction.run(
            """
            UPDATE platform_calls SET by_hand_since = COALESCE(by_hand_since, :at), error = :why
             WHERE id = :id AND state = 'open'
            """,
            id=call_id,
            at=to_micros(at),
            why=why,
        )
        must_touch(touched, f"open call {call_id}")

    async def by_hand(self) -> list[Call]:
        """Open ones that are left to a person, oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM platform_calls
             WHERE state = 'open' AND by_hand_since IS NOT NULL ORDER BY seq
            """
        )
        return [_call(row) for row in rows]

    async def close(self, call_id: str, state: str, *, error: str | None, at: datetime) -> bool:
        """To `done`, `refused` or `void`, conditionally: False if it is not open."""
        if state == "open":
            raise ValueError("a call is closed to done, refused or void")
        return bool(
            await self._transaction.run(
                """
                UPDATE platform_calls SET state = :state, error = :error, closed_at = :at
                 WHERE id = :id AND state = 'open'
                """,
                id=call_id,
                state=state,
                error=error,
                at=to_micros(at),
            )
        )

    async def open_of(self, instance_id: str) -> list[Call]:
        """Open ones of an instance, in the order in which they were promised."""
        rows = await self._transaction.all(
            """
            SELECT * FROM platform_calls WHERE state = 'open' AND instance_id = :instance_id
             ORDER BY seq
            """,
            instance_id=instance_id,
        )
        return [_call(row) for row in rows]

    async def subscribing(self, partner_ids: Collection[str]) -> dict[str, frozenset[str]]:
        """The instances of each partner whose subscription the platform has not confirmed."""
        names, parameters = listed("partner", partner_ids)
        rows = await self._transaction.all(
            filled(
                """
            SELECT partner_id, instance_id FROM platform_calls
             WHERE state = 'open' AND operation = 'subscribe' AND partner_id IN (:partners)
            """,
                ":partners",
                names,
            ),
            **parameters,
        )
        return {
            partner_id: frozenset(
                row["instance_id"] for row in rows if row["partner_id"] == partner_id
            )
            for partner_id in partner_ids
        }

    async def failing(self) -> list[Call]:
        """Open ones that were tried at least three times, none a person's; oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM platform_calls
             WHERE state = 'open' AND attempts >= :attempts AND by_hand_since IS NULL
             ORDER BY seq
            """,
            attempts=FAILING_FROM,
        )
        return [_call(row) for row in rows]


def _call(row: Row) -> Call:
    return Call(
        id=row["id"],
        instance_id=row["instance_id"],
        partner_id=row["partner_id"],
        operation=row["operation"],
        message_key=row["message_key"],
        attempts=row["attempts"],
        created_at=from_micros(row["created_at"]),
        not_before=from_micros(row["not_before"]),
        state=row["state"],
        error=row["error"],
        queued_until=maybe_from_micros(row["queued_until"]),
        by_hand_since=maybe_from_micros(row["by_hand_since"]),
    )
