"""A database in memory for a program that does one thing after another, in its own thread."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from storage.engine.driving import drive
from storage.engine.sqlite_database import open_for_writing
from storage.engine.sqlite_transaction import SqliteTransaction
from storage.engine.transaction import Parameter, Unit

T = TypeVar("T")


class InlineDatabase:
    """
    Runs each unit of work at once, with a commit of its own.

    No thread stands between a unit and whoever waits for it; nothing ever suspends.
    """

    def __init__(self) -> None:
        self._connection = open_for_writing("")
        self._crash: tuple[int, Exception] | None = None

    async def write(self, unit: Unit[T]) -> T:
        """
        Run one transaction; nothing of it is kept if it raises.

        It raises a crash that was ordered.
        """
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = drive(unit, self._transaction())
            self._crash_by_now()
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return cast("T", result)

    async def read(self, unit: Unit[T]) -> T:
        """
        Run a unit that only reads; nobody else writes meanwhile.

        :raises RuntimeError: if it has changed something.
        """
        before = self._connection.total_changes
        result = drive(unit, _Reading(self._connection))
        if self._connection.total_changes != before:
            raise RuntimeError("a unit that only reads has changed something")
        return cast("T", result)

    @property
    def changes(self) -> int:
        """Return how many rows were ever changed: where it is the same, everything is."""
        return self._connection.total_changes

    def crash_after(self, statements: int, crash: Exception | None) -> None:
        """Let the next write end so after so many statements, at its commit at the latest."""
        self._crash = None if crash is None else (statements, crash)

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    def _transaction(self) -> SqliteTransaction:
        if self._crash is None:
            return SqliteTransaction(self._connection)
        return _CutShort(self._connection, self._crash[0], self._crash_by_now)

    def _crash_by_now(self) -> None:
        if self._crash is not None:
            (_, crash), self._crash = self._crash, None
            raise crash


class _Reading(SqliteTransaction):
    """Statements that need no transaction around them."""

    def _living(self) -> sqlite3.Connection:
        assert self._connection is not None, "it has not ended"
        return self._connection


class _CutShort(SqliteTransaction):
    """A transaction whose process dies after so many statements."""

    def __init__(
        self, connection: sqlite3.Connection, statements: int, die: Callable[[], None]
    ) -> None:
        super().__init__(connection)
        self._left = statements
        self._die = die

    def _execute(self, sql: str, parameters: Mapping[str, Parameter]) -> sqlite3.Cursor:
        self._left -= 1
        if self._left < 0:
            self._die()
        return super()._execute(sql, parameters)
