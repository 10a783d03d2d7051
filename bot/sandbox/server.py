"""One HTTP server inside a running event loop, and connections that can be cut."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
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


class LoopServer(uvicorn.Server):
    """A server whose end is somebody else's decision: it takes no signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @classmethod
    def of(cls, app: ASGIApp) -> LoopServer:
        return cls(
            uvicorn.Config(
                app,
                http=CuttableProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                # Event streams are open for ever, and end only when told to.
                timeout_graceful_shutdown=3,
                # A client keeps its connections longer than it pauses between two calls.
                timeout_keep_alive=75,
            )
        )


def listen(port: int) -> socket.socket:
    """
    Return a socket on the loopback address; port 0 takes a free one.

    :raises OSError: if the port is taken.
    """
    # The protocol is named, because asyncio turns Nagle's delay off only where it is.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.close()
        raise
    return listening
