"""The people's side: the JSON face under `/sandbox`."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox import views
from bot.sandbox.bot_api import METHODS
from bot.sandbox.errors import Mistake
from bot.sandbox.exchange import Exchange
from bot.sandbox.faults import PLATFORM_KINDS, Fault
from bot.sandbox.groups import Groups
from bot.sandbox.keeper import END
from bot.sandbox.methods.profile import commands_shown
from bot.sandbox.requests import Fields, query_integer, read_move, read_upload
from bot.sandbox.settling import Settling
from bot.sandbox.speaking import Said, Speaking

MOST_MESSAGES = 1000
MOST_FAULTS = 1_000_000
LONGEST_NAME = 64
# Real seconds that a press waits for what the bot shows.
ANSWER_SECONDS = 2.0
# After the bot has come to rest, an answer to a tap may still be on its way.
LATE_ANSWER_SECONDS = 0.25
# Shown in the browser; anything else is only ever downloaded.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

Endpoint = Callable[[Request], Awaitable[Any]]
log = logging.getLogger(__name__)


class People:
    """Reads what people want, has it done, and answers in JSON; a mistake is a 400."""

    def __init__(self, exchange: Exchange, settling: Settling) -> None:
        self._exchange, self._settling = exchange, settling
        self._speaking = Speaking(exchange)
        self._groups = Groups(exchange, self._speaking)

    def routes(self) -> list[BaseRoute]:
        """Return the routes, without that of the events."""
        table: list[tuple[str, str, Endpoint]] = [
            ("GET", "people", self.list_people),
            ("POST", "people", self.add_person),
            ("POST", "people/{id:int}/block", self.block),
            ("POST", "people/{id:int}/unblock", self.unblock),
            ("GET", "chats", self.list_chats),
            ("POST", "chats", self.add_chat),
            ("POST", "chats/{id}/rights", self.set_rights),
            ("POST", "chats/{id}/migrate", self.migrate),
            ("DELETE", "chats/{id}/topics/{thread_id:int}", self.delete_topic),
            ("GET", "commands", self.list_commands),
            ("GET", "messages", self.list_messages),
            ("POST", "messages", self.say),
            ("POST", "presses", self.press),
            ("GET", "clock", self.tell_time),
            ("POST", "clock", self.move_clock),
            ("POST", "settle", self.settle),
            ("POST", "faults", self.order_fault),
            ("GET", "platform/instances", self.platform_instances),
            ("POST", "platform/instances", self.make_there),
            ("DELETE", "platform/instances/{id}", self.lose_there),
            ("POST", "platform/instances/{id}/link", self.connect_number),
        ]
        routes: list[BaseRoute] = [
            Route(f"/sandbox/{path}", _answering(endpoint), methods=[method])
            for method, path, endpoint in table
        ]
        return [*routes, Route("/sandbox/files/{file_id}", self.show_file)]

    async def list_people(self, _: Request) -> list[Any]:
        return [views.person(one) for one in self._exchange.world.people.values()]

    async def add_person(self, request: Request) -> Any:
        fields = await Fields.of(request)
        name = fields.text("name").strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise Mistake(f"name: 1 to {LONGEST_NAME} characters")
        language = fields.text("language_code", "en").strip().lower()
        return views.person(self._exchange.world.add_person(name, language))

    async def block(self, request: Request) -> Any:
        person = self._speaking.set_blocked(request.path_params["id"], True)
        await self._settled(request)
        return views.person(person)

    async def unblock(self, request: Request) -> Any:
        person = self._speaking.set_blocked(request.path_params["id"], False)
        await self._settled(request)
        return views.person(person)

    async def list_chats(self, _: Request) -> list[Any]:
        return [views.chat(one) for one in self._exchange.world.chats.values()]

    async def add_chat(self, request: Request) -> Any:
        fields = await Fields.of(request)
        chat = self._groups.make(
            fields.text("title"),
            fields.text("type", "supergroup"),
            fields.integers("members"),
            is_forum=fields.flag("is_forum"),
        )
        await self._settled(request)
        return views.chat(chat)

    async def set_rights(self, request: Request) -> Any:
        fields = await Fields.of(request)
        admin, topics = fields.flag("admin"), fields.flag("manage_topics")
        chat = self._groups.set_rights(_chat_id(request), admin=admin, manage_topics=topics)
        await self._settled(request)
        return views.chat(chat)

    async def migrate(self, request: Request) -> Any:
        chat = self._groups.migrate(_chat_id(request))
        await self._settled(request)
        return views.chat(chat)

    async def delete_topic(self, request: Request) -> Any:
        self._groups.delete_topic(_chat_id(request), request.path_params["thread_id"])
        return {}

    async def list_commands(self, request: Request) -> Any:
        """Answer with the commands that the composer hints at."""
        chat = self._speaking.chat(query_integer(request, "chat_id"))
        return commands_shown(self._exchange, chat, request.query_params.get("language", ""))

    async def list_messages(self, request: Request) -> list[Any]:
        chat = self._speaking.chat(query_integer(request, "chat_id"))
        limit = query_integer(request, "limit", MOST_MESSAGES)
        if not 1 <= limit <= MOST_MESSAGES:
            raise Mistake(f"limit: 1 to {MOST_MESSAGES}")
        keeper = self._exchange.keeper
        if "after" in request.query_params:
            found = keeper.messages_after(chat.id, query_integer(request, "after"), limit)
        else:
            found = keeper.messages_before(chat.id, END, limit)
        return [views.message(self._exchange, one) for one in found]

    async def say(self, request: Request) -> Any:
        fields = await Fields.of(request)
        message = self._speaking.say(
            Said(
                chat_id=fields.integer("chat_id"),
                from_id=fields.integer("from_id"),
                text=fields.text("text", ""),
                reply_to=fields.optional_integer("reply_to"),
                thread_id=fields.optional_integer("thread_id"),
                document=read_upload(fields, "document"),
                photo=read_upload(fields, "photo"),
                forward_from=fields.integer_or_text("forward_from"),
                edit_of=fields.optional_integer("edit_of"),
                sender_chat=fields.optional_integer("sender_chat"),
            )
        )
        await self._settled(request)
        return {"message_id": message.message_id}

    async def press(self, request: Request) -> Any:
        fields = await Fields.of(request)
        tap_id = self._speaking.press(
            fields.integer("chat_id"),
            fields.integer("from_id"),
            fields.integer("message_id"),
            fields.text("button"),
        )
        if _wants_settling(request):
            await self._settling.settle()
            return await self._answer(tap_id, LATE_ANSWER_SECONDS)
        return await self._answer(tap_id, ANSWER_SECONDS)

    async def _answer(self, tap_id: str, patience_seconds: float) -> dict[str, Any]:
        """Return what the bot showed for the tap, with nulls if it showed nothing in time."""
        until = time.monotonic() + patience_seconds
        while True:
            answer = self._exchange.keeper.tap(tap_id)["answer"]
            left = until - time.monotonic()
            if answer is not None:
                return {"answer": answer["text"], "alert": answer["alert"]}
            if left <= 0:
                return {"answer": None, "alert": None}
            await self._exchange.happenings.wait(left)

    async def tell_time(self, _: Request) -> Any:
        return {"now": views.instant(self._exchange.clock.now())}

    async def move_clock(self, request: Request) -> Any:
        target: Callable[[datetime], datetime] = read_move(await Fields.of(request))
        return {"now": views.instant(await self._settling.advance(target))}

    async def settle(self, _: Request) -> Any:
        await self._settling.settle()
        return {}

    async def order_fault(self, request: Request) -> Any:
        fields = await Fields.of(request)
        times, kind = fields.integer("times", 1), fields.text("kind")
        if not 1 <= times <= MOST_FAULTS:
            raise Mistake(f"times: 1 to {MOST_FAULTS}")
        if fields.has("platform"):
            await self._order_platform_fault(fields.text("platform"), kind, times)
            return {}
        method = fields.text("method")
        if method.lower() not in METHODS and method.lower() != "getupdates":
            raise Mistake(f"method: the Bot API of the box has no {method!r}")
        chat_id = fields.optional_integer("chat_id")
        self._exchange.faults.order(Fault(method, kind, times, chat_id))
        return {}

    async def _order_platform_fault(self, operation: str, kind: str, times: int) -> None:
        if kind not in PLATFORM_KINDS:
            raise Mistake(f"kind: one of {', '.join(PLATFORM_KINDS)}")
        if self._settling.app is None:
            raise Mistake("platform: no bot lives in this box")
        try:
            await self._settling.app.platform_fault(operation, kind, times)
        except ValueError as refusal:
            raise Mistake(f"platform: {refusal}") from refusal

    async def platform_instances(self, _: Request) -> Any:
        if self._settling.app is None:
            raise Mistake("no bot lives in this box, so no platform either")
        return await self._settling.app.platform_instances()

    async def connect_number(self, request: Request) -> Any:
        """Do as a phone that scans the code, or that is logged out."""
        connected = (await Fields.of(request)).flag("connected")
        app, reference = self._settling.app, request.path_params["id"]
        if app is None or not await app.connect_number(reference, connected=connected):
            raise Mistake(f"the platform has no instance {reference!r}")
        return {}

    async def make_there(self, request: Request) -> Any:
        """Do as somebody who makes an instance in the platform's own panel."""
        name = (await Fields.of(request)).text("name").strip()
        if self._settling.app is None:
            raise Mistake("no bot lives in this box, so no platform either")
        if not 1 <= len(name) <= LONGEST_NAME:
            raise Mistake(f"name: 1 to {LONGEST_NAME} characters")
        return {"id": await self._settling.app.appear(name)}

    async def lose_there(self, request: Request) -> Any:
        """Let the platform lose an instance, and tell nobody."""
        app, reference = self._settling.app, request.path_params["id"]
        if app is None or not await app.vanish(reference):
            raise Mistake(f"the platform has no instance {reference!r}")
        return {}

    async def show_file(self, request: Request) -> Response:
        found = self._exchange.files.find(request.path_params["file_id"])
        if found is None:
            return JSONResponse({"error": "there is no such file"}, status_code=404)
        attachment, content = found
        headers = {"X-Content-Type-Options": "nosniff"}
        if attachment.mime_type not in PICTURES:
            headers["Content-Disposition"] = "attachment"
        return Response(content, media_type=attachment.mime_type, headers=headers)

    async def _settled(self, request: Request) -> None:
        if _wants_settling(request):
            await self._settling.settle()


def _wants_settling(request: Request) -> bool:
    return request.query_params.get("settle", "") not in ("", "0", "false")


def _chat_id(request: Request) -> int:
    try:
        return int(request.path_params["id"])
    except ValueError:
        raise Mistake("the id of a chat is a whole number") from None


def _answering(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await endpoint(request))
        except Mistake as mistake:
            return JSONResponse({"error": str(mistake)}, status_code=mistake.status)
        except Exception as failure:
            log.exception("the sandbox's people side failed")
            words = f"{type(failure).__name__}: {failure}"
            return JSONResponse({"error": words}, status_code=500)

    return answer
