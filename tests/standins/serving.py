"""Serves a stand-in on a port of this machine, for as long as it is needed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.sandbox.cutting import CuttableProtocol
from bot.web.server import LoopServer, listen
from tests.standins.base import Now, Platform

DATABASE_URL = "sqlite:///data/desk.db"


@asynccontextmanager
async def served(stand_in: Platform, port: int = 0) -> AsyncIterator[str]:
    """Yield its address: that port, or a free one where it is taken."""
    try:
        listening = listen(port)
    except OSError:
        listening = listen(0)
    # Who calls before the server has looked up waits, and is not refused.
    listening.listen()
    server = LoopServer.of(stand_in.app, http=CuttableProtocol)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.end()
        await serving


@asynccontextmanager
async def kept(
    name: str, kind: Callable[[Now, Path | None], Platform], now: Now, *, fresh: bool
) -> AsyncIterator[Mapping[str, str]]:
    """Run one beside the bot, its state in a file beside the database, at the same address."""
    path = Path((os.environ.get("DATABASE_URL") or DATABASE_URL).removeprefix("sqlite:///"))
    keep, port_kept = (path.with_name(f"standin-{name}.{kind_}") for kind_ in ("json", "port"))
    keep.parent.mkdir(parents=True, exist_ok=True)
    if fresh:
        keep.unlink(missing_ok=True)
    port = int(port_kept.read_text()) if port_kept.exists() else 0
    stand_in = kind(now, keep)
    async with served(stand_in, port) as url:
        # The bot keeps the addresses of channels: they have to be the same the next time.
        port_kept.write_text(url.rpartition(":")[2])
        yield stand_in.environment(url)
