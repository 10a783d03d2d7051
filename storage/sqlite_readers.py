"""Read-only SQLite connections, handed out one unit at a time."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeVar

import aiosqlite

from storage.sqlite_transaction import row_as_mapping
from storage.transaction import Parameter, Row, Unit

T = TypeVar("T")

CONNECTIONS = 4


class ReadTransaction:
    """One snapshot of the database; SQLite refuses whatever would change it."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._depth = 0

    async def all(self, sql: str, **parameters: Parameter) -> list[Row]:
        return list(await self._connection.execute_fetchall(sql, parameters))  # type: ignore[arg-type]

    async def one(self, sql: str, **parameters: Parameter) -> Row | None:
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def run(self, sql: str, **parameters: Parameter) -> int:
        await self.all(sql, **parameters)
        return 0

    async def many(self, sql: str, rows: Sequence[Mapping[str, Parameter]]) -> None:
        for row in rows:
            await self.all(sql, **row)

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        return self._savepoint()

    @asynccontextmanager
    async def _savepoint(self) -> AsyncIterator[None]:
        # Nothing was written, so there is nothing to undo.
        yield


class SqliteReaders:
    """A few connections opened with query_only; a unit that finds none free waits."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._free: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._opened: list[aiosqlite.Connection] = []
        self._opening = asyncio.Lock()

    async def run(self, unit: Unit[T]) -> T:
        """Return what the unit returned; all of it saw the same state."""
        connection = await self._borrow()
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
        for connection in self._opened:
            await connection.close()
        self._opened.clear()

    async def _borrow(self) -> aiosqlite.Connection:
        if self._free.empty() and len(self._opened) < CONNECTIONS:
            async with self._opening:
                if self._free.empty() and len(self._opened) < CONNECTIONS:
                    connection = await self._open()
                    self._opened.append(connection)
                    return connection
        return await self._free.get()

    async def _open(self) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(
            self._path, isolation_level=None, cached_statements=256
        )
        connection.row_factory = row_as_mapping  # type: ignore[assignment]
        await connection.execute("PRAGMA busy_timeout = 5000")
        await connection.execute("PRAGMA query_only = ON")
        return connection
