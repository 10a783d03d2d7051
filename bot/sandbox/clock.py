"""A clock that runs by itself and can be moved forward."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# How far ahead of the time told the kept mark is put, so that not every look writes.
AHEAD = timedelta(seconds=2)
# A timer of the event loop may fire a hair before its time.
SHORTEST_NAP_SECONDS = 0.001


def machine_time() -> datetime:
    """Return the machine's own time, at which a new box begins."""
    return datetime.now(UTC)


async def real_pause(seconds: float) -> None:
    """Wait by the machine's time, as a connection does."""
    await asyncio.sleep(seconds)


def forget(_: datetime) -> None:
    """Keep no mark: the clock of a box that nobody will open again."""


@dataclass(frozen=True, slots=True, eq=False)
class Sleeper:
    """Somebody who waits for an instant of the sandbox's time."""

    instant: datetime
    woken: asyncio.Future[None]

    def wake(self) -> None:
        if not self.woken.done():
            self.woken.set_result(None)


class MovableClock:
    """
    Sandbox time: real speed, plus the jumps of `move_to`.

    `remember` is called with an instant that no time told so far lies after, before it is
    told: a box that starts again from it never repeats a time, even after a kill.
    """

    def __init__(self, start: datetime, remember: Callable[[datetime], None] = forget) -> None:
        self._base = start
        self._started = time.monotonic()
        self._remember = remember
        self._mark = start
        self._sleepers: set[Sleeper] = set()
        self._home = threading.get_ident()
        self._loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> datetime:
        """Return sandbox time; may be asked from any thread."""
        instant = self._base + timedelta(seconds=time.monotonic() - self._started)
        if instant > self._mark:
            self._put_mark_ahead(instant)
        return instant

    def jump(self) -> timedelta:
        """Return nothing: moving this clock is what it is for."""
        return timedelta(0)

    def _put_mark_ahead(self, instant: datetime) -> None:
        if threading.get_ident() != self._home:
            # The mark is kept by the thread that the keeper belongs to, in a moment.
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self.now)
            return
        self._mark = instant + AHEAD
        self._remember(self._mark)

    async def sleep_until(self, instant: datetime) -> None:
        """Return once sandbox time has come to `instant`, by itself or by a move."""
        if instant <= self.now():
            return
        loop = self._loop = asyncio.get_running_loop()
        sleeper = Sleeper(instant, loop.create_future())
        self._sleepers.add(sleeper)
        self._set_alarm(loop, sleeper)
        try:
            await sleeper.woken
        finally:
            self._sleepers.discard(sleeper)

    def next_sleeper(self) -> datetime | None:
        """Return the earliest instant that somebody waits for."""
        waiting = (one.instant for one in self._sleepers if not one.woken.done())
        return min(waiting, default=None)

    def move_to(self, instant: datetime) -> None:
        """
        Go forward to `instant` and wake who waited for it, in order.

        An instant already past changes nothing: the clock runs while one decides.
        """
        if instant > self.now():
            self._base, self._started = instant, time.monotonic()
            if instant > self._mark:
                self._mark = instant + AHEAD
                self._remember(self._mark)
        now = self.now()
        for sleeper in sorted(self._sleepers, key=lambda one: one.instant):
            if sleeper.instant <= now:
                sleeper.wake()

    def stop(self) -> None:
        """Put the mark exactly where the clock stands, for an orderly next start, and no more."""
        self._mark = self._base + timedelta(seconds=time.monotonic() - self._started)
        self._remember(self._mark)
        # Whoever still looks at the clock on the way out finds nobody to write it down.
        self._remember = forget

    def _set_alarm(self, loop: asyncio.AbstractEventLoop, sleeper: Sleeper) -> None:
        if sleeper.woken.done():
            return
        left = (sleeper.instant - self.now()).total_seconds()
        if left <= 0:
            sleeper.wake()
        else:
            loop.call_later(max(left, SHORTEST_NAP_SECONDS), self._set_alarm, loop, sleeper)
