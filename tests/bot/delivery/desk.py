"""A desk with a partner, a clock that is moved by hand, and a store that can fail."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from billing.services.access import Actor
from billing.services.instances import creation
from billing.services.operations import Operation
from billing.services.ports import Work
from tests.billing.samples import local
from tests.billing.services.world import START, Firm, World
from tests.bot.delivery.clock import SteppedClock
from tests.engines import TestDatabase

PATIENCE_SECONDS = 5.0


async def until(reached: Callable[[], Awaitable[Any]]) -> None:
    """Return once it is so; by real time, for the clock of the desk stands."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if await reached():
                return
            await asyncio.sleep(0.002)


class FragileStore:
    """The desk's store, whose next transactions fail as a locked database does."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.failing_writes = 0
        self.failing_reads = 0

    async def write(self, unit: Callable[[Work], Awaitable[Any]]) -> Any:
        if self.failing_writes:
            self.failing_writes -= 1
            raise sqlite3.OperationalError("database is locked")
        return await self._store.write(unit)

    async def read(self, unit: Callable[[Work], Awaitable[Any]]) -> Any:
        if self.failing_reads:
            self.failing_reads -= 1
            raise sqlite3.OperationalError("database is locked")
        return await self._store.read(unit)


class Desk:
    """What the parts of the delivery work on, and what can be seen of it."""

    def __init__(self, world: World, clock: SteppedClock, firm: Firm) -> None:
        self.world, self.clock, self.firm = world, clock, firm
        self.store = FragileStore(world.store)

    async def ask_for(self, *names: str) -> list[str]:
        """Have the partner create instances, with the message that shows how far they are."""
        key = f"answer:{self.world.causes}"

        async def ask(work: Work, actor: Actor) -> list[Any]:
            made = await creation.create(work, actor, names, message_key=key)
            await self.firm._show(work, key, Operation.CREATE)
            return made

        return [instance.id for instance in await self.firm.do(ask)]

    async def act(self, operation: Operation, *ids: str) -> None:
        await self.firm.act(operation, *ids, settle=False)

    async def progress(self) -> list[dict[str, Any]]:
        """Return how the newest message to the partner shows the instances."""
        rows = await self.world.sql(
            "SELECT facts FROM messages WHERE kind = 'progress' ORDER BY created_at, rowid"
        )
        items: list[dict[str, Any]] = json.loads(rows[-1]["facts"])["items"]
        return items

    async def shown(self) -> list[tuple[str, str]]:
        """Return the names of the newest such message, and how each is at the platform."""
        return [(item["name"], item["at_platform"]) for item in await self.progress()]

    async def used(self) -> int:
        """Return how much of the partner's quota is used."""
        (row,) = await self.world.sql("SELECT SUM(created) AS n FROM tokens")
        return int(row["n"])

    async def calls(self) -> list[tuple[str, str, int]]:
        rows = await self.world.sql(
            "SELECT operation, state, attempts FROM platform_calls ORDER BY seq"
        )
        return [(row["operation"], row["state"], row["attempts"]) for row in rows]

    async def told_staff(self, kind: str) -> list[dict[str, Any]]:
        """Return what staff were told of that kind, with how often each was said."""
        rows = await self.world.sql(
            "SELECT facts, version FROM messages WHERE kind = :kind ORDER BY key", kind=kind
        )
        return [json.loads(row["facts"]) | {"version": row["version"]} for row in rows]


@asynccontextmanager
async def opened() -> AsyncIterator[Desk]:
    database = await TestDatabase.anew()
    clock = SteppedClock(local(START))
    world: Any = World(database, clock)
    await world.settle_in()
    yield Desk(world, clock, await world.enrolled())
    await world.check()
    await database.close()
