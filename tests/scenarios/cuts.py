"""A desk with its caller at work, and a platform far away on which anything may be cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from billing.services.facts import moment
from billing.services.operations import Operation
from bot.delivery.caller import Caller
from bot.delivery.heartbeat import Heartbeats
from bot.gateways.chosen import ChosenPlatforms
from bot.gateways.embedded import EmbeddedPlatform, Faults
from bot.ids import RandomIds
from storage.instances.embedded_shelf import EmbeddedShelf
from tests.bot.delivery.desk import Desk, opened, until
from tests.bot.gateways.beside import STAND_INS, gateway
from tests.standins.serving import served

OPERATIONS = [one for one in Operation if one is not Operation.PAIR]
# What an operation asks of the platform, where it does something: the failure is ordered there.
ASKS = {
    "embedded": {one: str(one) for one in OPERATIONS},
    "zapi": {
        Operation.CREATE: "create",
        Operation.SUBSCRIBE: "subscribe",
        Operation.CANCEL: "cancel",
        Operation.RESTART: "subscribe",
        Operation.DELETE: "delete",
    },
    "whapi": {
        Operation.CREATE: "create",
        Operation.EXTEND: "extend",
        Operation.RESTART: "mode",
        Operation.DELETE: "delete",
    },
    "evolution": {
        Operation.CREATE: "create",
        Operation.STOP: "logout",
        Operation.RESTART: "connect",
        Operation.DELETE: "delete",
    },
}
# Of a deletion Z-API wants not to hear for 40 days.
LONGEST = timedelta(days=60)


class GatewayClock:
    """The desk's clock, for whoever waits a moment between two calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def now(self) -> datetime:
        return self._desk.clock.now()

    async def sleep_until(self, instant: datetime) -> None:
        del instant
        await asyncio.sleep(0)


class Line:
    """The way to the platform, on which an answer may never arrive: then the bot is killed."""

    def __init__(self, there: Any) -> None:
        self._there = there
        self.dead_from: str | None = None
        self.reached = asyncio.Event()

    def __getattr__(self, operation: str) -> Any:
        async def call(*asked: Any) -> Any:
            answer = await getattr(self._there, operation)(*asked)
            if operation == self.dead_from:
                self.reached.set()
                await asyncio.Event().wait()
            return answer

        return call


class Scene:
    """A desk whose instances are on one platform, and that platform."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.name = desk, name
        self.faults = Faults()
        self.shelf = EmbeddedShelf(desk.world.database, desk.clock, RandomIds())
        self.stand: Any = None
        self.url = ""
        desk.world.store._platform_for = lambda _programme: name

    def start(self) -> None:
        """Begin the bot anew: nothing of its memory is left."""
        clock: Any = GatewayClock(self.desk)
        if self.name == "embedded":
            self.there: Any = EmbeddedPlatform(
                self.shelf, clock, faults=self.faults, chance=lambda: 1.0
            )
        else:
            self.there = gateway(self.name, self.url, clock)
        self.line: Any = Line(self.there)
        wired = ChosenPlatforms({self.name: self.line})
        store: Any = self.desk.store
        self.caller = Caller(store, wired, self.desk.clock, Heartbeats())
        self.desk.world.store._on_commit = self.caller.nudge
        self.task = asyncio.create_task(self.caller.run())

    async def end(self) -> None:
        await self.caller.stop(grace_seconds=0.01)
        await self.task
        if self.name != "embedded":
            await self.there.close()

    async def restarted(self) -> None:
        await self.end()
        self.start()

    async def quiet(self) -> None:
        async def reached() -> bool:
            now = await self.desk.world.read(lambda work: work.calls.open_by(work.now))
            return not self.caller.busy and not now

        await until(reached)

    async def over(self) -> None:
        """Let the time pass until nothing is left that will be tried."""
        ends = self.desk.clock.now() + LONGEST
        await self.quiet()
        while await self.later():
            assert self.desk.clock.now() < ends, "it goes on for ever"
            await self.quiet()

    async def later(self) -> bool:
        """Let the time pass until something is tried; False if nothing will be."""
        waits = await self._next()
        if waits is None:
            return False
        self.desk.clock.move(seconds=(waits - self.desk.clock.now()).total_seconds())
        self.caller.nudge()
        return True

    async def _next(self) -> datetime | None:
        rows = await self.desk.world.sql(
            """
            SELECT MIN(not_before) AS at FROM platform_calls
             WHERE state = 'open' AND (by_hand_since IS NULL OR queued_until IS NOT NULL)
            """
        )
        return None if rows[0]["at"] is None else moment(rows[0]["at"])

    def order(self, operation: Operation, cut: str) -> bool:
        """Let the next call of it be cut; False if it asks nothing of the platform."""
        asks = ASKS[self.name].get(operation)
        if asks is None:
            return False
        if cut == "killed":
            self.line.dead_from = str(operation)
        elif self.name == "embedded":
            self.faults.order(asks, f"timeout_{cut}", 1)
        else:
            # What only asks is asked three times before it is given up.
            times = 3 if asks == "connect" else 1
            self.stand.order(asks, f"cut_{cut}", times)
        return True

    async def held(self, reference: str) -> list[Any]:
        """Return what the platform holds of an instance."""
        if self.name == "embedded":
            rows = await self.shelf.all()
            return [row for row in rows if row.id == reference and row.state != "deleted"]
        return [row for row in self.stand.rows.values() if reference in row.get("name", "")]

    async def last_call(self) -> Any:
        rows = await self.desk.world.sql("SELECT * FROM platform_calls ORDER BY seq DESC LIMIT 1")
        return rows[0]


@asynccontextmanager
async def staged(name: str) -> AsyncIterator[Scene]:
    async with opened() as desk:
        scene = Scene(desk, name)
        if name == "embedded":
            scene.start()
            yield scene
            await scene.end()
            return

        async def now() -> datetime:
            return desk.clock.now()

        scene.stand = STAND_INS[name](now)
        async with served(scene.stand) as scene.url:
            scene.start()
            yield scene
            await scene.end()
