"""
The lines of an invoice that need only be counted: instances that are billed month after month.

Rules: "The postpaid calendar".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from billing.money import Money


@dataclass(frozen=True, slots=True)
class Band:
    """So many instances of a band that each have one line, the month's, at this price."""

    number: int
    count: int
    price: Money


@dataclass(frozen=True, slots=True)
class Regular:
    """
    The lines of instances that are billed up to where the month starts, and for it.

    One line each, so that they need only be counted. Those `without` a line yet are none of them.
    """

    start: datetime
    end: datetime
    without: frozenset[str]
    bands: tuple[Band, ...]

    @property
    def count(self) -> int:
        """How many lines they are."""
        return sum(band.count for band in self.bands)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many regular instances there are by band, and whether there are others."""

    bands: Mapping[int, int]
    others: bool
