"""A transaction on a sqlite3 connection, inside the thread that owns it."""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from operator import itemgetter
from typing import Any

from storage.engine.transaction import Parameter, Row, TransactionLost

_name = itemgetter(0)
# The names of what each statement returns: to read them costs as much as to read a row.
_names: dict[str, tuple[str, ...]] = {}
_STATEMENTS_KNOWN = 2048


def row_as_mapping(cursor: sqlite3.Cursor, values: tuple[object, ...]) -> Row:
    """Make a dict of a row; sqlite3.Row is no Mapping."""
    # Both sides are as long by what they are; this way no step of it runs in Python.
    return dict(zip(map(_name, cursor.description), values, strict=False))


class SqliteTransaction:
    """
    The statements of one unit; none of them really suspends.

    :raises TransactionLost: from every call once SQLite has rolled everything
        back by itself (disk full, ``RAISE(ROLLBACK)``).
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._depth = 0
        self.known: dict[tuple[str, str], Any] = {}

    def end(self) -> None:
        """Let nobody who kept the transaction write into a later one."""
        self._connection = None

    async def all(self, sql: str, **parameters: Parameter) -> list[Row]:
        cursor = self._execute(sql, parameters)
        found = cursor.fetchall()
        if not found:
            return found
        names = _named(sql, cursor, len(found[0]))
        return [dict(zip(names, values, strict=False)) for values in found]

    async def one(self, sql: str, **parameters: Parameter) -> Row | None:
        cursor = self._execute(sql, parameters)
        found = cursor.fetchall()
        if not found:
            return None
        return dict(zip(_named(sql, cursor, len(found[0])), found[0], strict=False))

    async def run(self, sql: str, **parameters: Parameter) -> int:
        cursor = self._execute(sql, parameters)
        # A RETURNING that is not read to its end counts nothing and makes the
        # RELEASE of the savepoint fail.
        cursor.fetchall()
        return max(cursor.rowcount, 0)

    async def many(self, sql: str, rows: Sequence[Mapping[str, Parameter]]) -> int:
        return max(self._living().executemany(sql, rows).rowcount, 0)

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        return self._savepoint()

    @asynccontextmanager
    async def _savepoint(self) -> AsyncIterator[None]:
        self._depth += 1
        name = f"inner_{self._depth}"
        self._execute(f"SAVEPOINT {name}", {})
        try:
            yield
        except BaseException:
            self.known.clear()
            connection = self._connection
            if connection is not None and connection.in_transaction:
                connection.execute(f"ROLLBACK TO {name}")
                connection.execute(f"RELEASE {name}")
            raise
        else:
            self._execute(f"RELEASE {name}", {})
        finally:
            self._depth -= 1

    def _execute(self, sql: str, parameters: Mapping[str, Parameter]) -> sqlite3.Cursor:
        return self._living().execute(sql, parameters)

    def _living(self) -> sqlite3.Connection:
        connection = self._connection
        if connection is None:
            raise RuntimeError("this transaction has ended")
        if not connection.in_transaction:
            # Anything executed now would commit by itself, outside the unit.
            raise TransactionLost("the database rolled the transaction back")
        return connection


def _named(sql: str, cursor: sqlite3.Cursor, width: int) -> tuple[str, ...]:
    names = _names.get(sql)
    # A migration may have added columns to what a statement says by a star.
    if names is None or len(names) != width:
        if len(_names) >= _STATEMENTS_KNOWN:
            _names.clear()
        names = _names[sql] = tuple(map(_name, cursor.description))
    return names
