"""The database behind one face: units of work go in, what they return comes out."""

from typing import Protocol, Self, TypeVar

from storage.engine import sqlite_database
from storage.engine.hold import HeldElsewhere
from storage.engine.transaction import Parameter, Row, Transaction, TransactionLost, Unit
from storage.engine.unusable import UnknownDatabase, UnusableDatabase
from storage.engine.writer import Writer

__all__ = [
    "Database",
    "HeldElsewhere",
    "Parameter",
    "Row",
    "Transaction",
    "TransactionLost",
    "Unit",
    "UnknownDatabase",
    "UnusableDatabase",
]

T = TypeVar("T")


class Readers(Protocol):
    """Runs units that only read, beside the writer."""

    async def run(self, unit: Unit[T]) -> T: ...
    async def close(self) -> None: ...


class Held(Protocol):
    """Keeps other processes out of the database, until it is let go."""

    def release(self) -> None: ...


class Database:
    """
    Everything that is kept, written by one writer and read on the side.

    Belongs to the event loop it was opened in.
    """

    def __init__(self, writer: Writer, readers: Readers | None, hold: Held | None = None) -> None:
        self._writer = writer
        self._readers = readers
        self._hold = hold

    @classmethod
    async def open(cls, url: str, *, alone: bool = False) -> Self:
        """
        Open, create if need be and migrate the database.

        :param url: ``sqlite:////absolute/path``, ``sqlite:///relative/path``, ``sqlite://`` for
            one in memory that ends with the process; or ``postgresql://…``, which has to exist.
        :param alone: keep out every other process that asks for the same.
        :raises HeldElsewhere: if another process is alone with it.
        :raises UnknownDatabase: if the address is of another kind, or cannot be read.
        :raises UnusableDatabase: if PostgreSQL's cannot be reached or is not made as it has to be.
        :raises storage.engine.migrate.SchemaTooNew: if a later version wrote it.
        """
        kind, separator, rest = url.partition("://")
        if kind == "postgresql":
            # Half a tenth of a second that those who have none need not wait for.
            from storage.engine import postgres_database

            return cls(*await postgres_database.opened(url, alone=alone))
        if kind != "sqlite" or not separator:
            # The address may hold a password, so only its kind is told.
            raise UnknownDatabase(
                f"no such kind of database: {kind!r}; sqlite:///path and postgresql:// are"
            )
        if rest and (not rest.startswith("/") or rest == "/"):
            raise UnknownDatabase(
                "a SQLite address is sqlite:////absolute/path or sqlite:///relative"
            )
        return cls(*await sqlite_database.opened(rest.removeprefix("/"), alone=alone))

    async def write(self, unit: Unit[T]) -> T:
        """
        Run one transaction; return once it is committed.

        If the unit raises, nothing of it is kept and the exception goes on.
        The unit awaits nothing but its transaction, and may be run again
        from its beginning.

        :raises RuntimeError: if the unit awaits anything else.
        :raises storage.engine.writer.WriterStopped: after close.
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


def _only_reading(unit: Unit[T]) -> Unit[T]:
    """Let a unit read on the writer's connection: one in memory has no other."""

    async def guarded(transaction: Transaction) -> T:
        await transaction.run("PRAGMA query_only = ON")
        try:
            return await unit(transaction)
        finally:
            await transaction.run("PRAGMA query_only = OFF")

    return guarded
