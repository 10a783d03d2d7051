"""What a unit of work may do to the database, the same on every engine."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

Row = Mapping[str, Any]
Parameter = int | str | None


class Transaction(Protocol):
    """
    One open transaction; it ends with the unit of work that was given it.

    SQL is written once for all engines: named parameters (``:name``) that are
    int, str or None.
    """

    @property
    def known(self) -> dict[tuple[str, str], Any]:
        """
        What a kind's rows are by their ids, as repositories read or wrote them in this unit.

        Nobody else writes meanwhile. It is forgotten when a savepoint takes work back.
        """
        ...

    async def all(self, sql: str, **parameters: Parameter) -> list[Row]:
        """Return every row."""
        ...

    async def one(self, sql: str, **parameters: Parameter) -> Row | None:
        """Return the first row, or None; the others are read and dropped."""
        ...

    async def run(self, sql: str, **parameters: Parameter) -> int:
        """Return how many rows the statement touched."""
        ...

    async def many(self, sql: str, rows: Sequence[Mapping[str, Parameter]]) -> int:
        """Run one statement for each of the rows; return how many it touched in all."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """Undo what the block did if it raises; the exception goes on."""
        ...


T = TypeVar("T")
# A unit awaits nothing but its transaction, and may be run again from its
# beginning when the batch it shared a commit with was lost.
Unit = Callable[[Transaction], Awaitable[T]]


class TransactionLost(Exception):
    """The transaction was rolled back under the unit, so nothing of it can be kept."""


class Units(Protocol):
    """Runs units of work, each of them one transaction."""

    async def write(self, unit: Unit[T]) -> T:
        """Return once it is committed; nothing of it is kept if it raises."""
        ...

    async def read(self, unit: Unit[T]) -> T:
        """Run a unit that only reads, all of it in one state of the database."""
        ...
