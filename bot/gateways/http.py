"""
HTTP to a messaging platform: bounded in time and size, and not at all while it is down.

What an answer means is sorted here: no answer, a broken one, 5xx and 429 are PlatformSilent (done
or not), every other 4xx is PlatformRefused with the platform's own sentence. No secret gets into
any of these, nor into a log: addresses at these platforms hold tokens.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from billing.services.ports.platforms import PlatformSilent
from bot.clock import Clock
from bot.gateways.answers import Answer, Cut, Declined, Throttled, Unreadable, read, sentence
from bot.gateways.breaker import Breaker

LARGEST_BYTES = 8 * 1024 * 1024
ATTEMPTS = 3
CONNECTIONS = 20
# Their lines have the address of each call, and the headers where they are told to say all.
TALKATIVE = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one attempt may take, in seconds: to connect, between two bytes, in all."""

    connect: float = 5.0
    read: float = 20.0
    whole: float = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """
    One call: where, with what, and which secrets are in it.

    `at` is another address than the platform's, with `headers` in place of the usual ones.
    `lenient`: an `error` in an answer of 200 means nothing.
    """

    method: str
    path: str = field(repr=False)
    json: Any = field(default=None, repr=False)
    params: Mapping[str, str | int] | None = None
    secrets: Collection[str] = field(default=(), repr=False)
    at: str | None = None
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    lenient: bool = False


class Http:
    """
    One platform, over one client.

    `headers` go with each call and hold the account's secrets. `gap`: so long there is between the
    end of a call and the next one, one at a time; without it calls go out side by side. GETs that
    were cut are made again, twice at most; nothing else is.
    """

    def __init__(
        self,
        base: str,
        clock: Clock,
        *,
        headers: Mapping[str, str],
        timeouts: Timeouts | None = None,
        gap: timedelta | None = None,
    ) -> None:
        self._base, self._clock = base.rstrip("/"), clock
        self._headers = dict(headers)
        self._timeouts = limits = timeouts or Timeouts()
        self._gap = gap
        self._lane = asyncio.Lock()
        self._next_at = clock.now()
        # A channel's own address may be down while the platform answers.
        self._breakers: dict[str, Breaker] = {}
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            limits=httpx.Limits(max_connections=CONNECTIONS),
            verify=_trusted(),
        )
        for name in TALKATIVE:
            logging.getLogger(name).addFilter(_warnings_only)

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(self, call: Call) -> Answer:
        """
        Return the answer of a call that succeeded.

        :raises Declined: the platform says no, in its own words.
        :raises PlatformSilent: it did not answer, or in no way that can be read.
        """
        if call.method != "GET":
            return await self._guarded(call)
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Cut),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential(multiplier=0.2, max=2),
            sleep=self._pause,
            reraise=True,
        )
        return await retrying(self._guarded, call)

    async def _pause(self, seconds: float) -> None:
        await self._clock.sleep_until(self._clock.now() + timedelta(seconds=seconds))

    async def _guarded(self, call: Call) -> Answer:
        breaker = self._breaker_of(call)
        breaker.check()
        if self._gap is None:
            with breaker.counting():
                return await self._exchange(call)
        async with self._lane:
            await self._clock.sleep_until(self._next_at)
            # It may have opened while this one waited for its turn.
            breaker.check()
            try:
                with breaker.counting():
                    return await self._exchange(call)
            finally:
                self._next_at = self._clock.now() + self._gap

    def _breaker_of(self, call: Call) -> Breaker:
        place = _place(call.at or self._base)
        return self._breakers.setdefault(place, Breaker(self._clock))

    async def _exchange(self, call: Call) -> Answer:
        # Raised outside of the handlers: the library's errors lead to the request and its secrets.
        try:
            async with asyncio.timeout(self._timeouts.whole):
                response, content = await self._sent(call)
        except (TimeoutError, httpx.TimeoutException):
            failure = PlatformSilent("no answer in time")
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            failure = Cut(f"the connection failed: {type(error).__name__}")
        else:
            return self._sorted(call, response, content)
        raise failure

    async def _sent(self, call: Call) -> tuple[httpx.Response, bytes | None]:
        """Return an answer with its content, or None where that is too much or was packed."""
        request = self._client.build_request(
            call.method,
            (call.at or self._base) + call.path,
            json=call.json,
            params=call.params,
            headers={
                "accept": "application/json",
                # What is packed cannot be bounded before it is unpacked.
                "accept-encoding": "identity",
                # Z-API demands it even where there is no body.
                "content-type": "application/json",
                **(self._headers if call.headers is None else call.headers),
            },
        )
        response = await self._client.send(request, stream=True)
        try:
            if response.headers.get("content-encoding", "identity") != "identity":
                return response, None
            return response, await _bounded(response)
        finally:
            await response.aclose()

    def _sorted(self, call: Call, response: httpx.Response, content: bytes | None) -> Answer:
        status = response.status_code
        if status >= 500:
            raise Cut(f"HTTP {status}")
        if content is None:
            raise PlatformSilent(f"HTTP {status}, and more than can be read")
        if status == 429:
            raise Throttled(_seconds(response.headers.get("retry-after")))
        if 300 <= status < 400:
            # It may have been done: an address that leads elsewhere says nothing of that.
            raise PlatformSilent(f"HTTP {status}: it names another address")
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        secrets = [*self._secrets(), *call.secrets]
        if status >= 400:
            raise Declined(status, sentence(read(content), status, secrets))
        answer = Answer(status, kind, content)
        if not call.lenient and answer.says_error:
            raise Declined(status, sentence(answer.body, status, secrets))
        if call.method != "GET" and not answer.confirms:
            raise Unreadable("no confirmation")
        return answer

    def _secrets(self) -> Iterable[str]:
        for value in self._headers.values():
            yield value.removeprefix("Bearer ")


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom to trust, read once: it takes a tenth of a second."""
    return httpx.create_ssl_context()


def _place(address: str) -> str:
    """:raises Unreadable: if it is no address; some of them come from the platform."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts.netloc
    except ValueError:
        pass  # a port or an IPv6 address that is none
    raise Unreadable("an address that is none")


async def _bounded(response: httpx.Response) -> bytes | None:
    content = bytearray()
    async for chunk in response.aiter_raw():
        content += chunk
        if len(content) > LARGEST_BYTES:
            return None
    return bytes(content)


def _seconds(retry_after: str | None) -> timedelta | None:
    """Read Retry-After where it counts seconds, a day at most; a date is not taken."""
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()):
        return None
    return timedelta(seconds=min(int(retry_after[:6]), 86_400))


def _warnings_only(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
