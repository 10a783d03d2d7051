"""A tick is never lost, never doubled beside itself, and never the last."""

import asyncio

from bot.delivery.ticker import Ticker


class TestTicker:
    async def test_runs_at_once_and_at_every_nudge_one_at_a_time(self, hearts):
        running, most, ticks = 0, 0, 0

        async def tick() -> None:
            nonlocal running, most, ticks
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            ticks += 1
            running -= 1

        ticker = Ticker(tick, hearts)
        task = asyncio.create_task(ticker.run())
        await asyncio.sleep(0.005)
        for _ in range(10):
            ticker.nudge()
        assert ticker.busy
        await asyncio.sleep(0.1)
        assert not ticker.busy
        assert (ticks, most) == (2, 1)
        ticker.stop()
        await task

    async def test_goes_on_after_a_tick_that_failed(self, hearts):
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            ticks += 1
            raise LookupError

        ticker = Ticker(tick, hearts)
        task = asyncio.create_task(ticker.run())
        for _ in range(3):
            await asyncio.sleep(0.005)
            ticker.nudge()
        await asyncio.sleep(0.005)
        assert ticks == 4
        assert hearts.silent_seconds().keys() == {"ticker"}
        ticker.stop()
        await task

    async def test_finishes_the_tick_that_runs_when_it_is_stopped(self, hearts):
        finished = False

        async def tick() -> None:
            nonlocal finished
            await asyncio.sleep(0.05)
            finished = True

        ticker = Ticker(tick, hearts)
        task = asyncio.create_task(ticker.run())
        await asyncio.sleep(0.01)
        ticker.stop()
        await task
        assert finished

    async def test_is_woken_by_the_scheduler(self, hearts, monkeypatch):
        ticks: list[int] = []

        async def tick() -> None:
            ticks.append(1)

        ticker = Ticker(tick, hearts)
        # The minute would take a minute.
        ticker._scheduler.add_job(ticker._alarm, "interval", seconds=0.05)
        task = asyncio.create_task(ticker.run())
        await asyncio.sleep(0.3)
        assert len(ticks) >= 3
        ticker.stop()
        await task
