"""Migrations are whole, happen once, and never go backwards."""

import multiprocessing
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from storage.engine import migrate as migrating
from storage.engine.migrate import Migration, SchemaTooNew, migrate, shipped, statements

FIRST = Migration(
    "0001", "0001_first", "CREATE TABLE a (x TEXT);\n-- a comment; with a semicolon\n"
)
SECOND = Migration(
    "0002",
    "0002_second",
    "CREATE TABLE b (x TEXT);\n"
    "CREATE TRIGGER keep BEFORE DELETE ON b BEGIN SELECT RAISE(ABORT, 'kept; for ever'); END;\n"
    "INSERT INTO b VALUES ('50%; :not_a_parameter');",
)
BROKEN = Migration("0003", "0003_broken", "CREATE TABLE c (x TEXT); CREATE TABLE a (x TEXT);")


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=30)


def tables(path: Path) -> set[str]:
    with connect(path) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    connection.close()
    return {name for (name,) in rows}


def bring_up(path: Path, migrations: list[Migration]) -> None:
    connection = connect(path)
    try:
        migrate(connection, migrations)
    finally:
        connection.close()


class TestStatements:
    def test_are_cut_at_their_ends_only(self):
        script = SECOND.sql + "\n-- the end;\n"
        assert [piece.split()[:2] for piece in statements(script)] == [
            ["CREATE", "TABLE"],
            ["CREATE", "TRIGGER"],
            ["INSERT", "INTO"],
        ]

    def test_have_to_end(self):
        with pytest.raises(ValueError, match="does not end"):
            list(statements("CREATE TABLE a (x TEXT); CREATE TABLE b (x TEXT)"))


class TestMigrate:
    def test_takes_each_step_once_and_in_order(self, tmp_path):
        path = tmp_path / "desk.db"
        bring_up(path, [FIRST])
        bring_up(path, [FIRST, SECOND])
        bring_up(path, [FIRST, SECOND])
        with connect(path) as connection:
            assert connection.execute("SELECT x FROM b").fetchall() == [("50%; :not_a_parameter",)]
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
                ("0002",)
            ]
            with pytest.raises(sqlite3.IntegrityError, match="kept"):
                connection.execute("DELETE FROM b")
        connection.close()

    def test_keeps_nothing_of_a_migration_that_fails(self, tmp_path):
        path = tmp_path / "desk.db"
        bring_up(path, [FIRST])
        with pytest.raises(Exception, match="already exists"):
            bring_up(path, [FIRST, SECOND, BROKEN])
        assert tables(path) == {"alembic_version", "a"}
        bring_up(path, [FIRST, SECOND])
        assert tables(path) == {"alembic_version", "a", "b"}

    def test_refuses_a_database_of_a_later_version_in_one_sentence(self, tmp_path):
        path = tmp_path / "desk.db"
        bring_up(path, [FIRST, SECOND])
        with pytest.raises(SchemaTooNew) as refused:
            bring_up(path, [FIRST])
        assert (refused.value.found, refused.value.known) == ("0002", "0001")
        assert "\n" not in str(refused.value)

    def test_is_done_by_one_of_several_that_start_at_once(self, tmp_path):
        path = tmp_path / "desk.db"
        context = multiprocessing.get_context("spawn")
        starters = [
            context.Process(target=bring_up, args=(path, [FIRST, SECOND])) for _ in range(4)
        ]
        for starter in starters:
            starter.start()
        for starter in starters:
            starter.join()
        assert [starter.exitcode for starter in starters] == [0] * 4
        with connect(path) as connection:
            assert connection.execute("SELECT COUNT(*) FROM b").fetchone() == (1,)
        connection.close()

    def test_makes_of_an_empty_database_what_alembic_would(self, monkeypatch):
        def made() -> set[tuple[str, ...]]:
            connection = sqlite3.connect(":memory:", isolation_level=None)
            migrate(connection)
            rows = connection.execute("SELECT type, name, COALESCE(sql, '') FROM sqlite_master")
            versions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            return {tuple("".join(part.split()) for part in row) for row in rows} | {*versions}

        at_once = made()
        monkeypatch.setattr(migrating, "_begin_anew", lambda *_: False)
        assert made() == at_once

    def test_keeps_nothing_of_an_empty_database_whose_migration_fails(self, tmp_path):
        path = tmp_path / "desk.db"
        with pytest.raises(sqlite3.OperationalError, match="already exists"):
            bring_up(path, [FIRST, BROKEN])
        assert tables(path) == set()

    def test_imports_no_alembic_where_there_is_nothing_to_do(self, tmp_path):
        path = tmp_path / "desk.db"
        bring_up(path, shipped())
        script = (
            "import sqlite3, sys; from storage.engine.migrate import migrate;"
            f"migrate(sqlite3.connect({str(path)!r}, isolation_level=None));"
            "sys.exit('alembic' in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


class TestShipped:
    def test_are_numbered_without_a_gap(self):
        assert [migration.version for migration in shipped()] == [
            f"{number:04}" for number in range(1, len(shipped()) + 1)
        ]
