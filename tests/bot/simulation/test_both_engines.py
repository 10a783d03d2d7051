"""A history of one seed comes to the same books on PostgreSQL as on SQLite, to the byte."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar, cast

import pytest
from psycopg import Connection, Cursor

from bot.simulated import SimulatedDesk
from bot.simulation.playing import Play, Played
from storage.engine.driving import drive
from storage.engine.postgres_database import address_of, connected
from storage.engine.postgres_session import PostgresSession
from storage.engine.postgres_transaction import PostgresTransaction
from storage.engine.transaction import Parameter, Unit
from tests import engines

T = TypeVar("T")
# `HISTORIES=1000 make test-postgres ARGS="-m long tests/bot/simulation"` plays as many.
HISTORIES = int(os.environ.get("HISTORIES", "20"))


class InlinePostgres:
    """What the simulation keeps its rows in, as storage.engine.inline does in memory."""

    def __init__(self, url: str) -> None:
        connect = partial(connected, address_of(url))
        self._session = PostgresSession(connect(), connect)
        self._crash: tuple[int, Exception] | None = None
        self.changes = 0

    async def write(self, unit: Unit[T]) -> T:
        self.changes += 1
        self._session.begin()
        try:
            result = drive(unit, self._transaction())
            self._crash_by_now()
        except BaseException:
            self._session.rollback()
            raise
        self._session.commit()
        return cast("T", result)

    async def read(self, unit: Unit[T]) -> T:
        self._session.begin()
        try:
            return cast("T", drive(unit, self._session.transaction()))
        finally:
            self._session.rollback()

    def crash_after(self, statements: int, crash: Exception | None) -> None:
        self._crash = None if crash is None else (statements, crash)

    def close(self) -> None:
        self._session.close()

    def _transaction(self) -> PostgresTransaction:
        if self._crash is None:
            return self._session.transaction()
        return _CutShort(self._session._held(), self._crash[0], self._crash_by_now)

    def _crash_by_now(self) -> None:
        if self._crash is not None:
            (_, crash), self._crash = self._crash, None
            raise crash


class _CutShort(PostgresTransaction):
    """A transaction whose process dies after so many statements."""

    def __init__(
        self, connection: Connection[Any], statements: int, die: Callable[[], None]
    ) -> None:
        super().__init__(connection)
        self._left = statements
        self._die = die

    def _execute(self, sql: str, parameters: Mapping[str, Parameter]) -> Cursor[Any]:
        self._left -= 1
        if self._left < 0:
            self._die()
        return super()._execute(sql, parameters)


@asynccontextmanager
async def served(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Have the simulated desk keep its rows in a database of the server's."""
    async with engines.lent() as url:
        database = InlinePostgres(url)
        with monkeypatch.context() as patched:
            patched.setattr("bot.simulated.InlineDatabase", lambda: database)
            yield
        database.close()


async def played(**chosen: int) -> Played:
    return await Play(**{"years": 1, "partners": 2, "size": 4, **chosen}).run(SimulatedDesk)


@engines.postgres_alone
class TestAHistory:
    @pytest.mark.timeout(300)
    async def test_is_the_same_on_both(self, monkeypatch):
        here = await played(seed=7)
        async with served(monkeypatch):
            there = await played(seed=7)
        assert here.met["crash"] > 0
        assert there == here

    @pytest.mark.long
    @pytest.mark.timeout(0)
    async def test_of_any_seed_is_the_same_on_both(self, monkeypatch):
        for seed in range(HISTORIES):
            here = await played(seed=seed, partners=1, size=2)
            async with served(monkeypatch):
                there = await played(seed=seed, partners=1, size=2)
            assert there.fingerprint == here.fingerprint, seed
