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
