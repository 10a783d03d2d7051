import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.clock import MovableClock

START = datetime(2026, 1, 30, 18, tzinfo=UTC)


class TestMovableClock:
    async def test_runs_by_itself_at_real_speed(self):
        clock = MovableClock(START)
        await clock.sleep_until(START + timedelta(milliseconds=30))
        assert timedelta(milliseconds=30) <= clock.now() - START < timedelta(seconds=1)

    async def test_wakes_who_waits_in_order_when_it_is_moved(self):
        clock = MovableClock(START)
        woken = []

        async def sleep(days):
            await clock.sleep_until(START + timedelta(days=days))
            woken.append(days)

        sleepers = [asyncio.create_task(sleep(days)) for days in (3, 1, 2)]
        await asyncio.sleep(0)
        assert clock.next_sleeper() == START + timedelta(days=1)
        clock.move_to(START + timedelta(days=2))
        await asyncio.sleep(0)
        assert woken == [1, 2]
        clock.move_to(START + timedelta(days=3))
        await asyncio.gather(*sleepers)
        assert woken == [1, 2, 3]
        assert clock.next_sleeper() is None

    async def test_never_goes_back(self):
        clock = MovableClock(START)
        clock.move_to(START - timedelta(days=1))
        assert clock.now() >= START

    async def test_forgets_a_sleeper_that_was_cancelled(self):
        clock = MovableClock(START)
        sleeper = asyncio.create_task(clock.sleep_until(START + timedelta(days=1)))
        await asyncio.sleep(0)
        sleeper.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sleeper
        assert clock.next_sleeper() is None

    def test_remembers_no_time_before_one_that_it_told(self):
        marks = []
        clock = MovableClock(START, marks.append)
        told = [clock.now() for _ in range(100)]
        clock.move_to(START + timedelta(days=1))
        told.append(clock.now())
        assert marks[-1] >= max(told)
        assert len(marks) <= 3  # not a write for every look
