"""One HTTP server inside a running event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

# A call that is not answered by then, when the server ends, is dropped.
GRACE_SECONDS = 3.0


class LoopServer(uvicorn.Server):
    """
    A server whose end is somebody else's decision: it takes no signals.

    It also ends when it is told to, where uvicorn looks every tenth of a second.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    @classmethod
    def of(cls, app: ASGIApp, **options: Any) -> LoopServer:
        """Serve an application; options are uvicorn's own."""
        return cls(
            uvicorn.Config(
                app,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                log_level="warning",
                date_header=False,
                server_header=False,
                # A client keeps its connections longer than it pauses between two calls.
                timeout_keep_alive=75,
                **options,
            )
        )

    def end(self) -> None:
        """Let `serve` return, once the calls under way are answered."""
        self._ending.set()

    async def main_loop(self) -> None:
        await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            _, late = await asyncio.wait(self.server_state.tasks, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
        for listening in sockets or ():
            listening.close()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(port: int, host: str = "127.0.0.1") -> socket.socket:
    """
    Return a socket on that address, the loopback one unless told; port 0 takes a free one.

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
