"""Telegram's limits on what a bot may send, strictly, by the sandbox's clock."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from bot.sandbox.clock import MovableClock
from bot.sandbox.errors import ApiError
from bot.sandbox.values import Chat

OVERALL, OVERALL_SECONDS = 30, 1.0
GROUP, GROUP_SECONDS = 20, 60.0
PRIVATE_BURST, PRIVATE_PER_SECOND = 5, 1.0


def too_many(retry_after: float) -> ApiError:
    seconds = max(math.ceil(retry_after), 1)
    words = f"Too Many Requests: retry after {seconds}"
    return ApiError(429, words, retry_after=seconds)


@dataclass(slots=True)
class Window:
    """At most `most` in any `seconds` seconds."""

    most: int
    seconds: float
    times: deque[float]

    def wait(self, now: float, count: int) -> float:
        """Return after how many seconds `count` more are allowed; zero: now."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        over = len(self.times) + count - self.most
        return self.times[over - 1] + self.seconds - now if over > 0 else 0.0


@dataclass(slots=True)
class Bucket:
    """A burst, then so many a second."""

    left: float
    at: float

    def wait(self, now: float, count: int) -> float:
        self.left = min(PRIVATE_BURST, self.left + (now - self.at) * PRIVATE_PER_SECOND)
        self.at = now
        return (count - self.left) / PRIVATE_PER_SECOND if self.left < count else 0.0


class Limits:
    """Counts what is sent; who is over a limit is told how long to wait, in whole seconds."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._overall = Window(OVERALL, OVERALL_SECONDS, deque())
        self._groups: dict[int, Window] = {}
        self._private: dict[int, Bucket] = {}

    def spend(self, chat: Chat, count: int = 1) -> None:
        """
        Count `count` messages to the chat.

        :raises ApiError: 429 with retry_after; nothing is counted then.
        """
        now = self._clock.now().timestamp()
        wait = max(self._overall.wait(now, count), self._wait(chat, now, count))
        if wait > 0:
            raise too_many(wait)
        self._overall.times.extend([now] * count)
        if chat.is_private:
            self._private[chat.id].left -= count
        else:
            self._groups[chat.id].times.extend([now] * count)

    def spend_edit(self) -> None:
        """Count an edit, which only the limit over all knows."""
        now = self._clock.now().timestamp()
        wait = self._overall.wait(now, 1)
        if wait > 0:
            raise too_many(wait)
        self._overall.times.append(now)

    def _wait(self, chat: Chat, now: float, count: int) -> float:
        if chat.is_private:
            bucket = self._private.setdefault(chat.id, Bucket(PRIVATE_BURST, now))
            # An album fits into a burst whole, whatever its length.
            return bucket.wait(now, min(count, PRIVATE_BURST))
        window = self._groups.setdefault(chat.id, Window(GROUP, GROUP_SECONDS, deque()))
        return window.wait(now, count)
