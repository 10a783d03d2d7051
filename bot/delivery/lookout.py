"""A part that looks at its rows whenever there is news, and does what is due beside one another."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.delivery.backoff import patience_after, pause_after
from bot.delivery.heartbeat import Heartbeats

log = structlog.get_logger(__name__)

BEAT_SECONDS = 30.0
NOBODY: frozenset[str] = frozenset()


class Lookout(ABC):
    """
    Looks, begins what is due, and looks again when some of it has ended or there is news.

    Whatever is cut short or fails is found by the next look: the rows know how far it was.
    `at_once`: no more is under way at one time.
    """

    def __init__(
        self, part: str, clock: Clock, hearts: Heartbeats, *, at_once: int | None = None
    ) -> None:
        self._part, self._clock, self._hearts = part, clock, hearts
        self._at_once = at_once
        # By what must not be done twice at once.
        self._underway: dict[str, asyncio.Task[None]] = {}
        # One for each thing that was put off: wakes this when it may be tried again.
        self._alarms: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._looking = False
        self._stopping = False

    @property
    def busy(self) -> bool:
        """Whether something is under way, or may have become due without being looked at."""
        return bool(self._underway) or self._looking or self._news.is_set()

    def nudge(self) -> None:
        """Say that a unit of work was committed, or that the clock was moved."""
        self._news.set()

    async def run(self) -> None:
        """Look until stopped; begin with what a former run left open."""
        self._news.set()
        try:
            while not self._stopping:
                self._hearts.beat(self._part)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), BEAT_SECONDS)
                self._looking = True
                self._news.clear()
                try:
                    await self._begin_what_is_due()
                except Exception:
                    # The rows are as they were: the next look finds them.
                    log.exception("what is due cannot be read", part=self._part)
                finally:
                    self._looking = False
        finally:
            self._hearts.stop(self._part)

    async def stop(self, grace_seconds: float = 5.0) -> None:
        """Begin nothing more; let what is under way end, or leave it open after the grace."""
        self._stopping = True
        self._news.set()
        for alarm in self._alarms:
            alarm.cancel()
        underway = set(self._underway.values())
        if underway:
            _, late = await asyncio.wait(underway, timeout=grace_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    @abstractmethod
    async def _begin_what_is_due(self) -> None:
        """Look at the rows, and begin each thing that is due by `_begin`."""

    def _begin(
        self, key: str, doing: Callable[[], Awaitable[None]], *, but: AbstractSet[str] = NOBODY
    ) -> None:
        """Begin it unless it is under way, or among what is not to be begun now."""
        full = self._at_once is not None and len(self._underway) >= self._at_once
        if not (self._stopping or full or key in but or key in self._underway):
            self._underway[key] = asyncio.create_task(self._carry(key, doing))

    async def _carry(self, key: str, doing: Callable[[], Awaitable[None]]) -> None:
        try:
            await doing()
        except Exception:
            # The row is as it was: the next look finds it open again.
            log.exception("what was begun could not be ended", part=self._part, about=key)
            await self._clock.sleep_until(self._clock.now() + pause_after(1))
        finally:
            del self._underway[key]
            self.nudge()

    def _again_after(self, failures: int) -> datetime:
        """Return when who gave no answer so often in a row is asked again."""
        return self._clock.now() + patience_after(failures)

    def _wake_at(self, until: datetime) -> None:
        alarm = asyncio.create_task(self._wake(until))
        self._alarms.add(alarm)
        alarm.add_done_callback(self._alarms.discard)

    async def _wake(self, instant: datetime) -> None:
        await self._clock.sleep_until(instant)
        self.nudge()
