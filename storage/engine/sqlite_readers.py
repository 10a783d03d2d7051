"""Read-only SQLite connections, handed out one unit at a time."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Self, TypeVar

import aiosqlite

from storage.engine.sqlite_transaction import row_as_mapping
from storage.engine.transaction import Parameter, Row, Unit

T = TypeVar("T")

CONNECTIONS = 4


class ReadTransaction:
    """One snapshot of the database; SQLite refuses whatever would change it."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self.known: dict[tuple[str, str], Any] = {}

    async def all(self, sql: str, **parameters: Parameter) -> list[Row]:
        return list(await self._connection.execute_fetchall(sql, parameters))  # type: ignore[arg-type]

    async def one(self, sql: str, **parameters: Parameter) -> Row | None:
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def run(self, sql: str, **parameters: Parameter) -> int:
        await self.all(sql, **parameters)
        return 0

    async def many(self, sql: str, rows: Sequence[Mapping[str, Parameter]]) -> int:
        for row in rows:
            await self.all(sql, **row)
        return 0

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        return self._savepoint()

    @asynccontextmanager
    async def _savepoint(self) -> AsyncIterator[None]:
        # Nothing was written, so there is nothing to undo.
        yield


class SqliteReaders:
    """A few connections opened with query_only; a unit that finds none free waits."""

    def __init__(self, connections: Sequence[aiosqlite.Connection]) -> None:
        self._connections = connections
        self._free: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        for connection in connections:
            self._free.put_nowait(connection)

    @classmethod
    async def open(cls, path: str) -> Self:
        """Open every connection; if one fails, none stays open."""
        async with AsyncExitStack() as opened:
            connections = [
                await opened.enter_async_context(_connected(path)) for _ in range(CONNECTIONS)
            ]
            for connection in connections:
                connection.row_factory = row_as_mapping  # type: ignore[assignment]
                await connection.execute("PRAGMA busy_timeout = 5000")
                await connection.execute("PRAGMA query_only = ON")
            opened.pop_all()
        return cls(connections)

    async def run(self, unit: Unit[T]) -> T:
        """Return what the unit returned; all of it saw the same state."""
        connection = await self._free.get()
        try:
            try:
                await connection.execute("BEGIN")
                return await unit(ReadTransaction(connection))
            finally:
                # A cancelled unit's statement may still run in the connection's
                # thread; the rollback queues behind it, even if cancelled too.
                await connection.rollback()
        finally:
            self._free.put_nowait(connection)

    async def close(self) -> None:
        """Close every connection."""
        for connection in self._connections:
            await connection.close()


def _connected(path: str) -> aiosqlite.Connection:
    connection = aiosqlite.connect(path, isolation_level=None, cached_statements=256)
    # Or a process that ends by an error, with nothing closed, would wait for
    # this thread for ever instead of being started again.
    connection._thread.daemon = True
    return connection
