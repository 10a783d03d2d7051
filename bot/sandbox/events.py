"""What happens in the box, as server-sent events for the page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime

from starlette.requests import Request
from starlette.responses import StreamingResponse

from bot.sandbox import views
from bot.sandbox.exchange import Exchange
from bot.sandbox.values import Chat, Json, Message, Person

# A page that reads more slowly than this is let go; it comes back and reads all anew.
MOST_UNREAD = 1000
KEEP_ALIVE_SECONDS = 15


class Events:
    """Open streams, each with its own queue; None in a queue ends its stream."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._streams: set[asyncio.Queue[str | None]] = set()
        self._closed = False
        exchange.happenings.listen(self._tell)

    async def stream(self, _: Request) -> StreamingResponse:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._read(), media_type="text/event-stream", headers=headers)

    def close(self) -> None:
        """End all streams, and those that still come."""
        self._closed = True
        for stream in self._streams:
            _end(stream)

    async def _read(self) -> AsyncIterator[str]:
        if self._closed:
            return
        stream: asyncio.Queue[str | None] = asyncio.Queue(MOST_UNREAD)
        self._streams.add(stream)
        try:
            yield "retry: 1000\n\n"
            yield _written("clock", {"now": views.instant(self._exchange.clock.now())})
            while True:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                        event = await stream.get()
                except TimeoutError:
                    event = ": still here\n\n"
                if event is None:
                    return
                yield event
        finally:
            self._streams.discard(stream)

    def _tell(self, kind: str, value: object) -> None:
        if not self._streams:
            return
        event = self._event(kind, value)
        for stream in self._streams:
            if stream.full():
                _end(stream)
            else:
                stream.put_nowait(event)

    def _event(self, kind: str, value: object) -> str:
        data: Json = {}
        match value:
            case Message() if kind == "deleted":
                kind = "message"
                gone = {"message_id": value.message_id, "deleted": True}
                data = {"chat_id": value.chat_id, "message": gone}
            case Message():
                shown = views.message(self._exchange, value)
                data = {"chat_id": value.chat_id, "message": shown}
            case Chat():
                data = views.chat(value)
            case Person():
                data = views.person(value)
            case datetime():
                data = {"now": views.instant(value)}
        return _written(kind, data)


def _end(stream: asyncio.Queue[str | None]) -> None:
    while not stream.empty():
        stream.get_nowait()
    stream.put_nowait(None)


def _written(kind: str, data: Json) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
