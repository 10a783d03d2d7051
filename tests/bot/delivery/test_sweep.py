"""What is due is done row by row; what fails holds up nobody; a clock that jumps ends nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billing.services import clockwork
from billing.services.ports import Due
from bot.delivery.sweep import Sweep, in_batches
from bot.sandbox.clock import MovableClock
from tests.bot.delivery.desk import Desk, opened

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HALTS = [timedelta(hours=6, seconds=1), timedelta(days=30), timedelta(hours=-7)]
BEARS = [timedelta(hours=6), timedelta(hours=1), timedelta(hours=-6)]


class Failing:
    """A kind of row that cannot be done until it is healed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tries: list[str] = []
        self.broken = True
        monkeypatch.setitem(clockwork.CARRIES, "close", self._carry)

    async def _carry(self, work: Any, actor: Any, due: Due) -> None:
        self.tries.append(due.key)
        if self.broken and due.key.startswith("broken"):
            raise LookupError("no such month")


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


async def plan(desk: Desk, *keys: str, at: datetime | None = None) -> None:
    for key in keys:
        row = Due(key, "close", "P1:2026-01", None, at or desk.clock.at)
        await desk.world.write(lambda work, row=row: work.due.plan(row))


async def state_of(desk: Desk, key: str) -> str:
    (row,) = await desk.world.sql("SELECT state FROM due WHERE key = :key", key=key)
    return str(row["state"])


async def trials(desk: Desk, *names: str) -> None:
    await desk.firm.new(*names)


class TestATick:
    async def test_does_all_that_is_due_in_its_order_however_much_it_is(self, desk, sweep, failing):
        keys = [f"row-{n:03}" for n in range(230)]
        await plan(desk, *keys)
        await plan(desk, "later", at=desk.clock.at + timedelta(seconds=1))
        await sweep.tick()
        assert failing.tries == keys
        assert await state_of(desk, "later") == "waiting"

    async def test_does_what_became_due_by_it(self, desk, sweep):
        await trials(desk, "loja-1")
        desk.clock.move(days=2)
        await sweep.tick()
        assert await desk.firm.states() == {"loja-1": "stopped"}
        (last,) = [call for call in await desk.calls() if call[0] == "stop"]
        assert last == ("stop", "open", 0)

    async def test_ends_after_the_row_it_is_at_when_it_is_told_to(
        self, desk, sweep, failing, monkeypatch
    ):
        async def last(work: Any, actor: Any, due: Due) -> None:
            failing.tries.append(due.key)
            sweep.stop()

        monkeypatch.setitem(clockwork.CARRIES, "close", last)
        await plan(desk, "a", "b", "c")
        await sweep.tick()
        assert failing.tries == ["a"]
        assert await state_of(desk, "b") == "waiting"


class TestCloses:
    async def closes(self, desk: Desk, count: int) -> list[str]:
        """Plan a close for so many partners."""
        rows = [
            Due(f"row-{n:03}", "close", "x:2026-01", f"P{n}", desk.clock.at) for n in range(count)
        ]
        await desk.world.write(lambda work: work.due.plan_all(rows))
        return [row.key for row in rows]

    async def test_of_different_partners_are_done_together_and_one_that_fails_alone(
        self, desk, sweep, failing, monkeypatch
    ):
        (first, second, third) = await self.closes(desk, 3)
        together: list[int] = []
        gather = asyncio.gather
        monkeypatch.setattr(
            "bot.delivery.sweep.asyncio.gather",
            lambda *some: together.append(len(some)) or gather(*some),
        )

        async def carry(work: Any, actor: Any, due: Due) -> None:
            if due.key == second:
                raise LookupError("no such month")

        monkeypatch.setitem(clockwork.CARRIES, "close", carry)
        await sweep.tick()
        assert together == [3]
        states = [await state_of(desk, key) for key in (first, second, third)]
        assert states == ["done", "waiting", "done"]

    async def test_of_one_partner_are_done_one_after_the_other(self):
        rows = [
            Due("a", "close", "", "P1", NOW), Due("b", "close", "", "P2", NOW),
            Due("c", "close", "", "P1", NOW), Due("d", "stop", "", "P3", NOW),
            Due("e", "close", "", "P4", NOW), Due("f", "close", "", None, NOW),
        ]  # fmt: skip
        batches = [[row.key for row in batch] for batch in in_batches(rows)]
        assert batches == [["a", "b"], ["c"], ["d"], ["e"], ["f"]]

    async def test_are_handed_over_so_many_at_a_time(self):
        rows = [Due(f"{n}", "close", "", f"P{n}", NOW) for n in range(300)]
        assert [len(batch) for batch in in_batches(rows)] == [128, 128, 44]

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


class TestARowThatFails:
    async def test_stops_no_other(self, desk, sweep, failing):
        await plan(desk, "a", "broken", "c")
        await sweep.tick()
        assert failing.tries == ["a", "broken", "c"]
        assert [await state_of(desk, key) for key in ("a", "broken", "c")] == [
            "done", "waiting", "done",
        ]  # fmt: skip

    async def test_is_not_tried_in_a_loop_but_a_minute_later(self, desk, sweep, failing):
        await plan(desk, "broken")
        for _ in range(5):
            await sweep.tick()
        desk.clock.move(seconds=59)
        await sweep.tick()
        assert len(failing.tries) == 1
        desk.clock.move(seconds=1)
        await sweep.tick()
        await sweep.tick()
        assert len(failing.tries) == 2

    async def test_is_done_once_it_can_be(self, desk, sweep, failing):
        await plan(desk, "broken")
        await sweep.tick()
        failing.broken = False
        desk.clock.move(minutes=1)
        await sweep.tick()
        await sweep.tick()
        assert len(failing.tries) == 2
        assert await state_of(desk, "broken") == "done"

    async def test_is_told_to_staff_once_and_by_the_next_process_not_anew(
        self, desk, sweep, failing
    ):
        await plan(desk, "broken")
        for _ in range(4):
            await sweep.tick()
            desk.clock.move(minutes=1)
        (told,) = await desk.told_staff("staff_due_failed")
        assert (told["key"], told["why"]) == ("broken", "LookupError: no such month")
        assert told["version"] == 1
        store: Any = desk.store
        await Sweep(store, desk.clock).tick()
        assert len(await desk.told_staff("staff_due_failed")) == 1

    async def test_stops_no_other_either_when_nobody_can_be_told(
        self, desk, sweep, failing, monkeypatch
    ):
        async def tell(*_: Any) -> None:
            raise LookupError("no staff")

        monkeypatch.setattr("billing.services.desk.office.due_failed", tell)
        await plan(desk, "broken", "c")
        await sweep.tick()
        assert failing.tries == ["broken", "c"]

    async def test_is_left_to_the_next_tick_when_the_rows_cannot_be_read(
        self, desk, sweep, failing
    ):
        await plan(desk, "a")
        desk.store.failing_reads = 1
        with pytest.raises(Exception, match="locked"):
            await sweep.tick()
        await sweep.tick()
        assert failing.tries == ["a"]

    async def test_does_not_hide_the_others_when_there_are_very_many(self, desk, sweep, failing):
        await plan(desk, *(f"broken-{n:03}" for n in range(120)))
        await sweep.tick()
        await plan(desk, "good")
        await sweep.tick()
        assert failing.tries[-1] == "good"
        assert await state_of(desk, "good") == "done"


class TestAClockThatJumps:
    @pytest.mark.parametrize("jump", HALTS, ids=str)
    async def test_halts_stops_and_deletions_and_tells_staff(self, desk, sweep, jump):
        await trials(desk, "loja-1")
        desk.clock.move(days=2)
        desk.clock.jumped = jump
        await sweep.tick()
        assert await desk.firm.states() == {"loja-1": "trial"}
        (told,) = await desk.told_staff("staff_clock_jumped")
        assert told["hours"] == int(jump / timedelta(hours=1))
        await sweep.tick()
        assert await desk.firm.states() == {"loja-1": "trial"}
        assert len(await desk.told_staff("staff_clock_jumped")) == 1

    @pytest.mark.parametrize("jump", BEARS, ids=str)
    async def test_by_no_more_than_six_hours_halts_nothing(self, desk, sweep, jump):
        await trials(desk, "loja-1")
        desk.clock.move(days=2)
        desk.clock.jumped = jump
        await sweep.tick()
        assert await desk.firm.states() == {"loja-1": "stopped"}
        assert await desk.told_staff("staff_clock_jumped") == []

    async def test_halts_nothing_else(self, desk, sweep):
        await trials(desk, "loja-1")
        desk.clock.move(days=1)
        desk.clock.jumped = timedelta(days=1)
        await sweep.tick()
        rows = await desk.world.sql("SELECT kind FROM messages WHERE kind LIKE 'notice_trial%'")
        assert [row["kind"] for row in rows] == ["notice_trial_24h"]

    async def test_is_not_forgotten_when_it_could_not_be_written_down(self, desk, sweep):
        await trials(desk, "loja-1")
        desk.clock.move(days=2)
        desk.clock.jumped = timedelta(days=2)
        desk.store.failing_writes = 1
        await sweep.tick()
        await sweep.tick()
        assert await desk.firm.states() == {"loja-1": "trial"}
        assert len(await desk.told_staff("staff_clock_jumped")) == 1

    async def test_holds_back_nothing_but_stops_and_deletions_where_it_never_can_be(
        self, desk, sweep, failing, monkeypatch
    ):
        async def tell(*_: Any) -> None:
            raise LookupError("no staff")

        monkeypatch.setattr("billing.services.clockwork.clock_jumped", tell)
        await trials(desk, "loja-1")
        desk.clock.move(days=2)
        await plan(desk, "a")
        desk.clock.jumped = timedelta(days=2)
        for _ in range(3):
            await sweep.tick()
        assert failing.tries == ["a"]
        assert await desk.firm.states() == {"loja-1": "trial"}

    async def test_is_noticed_between_two_rounds_of_one_tick(self, desk, sweep, monkeypatch):
        await trials(desk, "loja-1")

        async def set_the_clock(work: Any, actor: Any, due: Due) -> None:
            desk.clock.move(days=3)
            desk.clock.jumped = timedelta(days=3)

        monkeypatch.setitem(clockwork.CARRIES, "close", set_the_clock)
        await plan(desk, "first")
        await sweep.tick()
        assert await desk.firm.states() == {"loja-1": "trial"}

    async def test_by_being_moved_in_the_sandbox_halts_nothing(self, desk):
        await trials(desk, "loja-1")
        clock = MovableClock(desk.clock.at)
        desk.world.store._clock = clock
        store: Any = desk.store
        sweep = Sweep(store, clock)
        await sweep.tick()
        clock.move_to(desk.clock.at + timedelta(days=2, minutes=1))
        await sweep.tick()
        assert await desk.firm.states() == {"loja-1": "stopped"}
        assert await desk.told_staff("staff_clock_jumped") == []
