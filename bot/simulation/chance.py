"""The simulation's time, chance and secrets: all of it follows from the seed."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from bot.ids import ALPHABET

T = TypeVar("T")


class StandingClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Move on; never back."""
        self._at = max(self._at, at)


class Chance:
    """
    Lots that follow from a seed.

    Only what every version of Python draws alike is used of its generator.
    """

    def __init__(self, *seed: object) -> None:
        self._draw = random.Random(":".join(map(str, seed))).random

    def happens(self, probability: float) -> bool:
        return self._draw() < probability

    def between(self, low: int, high: int) -> int:
        """Return a number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def below(self, end: int) -> int:
        """Return a number from 0 on and below `end`."""
        return int(self._draw() * end)

    def one_of(self, found: Sequence[T]) -> T:
        return found[int(self._draw() * len(found))]

    def weighed(self, choices: Sequence[tuple[T, float]]) -> T:
        """Return one of the choices, each as likely as its weight says."""
        left = self._draw() * sum(weight for _, weight in choices)
        for choice, weight in choices:
            left -= weight
            if left < 0:
                return choice
        return choices[-1][0]

    def span(self, low: timedelta, high: timedelta) -> timedelta:
        """Return a time between two, whole seconds."""
        return timedelta(seconds=int((low + (high - low) * self._draw()).total_seconds()))

    def gap(self, mean: timedelta) -> timedelta:
        """Return how long one waits for what comes once in a while."""
        return timedelta(seconds=1 + int(-math.log(1.0 - self._draw()) * mean.total_seconds()))


class SeededIds:
    """Ids that everybody who knows the seed can guess."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def short(self, signs: int = 5) -> str:
        """Crockford's base 32, at least one letter."""
        while True:
            found = "".join([self._chance.one_of(ALPHABET) for _ in range(signs)])
            if not found.isdigit():
                return found

    def secret(self) -> str:
        return self._hex() + self._hex()

    def opaque(self) -> str:
        return self._hex()[:22]

    def _hex(self) -> str:
        return f"{self._chance.below(2**52):013x}{self._chance.below(2**52):013x}"


class OpenVault:
    """Keeps nothing secret: what is locked twice has to look the same."""

    def lock(self, secret: str) -> str:
        return f"open:{secret}"

    def open(self, ciphertext: str) -> str:
        return ciphertext.removeprefix("open:")

    def hash(self, secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()
