"""People who use the bot through the sandbox's HTTP, as the stories tell it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from cryptography.fernet import Fernet

from bot.app import App, Place
from bot.sandbox.box import Box
from bot.settings import Settings
from tests import engines

Json = dict[str, Any]
START = "2026-01-30T15:00:00-03:00"


class Refused(AssertionError):
    """The sandbox refused a call: the story does what could not be done."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a person sees it."""

    message_id: int
    text: str
    labels: list[str]
    by_bot: bool
    raw: Json


class World:
    """The sandbox's people side; every call waits until it was dealt with."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http, self._url = http, url

    async def get(self, path: str, **query: Any) -> Any:
        async with self._http.get(f"{self._url}/sandbox/{path}", params=query) as response:
            return await self._answer(response)

    async def post(self, path: str, body: Json | None = None, **query: Any) -> Any:
        async with self._http.post(
            f"{self._url}/sandbox/{path}", json=body or {}, params=query
        ) as response:
            return await self._answer(response)

    async def delete(self, path: str) -> Any:
        async with self._http.delete(f"{self._url}/sandbox/{path}") as response:
            return await self._answer(response)

    async def _answer(self, response: aiohttp.ClientResponse) -> Any:
        if response.status >= 400:
            raise Refused(f"{response.status}: {await response.text()}")
        return await response.json()

    async def file(self, document: Json) -> bytes:
        """Return the content of a file that was sent."""
        async with self._http.get(f"{self._url}{document['url']}") as response:
            assert response.status == 200
            return await response.read()

    async def person(self, name: str) -> Human:
        """Return one of those who are there."""
        people = await self.get("people")
        found = next(one for one in people if one["name"] == name)
        return Human(self, found["id"], name, found["id"])

    async def newcomer(self, name: str, language: str = "en") -> Human:
        """Return somebody new."""
        found = await self.post("people", {"name": name, "language_code": language})
        return Human(self, found["id"], name, found["id"])

    async def support(self) -> int:
        """Return the staff group's chat id."""
        chats = await self.get("chats")
        return int(next(chat["id"] for chat in chats if chat["title"] == "Support"))

    async def staff(self, name: str = "Sofia") -> Human:
        """Return somebody of the staff, speaking in the staff group."""
        person = await self.person(name)
        return Human(self, person.id, name, await self.support())

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.get("clock"))["now"])

    async def advance(self, span: str) -> None:
        await self.post("clock", {"advance": span})

    async def until(self, instant: str) -> None:
        await self.post("clock", {"set": instant})

    async def settle(self) -> None:
        await self.post("settle")

    async def platform(self) -> dict[str, str]:
        """Return the state of what the platform holds, by name."""
        return {one["name"]: one["state"] for one in await self.get("platform/instances")}


class Human:
    """A person in a chat."""

    def __init__(self, world: World, person_id: int, name: str, chat_id: int) -> None:
        self._world = world
        self.id, self.name, self.chat_id = person_id, name, chat_id

    async def says(self, text: str, **more: Any) -> list[Said]:
        """Say something, and return what the bot said to it in this chat."""
        before = await self.last_id()
        body = {"chat_id": self.chat_id, "from_id": self.id, "text": text, **more}
        await self._world.post("messages", body, settle=1)
        return [said for said in await self.heard(after=before) if said.by_bot]

    async def presses(self, button: str, *, on: Said | None = None) -> Json:
        """Press a button, on the newest message that has it unless told."""
        if on is None:
            on = await self.find(button)
        body = {
            "chat_id": self.chat_id,
            "from_id": self.id,
            "message_id": on.message_id,
            "button": button,
        }
        answer: Json = await self._world.post("presses", body, settle=1)
        return answer

    async def find(self, button: str) -> Said:
        """Return the newest message with that button."""
        said = await self.heard()
        for one in reversed(said):
            if button in one.labels:
                return one
        shown = "\n".join(f"- {one.text!r} {one.labels}" for one in said[-4:])
        raise AssertionError(f"{self.name} sees no button {button!r}; last:\n{shown}")

    async def heard(self, after: int = 0) -> list[Said]:
        """Return the messages of this chat, oldest first."""
        raw = await self._world.get("messages", chat_id=self.chat_id, after=after, limit=1000)
        return [
            Said(
                one["message_id"],
                one["text"],
                [button["text"] for row in one["buttons"] for button in row],
                one["from"]["is_bot"],
                one,
            )
            for one in raw
        ]

    async def last(self) -> Said:
        """Return what the bot said last."""
        return [said for said in await self.heard() if said.by_bot][-1]

    async def last_id(self) -> int:
        return max((said.message_id for said in await self.heard()), default=0)

    async def texts(self, after: int = 0) -> list[str]:
        """Return what the bot said, oldest first."""
        return [said.text for said in await self.heard(after) if said.by_bot]


@asynccontextmanager
async def living_in(
    folder: Path | None = None, *, at: str = START, **settings: Any
) -> AsyncIterator[World]:
    """Run the bot in a box of its own for a while; in a folder, if one is given, by SQLite."""
    lent = engines.lent() if folder is None else nullcontext(f"sqlite:///{folder}/desk.db")
    async with lent as url, _living_on(url, at, **settings) as world:
        yield world


@asynccontextmanager
async def _living_on(url: str, at: str, **settings: Any) -> AsyncIterator[World]:
    chosen = Settings(
        database_url=url, telegram_bot_token=None, webhook_url=None, _env_file=None, **settings
    )
    beside = "sqlite://" if chosen.on_server else url
    box = Box(beside, fresh=True, at=datetime.fromisoformat(at))
    await box.start(0)
    key = Fernet.generate_key().decode()
    app = await App.open(chosen, Place(box.token, box.url, box.clock, key))
    box.attach(app.boxed)
    people = box.inhabitants
    await app.boxed.settle_in(people.support, people.sofia, people.sam)
    stop = asyncio.Event()
    running = asyncio.create_task(app.run(stop))
    try:
        async with aiohttp.ClientSession() as http:
            world = World(http, box.url)
            await world.settle()
            yield world
    finally:
        stop.set()
        await running
        await box.stop()


async def enrolled(
    world: World, name: str = "Carla", company: str = "Acme", programme: str = "integrator"
) -> Human:
    """Return a new person whose application was approved."""
    partner = await world.newcomer(name)
    await partner.says(f"/apply {company}")
    sofia = await world.staff()
    await sofia.presses("Approve")
    await sofia.presses(programme)
    return partner
