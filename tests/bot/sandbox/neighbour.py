from datetime import datetime
from typing import Any, Self

import aiohttp
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox.exchange import TOKEN

ANA, BRUNO, SOFIA, SAM = 5_000_000_001, 5_000_000_002, 5_000_000_003, 5_000_000_004
SUPPORT = -1_002_000_000_001


def bot_of(url: str) -> Bot:
    """Return python-telegram-bot's own client, as it would speak to Telegram."""
    return Bot(
        TOKEN,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=_client(),
        get_updates_request=_client(),
    )


def _client() -> HTTPXRequest:
    # No certificates are read, which takes longer than a test: the box speaks plain HTTP.
    return HTTPXRequest(20, read_timeout=20, httpx_kwargs={"verify": False})


class Refused(Exception):
    """The people's side said no."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status, self.error = status, error


class Neighbour:
    """The people's side, over HTTP."""

    def __init__(self, url: str) -> None:
        self._session = aiohttp.ClientSession(url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def call(self, method: str, path: str, body: object = None) -> Any:
        async with self._session.request(method, f"/sandbox/{path}", json=body) as answer:
            said = await answer.json()
            if answer.status != 200:
                raise Refused(answer.status, said["error"])
            return said

    async def get(self, path: str) -> Any:
        return await self.call("GET", path)

    async def post(self, path: str, **body: object) -> Any:
        return await self.call("POST", path, body)

    async def raw(self, method: str, path: str, **parts: Any) -> tuple[int, Any]:
        async with self._session.request(method, path, **parts) as answer:
            return answer.status, await answer.json(content_type=None)

    async def say(self, text: str, *, who: int = ANA, chat: int | None = None, **more: Any) -> int:
        body = {"chat_id": chat or who, "from_id": who, "text": text, **more}
        return (await self.post("messages", **body))["message_id"]

    async def heard(self, chat: int) -> list[Any]:
        return await self.get(f"messages?chat_id={chat}")

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.get("clock"))["now"])

    async def advance(self, span: str) -> datetime:
        return datetime.fromisoformat((await self.post("clock", advance=span))["now"])
