"""How a bot gets its updates: long polling or a webhook."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from bot.sandbox.clock import real_pause
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.exchange import Exchange
from bot.sandbox.methods import Methods
from bot.sandbox.parameters import Parameters
from bot.sandbox.values import Json
from bot.sandbox.webhook_push import Webhook

LONGEST_POLL_SECONDS = 50
MOST_UPDATES = 100
# Two pollers that each try again at once would otherwise end each other without a pause.
CONFLICT_PAUSE_SECONDS = 3.0
# For so long after its last poll a bot still counts as there: it is handling what it got.
LISTENS_SECONDS = 2.0
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a poll wants; `until` is a reading of the monotonic clock."""

    offset: int
    limit: int
    until: float


class Polls:
    """The one long poll that there may be; times here are real, as a connection's are."""

    def __init__(self) -> None:
        self._current: object | None = None
        self._last_at = float("-inf")
        self._last_conflict = float("-inf")
        self._closed = False

    def is_listening(self) -> bool:
        """Tell whether a bot polls, or polled a moment ago."""
        return self._current is not None or time.monotonic() - self._last_at < LISTENS_SECONDS

    def close(self) -> None:
        """End every poll at once, and those to come."""
        self._closed = True

    async def get_updates(
        self, exchange: Exchange, parameters: Parameters, gone: Callable[[], Awaitable[object]]
    ) -> list[Json]:
        """
        Answer with what waits, or with the first that comes in time.

        What lies below the offset is forgotten at once, even if nobody reads the answer;
        `gone` returns when the caller hangs up.
        """
        if exchange.push.webhook is not None:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        asked = _Asked(
            parameters.integer("offset") or 0,
            _clamped(parameters.integer("limit"), 1, MOST_UPDATES, MOST_UPDATES),
            time.monotonic() + _clamped(parameters.integer("timeout"), 0, LONGEST_POLL_SECONDS, 0),
        )
        _allow(exchange, parameters)
        poll = self._current = object()
        # The older poll has to look again, and finds that it was ended.
        exchange.happenings.mark()
        watch = asyncio.create_task(self._watch(exchange, gone))
        try:
            return await self._first_found(exchange, asked, poll, watch)
        finally:
            watch.cancel()
            self._last_at = time.monotonic()
            if self._current is poll:
                self._current = None

    async def _first_found(
        self, exchange: Exchange, asked: _Asked, poll: object, watch: asyncio.Task[None]
    ) -> list[Json]:
        while True:
            found = exchange.queue.take(asked.offset, asked.limit)
            left = asked.until - time.monotonic()
            if found or left <= 0 or self._closed or watch.done():
                return found
            await exchange.happenings.wait(left)
            if self._current is not poll:
                await self._pause_after_conflict()
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request;"
                    " make sure that only one bot instance is running",
                )

    async def _watch(self, exchange: Exchange, gone: Callable[[], Awaitable[object]]) -> None:
        await gone()
        # On the next step this task is done, and the poll that wakes sees it.
        asyncio.get_running_loop().call_soon(exchange.happenings.mark)

    async def _pause_after_conflict(self) -> None:
        now = time.monotonic()
        repeated = now - self._last_conflict < CONFLICT_PAUSE_SECONDS
        self._last_conflict = now
        if repeated:
            await real_pause(CONFLICT_PAUSE_SECONDS)


def _clamped(value: int | None, least: int, most: int, default: int) -> int:
    return default if value is None else min(max(value, least), most)


def _allow(exchange: Exchange, parameters: Parameters) -> None:
    kinds = parameters.json("allowed_updates")
    if kinds is None:
        return
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    exchange.queue.allow(kinds)


async def set_webhook(exchange: Exchange, parameters: Parameters) -> bool:
    url = parameters.text("url")
    if not url:
        return await delete_webhook(exchange, parameters)
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise bad_request("bad webhook: invalid webhook URL specified")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = parameters.text("secret_token") or None
    if secret is not None and SECRET.fullmatch(secret) is None:
        raise bad_request("secret token contains unallowed characters")
    connections = _clamped(parameters.integer("max_connections"), 1, 100, 40)
    _allow(exchange, parameters)
    if parameters.flag("drop_pending_updates"):
        exchange.queue.clear()
    await exchange.push.set(Webhook(url, secret, connections))
    return True


async def delete_webhook(exchange: Exchange, parameters: Parameters) -> bool:
    if parameters.flag("drop_pending_updates"):
        exchange.queue.clear()
    await exchange.push.set(None)
    return True


async def get_webhook_info(exchange: Exchange, _: Parameters) -> Json:
    webhook = exchange.push.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(exchange.queue),
    }
    if webhook is not None:
        info["max_connections"] = webhook.max_connections
        info["ip_address"] = "127.0.0.1"
    if exchange.push.last_error is not None:
        at, reason = exchange.push.last_error
        info["last_error_date"] = _seconds(at)
        info["last_error_message"] = reason
    if exchange.queue.allowed:
        info["allowed_updates"] = exchange.queue.allowed
    return info


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


METHODS: Methods = {
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
