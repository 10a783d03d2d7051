"""A PostgreSQL database: who writes into it, alone or not, and those that read."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar, cast

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg.types.numeric import Int8Dumper
from psycopg_pool import ConnectionPool

from storage.engine import hold
from storage.engine.driving import drive
from storage.engine.migrate_postgres import forget, migrate
from storage.engine.postgres_session import ALONE, Connect, PostgresSession
from storage.engine.postgres_transaction import PostgresTransaction
from storage.engine.transaction import TransactionLost, Unit
from storage.engine.unusable import UnknownDatabase, UnusableDatabase
from storage.engine.writer import Writer

T = TypeVar("T")
Pool = ConnectionPool[Connection[DictRow]]

READERS = 4
READER_IDLE_SECONDS = 300.0
PATIENCE_SECONDS = 30.0
# What an address leaves unsaid: a server that is gone is noticed, and does not hang the writer.
KEPT_ALIVE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "application_name": "partnerdesk",
}


class PostgresReaders:
    """A few connections that only read, each unit in one state of the database."""

    def __init__(self, address: str) -> None:
        self._pool: Pool = ConnectionPool(
            address,
            kwargs=_AS_HERE,
            configure=reading,
            # The first is opened when somebody reads.
            min_size=0,
            max_size=READERS,
            max_idle=READER_IDLE_SECONDS,
            num_workers=1,
            timeout=PATIENCE_SECONDS,
            open=False,
        )
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="reader")

    async def run(self, unit: Unit[T]) -> T:
        """Return what the unit returned; all of it saw the same state."""
        loop = asyncio.get_running_loop()
        return cast("T", await loop.run_in_executor(self._threads, self._read, unit))

    def _read(self, unit: Unit[Any]) -> object:
        self._pool.open()
        for lost in range(READERS + 1):
            connection = self._pool.getconn()
            try:
                with connection.transaction():
                    return drive(unit, PostgresTransaction(connection))
            except (psycopg.OperationalError, TransactionLost):
                # One that was lost while nobody looked: so may all the others be.
                if not connection.broken or lost == READERS:
                    raise
            finally:
                self._pool.putconn(connection)
        raise AssertionError("the last attempt returns or raises")

    async def close(self) -> None:
        """Let what is under way end, then close every connection."""
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self._pool.close)


def alone_with(address: str) -> Connection[DictRow]:
    """
    Return a connection that keeps out every other one that asks for the same, while it lasts.

    The one that writes has the lock itself: whoever lost it writes no more.

    :raises HeldElsewhere: if another has it, and does not let go in time.
    """
    connection = connected(address)
    try:
        deadline = time.monotonic() + hold.PATIENCE_SECONDS
        while not _taken(connection):
            if time.monotonic() > deadline:
                raise hold.HeldElsewhere(hold.TAKEN)
            time.sleep(hold.RETRY_SECONDS)
    except BaseException:
        connection.close()
        raise
    return connection


def _taken(connection: Connection[DictRow]) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s) AS taken", (ALONE,)).fetchone()
    return row is not None and bool(row["taken"])


async def emptied(url: str) -> None:
    """
    Take the desk's own tables out of a database, to begin anew.

    :raises UnusableDatabase: if it cannot be reached.
    """

    def empty() -> None:
        with connected(address_of(url)) as connection:
            forget(connection)

    try:
        await asyncio.to_thread(empty)
    except psycopg.Error as error:
        raise UnusableDatabase(why(error)) from None


async def opened(url: str, *, alone: bool) -> tuple[Writer, PostgresReaders]:
    """
    Return who writes, and keeps others out if it is to be alone, and who reads.

    :raises HeldElsewhere: if another process is alone with it.
    :raises UnknownDatabase: if the address cannot be read.
    :raises UnusableDatabase: if it cannot be reached, or sorts as another language does.
    :raises storage.engine.migrate.SchemaTooNew: if a later version wrote it.
    """
    address = address_of(url)
    connect = partial(alone_with if alone else connected, address)
    try:
        session = await asyncio.to_thread(_begun, connect)
    except psycopg.Error as error:
        raise UnusableDatabase(why(error)) from None
    return Writer(session), PostgresReaders(address)


def address_of(url: str) -> str:
    """
    Return the address as libpq takes it, with what it leaves unsaid.

    :raises UnknownDatabase: if it cannot be read; it is not told, for it may hold a password.
    """
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        raise UnknownDatabase(
            "the address cannot be read; it is postgresql://NAME:PASSWORD@HOST:PORT/DATABASE,"
            " and what is no letter or digit in a name or a password is written as %XX"
        ) from None
    return psycopg.conninfo.make_conninfo(**cast("dict[str, Any]", KEPT_ALIVE | given))


def _begun(connect: Connect) -> PostgresSession:
    connection = connect()
    try:
        _check(connection)
        migrate(connection)
        return PostgresSession(connection, connect)
    except BaseException:
        connection.close()
        raise


def _check(connection: Connection[DictRow]) -> None:
    """See that texts are compared byte by byte, as the rules and the other engine have it."""
    row = connection.execute(_LOCALE).fetchone()
    assert row is not None, "this database is among all"
    encoding, locale = str(row["encoding"]), str(row["locale"])
    if encoding != "UTF8" or locale not in ("C", "C.UTF-8", "C.UTF8"):
        raise UnusableDatabase(
            f"the database is made for {encoding} and {locale}; make one with ENCODING 'UTF8'"
            " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' TEMPLATE template0"
        )


def connected(address: str) -> Connection[DictRow]:
    """Return a connection of which each statement is by itself until a transaction is begun."""
    connection = cast("Connection[DictRow]", psycopg.connect(address, **_AS_HERE))
    _set_up(connection)
    return connection


def _set_up(connection: Connection[DictRow]) -> None:
    # A number is as wide as any column, or a sum of two small ones would not fit.
    connection.adapters.register_dumper(int, Int8Dumper)


def reading(connection: Connection[DictRow]) -> None:
    """Let a connection only read, each transaction in one state of the database."""
    _set_up(connection)
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True


def why(error: psycopg.Error) -> str:
    """Say it in one line; the server's words name no password."""
    said = " ".join(str(error).split())
    return f"the database cannot be opened: {said}"


_AS_HERE: dict[str, Any] = {"autocommit": True, "row_factory": dict_row, "prepare_threshold": 3}
_LOCALE = """
SELECT pg_encoding_to_char(encoding) AS encoding,
       CASE datlocprovider WHEN 'c' THEN datcollate ELSE datlocale END AS locale
  FROM pg_database WHERE datname = current_database()
"""
