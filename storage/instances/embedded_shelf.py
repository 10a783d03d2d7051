"""The embedded platform's shelf: each call one transaction, as of a server far away."""

from collections.abc import Sequence
from datetime import datetime

from billing.services.ports import Ids
from storage.engine.database import Database
from storage.instances.embedded import EmbeddedInstance, EmbeddedInstances
from storage.unit_of_work import Clock


class EmbeddedShelf:
    """What the embedded platform holds, kept in the bot's own database."""

    def __init__(self, database: Database, clock: Clock, ids: Ids) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    async def find(self, instance_id: str) -> EmbeddedInstance | None:
        """Return an instance, deleted or not."""
        return await self._database.read(lambda tx: EmbeddedInstances(tx).find(instance_id))

    async def add(self, instance_id: str, name: str) -> None:
        """Keep a new one on trial, with a token of its own; a known id stays as it is."""
        made = EmbeddedInstance(
            id=instance_id,
            name=name,
            token=self._ids.secret(),
            state="trial",
            connected=False,
            created_at=self._clock.now(),
        )
        await self._database.write(lambda tx: EmbeddedInstances(tx).add(made))

    async def set_state(self, instance_id: str, state: str) -> bool:
        """Return False if there is none, or it is deleted: that lasts."""
        return await self._database.write(
            lambda tx: EmbeddedInstances(tx).set_state(instance_id, state)
        )

    async def connect(self, instance_id: str, *, connected: bool) -> bool:
        """Return False if there is none, or it is deleted."""
        return await self._database.write(
            lambda tx: EmbeddedInstances(tx).connect(instance_id, connected=connected)
        )

    async def pay(self, instance_id: str, until: datetime) -> bool:
        """Let it run, paid until then; False if there is none, or it is deleted: that lasts."""
        return await self._database.write(lambda tx: EmbeddedInstances(tx).pay(instance_id, until))

    async def appear(self, name: str) -> str:
        """Keep a new one that nobody asked for here; return its id."""
        made = self._ids.short()
        await self.add(made, name)
        return made

    async def remove(self, instance_id: str) -> bool:
        """Forget it, as if it had never been; False if there is none, or it is deleted."""
        return await self._database.write(lambda tx: EmbeddedInstances(tx).remove(instance_id))

    async def living(self, *, after: str, limit: int) -> Sequence[EmbeddedInstance]:
        """Return those that are not deleted, by id, after one."""
        return await self._database.read(
            lambda tx: EmbeddedInstances(tx).living(after=after, limit=limit)
        )

    async def all(self) -> Sequence[EmbeddedInstance]:
        """Return all, in the order in which they were made."""
        return await self._database.read(lambda tx: EmbeddedInstances(tx).all())
