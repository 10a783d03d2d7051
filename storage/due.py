"""What is to be done or said when its instant has come: rows, never timers."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from billing.services.ports import Due
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import filled, listed, there
from storage.engine.transaction import Parameter, Row, Transaction


class DueRows:
    """The rows, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def plan(self, due: Due) -> None:
        """Insert; one that waits is moved, one that was dropped waits again, one done stays so."""
        await self._transaction.run(_PLAN, **_columns(due))

    async def plan_all(self, rows: Sequence[Due]) -> None:
        """Plan each of them, by one statement."""
        await self._transaction.many(_PLAN, [_columns(due) for due in rows])

    async def drop(self, key: str) -> None:
        """One that waits is no longer wanted."""
        await self._transaction.run(_DROP, key=key)

    async def drop_all(self, keys: Iterable[str]) -> None:
        """Drop each of them, by one statement."""
        names, parameters = listed("key", keys)
        await self._transaction.run(filled(_DROP_ALL, ":keys", names), **parameters)

    async def claim(self, key: str, *, at: datetime) -> bool:
        """Mark it done, conditionally: False if somebody else did or it does not wait."""
        return bool(
            await self._transaction.run(
                """
                UPDATE due SET state = 'done', settled_at = :at
                 WHERE key = :key AND state = 'waiting'
                """,
                key=key,
                at=to_micros(at),
            )
        )

    async def claim_all(self, keys: Sequence[str], *, at: datetime) -> list[Due]:
        """Mark those done that wait and have come; return these, in the order of the keys."""
        names, parameters = listed("key", keys)
        rows = await self._transaction.all(
            filled(
                """
            UPDATE due SET state = 'done', settled_at = :at
             WHERE key IN (:keys) AND state = 'waiting' AND at <= :at
            RETURNING *
            """,
                ":keys",
                names,
            ),
            **parameters,
            at=to_micros(at),
        )
        found = {row["key"]: _due(row) for row in rows}
        return [found[key] for key in keys if key in found]

    async def next_by(
        self, now: datetime, *, without: Sequence[str] = (), limit: int = 100
    ) -> list[Due]:
        """Those that wait and have come by `now`, in the order of their instants, without kinds."""
        marks, parameters = listed("kind", without)
        rows = await self._transaction.all(
            filled(
                """
            SELECT * FROM due WHERE state = 'waiting' AND at <= :now AND kind NOT IN (:kinds)
             ORDER BY at, key LIMIT :limit
            """,
                ":kinds",
                marks,
            ),
            now=to_micros(now),
            limit=limit,
            **parameters,
        )
        return [_due(row) for row in rows]

    async def count_by(self, now: datetime, kind: str) -> int:
        """How many of a kind wait and have come by `now`."""
        row = await self._transaction.one(
            """
            SELECT COUNT(*) AS n FROM due
             WHERE state = 'waiting' AND at <= :now AND kind = :kind
            """,
            now=to_micros(now),
            kind=kind,
        )
        return int(there(row, "a count")["n"])

    async def waiting(self, kind: str, *, partner_id: str, until: datetime) -> list[Due]:
        """One kind's waiting rows of a partner up to an instant, in order."""
        rows = await self._transaction.all(
            """
            SELECT * FROM due
             WHERE state = 'waiting' AND partner_id = :partner_id AND kind = :kind
               AND at <= :until
             ORDER BY at, key
            """,
            kind=kind,
            partner_id=partner_id,
            until=to_micros(until),
        )
        return [_due(row) for row in rows]

    async def planned(self, key: str) -> Due | None:
        """The row if it waits."""
        row = await self._transaction.one(
            "SELECT * FROM due WHERE key = :key AND state = 'waiting'", key=key
        )
        return None if row is None else _due(row)

    async def forget_settled(self, before: datetime) -> int:
        """Forget rows of before that were done or dropped: their keys never come again."""
        return await self._transaction.run(
            "DELETE FROM due WHERE state <> 'waiting' AND at < :before",
            before=to_micros(before),
        )


_DROP = "UPDATE due SET state = 'dropped' WHERE key = :key AND state = 'waiting'"
_DROP_ALL = "UPDATE due SET state = 'dropped' WHERE key IN (:keys) AND state = 'waiting'"

_PLAN = """
INSERT INTO due (key, kind, subject, partner_id, at, useful_until, state)
VALUES (:key, :kind, :subject, :partner_id, :at, :useful_until, 'waiting')
ON CONFLICT (key) DO UPDATE
   SET kind = excluded.kind, subject = excluded.subject,
       partner_id = excluded.partner_id, at = excluded.at,
       useful_until = excluded.useful_until, state = 'waiting'
 WHERE due.state <> 'done'
"""


def _columns(due: Due) -> dict[str, Parameter]:
    return {
        "key": due.key,
        "kind": due.kind,
        "subject": due.subject,
        "partner_id": due.partner_id,
        "at": to_micros(due.at),
        "useful_until": maybe_to_micros(due.useful_until),
    }


def _due(row: Row) -> Due:
    return Due(
        key=row["key"],
        kind=row["kind"],
        subject=row["subject"],
        partner_id=row["partner_id"],
        at=from_micros(row["at"]),
        useful_until=maybe_from_micros(row["useful_until"]),
    )
