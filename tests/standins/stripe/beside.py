"""The stand-in beside a bot that somebody tries out: what it held is there the next time."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.standins.base import Now
from tests.standins.serving import DATABASE_URL, served
from tests.standins.stripe.standin import Stripe


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def beside(now: Now, *, fresh: bool) -> AsyncIterator[Mapping[str, str]]:
    """Run it for a while, its state in a file beside the database, at the same addresses."""
    path = Path((os.environ.get("DATABASE_URL") or DATABASE_URL).removeprefix("sqlite:///"))
    keep = path.with_name("standin-stripe.json")
    keep.parent.mkdir(parents=True, exist_ok=True)
    if fresh:
        keep.unlink(missing_ok=True)
    kept = json.loads(keep.read_text()) if keep.exists() else {}
    stripe = Stripe(now)
    stripe.books.load(kept.get("books", {}))
    # The addresses of open sessions, and where they lead back to, stay good.
    web_port = kept.get("web_port") or free_port()
    async with served(stripe, kept.get("port", 0)) as url:
        settings = stripe.environment(url, web_port)
        living = asyncio.create_task(stripe.live())
        try:
            yield settings
        finally:
            living.cancel()
            with suppress(asyncio.CancelledError):
                await living
            port = int(url.rpartition(":")[2])
            held = {"port": port, "web_port": web_port, "books": stripe.books.dump()}
            keep.write_text(json.dumps(held))
