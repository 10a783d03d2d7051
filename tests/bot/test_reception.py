"""What takes things in: updates that are asked for or brought, and a web server beside it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import aiohttp
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.reception import Listening, Reception
from bot.starting import StartRefused
from bot.web.server import listen
from tests.scenarios.process import free_port


class Coming:
    """Updates, until stopped; or for as long as it takes to fail, or to be said."""

    def __init__(self, *, ends: bool = False, error: Exception | None = None) -> None:
        self._ends, self._error = ends, error
        self._stopped = asyncio.Event()
        self.over = False

    async def run(self) -> None:
        if self._error is not None:
            raise self._error
        try:
            if not self._ends:
                await self._stopped.wait()
        finally:
            self.over = True

    async def stop(self) -> None:
        self._stopped.set()


async def answer(_: Request) -> PlainTextResponse:
    return PlainTextResponse("here")


def server(port: int) -> Listening:
    return Listening([Route("/here", answer)], host="127.0.0.1", port=port)


async def heard(port: int) -> str:
    async with aiohttp.ClientSession() as http, asyncio.timeout(5):
        while True:
            with suppress(aiohttp.ClientConnectionError):
                async with http.get(f"http://127.0.0.1:{port}/here") as said:
                    return await said.text()
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("ends", [False, True])
async def test_serves_beside_what_comes_until_it_is_stopped(ends):
    coming, port = Coming(ends=ends), free_port()
    reception = Reception(coming, server(port))
    running = asyncio.create_task(reception.run())
    assert await heard(port) == "here"
    assert await heard(port) == "here"
    assert not running.done()
    await reception.stop()
    await asyncio.wait_for(running, 5)
    assert coming.over


async def test_needs_no_server():
    coming = Coming()
    reception = Reception(coming, None)
    running = asyncio.create_task(reception.run())
    await asyncio.sleep(0)
    await reception.stop()
    await asyncio.wait_for(running, 5)
    assert coming.over


async def test_ends_with_what_comes_where_that_fails():
    reception = Reception(Coming(error=LookupError("a fault")), server(free_port()))
    with pytest.raises(LookupError):
        await asyncio.wait_for(reception.run(), 5)


async def test_that_is_cancelled_stops_both():
    coming, port = Coming(), free_port()
    running = asyncio.create_task(Reception(coming, server(port)).run())
    assert await heard(port) == "here"
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(running, 5)
    assert coming.over
    listen(port).close()


async def test_is_refused_a_port_that_is_anothers():
    with listen(0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartRefused, match=f"WEB_PORT {port}"):
            await Reception(Coming(), server(port)).run()
