"""The one place that asks what time it is, and the one that waits."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

RECHECK_SECONDS = 30.0


class Clock(Protocol):
    """Time as the bot knows it; the sandbox has one that can be moved."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...

    async def sleep_until(self, instant: datetime) -> None:
        """Return once ``instant`` (aware) has come; at once if it is past."""
        ...

    def jump(self) -> timedelta:
        """Return how far the clock was set, beyond the time that passed, since last asked."""
        ...


class SystemClock:
    """The machine's own clock."""

    def __init__(self) -> None:
        self._wall, self._elapsed = self.now(), time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def jump(self) -> timedelta:
        wall, elapsed = self.now(), time.monotonic()
        jumped = (wall - self._wall) - timedelta(seconds=elapsed - self._elapsed)
        self._wall, self._elapsed = wall, elapsed
        return jumped

    async def sleep_until(self, instant: datetime) -> None:
        # In short stretches: the wall clock may be set, or the machine suspended, meanwhile,
        # and the event loop's timer follows neither.
        while (left_seconds := (instant - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(left_seconds, RECHECK_SECONDS))


class StoppedClock:
    """Everything is looked at as of one instant."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at
