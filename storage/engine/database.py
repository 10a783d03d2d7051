"""The database behind one face: units of work go in, what they return comes out."""

import asyncio
import sqlite3
import time
from pathlib import Path
from typing import Self, TypeVar

from storage.engine.hold import HeldElsewhere, Hold
from storage.engine.migrate import migrate
from storage.engine.sqlite_readers import SqliteReaders
from storage.engine.sqlite_writer import SqliteWriter
from storage.engine.transaction import Parameter, Row, Transaction, TransactionLost, Unit

__all__ = [
    "Database",
    "HeldElsewhere",
    "Parameter",
    "Row",
    "Transaction",
    "TransactionLost",
    "Unit",
]

T = TypeVar("T")

_START_PATIENCE_SECONDS = 60.0
_CACHE_KIB = 64 * 1024
_PAGES_PER_CHECKPOINT = 8000
# What the promises about lost power and dangling references rest on.
_SETTINGS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


class UnknownDatabase(ValueError):
    """The address names no engine this version has."""


class Database:
    """
    Everything that is kept, written by one writer and read on the side.

    Belongs to the event loop it was opened in.
    """

    def __init__(
        self, writer: SqliteWriter, readers: SqliteReaders | None, hold: Hold | None = None
    ) -> None:
        self._writer = writer
        self._readers = readers
        self._hold = hold

    @classmethod
    async def open(cls, url: str, *, alone: bool = False) -> Self:
        """
        Open, create if need be and migrate the database.

        :param url: ``sqlite:////absolute/path``, ``sqlite:///relative/path``,
            or ``sqlite://`` for one in memory that ends with the process.
        :param alone: keep out every other process that asks for the same.
        :raises HeldElsewhere: if another process is alone with it.
        :raises UnknownDatabase: if the address is of another kind.
        :raises storage.engine.migrate.SchemaTooNew: if a later version wrote it.
        """
        path = _path(url)
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        hold = await asyncio.to_thread(Hold.take, path) if alone and path else None
        try:
            return await cls._open(path, hold)
        except BaseException:
            if hold is not None:
                hold.release()
            raise

    @classmethod
    async def _open(cls, path: str, hold: Hold | None) -> Self:
        writer = SqliteWriter(await asyncio.to_thread(open_for_writing, path))
        try:
            return cls(writer, await SqliteReaders.open(path) if path else None, hold)
        except BaseException:
            await writer.close()
            raise

    async def write(self, unit: Unit[T]) -> T:
        """
        Run one transaction; return once it is committed.

        If the unit raises, nothing of it is kept and the exception goes on.
        The unit awaits nothing but its transaction, and may be run again
        from its beginning.

        :raises RuntimeError: if the unit awaits anything else.
        :raises storage.engine.sqlite_writer.WriterStopped: after close.
        """
        return await self._writer.run(unit)

    async def read(self, unit: Unit[T]) -> T:
        """Run a unit that only reads, all of it in one state of the database."""
        if self._readers is None:
            return await self._writer.run(_only_reading(unit))
        return await self._readers.run(unit)

    async def watch(self) -> None:
        """Return when the database was closed; raise if its writer died."""
        await self._writer.watch()

    async def close(self) -> None:
        """Finish every unit that was handed in, then close."""
        if self._readers is not None:
            await self._readers.close()
        await self._writer.close()
        if self._hold is not None:
            self._hold.release()
            self._hold = None


def _path(url: str) -> str:
    """Return the file's path; nothing for a database in memory."""
    kind, separator, rest = url.partition("://")
    if kind != "sqlite" or not separator:
        # The address may hold a password, so only its kind is told.
        raise UnknownDatabase(f"no such kind of database: {kind!r}; sqlite:///path is one")
    if rest and (not rest.startswith("/") or rest == "/"):
        raise UnknownDatabase("a SQLite address is sqlite:////absolute/path or sqlite:///relative")
    return rest.removeprefix("/")


def open_for_writing(path: str) -> sqlite3.Connection:
    """Open, create if need be and migrate a database; without a path one in memory."""
    connection = sqlite3.connect(
        path or ":memory:",
        isolation_level=None,
        timeout=_START_PATIENCE_SECONDS,
        # Opened here, used in the writer's thread from then on.
        check_same_thread=False,
        cached_statements=512,
    )
    try:
        _set_up(connection, in_file=bool(path))
        migrate(connection)
        connection.execute("PRAGMA busy_timeout = 5000")
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection, *, in_file: bool) -> None:
    if in_file:
        _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # A close touches indexes all over the place, which are read and written back again and again
    # where few of their pages are kept (docs/close.md).
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_PER_CHECKPOINT}")
    for setting, wanted in _SETTINGS.items():
        if setting == "journal_mode" and not in_file:
            continue
        (found,) = connection.execute(f"PRAGMA {setting}").fetchone()
        if found != wanted:
            raise RuntimeError(f"SQLite keeps {setting} = {found} here; {wanted} is needed")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; another starter's lock is waited for."""
    deadline = time.monotonic() + _START_PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError:
            # SQLite does not honour its busy timeout for this one change.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _only_reading(unit: Unit[T]) -> Unit[T]:
    """Let a unit read on the writer's connection: one in memory has no other."""

    async def guarded(transaction: Transaction) -> T:
        await transaction.run("PRAGMA query_only = ON")
        try:
            return await unit(transaction)
        finally:
            await transaction.run("PRAGMA query_only = OFF")

    return guarded
