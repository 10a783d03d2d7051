"""`partnerdesk doctor`: what is wrong and how to mend it, from outside."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from telegram import Bot

from bot import __main__ as command_line
from bot import boxing
from bot.app import App, Place
from bot.clock import SystemClock
from bot.doctor import Patient, examine
from bot.sandbox.box import Box
from bot.settings import Settings
from tests.bot.gateways.stripe_account import account
from tests.standins import zapi
from tests.standins.serving import served
from tests.standins.stripe.standin import KEY, SECRET

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOKEN = "123456789:" + "A" * 35


def settings(folder: Path, **more: Any) -> Settings:
    url = f"sqlite:///{folder}/desk.db"
    return Settings(database_url=url, sandbox_port=0, _env_file=None, **more)


async def lived(folder: Path, url: str = "http://127.0.0.1:9") -> None:
    """Leave a database behind as a bot does that was started once."""
    key = Fernet.generate_key().decode()
    app = await App.open(settings(folder), Place(TOKEN, url, SystemClock(), key))
    await app._database.close()


async def told(patient: Patient) -> tuple[bool, str]:
    said: list[str] = []
    well = await examine(patient, said.append)
    return well, "\n".join(said)


class TestTheDatabase:
    async def test_that_is_not_there_is_wrong(self, tmp_path):
        well, said = await told(Patient(settings(tmp_path), None, None))
        assert not well
        assert "desk.db is not there" in said
        assert "DATABASE_URL" in said

    async def test_in_memory_cannot_be_looked_at(self):
        nowhere = Settings(database_url="sqlite://", _env_file=None)
        well, said = await told(Patient(nowhere, None, NOW))
        assert (well, "in memory" in said) == (False, True)

    async def test_that_is_none_is_wrong(self, tmp_path):
        (tmp_path / "desk.db").write_text("nonsense, and more of it than a header holds" * 9)
        well, said = await told(Patient(settings(tmp_path), None, None))
        assert (well, "cannot be read" in said) == (False, True)

    async def test_of_a_bot_with_no_group_says_how_one_is_bound(self, tmp_path):
        await lived(tmp_path)
        well, said = await told(Patient(settings(tmp_path), None, NOW))
        assert not well
        assert "WRONG  Staff groups bound: 0" in said
        assert "/bind CODE" in said
        assert "Telegram: not asked" in said


class TestTelegram:
    async def test_is_asked_what_the_bot_may_do(self, tmp_path):
        box = Box("sqlite://", fresh=True, at=None)
        await box.start(0)
        try:
            await lived(tmp_path)
            bot = Bot(box.token, base_url=f"{box.url}/bot")
            well, said = await told(Patient(settings(tmp_path), bot, NOW))
            assert "ok     Telegram: @" in said
            assert not well
        finally:
            await box.stop()

    async def test_that_is_not_reached_is_wrong(self, tmp_path):
        await lived(tmp_path)
        bot = Bot(TOKEN, base_url="http://127.0.0.1:9/bot")
        well, said = await told(Patient(settings(tmp_path), bot, NOW))
        assert not well
        assert "Telegram cannot be reached" in said
        assert "TELEGRAM_BOT_TOKEN" in said
        assert "A" * 35 not in said


class TestTheCommand:
    async def test_ends_with_1_when_something_is_wrong(self, tmp_path, capsys):
        arguments = argparse.Namespace(command="doctor")
        with pytest.raises(SystemExit) as ended:
            await command_line._command(arguments, settings(tmp_path))
        assert ended.value.code == 1
        assert "is not there" in capsys.readouterr().out

    async def test_ends_well_for_a_box_that_was_lived_in(self, tmp_path, capsys):
        stop = asyncio.Event()
        stop.set()
        await boxing.run(settings(tmp_path), boxing.Beginning(), stop, tell=lambda _: None)
        await command_line._command(argparse.Namespace(command="doctor"), settings(tmp_path))
        assert "0 wrong" in capsys.readouterr().out


class TestStripe:
    async def test_is_asked_whether_it_takes_the_key(self, tmp_path):
        await lived(tmp_path)
        async with account() as stripe:
            given = {
                "stripe_webhook_secret": SECRET,
                "stripe_api_url": stripe.url,
                "public_url": "http://127.0.0.1:1",
            }
            good = settings(tmp_path, stripe_secret_key=KEY, **given)
            said = (await told(Patient(good, None, NOW)))[1]
            assert "WRONG  Stripe" not in said
            assert "Card payments: not compared yet" in said
            other = settings(tmp_path, stripe_secret_key="sk_test_" + "0" * 24, **given)
            well, said = await told(Patient(other, None, NOW))
            assert not well
            assert "WRONG  Stripe: Stripe does not accept the key" in said
            assert "0" * 24 not in said

    async def test_is_not_asked_without_one(self, tmp_path):
        await lived(tmp_path)
        said = (await told(Patient(settings(tmp_path), None, NOW)))[1]
        assert "Card payments: off, STRIPE_SECRET_KEY is not set" in said


class TestAMessagingPlatform:
    async def test_that_is_set_up_is_asked_whether_the_account_answers(self, tmp_path):
        await lived(tmp_path)

        async def now():
            return NOW

        stand = zapi.Zapi(now)
        async with served(stand) as url:
            good = settings(tmp_path, zapi_url=url, zapi_token=zapi.TOKEN)
            assert "ok     Z-API answers" in (await told(Patient(good, None, NOW)))[1]
            wrong = settings(tmp_path, zapi_url=url, zapi_token="another")
            well, said = await told(Patient(wrong, None, NOW))
        assert not well
        assert "WRONG  Z-API does not answer: Unauthorized" in said
        gone = settings(tmp_path, zapi_url="http://127.0.0.1:1", zapi_token="another")
        assert "WRONG  Z-API does not answer" in (await told(Patient(gone, None, NOW)))[1]
