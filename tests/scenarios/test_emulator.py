"""
The bot against a Bot API that others wrote: `lo-bot-api-emulator`, made for another messenger.

It checks the shape of every call (names of parameters, keyboards, lengths, ids) against a contract
of its own and refuses what it does not know, so it shows that what the bot says, edits and answers
is what a second reader of the Bot API's documentation takes for valid; and it polls with true
offsets. What it cannot show: texts are not kept and HTML is not parsed; there are no chats, no
members, rights, limits or migrations; a message that is edited need not exist; and updates come
only as the test writes them.

It lacks the bot's username, and knows neither `link_preview_options` nor `message_thread_id`: the
test adds the one and takes away the others, and keeps the texts to read them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from lo_bot_api_emulator import LoBotApiEmulator

from bot.app import App, Place
from bot.clock import SystemClock
from bot.settings import Settings

TOKEN = "7:" + "A" * 35
UNKNOWN_TO_IT = ("link_preview_options", "message_thread_id")
ANA = {"id": 1001, "is_bot": False, "first_name": "Ana", "language_code": "en"}
SOFIA = {"id": 1002, "is_bot": False, "first_name": "Sofia", "language_code": "en"}
SUPPORT = {"id": -1001, "type": "supergroup", "title": "Support"}

Json = dict[str, Any]


@web.middleware
async def with_a_username(request: web.Request, handler: Any) -> web.StreamResponse:
    response = await handler(request)
    if not request.path.endswith("/getMe"):
        return response
    body = json.loads(response.body)
    body["result"]["username"] = "desk_bot"
    return web.json_response(body)


class Emulator(LoBotApiEmulator):
    """The emulator, with what it is short of."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Json] = []
        self._ids = 0

    async def read_request(self, request: web.Request) -> tuple[Json, Json]:
        fields, uploads = await super().read_request(request)
        for name in UNKNOWN_TO_IT:
            fields.pop(name, None)
        self.said.append({"method": request.match_info["method"], **fields})
        return fields, uploads

    async def hears(self, person: Json, text: str, chat: Json | None = None) -> None:
        """Let somebody say something, in private unless told."""
        entities = []
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            entities = [{"type": "bot_command", "offset": 0, "length": length}]
        await self.enqueue_update(
            {"message": self._message(person, text, chat) | {"entities": entities}}, token=TOKEN
        )

    async def is_pressed(self, person: Json, button: Json, chat: Json | None = None) -> None:
        """Let somebody press a button that the bot has shown."""
        self._ids += 1
        press = {
            "id": str(self._ids),
            "from": person,
            "chat_instance": "1",
            "data": button["callback_data"],
            "message": self._message(person, "shown", chat),
        }
        await self.enqueue_update({"callback_query": press}, token=TOKEN)

    def _message(self, person: Json, text: str, chat: Json | None) -> Json:
        self._ids += 1
        private = {"id": person["id"], "type": "private", "first_name": person["first_name"]}
        return {
            "message_id": 50_000 + self._ids,
            "date": 1_769_796_000,
            "chat": chat or private,
            "from": person,
            "text": text,
        }

    def calls(self, method: str, chat_id: int | None = None) -> list[Json]:
        return [
            said
            for said in self.said
            if said["method"] == method and chat_id in (None, int(said.get("chat_id", 0)))
        ]

    async def says(self, chat_id: int, words: str) -> Json:
        """Wait until the bot has said or shown that in a chat."""
        async with asyncio.timeout(10):
            while True:
                for method in ("sendMessage", "editMessageText"):
                    for said in self.calls(method, chat_id):
                        if words in said["text"]:
                            return said
                await asyncio.sleep(0.01)

    async def shows(self, chat_id: int, label: str) -> Json:
        """Wait until the bot has shown a button in a chat, and return it."""
        async with asyncio.timeout(10):
            while True:
                for said in reversed(self.said):
                    if int(said.get("chat_id", 0)) == chat_id and "reply_markup" in said:
                        rows = json.loads(said["reply_markup"])["inline_keyboard"]
                        for button in (button for row in rows for button in row):
                            if label in button["text"]:
                                return dict(button)
                await asyncio.sleep(0.01)

    def refused(self) -> list[Json]:
        """Return what was refused; methods that the emulator does not know (501) are not."""
        return [it for it in self.requests if it["status"] >= 400 and it["status"] != 501]


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    found = Emulator()
    app = found.app()
    app.middlewares.append(with_a_username)
    server = TestServer(app)
    await server.start_server()
    found.url = str(server.make_url("")).rstrip("/")
    yield found
    await server.close()


@pytest.fixture
async def code(emulator: Emulator) -> AsyncIterator[str]:
    """Run the bot on it, and return the code that binds a staff group."""
    settings = Settings(database_url="sqlite://", _env_file=None)
    place = Place(TOKEN, emulator.url, SystemClock(), Fernet.generate_key().decode())
    app = await App.open(settings, place)
    found = await app.bind_code()
    assert found is not None
    told = asyncio.Event()
    running = asyncio.create_task(app.run(told))
    yield found
    told.set()
    await running


async def test_a_stranger_is_greeted(emulator, code):
    await emulator.hears(ANA, "/start")
    greeting = await emulator.says(ANA["id"], "/apply")
    assert greeting["parse_mode"] == "HTML"
    assert emulator.refused() == []


async def test_an_application_becomes_a_partner_with_an_instance(emulator, code):
    await emulator.hears(SOFIA, f"/bind {code}", SUPPORT)
    await emulator.says(SUPPORT["id"], "staff group")
    await emulator.hears(ANA, "/apply Acme")
    await emulator.says(SUPPORT["id"], "Acme")
    for label in ("Approve", "integrator"):
        await emulator.is_pressed(SOFIA, await emulator.shows(SUPPORT["id"], label), SUPPORT)
    await emulator.says(ANA["id"], "/new")
    await emulator.hears(ANA, "/new loja-1")
    await emulator.says(ANA["id"], "1 instance created")
    await emulator.is_pressed(ANA, await emulator.shows(ANA["id"], "Subscribe"))
    await emulator.says(ANA["id"], "59.90")
    await emulator.is_pressed(ANA, await emulator.shows(ANA["id"], "Confirm"))
    await emulator.says(ANA["id"], "1 instance subscribed")
    # Every press was answered, the card was edited in place, and nothing was refused.
    assert len(emulator.calls("answerCallbackQuery")) == 4
    assert emulator.calls("editMessageText", SUPPORT["id"])
    assert emulator.refused() == []


async def test_an_update_that_was_handled_is_not_handed_over_again(emulator, code):
    for n in range(3):
        await emulator.hears(ANA, f"/nothing{n}")
        await emulator.says(ANA["id"], f"nothing{n}")
    await asyncio.sleep(0.05)
    answers = emulator.calls("sendMessage", ANA["id"])
    assert len(answers) == 3
    offsets = [int(call["offset"]) for call in emulator.calls("getUpdates") if "offset" in call]
    assert offsets == sorted(offsets)
    assert emulator.refused() == []
