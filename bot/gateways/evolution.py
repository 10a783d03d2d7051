"""
Evolution API, which an operator hosts: it connects numbers and knows nothing of money.

So subscribing, cancelling, keeping and days have nothing to call: the bot is the billing. What
stops is logged out, and has to be paired again. Instances are known by their name alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from billing.services.ports.platforms import Held, HeldState, Made, Offer, Remote, reference_in
from bot.clock import Clock
from bot.gateways.answers import Answer, Declined, Json, Unreadable, maybe_text, picture, text
from bot.gateways.http import Call, Http, Timeouts

QR_LASTS, CODE_LASTS = timedelta(seconds=20), timedelta(seconds=160)
OPEN = "open"
NAME_TAKEN = (403, 409)
# What is not connected does not run; whether it was logged out or waits for its number is not told.
_STATES: Mapping[str, HeldState] = {
    "open": HeldState.ACTIVE,
    "close": HeldState.STOPPED,
    "connecting": HeldState.STOPPED,
}


@dataclass(frozen=True, slots=True)
class EvolutionAccount:
    """The operator's own server: its address, and the key to all of it."""

    url: str
    api_key: str = field(repr=False)


class Evolution:
    """The platform port over Evolution API."""

    def __init__(
        self, account: EvolutionAccount, clock: Clock, *, timeouts: Timeouts | None = None
    ) -> None:
        headers = {"apikey": account.api_key}
        self._http = Http(account.url, clock, headers=headers, timeouts=timeouts)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()

    async def find(self, remote: Remote) -> Made | None:
        for row in await self.held():
            if remote.goes_by(row.name):
                if row.token is None:
                    raise Unreadable("no token")
                return Made(row.token, row.connected is True, row.remote_id)
        return None

    async def create(self, remote: Remote) -> Made:
        wanted = {
            "instanceName": remote.label,
            "integration": "WHATSAPP-BAILEYS",
            "qrcode": True,
        }
        try:
            answer = await self._http.ask(Call("POST", "/instance/create", wanted))
        except Declined as no:
            made = await self.find(remote) if no.status in NAME_TAKEN else None
            if made is None:
                raise
            return made
        body = answer.object()
        hashed: Any = body.get("hash")
        token = text(hashed, "apikey") if isinstance(hashed, dict) else text(body, "hash")
        return Made(token, remote_id=remote.label)

    async def subscribe(self, remote: Remote) -> None:
        """There is no money there."""

    async def cancel(self, remote: Remote) -> None:
        """There is no money there."""

    async def keep(self, remote: Remote) -> None:
        """There is no money there."""

    async def extend(self, remote: Remote, paid_until: datetime) -> None:
        """There are no days there."""

    async def stop(self, remote: Remote) -> None:
        """Log its number out; one that is closed, or gone, does not run."""
        try:
            await self._do(remote, "DELETE", "logout")
        except Declined as no:
            if no.status != 404 and await self._state(remote) == OPEN:
                raise

    async def restart(self, remote: Remote) -> None:
        """Let it offer a QR code again; somebody has to pair it."""
        await self._do(remote, "GET", "connect")

    async def delete(self, remote: Remote) -> None:
        try:
            if await self._state(remote) == OPEN:
                await self._do(remote, "DELETE", "logout")
            await self._do(remote, "DELETE", "delete")
        except Declined as no:
            if no.status != 404:
                raise

    async def pairing(self, remote: Remote, phone: str | None) -> Offer:
        params = None if phone is None else {"number": phone}
        body = (await self._do(remote, "GET", "connect", params)).object()
        if _link(body) == OPEN:
            return Offer(connected=True)
        if phone is not None:
            return Offer(text(body, "pairingCode"), CODE_LASTS)
        if code := maybe_text(body, "code"):
            return Offer(code, QR_LASTS)
        # Of one that was closed it has none yet, and has to be asked again.
        drawn = picture(text(body, "base64"))
        if drawn is None:
            raise Unreadable("no picture")
        return Offer(lasts=QR_LASTS, picture=drawn)

    async def connected(self, remote: Remote) -> bool:
        return await self._state(remote) == OPEN

    async def held(self) -> list[Held]:
        return [_held(row) for row in await self._listed()]

    async def days_left(self) -> int | None:
        return None

    async def check(self) -> None:
        await self._listed()

    async def _do(
        self, remote: Remote, method: str, step: str, params: Mapping[str, str] | None = None
    ) -> Answer:
        name = quote(remote.remote_id or remote.label, safe="")
        secrets = [] if remote.token is None else [remote.token]
        path = f"/instance/{step}/{name}"
        return await self._http.ask(Call(method, path, params=params, secrets=secrets))

    async def _state(self, remote: Remote) -> str:
        state = _link((await self._do(remote, "GET", "connectionState")).object())
        if state is None or state not in _STATES:
            raise Unreadable("no state")
        return state

    async def _listed(self) -> list[Json]:
        answer = await self._http.ask(Call("GET", "/instance/fetchInstances"))
        return answer.rows("instances")


def _inner(row: Json) -> Json:
    """Some versions wrap an instance, others do not."""
    inner: Any = row.get("instance")
    return inner if isinstance(inner, dict) else row


def _name(row: Json) -> str:
    found = maybe_text(_inner(row), "name", "instanceName")
    if found is None:
        raise Unreadable("no name")
    return found


def _link(row: Json) -> str | None:
    return maybe_text(_inner(row), "connectionStatus", "state", "status")


def _held(row: Json) -> Held:
    name, link = _name(row), _link(row)
    return Held(
        remote_id=name,
        reference=reference_in(name),
        name=name,
        state=_STATES.get(link or "", HeldState.UNKNOWN),
        connected=link == OPEN if link in _STATES else None,
        paid_until=None,
        token=maybe_text(_inner(row), "token", "apikey"),
    )
