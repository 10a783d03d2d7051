"""Rows of the embedded platform: what another company's servers would hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.transaction import Row, Transaction


@dataclass(frozen=True, slots=True)
class EmbeddedInstance:
    """An instance as the platform sees it; `state` is trial, active, stopped or deleted."""

    id: str
    name: str
    token: str
    state: str
    connected: bool
    created_at: datetime
    paid_until: datetime | None = None


class EmbeddedInstances:
    """The platform's instances, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, instance_id: str) -> EmbeddedInstance | None:
        row = await self._transaction.one(
            "SELECT * FROM embedded_instances WHERE id = :id", id=instance_id
        )
        return None if row is None else _instance(row)

    async def add(self, instance: EmbeddedInstance) -> bool:
        """Return False, changing nothing, if the id is known: a creation can be repeated."""
        return bool(
            await self._transaction.run(
                """
                INSERT INTO embedded_instances (id, name, token, state, connected, paid_until,
                                                created_at)
                VALUES (:id, :name, :token, :state, :connected, :paid_until, :created_at)
                ON CONFLICT (id) DO NOTHING
                """,
                id=instance.id,
                name=instance.name,
                token=instance.token,
                state=instance.state,
                connected=int(instance.connected),
                paid_until=maybe_to_micros(instance.paid_until),
                created_at=to_micros(instance.created_at),
            )
        )

    async def set_state(self, instance_id: str, state: str) -> bool:
        """Return False if there is no such instance, or it is deleted: that lasts."""
        return bool(
            await self._transaction.run(
                """
                UPDATE embedded_instances SET state = :state
                 WHERE id = :id AND (state <> 'deleted' OR :state = 'deleted')
                """,
                id=instance_id,
                state=state,
            )
        )

    async def connect(self, instance_id: str, *, connected: bool) -> bool:
        """Return False if there is no such instance, or it is deleted."""
        return bool(
            await self._transaction.run(
                """
                UPDATE embedded_instances SET connected = :connected
                 WHERE id = :id AND state <> 'deleted'
                """,
                id=instance_id,
                connected=int(connected),
            )
        )

    async def pay(self, instance_id: str, until: datetime) -> bool:
        """Let it run, paid until then; False if there is no such instance, or it is deleted."""
        return bool(
            await self._transaction.run(
                """
                UPDATE embedded_instances SET state = 'active', paid_until = :until
                 WHERE id = :id AND state <> 'deleted'
                """,
                id=instance_id,
                until=to_micros(until),
            )
        )

    async def remove(self, instance_id: str) -> bool:
        """Forget it, as if it had never been; False if there is none, or it is deleted."""
        return bool(
            await self._transaction.run(
                "DELETE FROM embedded_instances WHERE id = :id AND state <> 'deleted'",
                id=instance_id,
            )
        )

    async def living(self, *, after: str, limit: int) -> Sequence[EmbeddedInstance]:
        """Return those that are not deleted, by id, after one."""
        rows = await self._transaction.all(
            """
            SELECT * FROM embedded_instances WHERE state <> 'deleted' AND id > :after
             ORDER BY id LIMIT :limit
            """,
            after=after,
            limit=limit,
        )
        return [_instance(row) for row in rows]

    async def all(self) -> Sequence[EmbeddedInstance]:
        """In the order in which they were made."""
        rows = await self._transaction.all(
            "SELECT * FROM embedded_instances ORDER BY created_at, id"
        )
        return [_instance(row) for row in rows]


def _instance(row: Row) -> EmbeddedInstance:
    return EmbeddedInstance(
        id=row["id"],
        name=row["name"],
        token=row["token"],
        state=row["state"],
        connected=bool(row["connected"]),
        created_at=from_micros(row["created_at"]),
        paid_until=maybe_from_micros(row["paid_until"]),
    )
