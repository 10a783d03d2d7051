"""What all stand-ins have: a clock handed in, faults that are ordered, a state to look at."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bot.sandbox.cutting import HangUp

Json = dict[str, Any]
Now = Callable[[], Awaitable[datetime]]
Handler = Callable[[Request], Awaitable[Any]]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# In place of the effect, and after it.
BEFORE = frozenset({"cut_before", "500", "429", "refused"})
AFTER = frozenset({"cut_after", "slow", "html", "wrong", "huge", "redirect"})
KINDS = BEFORE | AFTER
# Longer than anybody waits for an answer.
SLOW_SECONDS = 25.0
HUGE_BYTES = 12 * 1024 * 1024


class Refused(Exception):
    """The company says no: a status, and a body."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status)
        self.status, self.body = status, body


def ms(instant: datetime) -> int:
    """Return an instant as epoch milliseconds."""
    return (instant - EPOCH) // timedelta(milliseconds=1)


def instant(milliseconds: int) -> datetime:
    return EPOCH + timedelta(milliseconds=milliseconds)


class Platform:
    """
    A messaging platform: rows of JSON by id, kept in a file if one is given.

    `POST /faults {"operation", "kind", "times"}` orders failures; `GET /state` shows all; `POST
    /phone {"id", "connected"}` connects or disconnects a number, as somebody's phone would.
    """

    def __init__(self, now: Now, keep: Path | None = None) -> None:
        self.now = now
        self.rows: dict[str, Json] = {}
        self.calls: Counter[str] = Counter()
        self.slow_seconds = SLOW_SECONDS
        self._keep = keep
        self._faults: dict[str, deque[str]] = {}
        if keep is not None and keep.exists():
            self.rows = json.loads(keep.read_text())
        self.app: ASGIApp = Starlette(
            routes=[
                Route("/faults", self._order, methods=["POST"]),
                Route("/phone", self._phone, methods=["POST"]),
                Route("/state", self._state),
                *self.routes(),
            ]
        )

    def routes(self) -> list[BaseRoute]:
        raise NotImplementedError

    def check(self, request: Request) -> None:
        """:raises Refused: if the caller does not say who it is."""
        raise NotImplementedError

    def refusal(self, status: int, why: str) -> Refused:
        """Return a refusal in the form of this company."""
        raise NotImplementedError

    def environment(self, url: str) -> Mapping[str, str]:
        """Return the settings with which the bot speaks to it there."""
        raise NotImplementedError

    def order(self, operation: str, kind: str, times: int = 1) -> None:
        """Let the next calls of an operation fail so."""
        if kind not in KINDS:
            raise ValueError(f"one of {', '.join(sorted(KINDS))}")
        self._faults.setdefault(operation, deque()).extend([kind] * times)

    def on(self, operation: str, path: str, method: str, handler: Handler) -> Route:
        """Answer a call by a handler, or by the failure that is its turn."""

        async def answer(request: Request) -> Response:
            self.calls[operation] += 1
            try:
                self.check(request)
                return await self._suffered(operation, request, handler)
            except Refused as refused:
                return JSONResponse(refused.body, refused.status)

        return Route(path, answer, methods=[method])

    async def _suffered(self, operation: str, request: Request, handler: Handler) -> Response:
        waiting = self._faults.get(operation)
        kind = waiting.popleft() if waiting else None
        match kind:
            case "cut_before":
                return HangUp()
            case "500" | "429":
                raise self.refusal(int(kind), "Something went wrong")
            case "refused":
                raise self.refusal(400, "The platform refuses it")
        made = await handler(request)
        if self._keep is not None:
            self._keep.write_text(json.dumps(self.rows))
        if kind is None:
            return made if isinstance(made, Response) else JSONResponse(made)
        return await self._spoilt(kind)

    async def _spoilt(self, kind: str) -> Response:
        """Return what comes instead of the answer, the effect being there."""
        match kind:
            case "html":
                return PlainTextResponse("<html>maintenance</html>", media_type="text/html")
            case "wrong":
                return JSONResponse([["what", {"is": "this"}], 7])
            case "huge":
                return Response(b'"' + b"x" * HUGE_BYTES + b'"', media_type="application/json")
            case "redirect":
                return RedirectResponse("/elsewhere")
            case "slow":
                await asyncio.sleep(self.slow_seconds)
        return HangUp()

    async def _order(self, request: Request) -> Response:
        wanted = await request.json()
        self.order(wanted["operation"], wanted["kind"], int(wanted.get("times", 1)))
        return JSONResponse({"ok": True})

    async def _phone(self, request: Request) -> Response:
        wanted = await request.json()
        self.rows[wanted["id"]]["connected"] = bool(wanted["connected"])
        return JSONResponse({"ok": True})

    async def _state(self, request: Request) -> Response:
        return JSONResponse({"rows": self.rows, "calls": self.calls})
