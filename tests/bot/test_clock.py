import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock


class TestSystemClock:
    def test_tells_an_aware_instant_in_utc(self):
        assert SystemClock().now().utcoffset() == timedelta(0)

    async def test_does_not_wake_before_the_instant(self):
        clock = SystemClock()
        instant = clock.now() + timedelta(milliseconds=30)
        await clock.sleep_until(instant)
        assert clock.now() >= instant

    async def test_does_not_wait_for_the_past(self):
        started = time.monotonic()
        await SystemClock().sleep_until(datetime(2020, 1, 1, tzinfo=UTC))
        assert time.monotonic() - started < 0.5

    async def test_refuses_an_instant_without_a_zone(self):
        with pytest.raises(TypeError):
            await SystemClock().sleep_until(datetime(2020, 1, 1))  # noqa: DTZ001

    async def test_follows_a_wall_clock_that_is_set_while_it_waits(self, monkeypatch):
        monkeypatch.setattr("bot.clock.RECHECK_SECONDS", 0.01)
        clock = Adjustable()
        waiter = asyncio.create_task(clock.sleep_until(clock.now() + timedelta(hours=1)))
        await asyncio.sleep(0.03)
        assert not waiter.done()
        clock.ahead = timedelta(hours=2)
        await asyncio.wait_for(waiter, timeout=5)


class Adjustable(SystemClock):
    """The machine's clock, as after somebody set it."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead
