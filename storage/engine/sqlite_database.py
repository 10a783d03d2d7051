"""A SQLite database: its file opened, and the session that writes into it."""

import asyncio
import sqlite3
import time
from pathlib import Path

from storage.engine.hold import Hold
from storage.engine.migrate import migrate
from storage.engine.sqlite_readers import SqliteReaders
from storage.engine.sqlite_transaction import SqliteTransaction
from storage.engine.writer import Writer

_START_PATIENCE_SECONDS = 60.0
_CACHE_KIB = 64 * 1024
_PAGES_PER_CHECKPOINT = 8000
# What the promises about lost power and dangling references rest on.
_SETTINGS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


class SqliteSession:
    """The one connection that writes; SQLite itself keeps other processes' writers out."""

    errors = sqlite3.Error
    lost = False

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def open(self) -> bool:
        return self._connection.in_transaction

    def begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        self._connection.execute("ROLLBACK")

    def mark(self) -> None:
        self._connection.execute("SAVEPOINT unit")

    def back(self) -> None:
        self._connection.execute("ROLLBACK TO unit")

    def keep(self) -> None:
        self._connection.execute("RELEASE unit")

    def transaction(self) -> SqliteTransaction:
        return SqliteTransaction(self._connection)

    def close(self) -> None:
        self._connection.close()


async def opened(path: str, *, alone: bool) -> tuple[Writer, SqliteReaders | None, Hold | None]:
    """
    Return who writes, who reads, and the hold that keeps others out; without a path in memory.

    :raises HeldElsewhere: if another process is alone with it.
    :raises storage.engine.migrate.SchemaTooNew: if a later version wrote it.
    """
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    hold = await asyncio.to_thread(Hold.take, path) if alone and path else None
    try:
        session = SqliteSession(await asyncio.to_thread(open_for_writing, path))
        writer = Writer(session)
        try:
            return writer, await SqliteReaders.open(path) if path else None, hold
        except BaseException:
            await writer.close()
            raise
    except BaseException:
        if hold is not None:
            hold.release()
        raise


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
