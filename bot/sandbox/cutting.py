"""Connections that can be cut without an answer."""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class CuttableProtocol(H11Protocol):
    """Hands each request the means to close its connection without an answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a connection that cannot be written to")
        super().connection_made(transport)
        served = self.app

        async def with_cut(scope: Scope, receive: Receive, send: Send) -> None:
            scope["sandbox.cut"] = transport.close
            await served(scope, receive, send)

        self.app = with_cut


class HangUp(Response):
    """
    No answer at all: the connection is cut.

    It stands for a time-out. To the caller both are the same, it cannot know what was done,
    and here nobody has to wait for it.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        scope["sandbox.cut"]()
        while (await receive())["type"] != "http.disconnect":
            continue
