"""A clock for which waiting takes no time."""

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class HurriedClock:
    """Whoever sleeps moves it to where they wake; otherwise it stands still."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, instant: datetime) -> None:
        await asyncio.sleep(0.001)
        self._now = max(self._now, instant)

    def passed(self) -> timedelta:
        """Return how long it has been, by this clock."""
        return self._now - START


class SteppedClock:
    """Stands until it is moved; whoever waits is woken by that."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at
        self.jumped = timedelta(0)
        self.sleepers = 0
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        return self.at

    def jump(self) -> timedelta:
        jumped, self.jumped = self.jumped, timedelta(0)
        return jumped

    async def sleep_until(self, instant: datetime) -> None:
        self.sleepers += 1
        try:
            while self.at < instant:
                await self._moved.wait()
        finally:
            self.sleepers -= 1

    def move(self, **span: float) -> None:
        """Let so much time pass."""
        self.at += timedelta(**span)
        self._moved.set()
        self._moved = asyncio.Event()
