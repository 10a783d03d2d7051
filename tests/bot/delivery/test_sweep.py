"""What is due is done row by row; what fails holds up nobody; a clock that jumps ends nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billing.services import clockwork
from billing.services.ports import Due
from bot.delivery.sweep import Sweep
from bot.sandbox.clock import MovableClock
from tests.bot.delivery.desk import Desk, opened
from tests.bot.delivery.sweeping import Failing, plan, state_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HALTS = [timedelta(hours=6, seconds=1), timedelta(days=30), timedelta(hours=-7)]
BEARS = [timedelta(hours=6), timedelta(hours=1), timedelta(hours=-6)]


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
