"""A Bot API that remembers what it was asked, and fails when it is told to."""

import asyncio
import json
import re
from collections import Counter, deque
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

# What Telegram answers: (status, body without ok).
FORBIDDEN = (403, {"description": "Forbidden: bot was blocked by the user"})
SERVER_ERROR = (500, {"description": "Internal Server Error"})
CONFLICT = (
    409,
    {"description": "Conflict: terminated by other getUpdates request; only one may run"},
)


def refusal(text: str) -> tuple[int, dict[str, Any]]:
    return 400, {"description": f"Bad Request: {text}"}


def too_many(seconds: int) -> tuple[int, dict[str, Any]]:
    return 429, {"description": "Too Many Requests", "parameters": {"retry_after": seconds}}


def migrated(chat_id: int) -> tuple[int, dict[str, Any]]:
    return 400, {
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": chat_id},
    }


HANG_UP_BEFORE = "hang up before"
HANG_UP_AFTER = "hang up after"
SILENCE = "silence"


class FakeTelegram:
    """Enough of the Bot API to send, edit and poll."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.shown: dict[tuple[int, int], str] = {}
        self.copies: Counter[str] = Counter()
        self.faults: dict[str, deque[Any]] = {}
        self.updates: list[Any] = []
        self.offsets: list[int | None] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.address = ""
        self.said = asyncio.Event()
        self._message_id = 100
        self._thread_id = 899
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._server = TestServer(app)

    async def start(self) -> None:
        await self._server.start_server()
        self.address = str(self._server.make_url("/bot"))

    async def stop(self) -> None:
        await self._server.close()

    def fail(self, method: str, *faults: Any) -> None:
        """Let the next calls of a method fail so, one after another."""
        self.faults.setdefault(method, deque()).extend(faults)

    def called(self, method: str) -> list[dict[str, Any]]:
        return [given for name, given in self.calls if name == method]

    def texts(self, chat_id: int) -> list[str]:
        return [text for (chat, _), text in self.shown.items() if chat == chat_id]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = await _given(request)
        self.calls.append((method, given))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            waiting = self.faults.get(method)
            fault = waiting.popleft() if waiting else None
            if isinstance(fault, tuple):
                status, body = fault
                return web.json_response({"ok": False, "error_code": status} | body, status=status)
            if fault == SILENCE:
                await asyncio.sleep(5)
            if fault == HANG_UP_BEFORE:
                return _hang_up(request)
            name = re.sub("([A-Z])", r"_\1", method).lower()
            result = await getattr(self, f"_{name}")(given)
            if fault == HANG_UP_AFTER:
                return _hang_up(request)
            return web.json_response({"ok": True, "result": result})
        finally:
            self.in_flight -= 1

    async def _get_me(self, given: dict[str, Any]) -> Any:
        return {"id": 1, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}

    async def _delete_webhook(self, given: dict[str, Any]) -> Any:
        return True

    async def _set_webhook(self, given: dict[str, Any]) -> Any:
        return True

    async def _set_my_commands(self, given: dict[str, Any]) -> Any:
        return True

    async def _send_message(self, given: dict[str, Any]) -> Any:
        await asyncio.sleep(0)
        return self._message(int(given["chat_id"]), given["text"])

    async def _send_document(self, given: dict[str, Any]) -> Any:
        return self._message(int(given["chat_id"]), given["caption"])

    async def _copy_message(self, given: dict[str, Any]) -> Any:
        copied = self._message(int(given["chat_id"]), given["caption"])
        return {"message_id": copied["message_id"]}

    async def _create_forum_topic(self, given: dict[str, Any]) -> Any:
        self._thread_id += 1
        return {"message_thread_id": self._thread_id, "name": given["name"], "icon_color": 1}

    async def _edit_forum_topic(self, given: dict[str, Any]) -> Any:
        return True

    async def _leave_chat(self, given: dict[str, Any]) -> Any:
        return True

    async def _edit_message_text(self, given: dict[str, Any]) -> Any:
        where = int(given["chat_id"]), int(given["message_id"])
        self.shown[where] = given["text"]
        return _message(*where, given["text"])

    async def _edit_message_media(self, given: dict[str, Any]) -> Any:
        media = json.loads(given["media"])
        assert given[media["media"].removeprefix("attach://")] == ("a.pdf", b"%PDF")
        return await self._edit_message_text(given | {"text": media["caption"]})

    async def _get_updates(self, given: dict[str, Any]) -> Any:
        offset = int(given["offset"]) if "offset" in given else None
        self.offsets.append(offset)
        if offset is not None:
            self.updates = [update for update in self.updates if _id(update) >= offset]
        if not self.updates:
            await asyncio.sleep(0.05)
        return self.updates[: int(given["limit"])]

    def _message(self, chat_id: int, text: str) -> dict[str, Any]:
        self._message_id += 1
        self.shown[chat_id, self._message_id] = text
        self.copies[text] += 1
        self.said.set()
        return _message(chat_id, self._message_id, text)


def _id(update: Any) -> int:
    return update.get("update_id", 0) if isinstance(update, dict) else 0


def _message(chat_id: int, message_id: int, text: str) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private" if chat_id > 0 else "supergroup", "title": "x"}
    return {"message_id": message_id, "date": 1, "chat": chat, "text": text}


def _hang_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def _given(request: web.Request) -> dict[str, Any]:
    if request.content_type.startswith("multipart"):
        given: dict[str, Any] = {}
        async for part in await request.multipart():
            if part.filename is None:
                given[part.name] = await part.text()
            else:
                given[part.name] = (part.filename, bytes(await part.read()))
        return given
    if request.content_type == "application/json":
        return dict(json.loads(await request.text()))
    return dict(await request.post())
