"""Asks each minute what is due; the rows say what, this only wakes."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery.heartbeat import Heartbeats

log = structlog.get_logger(__name__)

PART = "ticker"


class Ticker:
    """
    Runs the tick, one at a time, each minute and whenever the clock was moved.

    A wake that comes while a tick runs brings one more after it, so no tick
    is lost and none runs beside another.
    """

    def __init__(self, tick: Callable[[], Awaitable[None]], hearts: Heartbeats) -> None:
        self._tick = tick
        self._hearts = hearts
        self._due = asyncio.Event()
        self._running = False
        self._stopping = False
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            # Its default forgets a job that is a second late.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    @property
    def busy(self) -> bool:
        """Whether a tick runs or is about to."""
        return self._running or self._due.is_set()

    def nudge(self) -> None:
        """Look now: the clock was moved, or something may have become due."""
        self._due.set()

    async def run(self) -> None:
        """Tick until stopped; the first time at once."""
        self._scheduler.add_job(self._alarm, "cron", second=0)
        self._scheduler.start()
        self._hearts.beat(PART)
        self._due.set()
        try:
            while True:
                await self._due.wait()
                if self._stopping:
                    return
                self._due.clear()
                await self._once()
                self._hearts.beat(PART)
        finally:
            self._hearts.stop(PART)
            # It waits for nothing: its job only sets an event.
            self._scheduler.shutdown(wait=False)

    def stop(self) -> None:
        """Begin no further tick; run() returns when the one that runs is over."""
        self._stopping = True
        self._due.set()

    async def _once(self) -> None:
        self._running = True
        try:
            await self._tick()
        except Exception:
            # The rows are as they were: the next minute tries again.
            log.exception("a tick failed")
        finally:
            self._running = False

    async def _alarm(self) -> None:
        self._due.set()
