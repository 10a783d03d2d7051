"""A transaction on a sqlite3 connection, inside the thread that owns it."""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from operator import itemgetter

from storage.transaction import Parameter, Row, TransactionLost, Unit

_name = itemgetter(0)


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

    def end(self) -> None:
        """Let nobody who kept the transaction write into a later one."""
        self._connection = None

    async def all(self, sql: str, **parameters: Parameter) -> list[Row]:
        return self._execute(sql, parameters).fetchall()

    async def one(self, sql: str, **parameters: Parameter) -> Row | None:
        rows = self._execute(sql, parameters).fetchall()
        return rows[0] if rows else None

    async def run(self, sql: str, **parameters: Parameter) -> int:
        cursor = self._execute(sql, parameters)
        # A RETURNING that is not read to its end counts nothing and makes the
        # RELEASE of the savepoint fail.
        cursor.fetchall()
        return max(cursor.rowcount, 0)

    async def many(self, sql: str, rows: Sequence[Mapping[str, Parameter]]) -> None:
        self._living().executemany(sql, rows)

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


def drive(unit: Unit[object], transaction: SqliteTransaction) -> object:
    """
    Run a unit of work to its end without an event loop.

    :raises RuntimeError: if it suspends: it awaited more than its transaction.
    """
    steps = unit(transaction).__await__()
    try:
        steps.send(None)
    except StopIteration as finished:
        return finished.value
    finally:
        transaction.end()
    steps.close()
    raise RuntimeError("a unit of work awaits nothing but its transaction")
