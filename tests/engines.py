"""
The databases that tests run on: SQLite in memory, or, with TEST_ENGINE=postgresql, PostgreSQL.

TEST_DATABASE_URL names a server to use; without it the tests start one of their own.
"""

import os
import sqlite3
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Self
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.rows import dict_row

from storage.engine.database import Database, Parameter, Row, Transaction
from storage.engine.migrate_postgres import migrate
from storage.engine.postgres_database import PostgresReaders, address_of, connected
from storage.engine.postgres_session import PostgresSession
from storage.engine.writer import Writer, WriterStopped
from tests.postgres import Server

POSTGRES = os.environ.get("TEST_ENGINE") == "postgresql"
TEMPLATE = "partnerdesk_template"
# What a statement raises that a constraint or a trigger of the schema does not let through.
Refused = (sqlite3.IntegrityError, psycopg.errors.IntegrityError, psycopg.errors.RaiseException)
# What a statement raises that writes where only reading is allowed.
ReadOnly = (sqlite3.OperationalError, psycopg.errors.ReadOnlySqlTransaction)
# Marks what is about SQLite's own ways: its file, its pragmas, its plans in its words.
sqlite_alone = pytest.mark.skipif(POSTGRES, reason="about SQLite's own ways")
postgres_alone = pytest.mark.skipif(not POSTGRES, reason="about PostgreSQL: TEST_ENGINE=postgresql")
# How either engine is asked which tables there are, and which columns they have.
TABLES = (
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    if POSTGRES
    else "SELECT name FROM sqlite_master WHERE type = 'table'"
)
# Lets rows be changed that are only ever added to, until the transaction is over.
UNLOCKING = (
    ("SET LOCAL session_replication_role = replica",)
    if POSTGRES
    else tuple(
        f"DROP TRIGGER {table}_{what}"
        for table in ("entries", "postings", "audit")
        for what in ("keep", "stay")
    )
)
_COLUMNS = (
    """
    SELECT attname AS name, COALESCE(attnum = ANY (indkey), FALSE)::int AS pk
      FROM pg_attribute LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
     WHERE attrelid = CAST(:name AS regclass) AND attnum > 0 AND NOT attisdropped
    """
    if POSTGRES
    else "SELECT name, pk FROM pragma_table_info(:name)"
)
# SQLite numbers rows as they come, and the tests ask for what was said in that order. To empty a
# database takes a tenth of the time that another copy of the template takes.
_FOR_TESTS = """
ALTER TABLE messages ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY;
CREATE SCHEMA beside;
CREATE TABLE beside.chains AS TABLE chains;
CREATE TABLE beside.alembic_version AS TABLE alembic_version;
CREATE FUNCTION beside.emptied() RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
  one RECORD;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT relname FROM pg_class
              WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                AND pg_relation_size(oid) > 0 LOOP
    EXECUTE format('DELETE FROM %I', one.relname);
  END LOOP;
  INSERT INTO chains SELECT * FROM beside.chains;
  INSERT INTO alembic_version SELECT * FROM beside.alembic_version;
  RETURN TRUE;
END $$;
CREATE VIEW beside.shape AS
SELECT (SELECT COUNT(*) FROM pg_attribute) AS columns,
       (SELECT COUNT(*) FROM pg_trigger WHERE tgenabled = 'O') AS triggers;
CREATE TABLE beside.shipped AS SELECT * FROM beside.shape;
UPDATE beside.shipped SET columns = shape.columns, triggers = shape.triggers FROM beside.shape;
"""
_EMPTIED = """
SELECT beside.emptied() AS done FROM beside.shape JOIN beside.shipped USING (columns, triggers)
"""
_servers: list[Server] = []


def begin() -> None:
    """Make the database that every test's own is a copy of."""
    if not POSTGRES:
        return
    if "TEST_DATABASE_URL" not in os.environ:
        _servers.append(Server.start())
        os.environ["TEST_DATABASE_URL"] = _servers[0].url
    _on_server(f"DROP DATABASE IF EXISTS {TEMPLATE}")
    _on_server(f"CREATE DATABASE {TEMPLATE}")
    with psycopg.connect(_url(TEMPLATE), autocommit=True, row_factory=dict_row) as connection:
        migrate(connection)
        connection.execute(_FOR_TESTS)


def end(*, leading: bool) -> None:
    """Leave nothing behind."""
    while _free:
        _free.pop().end()
    if _servers:
        _servers.pop().stop()
    elif POSTGRES and leading:
        _on_server(f"DROP DATABASE IF EXISTS {TEMPLATE}")


class _Session(PostgresSession):
    """A connection that is not closed with its writer: one that is warm is much quicker."""

    def close(self) -> None:
        pass

    def end(self) -> None:
        super().close()


class _Readers(PostgresReaders):
    async def close(self) -> None:
        pass

    def end(self) -> None:
        self._threads.shutdown()
        self._pool.close()


class _Kept:
    """A database of a test's own, and then of another's."""

    def __init__(self) -> None:
        url = created()
        self.name = _name(url)
        connect = partial(connected, address_of(url))
        self.session = _Session(connect(), connect)
        self.readers = _Readers(address_of(url))

    def end(self) -> None:
        self.session.end()
        self.readers.end()
        _on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


class TestDatabase(Database):
    """A database that is gone, or empty and another test's, once it is closed."""

    __test__ = False
    kept: _Kept | None = None

    @classmethod
    async def anew(cls) -> Self:
        """Open an empty one, migrated."""
        if not POSTGRES:
            return await cls.open("sqlite://")
        kept = _free.pop() if _free else _Kept()
        opened = cls(Writer(kept.session), kept.readers)
        opened.kept = kept
        return opened

    async def close(self) -> None:
        kept, self.kept = self.kept, None
        emptied = kept is not None and await self._emptied()
        await super().close()
        if kept is not None and emptied:
            _free.append(kept)
        elif kept is not None:
            kept.end()

    async def _emptied(self) -> bool:
        """Take all rows out, unless a test did something to the tables themselves."""
        try:
            return await self.write(lambda tx: tx.one(_EMPTIED)) is not None
        except (psycopg.Error, WriterStopped):
            return False


_free: list[_Kept] = []


@asynccontextmanager
async def lent(otherwise: str = "sqlite://") -> AsyncIterator[str]:
    """Give the address of an empty PostgreSQL database, or the other where that is not tested."""
    if not POSTGRES:
        yield otherwise
        return
    url = created()
    try:
        yield url
    finally:
        _on_server(f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")


async def columns(database: Database, table: str) -> list[Row]:
    """Return the names of a table's columns, and which (`pk`) are its primary key's."""
    return await database.read(lambda tx: tx.all(_COLUMNS, name=table))


async def plan(database: Database, sql: str, **parameters: Parameter) -> list[str]:
    """Return how the engine would go about a statement, in its words."""

    async def unit(tx: Transaction) -> list[str]:
        if not POSTGRES:
            rows = await tx.all(f"EXPLAIN QUERY PLAN {sql}", **parameters)
            return [str(row["detail"]) for row in rows]
        # Of few rows it would rather read all than take an index, and sort what it has.
        for way in ("seqscan", "sort"):
            await tx.run(f"SET LOCAL enable_{way} = off")
        rows = await tx.all(f"EXPLAIN (COSTS OFF) {sql}", **parameters)
        return [str(row["QUERY PLAN"]) for row in rows]

    return await database.read(unit)


def created() -> str:
    """Return the address of a new database on the server."""
    name = f"test_{uuid.uuid4().hex}"
    _on_server(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    return _url(name)


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _url(name: str) -> str:
    address = urlsplit(os.environ["TEST_DATABASE_URL"])
    return f"postgresql://{address.netloc}/{name}?{address.query}"


def _on_server(statement: str) -> None:
    with psycopg.connect(os.environ["TEST_DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement.encode())
