"""How long the queues are, for whoever looks after the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Line:
    """How many wait, and since when the oldest does."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Queues:
    """
    What waits in the database, and is due by now.

    `kept_aside` are updates that could not be read, `lost` messages of the last day that never
    arrived, `failing` calls that were tried three times.
    """

    inbox: Line
    due: Line
    outbox: Line
    calls: Line
    kept_aside: int
    lost: int
    failing: int


class Vitals(Protocol):
    """A look over the partial indexes of what is open."""

    async def queues(self, now: datetime, held_kinds: Sequence[str]) -> Queues:
        """What waits by now, without due rows of held kinds."""
