"""What differs between the instances and the messaging platforms, until it is seen to."""

from datetime import datetime

from billing.comparison import HeldState, Kind
from billing.services.ports import Difference, Standing
from storage.engine.instants import (
    from_micros,
    maybe_from_micros,
    maybe_to_micros,
    to_micros,
)
from storage.engine.rows import must_touch, there
from storage.engine.transaction import Parameter, Row, Transaction


class Differences:
    """The differences, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def found(self, difference: Difference) -> bool:
        """Keep a difference; one that is known is seen again, and False is returned."""
        values = _columns(difference)
        known = await self._transaction.run(_SEEN_AGAIN, **{name: values[name] for name in _SEEN})
        if known:
            return False
        await self._transaction.run(_ADD, **values)
        return True

    async def get(self, difference_id: str) -> Difference | None:
        row = await self._transaction.one(
            "SELECT * FROM differences WHERE id = :id", id=difference_id
        )
        return None if row is None else _difference(row)

    async def count(self, platform: str) -> int:
        """How many wait for a person, or are being deleted there."""
        row = await self._transaction.one(
            """
            SELECT COUNT(*) AS n FROM differences
             WHERE platform = :platform AND state IN ('open', 'asked')
            """,
            platform=platform,
        )
        return int(there(row, "a count")["n"])

    async def oldest(self, platform: str) -> datetime | None:
        """When the first of these was found."""
        row = await self._transaction.one(
            """
            SELECT MIN(found_at) AS at FROM differences
             WHERE platform = :platform AND state IN ('open', 'asked')
            """,
            platform=platform,
        )
        return maybe_from_micros(there(row, "a minimum")["at"])

    async def shown(self, platform: str, *, offset: int, limit: int) -> list[Difference]:
        """Return a page of these, in the order in which they were found."""
        rows = await self._transaction.all(
            """
            SELECT * FROM differences
             WHERE platform = :platform AND state IN ('open', 'asked')
             ORDER BY found_at, kind, instance_id, remote_id LIMIT :limit OFFSET :offset
            """,
            platform=platform,
            limit=limit,
            offset=offset,
        )
        return [_difference(row) for row in rows]

    async def done_since(self, platform: str, at: datetime, *, limit: int) -> list[Difference]:
        """Return what people ended since then, newest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM differences
             WHERE platform = :platform AND state = 'closed' AND done_at >= :at
               AND done_by IS NOT NULL
             ORDER BY done_at DESC, id LIMIT :limit
            """,
            platform=platform,
            at=to_micros(at),
            limit=limit,
        )
        return [_difference(row) for row in rows]

    async def save(self, difference: Difference) -> None:
        """Keep how it stands; closed, its token is forgotten."""
        values = _columns(difference)
        if difference.state is Standing.CLOSED:
            values["token"] = None
        touched = await self._transaction.run(
            _SAVE, **{name: values[name] for name in ("id", "token", *_STANDING)}
        )
        must_touch(touched, f"difference {difference.id}")

    async def close_unseen(self, platform: str, night: str, *, at: datetime, limit: int) -> int:
        """Close those that the comparison of a night did not see; return how many."""
        return await self._transaction.run(
            """
            UPDATE differences SET state = 'closed', outcome = 'gone', done_at = :at, token = NULL
             WHERE id IN (SELECT id FROM differences
                           WHERE platform = :platform AND seen < :night AND state <> 'closed'
                           LIMIT :limit)
            """,
            platform=platform,
            night=night,
            at=to_micros(at),
            limit=limit,
        )

    async def asked(self, now: datetime, *, limit: int) -> list[Difference]:
        """Return what is to be deleted there and may be tried by now."""
        rows = await self._transaction.all(
            """
            SELECT * FROM differences WHERE state = 'asked' AND not_before <= :now
             ORDER BY not_before, id LIMIT :limit
            """,
            now=to_micros(now),
            limit=limit,
        )
        return [_difference(row) for row in rows]


_SEEN = (
    *("platform", "kind", "instance_id", "remote_id", "seen", "reference", "name", "there"),
    *("paid_until", "token"),
)
# What it is called there and how it stands is as it was seen last.
_SEEN_AGAIN = """
UPDATE differences SET seen = :seen, reference = :reference, name = :name, there = :there,
                       paid_until = :paid_until, token = :token
 WHERE platform = :platform AND kind = :kind AND instance_id = :instance_id
   AND remote_id = :remote_id AND state <> 'closed'
"""
_ADD = """
INSERT INTO differences (id, platform, kind, instance_id, remote_id, reference, name, there,
                         paid_until, token, state, found_at, seen, not_before, attempts, error,
                         outcome, done_by, done_at)
VALUES (:id, :platform, :kind, :instance_id, :remote_id, :reference, :name, :there, :paid_until,
        :token, :state, :found_at, :seen, :not_before, :attempts, :error, :outcome, :done_by,
        :done_at)
"""
_STANDING = (
    "instance_id",
    "state",
    "not_before",
    "attempts",
    "error",
    "outcome",
    "done_by",
    "done_at",
)
_SAVE = """
UPDATE differences SET instance_id = :instance_id, state = :state,
                       not_before = :not_before, attempts = :attempts,
                       error = :error, outcome = :outcome, done_by = :done_by,
                       done_at = :done_at, token = :token
 WHERE id = :id
"""


def _columns(it: Difference) -> dict[str, Parameter]:
    return {
        "id": it.id,
        "platform": it.platform,
        "kind": it.kind,
        "instance_id": it.instance_id,
        "remote_id": it.remote_id,
        "reference": it.reference,
        "name": it.name,
        "there": it.there,
        "paid_until": maybe_to_micros(it.paid_until),
        "token": it.token,
        "state": it.state,
        "found_at": to_micros(it.found_at),
        "seen": it.seen,
        "not_before": maybe_to_micros(it.not_before),
        "attempts": it.attempts,
        "error": it.error,
        "outcome": it.outcome,
        "done_by": it.done_by,
        "done_at": maybe_to_micros(it.done_at),
    }


def _difference(row: Row) -> Difference:
    return Difference(
        id=row["id"],
        platform=row["platform"],
        kind=Kind(row["kind"]),
        found_at=from_micros(row["found_at"]),
        seen=row["seen"],
        instance_id=row["instance_id"],
        remote_id=row["remote_id"],
        reference=row["reference"],
        name=row["name"],
        there=None if row["there"] is None else HeldState(row["there"]),
        paid_until=maybe_from_micros(row["paid_until"]),
        token=row["token"],
        state=Standing(row["state"]),
        not_before=maybe_from_micros(row["not_before"]),
        attempts=row["attempts"],
        error=row["error"],
        outcome=row["outcome"],
        done_by=row["done_by"],
        done_at=maybe_from_micros(row["done_at"]),
    )
