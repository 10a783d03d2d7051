"""Money as whole minor units of one currency; the only place that rounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

# Currencies whose minor unit is a hundredth: all that the programmes may use.
CURRENCIES = frozenset({"BRL", "USD", "EUR"})
MINOR_PER_MAJOR = 100
# Far above any invoice, far below what a BIGINT holds.
LARGEST_MINOR = 10**15


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were to be combined."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in one currency, counted in minor units (centavos, cents)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        # bool is a subclass of int, and a flag must never pass for an amount.
        if type(self.minor) is not int:
            raise TypeError(f"minor units must be int, not {type(self.minor).__name__}")
        if self.currency not in CURRENCIES:
            raise ValueError(f"unknown currency {self.currency!r}")
        if abs(self.minor) > LARGEST_MINOR:
            raise ValueError("an amount beyond all reason")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._alike(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._alike(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._alike(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._alike(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def times(self, count: int) -> Money:
        """Return this amount `count` times."""
        return Money(self.minor * count, self.currency)

    def share(self, part: int, whole: int) -> Money:
        """Return `part`/`whole` of this amount, rounded half to even once (rules, Days 1)."""
        return Money(round(Fraction(self.minor * part, whole)), self.currency)

    def _alike(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other


def zero(currency: str) -> Money:
    """Return nothing, in `currency`."""
    return Money(0, currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of `amounts`, which is nothing in `currency` when there are none."""
    result = zero(currency)
    for amount in amounts:
        result += amount
    return result
