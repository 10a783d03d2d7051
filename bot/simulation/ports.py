"""What the simulation needs of the desk that it plays with; handed in by bot/simulated.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from billing.services.ports import Store


class Fate(StrEnum):
    """What becomes of a message that is sent."""

    ARRIVED = "arrived"
    DOUBTED = "doubted"
    BLOCKED = "blocked"


class Crashed(Exception):
    """The process died in the middle of a transaction."""


class Horizon(Protocol):
    """When the next row is due, the next call may be made, the next message may be sent."""

    @property
    def row(self) -> datetime | None: ...
    @property
    def call(self) -> datetime | None: ...
    @property
    def message(self) -> datetime | None: ...


class Stretch(Protocol):
    """What the partners of one currency did in a stretch of time, and how they stand."""

    @property
    def counts(self) -> Mapping[str, int]: ...
    @property
    def amounts(self) -> Mapping[str, int]: ...
    @property
    def instances(self) -> int: ...
    @property
    def overdue_minor(self) -> int: ...
    @property
    def balance_minor(self) -> int: ...


class Desk(Protocol):
    """A desk over a database in memory. Its store raises Crashed where that was ordered."""

    @property
    def store(self) -> Store: ...

    async def horizon(self) -> Horizon:
        """Return what comes next, or is due already."""

    async def deliver(self, fate: Callable[[int], Fate]) -> Sequence[tuple[int, str]]:
        """
        Send to each chat what is its turn by now; `fate` says what becomes of a message to it.

        Returns the chats and keys of those
        that can never arrive.
        """

    async def restart(self) -> None:
        """Begin anew, as a process does that finds the database as another one left it."""

    def crash_after(self, statements: int) -> None:
        """Let the process die in its next transaction, after so many statements."""

    async def figures(self) -> Mapping[str, Stretch]:
        """Return by currency what happened since this was asked before."""

    async def fingerprint(self) -> str:
        """Return a hash of all the books and the audit."""
