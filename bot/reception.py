"""How updates come in: asked for, or brought; the same inbox takes them."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.delivery.backoff import pause_after
from bot.delivery.poller import Poller
from bot.delivery.receiver import Receiver
from bot.delivery.updates import ALLOWED_UPDATES
from bot.starting import StartRefused
from bot.web.server import LoopServer, listen
from bot.web.telegram import TelegramWebhook

log = structlog.get_logger(__name__)


class Reception(Protocol):
    """Takes updates in until it is stopped."""

    async def run(self) -> None: ...
    async def stop(self) -> None: ...


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


class Listening:
    """Lets Telegram bring updates to `url`, which reaches `host` and `port` here."""

    def __init__(
        self,
        bot: Bot,
        receiver: Receiver,
        clock: Clock,
        *,
        url: str,
        secret: str,
        host: str,
        port: int,
    ) -> None:
        self._bot, self._clock = bot, clock
        self._url, self._secret, self._host, self._port = url, secret, host, port
        webhook = TelegramWebhook(secret, receiver.keep)
        routes = [webhook.route(urlsplit(url).path or "/")]
        self._server = LoopServer.of(Starlette(routes=routes))

    async def run(self) -> None:
        """
        Listen first, then say where; serve until stopped.

        :raises StartRefused: if nobody can listen there, or Telegram refuses the address.
        """
        listening = self._listening()
        serving = asyncio.create_task(self._server.serve([listening]))
        announcing = asyncio.create_task(self._announce())
        try:
            await asyncio.wait({serving, announcing}, return_when=asyncio.FIRST_COMPLETED)
            if announcing.done():
                await announcing
        except StartRefused:
            self._server.end()
            raise
        finally:
            announcing.cancel()
            await serving

    def _listening(self) -> socket.socket:
        try:
            return listen(self._port, self._host)
        except OSError as error:
            raise StartRefused(
                f"WEB_PORT {self._port} of WEB_HOST {self._host} cannot be listened on:"
                f" {error.strerror}."
            ) from None

    async def stop(self) -> None:
        """Answer the calls under way, and let `run` return."""
        self._server.end()

    async def _announce(self) -> None:
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
