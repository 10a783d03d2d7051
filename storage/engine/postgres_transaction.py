"""A transaction on a psycopg connection, inside the thread that has it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from psycopg import Connection, Cursor
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow

from storage.engine.postgres_sql import translated
from storage.engine.transaction import Parameter, Row, TransactionLost

_OPEN = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})


class PostgresTransaction:
    """
    The statements of one unit; none of them really suspends.

    :raises TransactionLost: from every call once the connection was lost.
    """

    def __init__(self, connection: Connection[DictRow]) -> None:
        self._connection: Connection[DictRow] | None = connection
        self._depth = 0
        self.known: dict[tuple[str, str], Any] = {}

    def end(self) -> None:
        """Let nobody who kept the transaction write into a later one."""
        self._connection = None

    async def all(self, sql: str, **parameters: Parameter) -> list[Row]:
        return _rows(self._execute(sql, parameters))

    async def one(self, sql: str, **parameters: Parameter) -> Row | None:
        found = _rows(self._execute(sql, parameters))
        return found[0] if found else None

    async def run(self, sql: str, **parameters: Parameter) -> int:
        cursor = self._execute(sql, parameters)
        # Of a SELECT it would be how many rows there are.
        return 0 if (cursor.statusmessage or "").startswith("SELECT") else max(cursor.rowcount, 0)

    async def many(self, sql: str, rows: Sequence[Mapping[str, Parameter]]) -> int:
        if not rows:
            return 0
        with self._living().cursor() as cursor:
            cursor.executemany(translated(sql), rows)
            return max(cursor.rowcount, 0)

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
            if connection is not None and connection.info.transaction_status in _OPEN:
                connection.execute(f"ROLLBACK TO {name}".encode())
                connection.execute(f"RELEASE {name}".encode())
            raise
        else:
            self._execute(f"RELEASE {name}", {})
        finally:
            self._depth -= 1

    def _execute(self, sql: str, parameters: Mapping[str, Parameter]) -> Cursor[DictRow]:
        return self._living().execute(translated(sql), parameters)

    def _living(self) -> Connection[DictRow]:
        connection = self._connection
        if connection is None:
            raise RuntimeError("this transaction has ended")
        if connection.info.transaction_status not in _OPEN:
            raise TransactionLost("the database rolled the transaction back")
        return connection


def _rows(cursor: Cursor[DictRow]) -> list[Row]:
    # A statement that returns nothing has no rows to be asked for.
    return [] if cursor.description is None else list(cursor.fetchall())
