"""Whether numbers are connected: columns of the instances that nothing else of them touches."""

from collections.abc import Collection

from billing.instances import State
from billing.links import Link
from billing.services.ports import Linked
from storage.engine.instants import maybe_from_micros, maybe_to_micros
from storage.engine.rows import filled, listed, must_touch
from storage.engine.transaction import Row, Transaction


class Links:
    """The links, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def platforms(self) -> list[str]:
        """Return the platforms at which anything lives."""
        found: list[str] = []
        while True:
            # Each step is one look into the index, however much lives there.
            row = await self._transaction.one(
                """
                SELECT platform FROM instances
                 WHERE platform > :after AND state NOT IN ('deleted', 'failed')
                 ORDER BY platform LIMIT 1
                """,
                after=found[-1] if found else "",
            )
            if row is None:
                return found
            found.append(row["platform"])

    async def page(self, platform: str, *, after: str, limit: int) -> list[Linked]:
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
        return [_linked(row) for row in rows]

    async def get(self, instance_id: str) -> Linked | None:
        row = await self._transaction.one("SELECT * FROM instances WHERE id = :id", id=instance_id)
        return None if row is None else _linked(row)

    async def of_ids(self, instance_ids: Collection[str]) -> dict[str, Link]:
        """Return the links of instances, by their ids."""
        marks, parameters = listed("id", instance_ids)
        rows = await self._transaction.all(
            filled("SELECT * FROM instances WHERE id IN (:ids)", ":ids", marks), **parameters
        )
        return {row["id"]: _link(row) for row in rows}

    async def save(self, instance_id: str, link: Link) -> None:
        touched = await self._transaction.run(
            """
            UPDATE instances SET connected = :connected, link_changed_at = :since,
                                 link_doubted_at = :doubted_at
             WHERE id = :id
            """,
            id=instance_id,
            connected=None if link.connected is None else int(link.connected),
            since=maybe_to_micros(link.since),
            doubted_at=maybe_to_micros(link.doubted_at),
        )
        must_touch(touched, f"instance {instance_id}")


def _linked(row: Row) -> Linked:
    return Linked(
        id=row["id"],
        partner_id=row["partner_id"],
        state=State(row["state"]),
        remote_id=row["remote_id"],
        link=_link(row),
    )


def _link(row: Row) -> Link:
    return Link(
        connected=None if row["connected"] is None else bool(row["connected"]),
        since=maybe_from_micros(row["link_changed_at"]),
        doubted_at=maybe_from_micros(row["link_doubted_at"]),
    )
