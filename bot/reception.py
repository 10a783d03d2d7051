"""How updates come in: asked for, or brought; and the web server, where somebody wants one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.delivery.backoff import pause_after
from bot.delivery.poller import Poller
from bot.delivery.updates import ALLOWED_UPDATES
from bot.starting import StartRefused
from bot.web.server import LoopServer, listen

log = structlog.get_logger(__name__)


class Source(Protocol):
    """Sees to it that updates come in."""

    async def run(self) -> None:
        """Until it is stopped; or until there is nothing left to do for it."""

    async def stop(self) -> None:
        """Let `run` return."""


class Polling:
    """Asks Telegram for updates."""

    def __init__(self, poller: Poller) -> None:
        self._poller = poller
        self._polling: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Poll until stopped; cancelling a poll is safe at any moment."""
        self._polling = asyncio.create_task(self._poller.run())
        with suppress(asyncio.CancelledError):
            await self._polling

    async def stop(self) -> None:
        """Let `run` return."""
        if self._polling is not None:
            self._polling.cancel()


class Announcing:
    """Lets Telegram bring updates to `url`, where the web server has a route for them."""

    def __init__(self, bot: Bot, clock: Clock, *, url: str, secret: str) -> None:
        self._bot, self._clock = bot, clock
        self._url, self._secret = url, secret

    async def run(self) -> None:
        """
        Say where, until Telegram has heard it.

        :raises StartRefused: if Telegram refuses the address.
        """
        failures = 0
        while True:
            try:
                await self._bot.set_webhook(
                    self._url,
                    secret_token=self._secret,
                    allowed_updates=list(ALLOWED_UPDATES),
                    drop_pending_updates=False,
                )
            except BadRequest as error:
                raise StartRefused(f"WEBHOOK_URL is refused by Telegram: {error}.") from None
            except TelegramError as error:
                failures += 1
                log.warning("the webhook could not be set", error=repr(error))
                await self._clock.sleep_until(self._clock.now() + pause_after(failures))
            else:
                return

    async def stop(self) -> None:
        """Whoever runs it cancels it: there is nothing to be finished."""


class Listening:
    """The web server, with the routes of all who want one."""

    def __init__(self, routes: Sequence[BaseRoute], *, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._server = LoopServer.of(Starlette(routes=routes))

    def begin(self) -> asyncio.Task[None]:
        """
        Listen, and return what serves until `end`.

        :raises StartRefused: if nobody can listen there.
        """
        try:
            listening = listen(self._port, self._host)
        except OSError as error:
            raise StartRefused(
                f"WEB_PORT {self._port} of WEB_HOST {self._host} cannot be listened on:"
                f" {error.strerror}."
            ) from None
        return asyncio.create_task(self._server.serve([listening]))

    def end(self) -> None:
        """Answer the calls under way, and no more."""
        self._server.end()


class Reception:
    """Takes in what others bring, and sees to it that they do, until it is stopped."""

    def __init__(self, source: Source, listening: Listening | None) -> None:
        self._source, self._listening = source, listening

    async def run(self) -> None:
        """
        Listen first, then let things come.

        :raises StartRefused: if nobody can listen there, or Telegram refuses the address.
        """
        if self._listening is None:
            await self._source.run()
            return
        serving = self._listening.begin()
        coming = asyncio.create_task(self._source.run())
        try:
            await asyncio.wait({serving, coming}, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                await coming
        except BaseException:
            self._listening.end()
            raise
        finally:
            await self._source.stop()
            coming.cancel()
            await asyncio.wait({coming})
            await serving

    async def stop(self) -> None:
        """Take nothing more in, and let `run` return."""
        await self._source.stop()
        if self._listening is not None:
            self._listening.end()
