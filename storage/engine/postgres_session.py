"""The connection that writes into a PostgreSQL database, while no other process does."""

import time
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow

from storage.engine.postgres_transaction import PostgresTransaction

# Numbers of advisory locks, the project's own; those of another program in the same database
# would only wait for one another.
WRITING, ALONE, MIGRATING = 7_470_001, 7_470_002, 7_470_003
# So long the server is asked what became of a commit whose answer was lost.
ASKING_SECONDS = 30.0
PAUSE_SECONDS = 0.2
# One that stops in the middle of a batch would keep all others from writing.
_STALLED = b"SET idle_in_transaction_session_timeout = '60s'"
_OPEN = frozenset({TransactionStatus.INTRANS, TransactionStatus.INERROR})

Connect = Callable[[], Connection[DictRow]]


class CommitUnknown(Exception):
    """The connection was lost in a commit, and the server cannot be asked what became of it."""

    def __init__(self) -> None:
        super().__init__(
            "the connection to the database was lost in a commit: what was done may be kept or not"
        )


class PostgresSession:
    """
    A connection that writes, while no other does, in this process or in another.

    The rules read before they write, and what they read has to stand until the commit: an
    advisory lock gives that by one wait a batch, where row locks would want one a statement.
    A connection that is lost is replaced by another when the next batch begins.
    """

    errors = psycopg.Error

    def __init__(self, connection: Connection[DictRow], connect: Connect) -> None:
        self._connect = connect
        self._connection: Connection[DictRow] | None = connection
        self._number = 0
        connection.execute(_STALLED)

    @property
    def open(self) -> bool:
        connection = self._connection
        return connection is not None and connection.info.transaction_status in _OPEN

    @property
    def lost(self) -> bool:
        return self._connection is None or self._connection.closed

    def begin(self) -> None:
        connection = self._living()
        try:
            self._number = _begun(connection)
        except psycopg.Error:
            if not connection.broken:
                raise
            # It was lost while nobody looked.
            self._number = _begun(self._living())

    def commit(self) -> None:
        """
        Keep the batch.

        :raises CommitUnknown: if nobody can tell whether it is kept.
        """
        connection = self._held()
        if connection.info.transaction_status is TransactionStatus.INERROR:
            # The server would roll it back, and say of that that it went well.
            raise psycopg.errors.InFailedSqlTransaction("a unit went on after a statement failed")
        try:
            connection.execute(b"COMMIT")
        except psycopg.Error:
            if not connection.broken:
                raise
            if not self._was_kept():
                raise

    def rollback(self) -> None:
        self._held().execute(b"ROLLBACK")

    def mark(self) -> None:
        self._held().execute(b"SAVEPOINT unit")

    def back(self) -> None:
        self._held().execute(b"ROLLBACK TO unit")

    def keep(self) -> None:
        self._held().execute(b"RELEASE unit")

    def transaction(self) -> PostgresTransaction:
        return PostgresTransaction(self._held())

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _was_kept(self) -> bool:
        """Ask what became of the batch: run again, what was kept would happen twice."""
        deadline = time.monotonic() + ASKING_SECONDS
        while time.monotonic() < deadline:
            try:
                asked = self._living().execute(
                    "SELECT pg_xact_status(%s::text::xid8) AS state", (str(self._number),)
                )
                row = asked.fetchone()
            except psycopg.OperationalError:
                row = None
            if row is not None and row["state"] in ("committed", "aborted"):
                return bool(row["state"] == "committed")
            time.sleep(PAUSE_SECONDS)
        raise CommitUnknown

    def _living(self) -> Connection[DictRow]:
        """Return the connection, or a new one for one that was lost."""
        if self._connection is None or self._connection.closed:
            self._connection = None
            self._connection = self._connect()
            self._connection.execute(_STALLED)
        return self._connection

    def _held(self) -> Connection[DictRow]:
        assert self._connection is not None, "a batch is open"
        return self._connection


def _begun(connection: Connection[Any]) -> int:
    """Begin, wait until nobody else writes, and return the transaction's number, all in one go."""
    cursor = connection.execute(
        f"BEGIN; SELECT pg_advisory_xact_lock({WRITING});"
        " SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT) AS number".encode()
    )
    cursor.nextset()
    cursor.nextset()
    row = cursor.fetchone()
    assert row is not None, "a SELECT without a table returns one row"
    return int(row["number"])
