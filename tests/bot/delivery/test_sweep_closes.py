"""Closes of many partners are done together; where one fails, each is done by itself."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from billing.services import clockwork
from billing.services.ports import Due
from bot.delivery.sweep import Sweep
from tests.bot.delivery.desk import Desk, opened
from tests.bot.delivery.sweeping import Failing, state_of


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with opened() as found:
        yield found


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Failing:
    return Failing(monkeypatch)


@pytest.fixture
def sweep(desk: Desk) -> Sweep:
    store: Any = desk.store
    return Sweep(store, desk.clock)


class TestCloses:
    async def closes(self, desk: Desk, count: int) -> list[str]:
        """Plan a close for so many partners."""
        rows = [
            Due(f"row-{n:03}", "close", "x:2026-01", f"P{n}", desk.clock.at) for n in range(count)
        ]
        await desk.world.write(lambda work: work.due.plan_all(rows))
        return [row.key for row in rows]

    async def test_of_different_partners_are_done_together(self, desk, sweep, monkeypatch):
        keys = await self.closes(desk, 150)
        together: list[list[str]] = []

        async def carry(work: Any, rows: list[Due]) -> None:
            together.append([row.key for row in rows])

        monkeypatch.setitem(clockwork.CARRIES_TOGETHER, "close", carry)
        await sweep.tick()
        assert together == [keys[:64], keys[64:128], keys[128:]]
        assert {await state_of(desk, key) for key in keys} == {"done"}

    async def test_are_done_each_by_itself_where_one_fails(self, desk, sweep, failing, monkeypatch):
        keys = await self.closes(desk, 2)
        broken = Due("broken", "close", "x:2026-01", "P9", desk.clock.at)
        await desk.world.write(lambda work: work.due.plan(broken))
        together: list[int] = []

        async def carry(work: Any, rows: list[Due]) -> None:
            together.append(len(rows))
            await work.state.set("half", "done")
            raise LookupError("no such month")

        monkeypatch.setitem(clockwork.CARRIES_TOGETHER, "close", carry)
        await sweep.tick()
        assert together == [3]
        assert failing.tries == ["broken", *keys]
        assert [await state_of(desk, key) for key in (*keys, "broken")] == [
            "done", "done", "waiting",
        ]  # fmt: skip
        assert await desk.world.sql("SELECT * FROM desk_state WHERE key = 'half'") == []
        (told,) = await desk.told_staff("staff_due_failed")
        assert (told["key"], told["why"]) == ("broken", "LookupError: no such month")

    async def test_that_are_many_are_told_to_staff_in_one_message(self, desk, failing, monkeypatch):
        monkeypatch.setattr("billing.services.invoices.closing.LONG", 2)
        await self.closes(desk, 5)
        store: Any = desk.store
        await Sweep(store, desk.clock).tick()
        (told,) = await desk.told_staff("staff_closing")
        assert (told["done"], told["of"], told["over"], told["version"]) == (5, 5, True, 2)

    async def test_go_on_when_nobody_can_be_told(self, desk, failing, monkeypatch):
        async def tell(*_: Any, **__: Any) -> None:
            raise LookupError("no staff")

        monkeypatch.setattr("billing.services.invoices.closing.LONG", 2)
        monkeypatch.setattr("billing.services.invoices.closing.say_how_far", tell)
        keys = await self.closes(desk, 5)
        store: Any = desk.store
        await Sweep(store, desk.clock).tick()
        assert failing.tries == keys
