"""Nothing that the bot lives on dies or hangs in silence."""

import asyncio

import pytest

from bot.delivery.heartbeat import Heartbeats
from bot.delivery.watchdog import PartEnded, PartHangs, guard


async def forever() -> None:
    await asyncio.Event().wait()


class TestGuard:
    async def test_raises_when_a_part_dies(self):
        async def die() -> None:
            raise LookupError("gone")

        parts = {"poller": asyncio.create_task(die()), "sender": asyncio.create_task(forever())}
        with pytest.raises(PartEnded, match="poller") as raised:
            await guard(parts, Heartbeats())
        assert isinstance(raised.value.__cause__, LookupError)
        parts["sender"].cancel()

    async def test_raises_when_a_part_ends_without_an_error(self):
        parts = {"ticker": asyncio.create_task(asyncio.sleep(0))}
        with pytest.raises(PartEnded, match="ticker"):
            await guard(parts, Heartbeats())

    async def test_raises_when_a_part_has_not_advanced_for_two_minutes(self):
        seconds = 0.0
        hearts = Heartbeats(lambda: seconds)
        hearts.beat("poller")
        hearts.beat("stopped")
        hearts.stop("stopped")
        task = asyncio.create_task(forever())
        watch = asyncio.create_task(guard({"poller": task}, hearts, look_seconds=0.005))
        seconds = 119.0
        await asyncio.sleep(0.02)
        assert not watch.done()
        seconds = 121.0
        with pytest.raises(PartHangs, match="poller has not advanced for 121 seconds"):
            await watch
        task.cancel()
