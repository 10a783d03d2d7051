"""Where the box draws lots: ids that nobody should count on, and jitter."""

from __future__ import annotations

import random
import secrets

LOTS = random.SystemRandom()


def digits() -> str:
    """Return an id such as Telegram's query ids are."""
    return str(LOTS.randrange(10**17, 10**18))


def word(size_bytes: int) -> str:
    """Return random text that may stand in an address or a file name."""
    return secrets.token_urlsafe(size_bytes)


def between(low: int, high: int) -> int:
    """Return a number from `low` to `high`, both included."""
    return LOTS.randint(low, high)


def jitter(low: float, high: float) -> float:
    return LOTS.uniform(low, high)
