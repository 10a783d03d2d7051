"""
Whapi.Cloud: channels that run on days, for programmes in days.

Days cost money, and added twice they are twice as many, so they are given by target: whatever the
channel lacks to the date, as it is there at that moment. A channel stops by itself when its days
are over, so there is nothing to call for an end. Each channel has an API of its own, at an address
and with a token of its own; it alone knows whether the number is connected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from billing.services.ports.platforms import (
    Held,
    Made,
    Offer,
    PlatformLater,
    PlatformUnable,
    Remote,
)
from bot.clock import Clock
from bot.gateways import whapi_channels as channels
from bot.gateways.answers import (
    Answer,
    Declined,
    Json,
    Throttled,
    Unreadable,
    maybe_text,
    picture,
    text,
    whole,
)
from bot.gateways.http import Call, Http, Timeouts

URL = "https://manager.whapi.cloud"
DAY = timedelta(days=1)
# Their clock may be behind ours: for so little no day is bought.
SKEW = timedelta(minutes=1)
# 20 creations in 30 minutes; 5 minutes between two extensions of one channel.
CREATED_WITHIN, BLOCKED = timedelta(minutes=30), timedelta(minutes=5)
QR_LASTS, CODE_LASTS = timedelta(seconds=20), timedelta(seconds=160)
LONGEST_QR = timedelta(minutes=2)
# In no form that is published.
_TOO_SOON = re.compile(r"\b(?:5|five)\W*min|\btoo (?:soon|often|many)\b", re.IGNORECASE)
MOST_LISTS = 2000


@dataclass(frozen=True, slots=True)
class WhapiAccount:
    """
    The partner's account at Whapi.

    `project` is that in which channels are made; None: the only one there is. `partner` is the name
    under which its days are asked for; None: they are not.
    """

    token: str = field(repr=False)
    project: str | None = None
    partner: str | None = None
    url: str = URL


class Whapi:
    """The platform port over Whapi.Cloud."""

    def __init__(
        self, account: WhapiAccount, clock: Clock, *, timeouts: Timeouts | None = None
    ) -> None:
        self._account, self._clock = account, clock
        headers = {"authorization": f"Bearer {account.token}"}
        self._http = Http(account.url, clock, headers=headers, timeouts=timeouts)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()

    async def find(self, remote: Remote) -> Made | None:
        for row in await self._listed():
            if remote.goes_by(maybe_text(row, "name") or ""):
                return channels.made(row)
        return None

    async def create(self, remote: Remote) -> Made:
        """
        :raises PlatformLater: as many were made as may be made in half an hour.
        """
        wanted = {"name": remote.label, "projectId": await self._project()}
        try:
            answer = await self._http.ask(Call("PUT", "/channels", wanted))
        except Throttled as throttled:
            after = throttled.after or CREATED_WITHIN
        else:
            return channels.made(answer.object())
        raise PlatformLater(self._clock.now() + after, "20 creations in 30 minutes")

    async def subscribe(self, remote: Remote) -> None:
        raise PlatformUnable(f"Whapi sells days, not months: give {remote.label} days there")

    async def cancel(self, remote: Remote) -> None:
        """It runs until its days are over; there is nothing to call."""

    async def keep(self, remote: Remote) -> None:
        """It was never cancelled there."""

    async def stop(self, remote: Remote) -> None:
        """It stops by itself when its days are over."""

    async def restart(self, remote: Remote) -> None:
        """Days bring it back, and they come by `extend`; what is left is that it is no trial."""
        await self._go_live(await self._channel(remote))

    async def extend(self, remote: Remote, paid_until: datetime) -> None:
        """
        Give it as many days as it lacks, and let it be a trial no more.

        :raises PlatformLater: it got days within the last 5 minutes.
        """
        channel = await self._channel(remote)
        # Days are added from now on where they are over. More than it takes are never bought.
        begins = max(channels.runs_until(channel), self._clock.now())
        days = -((begins - paid_until + SKEW) // DAY)
        if days > 0:
            channel = await self._add(remote, channel, days)
        await self._go_live(channel)
        if channels.runs_until(channel) < paid_until - SKEW:
            raise PlatformLater(self._clock.now() + BLOCKED, "it lacks days still")

    async def delete(self, remote: Remote) -> None:
        id_ = await self._id(remote)
        if id_ is None:
            return
        try:
            await self._http.ask(Call("DELETE", f"/channels/{id_}"))
        except Declined as no:
            if no.status != 404:
                raise

    async def pairing(self, remote: Remote, phone: str | None) -> Offer:
        step = "" if phone is None else f"/{quote(phone, safe='')}"
        try:
            answer = await self._own(remote, f"/users/login{step}")
        except Declined as no:
            if no.status != 409:
                raise
            return Offer(connected=True)
        body = answer.object()
        if phone is not None:
            return Offer(text(body, "code"), CODE_LASTS)
        seconds = whole(body, "expire")
        # Bounded as a number first: a duration of any number of seconds there is not.
        longest = int(LONGEST_QR.total_seconds())
        lasts = QR_LASTS if seconds is None else timedelta(seconds=min(max(seconds, 1), longest))
        if drawn := picture(text(body, "base64")):
            return Offer(lasts=lasts, picture=drawn)
        raise Unreadable("no picture")

    async def connected(self, remote: Remote) -> bool:
        body = (await self._own(remote, "/health")).object()
        status: Any = body.get("status")
        state = maybe_text(status, "text") if isinstance(status, dict) else status
        if not isinstance(state, str) or state not in channels.LINKS:
            raise Unreadable("no state")
        return state == channels.CONNECTED

    async def held(self) -> list[Held]:
        return [channels.held(row) for row in await self._listed()]

    async def days_left(self) -> int | None:
        if self._account.partner is None:
            return None
        path = f"/partners/{quote(self._account.partner, safe='')}/settings"
        days = whole((await self._http.ask(Call("GET", path))).object(), "liveDays")
        if days is None:
            raise Unreadable("no liveDays")
        return days

    async def check(self) -> None:
        await self._http.ask(Call("GET", "/projects"))

    async def _project(self) -> str:
        if self._account.project is not None:
            return self._account.project
        answer = await self._http.ask(Call("GET", "/projects"))
        ids = [text(one, "id") for one in answer.rows("projects")]
        if len(ids) != 1:
            raise Declined(400, f"{len(ids)} projects there: WHAPI_PROJECT has to name one")
        return ids[0]

    async def _id(self, remote: Remote) -> str | None:
        """Return the channel's id, as it stands in an address."""
        if remote.remote_id is not None:
            return quote(remote.remote_id, safe="")
        made = await self.find(remote)
        return None if made is None or made.remote_id is None else quote(made.remote_id, safe="")

    async def _channel(self, remote: Remote) -> Json:
        id_ = await self._id(remote)
        if id_ is None:
            raise Declined(404, "Channel not found")
        return (await self._http.ask(Call("GET", f"/channels/{id_}"))).object()

    async def _add(self, remote: Remote, channel: Json, days: int) -> Json:
        id_ = quote(text(channel, "id"), safe="")
        wanted = {"days": days, "comment": remote.reference}
        try:
            await self._http.ask(Call("POST", f"/channels/{id_}/extend", wanted))
        except Throttled as throttled:
            after, why = throttled.after or BLOCKED, throttled.why
        except Declined as no:
            if no.status not in (409, 425) and not _TOO_SOON.search(no.why):
                raise
            after, why = BLOCKED, no.why
        else:
            # Whether its answer has the new date is known from others' clients only.
            return await self._channel(remote)
        raise PlatformLater(self._clock.now() + after, why)

    async def _go_live(self, channel: Json) -> None:
        if channel.get("mode") == "live":
            return
        id_ = quote(text(channel, "id"), safe="")
        await self._http.ask(Call("PATCH", f"/channels/{id_}/mode", {"mode": "live"}))

    async def _listed(self) -> Sequence[Json]:
        """Return all channels; a list that may lack some must not tell that one is not there."""
        project = self._account.project
        path = "/channels/list" + (f"/{quote(project, safe='')}" if project else "")
        found: dict[str, Json] = {}
        for _ in range(MOST_LISTS):
            params = {"offset": len(found)} if found else None
            answer = await self._http.ask(Call("GET", path, params=params))
            before = len(found)
            found |= {text(row, "id"): row for row in answer.rows("channels")}
            total = channels.total(answer)
            if total is None or len(found) >= total:
                return list(found.values())
            if len(found) == before:
                break
        raise Unreadable("a list that is not whole")

    async def _own(self, remote: Remote, path: str) -> Answer:
        """Ask the channel's own API."""
        address, token = remote.address, remote.token
        if address is None or token is None:
            channel = await self._channel(remote)
            address, token = text(channel, "apiUrl"), text(channel, "token")
        if not self._may_have_tokens(address):
            raise Unreadable("an address that is not https")
        headers = {"authorization": f"Bearer {token}"}
        return await self._http.ask(
            Call("GET", path, at=address.rstrip("/"), headers=headers, secrets=[token])
        )

    def _may_have_tokens(self, address: str) -> bool:
        """Not over an open line, unless the platform itself is on one."""
        try:
            where, home = urlsplit(address), urlsplit(self._account.url)
        except ValueError:
            return False
        return bool(where.hostname) and (where.scheme == "https" or where[:2] == home[:2])
