"""Comparisons with the messaging platforms, and what of ours they compare."""

from collections.abc import Collection
from datetime import datetime

from billing.comparison import Ours
from billing.services.ports import Compared
from storage.engine.instants import from_micros, to_micros
from storage.engine.rows import beyond, filled, listed, there
from storage.engine.transaction import Row, Transaction
from storage.instances.instance_rows import read_instance


class Comparisons:
    """The comparisons, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, platform: str) -> Compared | None:
        row = await self._transaction.one(
            "SELECT * FROM comparisons WHERE platform = :platform", platform=platform
        )
        return None if row is None else _compared(row)

    async def all(self) -> list[Compared]:
        """By platform."""
        rows = await self._transaction.all("SELECT * FROM comparisons ORDER BY platform")
        return [_compared(row) for row in rows]

    async def save(self, compared: Compared) -> None:
        await self._transaction.run(
            _SAVE_COMPARED,
            platform=compared.platform,
            night=compared.night,
            state="silent" if compared.silent else "over",
            at=to_micros(compared.at),
            attempts=compared.attempts,
            error=compared.error,
            held=compared.held,
            days_left=compared.days_left,
            days_owed=compared.days_owed,
            card=compared.card,
        )

    async def ours(
        self, platform: str, remote_ids: Collection[str], references: Collection[str]
    ) -> list[Ours]:
        """Return ours that have one of these ids at a platform, or one of these references."""
        marks, by_remote = listed("remote", remote_ids)
        rows = await self._transaction.all(
            filled(
                """
            SELECT * FROM instances
             WHERE platform = :platform AND remote_id IS NOT NULL AND remote_id IN (:remotes)
            """,
                ":remotes",
                marks,
            ),
            platform=platform,
            **by_remote,
        )
        marks, by_id = listed("id", references)
        rows += await self._transaction.all(
            filled("SELECT * FROM instances WHERE id IN (:ids)", ":ids", marks), **by_id
        )
        return list({row["id"]: _ours(row) for row in rows}.values())

    async def living(self, platform: str, *, after: str, limit: int) -> list[Ours]:
        """Return what lives at a platform, by id, after one."""
        rows = await self._transaction.all(
            """
            SELECT * FROM instances
             WHERE platform = :platform AND id > :after AND state NOT IN ('deleted', 'failed')
             ORDER BY id LIMIT :limit
            """,
            platform=platform,
            after=after,
            limit=limit,
        )
        return [_ours(row) for row in rows]

    async def in_flight(self, instance_ids: Collection[str], since: datetime) -> frozenset[str]:
        """Return those of which a call is open, or was closed since then."""
        marks, parameters = listed("id", instance_ids)
        rows = await self._transaction.all(
            filled(
                """
            SELECT instance_id FROM platform_calls
             WHERE state = 'open' AND instance_id IN (:ids)
            UNION
            SELECT instance_id FROM platform_calls
             WHERE closed_at >= :since AND instance_id IN (:ids)
            """,
                ":ids",
                marks,
            ),
            since=to_micros(since),
            **parameters,
        )
        return frozenset(row["instance_id"] for row in rows)

    async def days_owed(self) -> int:
        """Return the days that partners hold in all."""
        row = await self._transaction.one(
            """
            SELECT COALESCE(SUM(amount), 0) AS days FROM balances
             WHERE account > 'balance:' AND account < :beyond AND unit = 'days' AND amount > 0
            """,
            beyond=beyond("balance:"),
        )
        return int(there(row, "a sum")["days"])


_SAVE_COMPARED = """
INSERT INTO comparisons (platform, night, state, at, attempts, error, held, days_left, days_owed,
                         card)
VALUES (:platform, :night, :state, :at, :attempts, :error, :held, :days_left, :days_owed, :card)
ON CONFLICT (platform) DO UPDATE SET
       night = excluded.night, state = excluded.state, at = excluded.at,
       attempts = excluded.attempts, error = excluded.error, held = excluded.held,
       days_left = excluded.days_left, days_owed = excluded.days_owed, card = excluded.card
"""


def _ours(row: Row) -> Ours:
    return Ours(read_instance(row), row["remote_id"])


def _compared(row: Row) -> Compared:
    return Compared(
        platform=row["platform"],
        night=row["night"],
        at=from_micros(row["at"]),
        silent=row["state"] == "silent",
        attempts=row["attempts"],
        error=row["error"],
        held=row["held"],
        days_left=row["days_left"],
        days_owed=row["days_owed"],
        card=row["card"],
    )
