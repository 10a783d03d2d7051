"""PostgreSQL behind the same face: what it does beside what every engine does."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import psycopg
import pytest

from storage.engine import hold
from storage.engine.database import (
    Database,
    HeldElsewhere,
    Transaction,
    UnknownDatabase,
    UnusableDatabase,
)
from storage.engine.migrate import SchemaTooNew, shipped
from storage.engine.postgres_database import emptied
from storage.engine.postgres_session import CommitUnknown, PostgresSession
from storage.engine.writer import WriterStopped
from tests import engines

pytestmark = engines.postgres_alone
KILL = "SELECT pg_terminate_backend(pg_backend_pid())"
KILL_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with engines.lent() as address:
        yield address


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await Database.open(url)
    await opened.write(lambda tx: tx.run("CREATE TABLE marks (id BIGINT PRIMARY KEY)"))
    yield opened
    with contextlib.suppress(WriterStopped):
        await opened.close()


def mark(number: int):
    return lambda tx: tx.run("INSERT INTO marks VALUES (:id)", id=number)


async def marked(database: Database) -> list[int]:
    rows = await database.read(lambda tx: tx.all("SELECT id FROM marks ORDER BY id"))
    return [row["id"] for row in rows]


def at_once(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


class TestAConnectionThatIsLost:
    async def test_between_batches_is_replaced_unseen(self, database, url):
        await database.write(mark(1))
        assert await marked(database) == [1]
        at_once(url, KILL_OTHERS)
        assert await database.write(mark(2)) == 1
        at_once(url, KILL_OTHERS)
        assert await marked(database) == [1, 2]

    async def test_in_a_batch_has_its_units_run_again(self, database):
        lost = []

        async def loses(tx: Transaction) -> None:
            await mark(50)(tx)
            if not lost:
                lost.append(True)
                await tx.run(KILL)

        units = [mark(1), loses, mark(2), mark(3)]
        await asyncio.gather(*map(database.write, units))
        assert await marked(database) == [1, 2, 3, 50]

    async def test_by_the_unit_itself_fails_that_one_alone(self, database):
        async def kills(tx: Transaction) -> None:
            await mark(50)(tx)
            await tx.run(KILL)

        outcomes = await asyncio.gather(
            *map(database.write, [mark(1), kills, mark(2)]), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes][::2] == [int, int]
        assert isinstance(outcomes[1], psycopg.OperationalError)
        assert await marked(database) == [1, 2]

    @pytest.mark.parametrize("before", [True, False])
    async def test_in_a_commit_leaves_each_unit_done_once(self, database, url, monkeypatch, before):
        """The answer is lost; whether the commit was heard is asked of the server."""
        commit, lost = PostgresSession.commit, []

        def loses(session: PostgresSession) -> None:
            if not lost:
                lost.append(True)
                if not before:
                    session._held().execute("COMMIT")
                at_once(url, KILL_OTHERS)
            commit(session)

        monkeypatch.setattr(PostgresSession, "commit", loses)
        await asyncio.gather(*map(database.write, map(mark, range(5))))
        assert await marked(database) == [0, 1, 2, 3, 4]

    async def test_in_a_commit_of_which_nobody_can_tell_ends_the_writer(self, url, monkeypatch):
        database = await Database.open(url)
        monkeypatch.setattr("storage.engine.postgres_session.ASKING_SECONDS", 0.0)

        def loses(session: PostgresSession) -> None:
            at_once(url, KILL_OTHERS)
            monkeypatch.undo()
            monkeypatch.setattr("storage.engine.postgres_session.ASKING_SECONDS", 0.0)
            session.commit()

        monkeypatch.setattr(PostgresSession, "commit", loses)
        with pytest.raises(WriterStopped):
            await database.write(lambda tx: tx.all("SELECT 1 AS n"))
        with pytest.raises(WriterStopped, match=CommitUnknown.__name__):
            await database.watch()
        await database.close()


class TestTwoProcesses:
    async def test_that_read_and_then_write_take_no_more_than_there_is(self, database, url):
        other = await Database.open(url)
        await database.write(lambda tx: tx.run("CREATE TABLE quotas (used BIGINT)"))
        await database.write(lambda tx: tx.run("INSERT INTO quotas VALUES (0)"))

        async def take(tx: Transaction) -> bool:
            row = await tx.one("SELECT used FROM quotas")
            if row["used"] >= 10:
                return False
            await tx.run("UPDATE quotas SET used = :used", used=row["used"] + 1)
            return True

        tries = [side.write(take) for _ in range(40) for side in (database, other)]
        assert sum(await asyncio.gather(*tries)) == 10
        await other.close()

    async def test_that_begin_at_once_migrate_once(self, url):
        await emptied(url)
        three = await asyncio.gather(*(Database.open(url) for _ in range(3)))
        rows = await three[0].read(lambda tx: tx.all("SELECT version_num FROM alembic_version"))
        assert [row["version_num"] for row in rows] == [shipped("postgresql")[-1].version]
        for one in three:
            await one.close()

    async def test_are_kept_apart_where_one_is_alone(self, url, monkeypatch):
        monkeypatch.setattr(hold, "PATIENCE_SECONDS", 0.1)
        first = await Database.open(url, alone=True)
        with pytest.raises(HeldElsewhere, match="another partnerdesk"):
            await Database.open(url, alone=True)
        await (await Database.open(url)).close()
        await first.close()
        await (await Database.open(url, alone=True)).close()

    async def test_that_lost_the_hold_to_another_writes_no_more(self, url, monkeypatch):
        monkeypatch.setattr(hold, "PATIENCE_SECONDS", 0.1)
        first = await Database.open(url, alone=True)
        at_once(url, KILL_OTHERS)
        second = await Database.open(url, alone=True)
        with pytest.raises(WriterStopped):
            await first.write(lambda tx: tx.all("SELECT 1 AS n"))
        assert await second.write(lambda tx: tx.all("SELECT 1 AS n")) == [{"n": 1}]
        await first.close()
        await second.close()

    async def test_that_lost_the_connection_alone_goes_on(self, url, monkeypatch):
        monkeypatch.setattr(hold, "PATIENCE_SECONDS", 0.1)
        first = await Database.open(url, alone=True)
        at_once(url, KILL_OTHERS)
        assert await first.write(lambda tx: tx.all("SELECT 1 AS n")) == [{"n": 1}]
        with pytest.raises(HeldElsewhere):
            await Database.open(url, alone=True)
        await first.close()


class TestOpening:
    async def test_refuses_what_a_later_version_wrote(self, url):
        at_once(url, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(SchemaTooNew, match="9999"):
            await Database.open(url)

    async def test_goes_on_from_an_older_version(self, url):
        await emptied(url)
        first, *later = shipped("postgresql")
        at_once(url, first.sql)
        at_once(url, "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        at_once(url, f"INSERT INTO alembic_version VALUES ('{first.version}')")
        database = await Database.open(url)
        row = await database.read(lambda tx: tx.one("SELECT version_num FROM alembic_version"))
        assert row == {"version_num": later[-1].version}
        await database.close()

    async def test_refuses_texts_in_another_order_and_says_how_to_make_one(self):
        name = "in_another_order"
        engines._on_server(f"DROP DATABASE IF EXISTS {name}")
        engines._on_server(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'"
            " LOCALE_PROVIDER libc"
        )
        with pytest.raises(UnusableDatabase, match="ENCODING 'UTF8'"):
            await Database.open(engines._url(name))
        engines._on_server(f"DROP DATABASE {name}")

    @pytest.mark.parametrize("end", ["@127.0.0.1:1/desk", "@127.0.0.1:port/desk", "@[::1/desk"])
    async def test_that_fails_does_not_tell_the_password(self, end):
        with pytest.raises((UnknownDatabase, UnusableDatabase)) as refused:
            await Database.open(f"postgresql://desk:hunter2{end}")
        assert "hunter2" not in str(refused.value)
        assert refused.value.__suppress_context__

    async def test_of_none_that_is_there_is_one_sentence(self):
        with pytest.raises(UnusableDatabase, match='"nowhere" does not exist'):
            await Database.open(engines._url("nowhere"))

    async def test_anew_leaves_what_is_not_the_desks(self, url):
        at_once(url, "CREATE TABLE another (id INT)")
        await emptied(url)
        database = await Database.open(url)
        rows = await database.read(lambda tx: tx.all(engines.TABLES))
        assert {"another", "partners"} <= {row["name"] for row in rows}
        await database.close()


class TestReading:
    async def test_sees_one_state_while_others_write(self, database):
        async def twice(tx: Transaction) -> list[object]:
            before = await tx.one("SELECT COUNT(*) AS n FROM marks")
            asyncio.run_coroutine_threadsafe(database.write(mark(1)), loop).result(10)
            return [before, await tx.one("SELECT COUNT(*) AS n FROM marks")]

        loop = asyncio.get_running_loop()
        assert await database.read(twice) == [{"n": 0}, {"n": 0}]
        assert await marked(database) == [1]

    async def test_cannot_write_by_any_means(self, database):
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            await database.read(mark(1))
        assert await marked(database) == []


class TestAStatement:
    @pytest.mark.parametrize("table", ["entries, postings", "postings", "audit"])
    async def test_empties_no_table_that_is_only_ever_added_to(self, url, table):
        database = await Database.open(url)
        with pytest.raises(psycopg.errors.RaiseException, match="only ever added"):
            await database.write(lambda tx: tx.run(f"TRUNCATE {table} CASCADE"))
        await database.close()

    async def test_that_fails_inside_a_savepoint_leaves_the_rest(self, database):
        async def unit(tx: Transaction) -> None:
            await mark(1)(tx)
            with contextlib.suppress(psycopg.Error):
                async with tx.savepoint():
                    await mark(2)(tx)
                    await mark(1)(tx)
            await mark(3)(tx)

        await database.write(unit)
        assert await marked(database) == [1, 3]

    async def test_that_fails_unheard_takes_its_unit_along(self, database):
        async def unit(tx: Transaction) -> None:
            await mark(1)(tx)
            with contextlib.suppress(psycopg.Error):
                await mark(1)(tx)

        outcomes = await asyncio.gather(
            *map(database.write, [mark(7), unit, mark(8)]), return_exceptions=True
        )
        assert isinstance(outcomes[1], psycopg.Error)
        assert await marked(database) == [7, 8]

    async def test_gives_back_what_it_was_given(self, database):
        values = {"n": -(2**63), "text": "100 % ' :x -- /* ☃ \\", "none": None}
        row = await database.read(
            lambda tx: tx.one(
                "SELECT CAST(:n AS BIGINT) AS n, CAST(:text AS TEXT) AS text,"
                " CAST(:none AS TEXT) AS none",
                **values,
            )
        )
        assert json.dumps(row) == json.dumps(values)
