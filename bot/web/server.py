"""One HTTP server inside a running event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp


class LoopServer(uvicorn.Server):
    """A server whose end is somebody else's decision: it takes no signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @classmethod
    def of(cls, app: ASGIApp, **options: Any) -> LoopServer:
        """Serve an application; options are uvicorn's."""
        return cls(
            uvicorn.Config(
                app,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                # The default waits for ever for streams that are open for ever.
                timeout_graceful_shutdown=3,
                **options,
            )
        )


def listen(port: int, host: str = "127.0.0.1") -> socket.socket:
    """
    Return a socket on that address; port 0 takes a free one.

    :raises OSError: if the port is taken.
    """
    # The protocol is named, because asyncio turns Nagle's delay off only where it is.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


async def serve(server: LoopServer, listening: socket.socket) -> None:
    """Serve until `server.should_exit` is set; safe to cancel."""
    try:
        await server.serve([listening])
    except asyncio.CancelledError:
        server.should_exit = True
        raise
