"""A PostgreSQL database that is only looked into, whoever writes to it meanwhile."""

from typing import TypeVar, cast

import psycopg

from storage.engine.driving import drive
from storage.engine.postgres_database import address_of, connected, reading, why
from storage.engine.postgres_transaction import PostgresTransaction
from storage.engine.transaction import Unit
from storage.engine.unusable import UnusableDatabase

T = TypeVar("T")


class LookingThere:
    """A connection on which nothing can be changed."""

    def __init__(self, url: str) -> None:
        """
        Connect.

        :raises UnknownDatabase: if the address cannot be read.
        :raises UnusableDatabase: if the server cannot be reached, or has no such database.
        """
        try:
            self._connection = connected(address_of(url))
        except psycopg.Error as error:
            raise UnusableDatabase(why(error)) from None
        reading(self._connection)

    async def read(self, unit: Unit[T]) -> T:
        """
        Run a unit that only reads, all of it in one state of the database.

        :raises UnusableDatabase: if what is asked for is not there.
        """
        try:
            with self._connection.transaction():
                return cast("T", drive(unit, PostgresTransaction(self._connection)))
        except psycopg.Error as error:
            raise UnusableDatabase(why(error)) from None

    async def write(self, unit: Unit[T]) -> T:
        """Refuse."""
        del unit
        raise PermissionError("this database is only looked into")

    async def damage(self) -> list[str]:
        """Return nothing: what is wrong with its files the server tells by failing to read."""
        return []

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
