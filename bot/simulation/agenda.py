"""What people and troubles will do, in the order of their instants."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

Act = Callable[[], Awaitable[None]]


@dataclass(order=True, slots=True)
class Entry:
    """Of two for the same instant the one that was put in first comes first."""

    at: datetime
    nth: int
    act: Act = field(compare=False)


class Agenda:
    """A queue of acts."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._count = 0

    def put(self, at: datetime, act: Act) -> None:
        self._count += 1
        heapq.heappush(self._entries, Entry(at, self._count, act))

    def take(self, until: datetime) -> Entry | None:
        """Return the next one up to an instant, or None if there is none."""
        if not self._entries or self._entries[0].at > until:
            return None
        return heapq.heappop(self._entries)
