"""What happens in the box, for those who wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

Listener = Callable[[str, object], None]


class Happenings:
    """
    Counts every change and wakes who waits for the next one.

    `count` tells two looks apart between which nothing happened from two between which
    something did.
    """

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener(kind, value)` at everything that people can see."""
        self._listeners.append(listener)

    def tell(self, kind: str, value: object) -> None:
        for listener in self._listeners:
            listener(kind, value)
        self.mark()

    def mark(self) -> None:
        """Something changed that nobody sees, such as a confirmed update."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, timeout_seconds: float) -> None:
        """Return at the next change, at the latest after that much real time."""
        try:
            async with asyncio.timeout(max(timeout_seconds, 0)):
                await self._next.wait()
        except TimeoutError:
            return
