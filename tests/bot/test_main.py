"""What the command line touches, and what it leaves alone, before a sandbox begins."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot import __main__ as command_line
from bot import boxing
from bot.app import App, Place
from bot.clock import SystemClock
from bot.sandbox import keeper
from bot.sandbox.box import Box
from bot.settings import Settings
from bot.starting import StartRefused

AT = datetime.fromisoformat("2026-01-30T15:00:00-03:00")
KEY = Fernet.generate_key().decode()
TOKEN = "123456789:" + "A" * 35


def settings(folder: Path, **more: Any) -> Settings:
    url = f"sqlite:///{folder}/desk.db"
    return Settings(database_url=url, sandbox_port=0, _env_file=None, **more)


async def live(folder: Path, key: str = KEY) -> None:
    """Leave a database behind as a live bot does."""
    place = Place(TOKEN, "http://127.0.0.1:9", SystemClock(), key)
    app = await App.open(settings(folder), place)
    await app._database.close()


async def lived_in(folder: Path, *, fresh: bool = False, at: datetime | None = None) -> None:
    """Run the sandbox until it is up, and end it."""
    told = asyncio.Event()
    told.set()
    await boxing.run(settings(folder), boxing.Beginning(fresh, at), told, print)


def rows(folder: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(folder / "desk.db")) as database:
        return database.execute(sql).fetchall()


class TestASandbox:
    async def test_has_its_staff_bound_and_says_where_its_page_is(self, tmp_path, capsys):
        await lived_in(tmp_path)
        assert "Sandbox: open http://127.0.0.1:" in capsys.readouterr().out
        assert rows(tmp_path, "SELECT COUNT(*) FROM staff_groups") == [(1,)]
        roles = rows(tmp_path, "SELECT role FROM staff ORDER BY role")
        assert roles == [("admin",), ("support",)]

    async def test_goes_on_where_it_was_and_begins_anew_only_when_told_to(self, tmp_path):
        await lived_in(tmp_path, at=AT)
        with closing(sqlite3.connect(tmp_path / "desk.db")) as database, database:
            database.execute("INSERT INTO desk_state VALUES ('mark', 'here')")
        await lived_in(tmp_path)
        with pytest.raises(StartRefused, match="add --fresh"):
            await lived_in(tmp_path, at=AT)
        assert rows(tmp_path, "SELECT value FROM desk_state WHERE key = 'mark'") == [("here",)]
        await lived_in(tmp_path, fresh=True, at=AT)
        assert rows(tmp_path, "SELECT value FROM desk_state WHERE key = 'mark'") == []

    async def test_that_another_one_has_open_is_left_alone(self, tmp_path, monkeypatch):
        monkeypatch.setattr(keeper, "BUSY_SECONDS", 0.05)
        await lived_in(tmp_path)
        running = Box(f"sqlite:///{tmp_path}/desk.db")
        names = {path.name for path in tmp_path.iterdir()}
        with pytest.raises(StartRefused, match="perhaps another sandbox has it"):
            await lived_in(tmp_path, fresh=True)
        assert {path.name for path in tmp_path.iterdir()} == names
        await running.stop()

    async def test_keeps_its_key_between_starts_and_mends_an_empty_one(self, tmp_path):
        first = boxing.kept_key(settings(tmp_path))
        assert boxing.kept_key(settings(tmp_path)) == first
        assert (tmp_path / "desk.db.key").stat().st_mode & 0o777 == 0o600
        (tmp_path / "desk.db.key").write_text("")
        Fernet(boxing.kept_key(settings(tmp_path)))
        assert boxing.kept_key(settings(tmp_path, secret_key=KEY)) == KEY

    async def test_in_memory_leaves_nothing_behind(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        in_memory = Settings(database_url="sqlite://", sandbox_port=0, _env_file=None)
        Fernet(boxing.kept_key(in_memory))
        await boxing.forget(in_memory)
        assert list(tmp_path.iterdir()) == []


class TestALiveDatabase:
    @pytest.mark.parametrize("fresh", [False, True])
    async def test_is_never_used_nor_removed_by_a_sandbox(self, tmp_path, fresh):
        await live(tmp_path)
        before = rows(tmp_path, "SELECT * FROM desk_state ORDER BY key")
        with pytest.raises(StartRefused, match="live bot's"):
            await lived_in(tmp_path, fresh=fresh)
        assert rows(tmp_path, "SELECT * FROM desk_state ORDER BY key") == before

    async def test_is_never_the_sandboxs(self, tmp_path):
        await lived_in(tmp_path)
        with pytest.raises(StartRefused, match="DATABASE_URL is a database of the sandbox bot's"):
            await live(tmp_path)

    async def test_is_opened_with_the_same_key_only(self, tmp_path):
        await live(tmp_path)
        await live(tmp_path)
        with pytest.raises(StartRefused, match="SECRET_KEY is not the one"):
            await live(tmp_path, Fernet.generate_key().decode())

    async def test_that_is_none_or_of_a_later_version_is_refused_by_name(self, tmp_path):
        (tmp_path / "desk.db").write_text("This is a letter, and no database. " * 100)
        with pytest.raises(StartRefused, match="DATABASE_URL: the database cannot be opened"):
            await live(tmp_path)
        (tmp_path / "desk.db").unlink()
        await live(tmp_path)
        with closing(sqlite3.connect(tmp_path / "desk.db")) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(StartRefused, match="DATABASE_URL: the database has schema 9999"):
            await live(tmp_path)


class TestArguments:
    async def test_of_the_sandbox_are_refused_to_a_live_bot(self, tmp_path, monkeypatch):
        monkeypatch.setattr(command_line, "_until_told", asyncio.Event)
        given = settings(tmp_path, telegram_bot_token=TOKEN, secret_key=KEY)
        arguments = command_line._arguments().parse_args(["run", "--fresh"])
        with pytest.raises(StartRefused, match="--fresh and --at"):
            await command_line._command(arguments, given)

    @pytest.mark.parametrize("text", ["2026-01-30T15:00:00", "tomorrow"])
    def test_that_name_no_instant_are_refused(self, text, capsys):
        with pytest.raises(SystemExit):
            command_line._arguments().parse_args(["run", "--fresh", "--at", text])
        assert "--at" in capsys.readouterr().err
