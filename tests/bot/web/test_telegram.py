"""The webhook takes stored updates from Telegram only, and answers 200 for nothing else."""

import json
import sqlite3
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from bot.clock import SystemClock
from bot.delivery.receiver import Receiver
from bot.web.telegram import LARGEST_BODY_BYTES, TelegramWebhook
from storage.delivery.delivery_store import StoredInbox
from storage.engine.database import Database
from tests.engines import TestDatabase

SECRET = "a-secret_token"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
UPDATE = json.dumps({"update_id": 1, "message": {"chat": {"id": 7}, "text": "\ud800"}})


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = await TestDatabase.anew()
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
def woken() -> list[str]:
    return []


@pytest.fixture
def post(database, woken, clock):
    webhook = TelegramWebhook(SECRET, Receiver(StoredInbox(database), woken.append, clock).keep)
    app = Starlette(routes=[webhook.route("/telegram/x")])

    async def call(content: str | bytes = UPDATE, **headers: str | bytes) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            given: dict[str, str | bytes] = dict(HEADERS)
            given |= {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.post("/telegram/x", content=content, headers=given)

    return call


async def bodies(database) -> list[str]:
    rows = await database.read(lambda tx: tx.all("SELECT body FROM inbox"))
    return [row["body"] for row in rows]


class TestWebhook:
    async def test_stores_the_update_as_it_came(self, post, database, woken):
        assert (await post()).status_code == 200
        assert (await post()).status_code == 200
        assert await bodies(database) == [UPDATE]
        assert woken == ["7", "7"]

    @pytest.mark.parametrize("secret", ["", "a-secret_tokem", SECRET + "x", "é"])
    async def test_refuses_whoever_does_not_know_the_secret(self, post, database, secret):
        answer = await post(X_Telegram_Bot_Api_Secret_Token=secret.encode())
        assert (answer.status_code, answer.content) == (403, b"")
        assert await bodies(database) == []

    @pytest.mark.parametrize(
        ("content", "status"),
        [
            ("{", 400),  # no JSON
            (b"\xff\xfe", 400),  # no text
            ("[" * 100_000, 400),  # deeper than any parser goes
            ('"' + "x" * LARGEST_BODY_BYTES + '"', 413),
        ],
    )
    async def test_refuses_what_is_no_update(self, post, database, content, status):
        assert (await post(content)).status_code == status
        assert await bodies(database) == []

    async def test_refuses_other_kinds_of_content(self, post):
        assert (await post(Content_Type="text/plain")).status_code == 415

    @pytest.mark.parametrize("content", ["[]", "7", '{"update_id": "x"}', '{"update_id": 1e400}'])
    async def test_keeps_what_it_cannot_read_and_says_200(self, post, database, content):
        assert (await post(content)).status_code == 200
        assert await bodies(database) == [content]

    async def test_asks_to_be_called_again_while_nothing_can_be_stored(
        self, post, database, monkeypatch, woken
    ):
        async def locked(*_: object) -> None:
            raise sqlite3.OperationalError("database is locked")

        monkeypatch.setattr(StoredInbox, "store", locked)
        answer = await post()
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert woken == []

    def test_cannot_be_without_a_secret(self, database, clock):
        with pytest.raises(ValueError, match="secret"):
            TelegramWebhook("", Receiver(StoredInbox(database), print, clock).keep)
