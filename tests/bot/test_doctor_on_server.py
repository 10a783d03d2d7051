"""`partnerdesk doctor` and `--fresh` where PostgreSQL keeps the data."""

from datetime import UTC, datetime

import psycopg
import pytest
from cryptography.fernet import Fernet

from bot import machine
from bot.app import App, Place
from bot.boxing import forget, kept_key
from bot.clock import StoppedClock, SystemClock
from bot.doctor import Patient, examine
from bot.settings import Settings
from bot.starting import StartRefused
from tests import engines

NOW = datetime(2026, 1, 30, 18, tzinfo=UTC)
TOKEN = "123456:" + "A" * 35


def settings(url: str) -> Settings:
    return Settings(database_url=url, sandbox_port=0, _env_file=None)


async def lived(url: str, *, boxed: bool) -> None:
    """Leave a database behind as a bot does that was started once."""
    clock = StoppedClock(NOW) if boxed else SystemClock()
    place = Place(TOKEN, "http://127.0.0.1:9", clock, Fernet.generate_key().decode())
    app = await App.open(settings(url), place)
    await app._database.close()


async def told(url: str) -> tuple[bool, str]:
    said: list[str] = []
    well = await examine(Patient(settings(url), None, None), said.append)
    return well, "\n".join(said)


async def test_a_server_that_cannot_be_reached_is_one_line_without_the_password():
    well, said = await told("postgresql://desk:hunter2@127.0.0.1:1/desk")
    assert not well
    assert "the database cannot be opened" in said
    assert "hunter2" not in said


async def test_a_server_has_no_disk_of_ours():
    seen = machine.look(settings("postgresql://db/desk"))
    assert (seen.disk_free, seen.database_bytes) == (None, None)


@engines.postgres_alone
class TestADatabase:
    async def test_that_no_bot_began_in_is_wrong(self):
        async with engines.lent() as url:
            begun = psycopg.connect(url, autocommit=True)
            begun.execute("DROP TABLE audit CASCADE")
            begun.close()
            well, said = await told(url)
        assert (well, "Start the bot once" in said) == (False, True)

    async def test_of_a_bot_is_looked_at(self):
        async with engines.lent() as url:
            await lived(url, boxed=False)
            _, said = await told(url)
        assert "Audit: the first one comes tonight" in said

    async def test_of_a_live_bot_is_never_emptied(self):
        async with engines.lent() as url:
            await lived(url, boxed=False)
            with pytest.raises(StartRefused, match="live bot's"):
                await forget(settings(url))

    async def test_of_the_sandbox_is_emptied(self):
        async with engines.lent() as url:
            with psycopg.connect(url) as connection:
                connection.execute("INSERT INTO desk_state VALUES ('place', 'sandbox')")
            await forget(settings(url))
            with psycopg.connect(url) as connection:
                found = connection.execute(engines.TABLES).fetchall()
        assert found == []


def test_the_sandboxs_key_is_kept_where_the_bot_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    chosen = settings("postgresql://db/desk")
    assert kept_key(chosen) == kept_key(chosen)
