"""Every stored update is handled once, in its chat's order, and none holds up another chat."""

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.delivery.lanes import Lanes
from storage.delivery.delivery_store import StoredInbox
from storage.delivery.inbox import Inbox
from storage.engine.database import Database
from tests.bot.delivery.clock import START, HurriedClock


class Desk:
    """Handles updates: writes down what it saw, and marks them done."""

    def __init__(self, database: Database, clock: HurriedClock) -> None:
        self.database = database
        self.inbox = StoredInbox(database)
        self.seen: list[int] = []
        self.busy: Counter[str] = Counter()
        self.most_at_once = 0
        self.raises: dict[int, int] = {}
        self.forgets: set[int] = set()
        self.aside: list[tuple[int, str]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.lanes = Lanes(self.handle, self.inbox, clock, self.on_quarantine, at_once=8)
        self.task: asyncio.Task[None] | None = None

    async def handle(self, update_id: int, raw: dict[str, Any]) -> None:
        lane = raw["lane"]
        self.busy[lane] += 1
        assert self.busy[lane] == 1, "two updates of one lane at once"
        self.most_at_once = max(self.most_at_once, self.busy.total())
        try:
            await asyncio.sleep(0)
            await self.open.wait()
            if self.raises.get(update_id, 0):
                self.raises[update_id] -= 1
                raise LookupError("cannot \0 \ud800 be told")
            if update_id not in self.forgets:
                await self.database.write(lambda tx: Inbox(tx).claim(update_id, START))
            self.seen.append(update_id)
        finally:
            self.busy[lane] -= 1

    async def on_quarantine(self, update_id: int, error: str) -> None:
        self.aside.append((update_id, error))
        raise LookupError("and the staff cannot be told")

    async def receive(self, *updates: tuple[int, str]) -> None:
        batch = [(number, lane, json.dumps({"lane": lane})) for number, lane in updates]
        await self.inbox.store(batch, START)
        for _, lane in updates:
            self.lanes.wake(lane)

    def go(self) -> None:
        self.task = asyncio.create_task(self.lanes.run())

    async def settle(self) -> None:
        async with asyncio.timeout(10):
            while not self.lanes.idle:
                assert self.task is None or not self.task.done()
                await asyncio.sleep(0.002)


@pytest.fixture
async def desk(database: Database, clock: HurriedClock) -> AsyncIterator[Desk]:
    opened = Desk(database, clock)
    yield opened
    await opened.lanes.stop()
    if opened.task is not None:
        await opened.task


class TestLanes:
    async def test_keep_the_order_of_each_chat_and_serve_many_at_once(self, desk):
        desk.go()
        for start in range(0, 300, 50):
            await desk.receive(*((n, f"chat{n % 20}") for n in range(start, start + 50)))
        await desk.settle()
        assert sorted(desk.seen) == list(range(300))
        for chat in range(20):
            own = [n for n in desk.seen if n % 20 == chat]
            assert own == sorted(own)
        assert 2 <= desk.most_at_once <= 8

    async def test_begin_with_what_a_former_run_left(self, desk):
        await desk.inbox.store([(1, "a", '{"lane": "a"}'), (2, "b", '{"lane": "b"}')], START)
        desk.go()
        await asyncio.sleep(0.01)
        await desk.settle()
        assert sorted(desk.seen) == [1, 2]

    async def test_give_a_flooding_chat_one_place_among_the_others(self, desk):
        await desk.receive(*((n, "flood") for n in range(200)), (500, "quiet"))
        desk.go()
        await desk.settle()
        assert desk.seen.index(500) < 20

    async def test_try_again_what_failed_in_passing(self, desk):
        desk.raises = {1: 2}
        desk.go()
        await desk.receive((1, "a"), (2, "a"))
        await desk.settle()
        assert desk.seen == [1, 2]
        assert desk.aside == []

    async def test_put_aside_what_never_works_and_tell_once(self, desk):
        desk.raises = {1: 99}
        desk.go()
        await desk.receive((1, "a"), (2, "a"), (3, "b"))
        await desk.settle()
        assert desk.seen == [3, 2]
        ((update_id, error),) = desk.aside
        assert update_id == 1
        assert error == "LookupError: cannot \\0 \\ud800 be told"

    async def test_put_aside_what_is_no_update(self, desk):
        await desk.inbox.store([(1, "a", "[]"), (2, "a", '{"lane": "a"}')], START)
        desk.go()
        desk.lanes.wake("a")
        await desk.settle()
        assert desk.seen == [2]
        assert [update_id for update_id, _ in desk.aside] == [1]

    async def test_notice_what_was_handled_but_left_undone(self, desk):
        desk.forgets = {1}
        desk.go()
        await desk.receive((1, "a"), (2, "a"))
        await desk.settle()
        assert desk.seen == [1, 1, 1, 2]
        assert [update_id for update_id, _ in desk.aside] == [1]

    async def test_blame_no_update_for_a_database_that_is_locked(self, desk, monkeypatch):
        locked = 10
        head = desk.inbox.head

        async def sometimes(lane: str):
            nonlocal locked
            if locked:
                locked -= 1
                raise sqlite3.OperationalError("database is locked")
            return await head(lane)

        monkeypatch.setattr(desk.inbox, "head", sometimes)
        desk.go()
        await desk.receive((1, "a"))
        await desk.settle()
        assert desk.seen == [1]
        assert desk.aside == []


class TestStop:
    async def test_lets_what_is_being_handled_finish(self, desk):
        desk.open.clear()
        desk.go()
        await desk.receive((1, "a"), (2, "a"))
        await asyncio.sleep(0.05)
        stop = asyncio.create_task(desk.lanes.stop())
        await asyncio.sleep(0.01)
        desk.open.set()
        await stop
        assert desk.seen == [1]
        assert await desk.inbox.lanes() == ["a"]

    async def test_leaves_undone_what_takes_too_long(self, desk):
        desk.open.clear()
        desk.go()
        await desk.receive((1, "a"))
        await asyncio.sleep(0.05)
        await desk.lanes.stop(grace_seconds=0.01)
        assert desk.seen == []
        assert await desk.inbox.lanes() == ["a"]
