"""A database that is only looked into, whoever writes to it meanwhile."""

import sqlite3
from pathlib import Path
from typing import TypeVar, cast

from storage.engine.driving import drive
from storage.engine.sqlite_transaction import SqliteTransaction
from storage.engine.transaction import Unit

T = TypeVar("T")


class Looking:
    """
    A database file, opened so that nothing in it can be changed.

    :raises sqlite3.Error: if the file is not there or is no database.
    """

    def __init__(self, path: Path) -> None:
        address = f"{path.resolve().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, isolation_level=None)
        self._connection.execute("PRAGMA busy_timeout = 5000")
        self._connection.execute("PRAGMA query_only = ON")

    async def read(self, unit: Unit[T]) -> T:
        """Run a unit that only reads, all of it in one state of the database."""
        self._connection.execute("BEGIN")
        try:
            return cast("T", drive(unit, SqliteTransaction(self._connection)))
        finally:
            self._connection.execute("ROLLBACK")

    async def write(self, unit: Unit[T]) -> T:
        """Refuse."""
        del unit
        raise PermissionError("this database is only looked into")

    async def damage(self) -> list[str]:
        """Return what SQLite finds wrong with the file itself, at most ten of it."""
        rows = self._connection.execute("PRAGMA integrity_check(10)").fetchall()
        found = [str(said) for (said,) in rows]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
