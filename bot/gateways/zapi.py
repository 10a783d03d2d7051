"""
Z-API: instances by the month, for programmes with a monthly invoice.

It has no call to keep a cancelled instance, to stop one or to give it days; it deletes one 40 days
after its cancellation, and no earlier. Subscribing costs money and is refused the second time, in
words that are known only from others' clients, as are those for what is gone.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from billing.services.ports.platforms import (
    Held,
    HeldState,
    Made,
    Offer,
    PlatformLater,
    PlatformRefused,
    PlatformUnable,
    Remote,
    reference_in,
)
from bot.clock import Clock
from bot.gateways.answers import (
    Answer,
    Declined,
    Json,
    Unreadable,
    flag,
    maybe_text,
    paid_until,
    picture,
    text,
    whole,
)
from bot.gateways.http import Call, Http, Timeouts

URL = "https://api.z-api.io"
GAP = timedelta(milliseconds=400)
PAGE_SIZE, MOST_PAGES = 50, 2000
QR_LASTS, CODE_LASTS = timedelta(seconds=20), timedelta(seconds=160)
DELETED_AFTER = timedelta(days=40)
ASKED_AGAIN = timedelta(days=1)

_PAID = re.compile(r"\balready\W+(?:been\W+)?(?:paid|subscribed)", re.IGNORECASE)
_CANCELLED = re.compile(r"\balready\W+(?:been\W+)?cancel", re.IGNORECASE)
_LAPSED = re.compile(r"\bsubscribe\b.*\bagain\b", re.IGNORECASE)
_GONE = re.compile(r"\binstance not found\b", re.IGNORECASE)
_NO_CLIENT_TOKEN = "null not allowed"  # noqa: S105 (its sentence)
# As it names them in its texts; how it writes them is not published: every other one is unknown.
_STATES: Mapping[str, HeldState] = {
    "trial": HeldState.TRIAL,
    "paid": HeldState.ACTIVE,
    "in cancellation": HeldState.CANCELLED,
    "canceled": HeldState.CANCELLED,
    "cancelled": HeldState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class ZapiAccount:
    """
    The partner's account at Z-API.

    `hook`: an https address, below which Z-API calls `/REFERENCE` when a number connects or drops.
    """

    token: str = field(repr=False)
    client_token: str | None = field(default=None, repr=False)
    url: str = URL
    hook: str | None = field(default=None, repr=False)

    @property
    def headers(self) -> dict[str, str]:
        found = {"authorization": f"Bearer {self.token}"}
        return found if self.client_token is None else {**found, "client-token": self.client_token}


class Zapi:
    """The platform port over Z-API: one call at a time, 400 ms between two of them."""

    def __init__(
        self,
        account: ZapiAccount,
        clock: Clock,
        *,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._account, self._clock = account, clock
        self._http = Http(account.url, clock, headers=account.headers, timeouts=timeouts, gap=GAP)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()

    async def find(self, remote: Remote) -> Made | None:
        # How it searches is not published: what a search does not find may be there all the same.
        for query in (remote.label, None):
            async for row in self._listed(query):
                if remote.goes_by(row.name):
                    if row.token is None:
                        raise Unreadable("no token")
                    return Made(row.token, row.connected is True, row.remote_id)
        return None

    async def create(self, remote: Remote) -> Made:
        wanted = {"name": remote.label}
        if self._account.hook is not None:
            address = f"{self._account.hook}/{remote.reference}"
            wanted |= {"connectedCallbackUrl": address, "disconnectedCallbackUrl": address}
        answer = await self._ask(Call("POST", "/instances/integrator/on-demand", wanted))
        made = answer.object()
        return Made(text(made, "token"), remote_id=text(made, "id"))

    async def subscribe(self, remote: Remote) -> None:
        try:
            await self._do(remote, "POST", "/integrator/on-demand/subscription")
        except Declined as no:
            if not _PAID.search(no.why):
                raise

    async def cancel(self, remote: Remote) -> None:
        try:
            await self._do(remote, "POST", "/integrator/on-demand/cancel")
        except Declined as no:
            # What has lapsed, or is gone, costs nothing any more.
            if not any(known.search(no.why) for known in (_CANCELLED, _LAPSED, _GONE)):
                raise

    async def keep(self, remote: Remote) -> None:
        raise PlatformUnable(f"Z-API has no call that takes a cancellation back: {remote.label}")

    async def stop(self, remote: Remote) -> None:
        raise PlatformUnable(f"Z-API has no call that stops: disconnect {remote.label} there")

    async def restart(self, remote: Remote) -> None:
        await self.subscribe(remote)

    async def extend(self, remote: Remote, paid_until: datetime) -> None:
        raise PlatformUnable(f"Z-API sells no days: {remote.label} until {paid_until:%Y-%m-%d}")

    async def delete(self, remote: Remote) -> None:
        """
        :raises PlatformLater: it is cancelled there, and cannot be deleted yet.
        """
        try:
            await self._do(remote, "DELETE", "/integrator/on-demand/delete")
        except Declined as no:
            if _GONE.search(no.why):
                return
            if no.status in (401, 403):
                raise
            why = no.why
        else:
            return
        # Where it is none that can be cancelled, all of it is tried anew each day.
        with suppress(PlatformRefused):
            await self.cancel(remote)
        until = self._clock.now() + ASKED_AGAIN
        if remote.ended_at is not None:
            until = max(until, remote.ended_at + DELETED_AFTER)
        raise PlatformLater(until, why, by_person=True)

    async def pairing(self, remote: Remote, phone: str | None) -> Offer:
        if await self.connected(remote):
            return Offer(connected=True)
        if phone is not None:
            answer = await self._do(remote, "GET", f"/phone-code/{quote(phone, safe='')}")
            code = maybe_text(answer.object(), "code", "value")
            if code is None:
                raise Unreadable("no code")
            return Offer(code, CODE_LASTS)
        answer = await self._do(remote, "GET", "/qr-code/image")
        if drawn := picture(answer.content):
            return Offer(lasts=QR_LASTS, picture=drawn)
        body = answer.object()
        if flag(body, "connected"):
            return Offer(connected=True)
        drawn = picture(text(body, "value"))
        if drawn is None:
            raise Unreadable("no picture")
        return Offer(lasts=QR_LASTS, picture=drawn)

    async def connected(self, remote: Remote) -> bool:
        try:
            # Its `error` is filled also when all is well.
            answer = await self._do(remote, "GET", "/status", lenient=True)
        except Declined as no:
            if _LAPSED.search(no.why):
                return False
            raise
        found = flag(answer.object(), "connected")
        if found is None:
            raise Unreadable("no state")
        return found

    async def held(self) -> list[Held]:
        # A page may move on while the next one is read.
        return list({row.remote_id: row async for row in self._listed(None)}.values())

    async def days_left(self) -> int | None:
        return None

    async def check(self) -> None:
        await self._page(1, 1, None)

    async def _do(self, remote: Remote, method: str, step: str, *, lenient: bool = False) -> Answer:
        if remote.remote_id is None or remote.token is None:
            made = await self.find(remote)
            if made is None or made.remote_id is None:
                raise Declined(404, "Instance not found")
            id_, token = made.remote_id, made.token
        else:
            id_, token = remote.remote_id, remote.token
        path = f"/instances/{quote(id_, safe='')}/token/{quote(token, safe='')}{step}"
        return await self._ask(Call(method, path, secrets=[token], lenient=lenient))

    async def _ask(self, call: Call) -> Answer:
        try:
            return await self._http.ask(call)
        except Declined as no:
            status, why = no.status, no.why
        if why == _NO_CLIENT_TOKEN:
            why = f"{why}: this account demands ZAPI_CLIENT_TOKEN"
        raise Declined(status, why)

    async def _listed(self, query: str | None) -> AsyncIterator[Held]:
        seen: set[str] = set()
        for page in range(1, MOST_PAGES + 1):
            answer = await self._page(page, PAGE_SIZE, query)
            held = [_held(row) for row in answer.rows("content")]
            for row in held:
                yield row
            new = {row.remote_id for row in held} - seen
            seen |= new
            pages = whole(answer.object(), "totalPage")
            # A list that does not say how long it is ends where nothing new comes.
            if (not new) if pages is None else page >= pages:
                return
        raise Unreadable("a list without end")

    async def _page(self, page: int, size: int, query: str | None) -> Answer:
        params: dict[str, str | int] = {"page": page, "pageSize": size}
        if query is not None:
            params["query"] = query
        return await self._ask(Call("GET", "/instances", params=params))


def _held(row: Json) -> Held:
    name = maybe_text(row, "name") or ""
    said: Any = row.get("paymentStatus")
    state = said.strip().lower().replace("_", " ") if isinstance(said, str) else ""
    return Held(
        remote_id=text(row, "id"),
        reference=reference_in(name),
        name=name,
        state=_STATES.get(state, HeldState.UNKNOWN),
        connected=flag(row, "whatsappConnected"),
        paid_until=paid_until(row, "due"),
        token=maybe_text(row, "token"),
    )
