"""One writer, whole units, shared commits: what a unit of work may rely on."""

import asyncio
import contextlib
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from storage.engine.database import Database, Transaction, TransactionLost, UnknownDatabase
from storage.engine.writer import UNITS_PER_COMMIT, WriterStopped
from tests.engines import POSTGRES, ReadOnly, lent

FILES = ["file", "memory"]


@pytest.fixture(params=[*FILES, "server"] if POSTGRES else FILES)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    file = f"sqlite:///{tmp_path}/desk.db"
    places = {"file": file, "memory": "sqlite://"}
    async with lent() if request.param == "server" else nullcontext(places[request.param]) as url:
        opened = await Database.open(url)
        await opened.write(make_tables)
        yield opened
        await opened.close()


@pytest.fixture
def lite(request: pytest.FixtureRequest, database: Database) -> Database:
    """Return one of SQLite's."""
    if request.node.callspec.params["database"] == "server":
        pytest.skip("SQLite alone rolls a whole batch back by itself")
    return database


async def make_tables(tx: Transaction) -> None:
    await tx.run("CREATE TABLE quotas (id TEXT PRIMARY KEY, used BIGINT, allowed BIGINT)")
    await tx.run("CREATE TABLE marks (id BIGINT PRIMARY KEY, word TEXT NOT NULL)")
    await tx.run("INSERT INTO quotas VALUES ('q', 0, 10)")


async def marked(database: Database) -> list[int]:
    rows = await database.read(lambda tx: tx.all("SELECT id FROM marks ORDER BY id"))
    return [row["id"] for row in rows]


def mark(number: int, word: str | None = "x"):
    async def unit(tx: Transaction) -> int:
        return await tx.run("INSERT INTO marks VALUES (:id, :word)", id=number, word=word)

    return unit


class TestWrite:
    async def test_returns_what_the_unit_returned_once_it_is_committed(self, database):
        assert await database.write(mark(1)) == 1
        assert await marked(database) == [1]

    async def test_lets_exactly_as_many_of_fifty_racers_win_as_the_limit_allows(self, database):
        async def take(tx: Transaction) -> int:
            return await tx.run(
                "UPDATE quotas SET used = used + 1 WHERE id = :id AND used < allowed", id="q"
            )

        won = await asyncio.gather(*(database.write(take) for _ in range(50)))
        row = await database.read(lambda tx: tx.one("SELECT used FROM quotas"))
        assert sum(won) == 10
        assert row == {"used": 10}

    async def test_lets_read_then_write_race_no_more_than_the_statement(self, database):
        async def look_then_take(tx: Transaction) -> bool:
            row = await tx.one("SELECT used, allowed FROM quotas")
            if row["used"] >= row["allowed"]:
                return False
            await tx.run("UPDATE quotas SET used = :used", used=row["used"] + 1)
            return True

        won = await asyncio.gather(*(database.write(look_then_take) for _ in range(50)))
        assert sum(won) == 10

    async def test_keeps_nothing_of_a_unit_that_raises(self, database):
        async def half(tx: Transaction) -> None:
            await mark(1)(tx)
            raise LookupError("half way")

        with pytest.raises(LookupError, match="half way"):
            await database.write(half)
        assert await marked(database) == []

    async def test_fails_only_the_unit_at_fault_in_a_batch(self, database):
        units = [mark(n, None if n % 7 == 3 else "x") for n in range(100)]
        outcomes = await asyncio.gather(*map(database.write, units), return_exceptions=True)
        failed = [n for n, outcome in enumerate(outcomes) if outcome != 1]
        assert failed == [n for n in range(100) if n % 7 == 3]
        assert await marked(database) == [n for n in range(100) if n % 7 != 3]

    async def test_keeps_the_others_when_one_throws_the_whole_batch_away(self, lite):
        database = lite
        # SQLite itself rolls everything back here, the savepoints too.
        await database.write(
            lambda tx: tx.run(
                "CREATE TRIGGER poison BEFORE INSERT ON marks WHEN NEW.word = 'poison' "
                "BEGIN SELECT RAISE(ROLLBACK, 'poisoned'); END"
            )
        )
        units = [mark(n, "poison" if n == 20 else "x") for n in range(40)]
        outcomes = await asyncio.gather(*map(database.write, units), return_exceptions=True)
        assert [n for n, outcome in enumerate(outcomes) if outcome != 1] == [20]
        assert isinstance(outcomes[20], sqlite3.IntegrityError)
        assert await marked(database) == [n for n in range(40) if n != 20]

    async def test_writes_nothing_outside_a_lost_transaction(self, lite):
        database = lite
        await database.write(
            lambda tx: tx.run(
                "CREATE TRIGGER poison BEFORE INSERT ON marks WHEN NEW.word = 'poison' "
                "BEGIN SELECT RAISE(ROLLBACK, 'poisoned'); END"
            )
        )

        async def stubborn(tx: Transaction) -> None:
            try:
                await mark(1, "poison")(tx)
            except sqlite3.IntegrityError:
                await mark(2)(tx)

        with pytest.raises(TransactionLost):
            await database.write(stubborn)
        assert await marked(database) == []

    async def test_survives_a_disk_that_is_full(self, tmp_path):
        database = await Database.open(f"sqlite:///{tmp_path}/desk.db")
        await database.write(make_tables)
        await database.write(mark(0))
        pages = await database.write(lambda tx: tx.one("PRAGMA page_count"))
        await database.write(
            lambda tx: tx.all(f"PRAGMA max_page_count = {pages['page_count'] + 2}")
        )
        large = [mark(n, "x" * 30_000) if n == 5 else mark(n) for n in range(1, 10)]
        outcomes = await asyncio.gather(*map(database.write, large), return_exceptions=True)
        assert isinstance(outcomes[4], sqlite3.OperationalError)
        assert await marked(database) == [0, 1, 2, 3, 4, 6, 7, 8, 9]
        await database.close()

    async def test_refuses_a_unit_that_awaits_anything_else(self, database):
        async def dawdle(tx: Transaction) -> None:
            await mark(1)(tx)
            await asyncio.sleep(0)

        with pytest.raises(RuntimeError, match="nothing but its transaction"):
            await database.write(dawdle)
        assert await marked(database) == []

    async def test_refuses_a_transaction_kept_after_its_unit(self, database):
        kept = []

        async def keep(tx: Transaction) -> None:
            kept.append(tx)

        await database.write(keep)
        with pytest.raises(RuntimeError, match="has ended"):
            await mark(1)(kept[0])

    async def test_is_whole_or_not_at_all_for_a_cancelled_caller(self, database):
        async def two(tx: Transaction) -> None:
            first = await tx.one("SELECT COUNT(*) AS n FROM marks")
            await mark(first["n"])(tx)
            await mark(first["n"] + 1)(tx)

        tasks = [asyncio.create_task(database.write(two)) for _ in range(200)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        count = len(await marked(database))
        assert count % 2 == 0
        assert count >= 200

    async def test_tells_everybody_when_another_process_holds_the_lock(self, tmp_path):
        database = await Database.open(f"sqlite:///{tmp_path}/desk.db")
        await database.write(make_tables)
        await database.write(lambda tx: tx.run("SELECT 1"))
        other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        waiting = [asyncio.create_task(database.write(mark(n))) for n in range(3)]
        await asyncio.sleep(0.3)
        other.execute("COMMIT")
        other.close()
        assert await asyncio.gather(*waiting) == [1, 1, 1]
        await database.close()


class TestTransaction:
    async def test_counts_the_rows_of_a_returning_statement(self, database):
        async def unit(tx: Transaction) -> tuple[object, int]:
            await tx.many(
                "INSERT INTO marks VALUES (:id, :word)", [{"id": n, "word": "x"} for n in range(5)]
            )
            first = await tx.one("UPDATE marks SET word = 'y' RETURNING id")
            touched = await tx.run("UPDATE marks SET word = 'z' WHERE id > 1 RETURNING id")
            return first, touched

        first, touched = await database.write(unit)
        assert first == {"id": 0}
        assert touched == 3

    async def test_rolls_a_savepoint_back_and_goes_on(self, database):
        async def unit(tx: Transaction) -> None:
            await mark(1)(tx)
            with contextlib.suppress(LookupError):
                async with tx.savepoint():
                    await mark(2)(tx)
                    async with tx.savepoint():
                        await mark(3)(tx)
                    raise LookupError
            async with tx.savepoint():
                await mark(4)(tx)

        await database.write(unit)
        assert await marked(database) == [1, 4]


class TestRead:
    async def test_sees_one_state_of_the_database(self, tmp_path):
        database = await Database.open(f"sqlite:///{tmp_path}/desk.db")
        await database.write(make_tables)

        async def twice(tx: Transaction) -> tuple[object, object]:
            before = await tx.one("SELECT COUNT(*) AS n FROM marks")
            await database.write(mark(1))
            return before, await tx.one("SELECT COUNT(*) AS n FROM marks")

        before, after = await database.read(twice)
        assert before == after == {"n": 0}
        assert await marked(database) == [1]
        await database.close()

    async def test_cannot_write(self, database):
        with pytest.raises(ReadOnly, match=r"read-?only"):
            await database.read(mark(1))
        assert await database.write(mark(1)) == 1

    async def test_gives_its_connection_back_when_cancelled(self, tmp_path):
        database = await Database.open(f"sqlite:///{tmp_path}/desk.db")
        await database.write(make_tables)

        async def slow(tx: Transaction) -> object:
            return await tx.one(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000) "
                "SELECT COUNT(*) FROM n"
            )

        tasks = [asyncio.create_task(database.read(slow)) for _ in range(12)]
        await asyncio.sleep(0.02)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert await asyncio.gather(*(marked(database) for _ in range(12))) == [[]] * 12
        await database.close()


class TestClose:
    async def test_finishes_what_was_handed_in(self, tmp_path):
        database = await Database.open(f"sqlite:///{tmp_path}/desk.db")
        await database.write(make_tables)
        tasks = [asyncio.create_task(database.write(mark(n))) for n in range(UNITS_PER_COMMIT * 3)]
        await asyncio.sleep(0)
        await database.close()
        assert await asyncio.gather(*tasks) == [1] * len(tasks)
        with pytest.raises(WriterStopped):
            await database.write(mark(1000))

    async def test_ends_the_watch(self, database):
        watch = asyncio.create_task(database.watch())
        await database.close()
        await watch

    async def test_is_not_what_a_process_that_fails_waits_for(self, tmp_path):
        script = (
            "import asyncio; from storage.engine.database import Database\n"
            "async def main():\n"
            f"    kept.append(await Database.open('sqlite:///{tmp_path}/desk.db'))\n"
            "    raise SystemExit(3)\n"
            "kept = []\n"
            "asyncio.run(main())\n"
        )
        failing = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
        assert await asyncio.wait_for(failing.wait(), 20) == 3


class TestWatch:
    async def test_raises_when_the_writer_dies_and_leaves_nobody_waiting(
        self, tmp_path, monkeypatch
    ):
        database = await Database.open(f"sqlite:///{tmp_path}/desk.db")

        def die(*_: object) -> None:
            raise MemoryError("gone")

        monkeypatch.setattr("storage.engine.writer.Writer._attempt", die)
        waiting = [asyncio.create_task(database.write(make_tables)) for _ in range(5)]
        with pytest.raises(WriterStopped, match="gone"):
            await asyncio.wait_for(database.watch(), 5)
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(outcome, WriterStopped) for outcome in outcomes)
        with pytest.raises(WriterStopped):
            await database.write(make_tables)
        await database.close()


class TestAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "mysql://desk:secret@db/desk",  # not in this version
            "postgresql://desk:secret@[db/desk",  # half an address of IPv6
            "postgresql://desk:secret@db:port/desk?nothing=1",
            "sqlite://desk.db",  # a host, where a path is meant
            "sqlite:///",  # no path at all
            "/var/lib/desk.db",  # a path, no address
        ],
    )
    async def test_is_refused_without_telling_the_password(self, url):
        with pytest.raises(UnknownDatabase) as refused:
            await Database.open(url)
        assert "secret" not in str(refused.value)
