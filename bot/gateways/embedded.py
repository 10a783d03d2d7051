"""
A messaging platform inside the bot: the default, so that all works with no account anywhere.

It behaves as another company's servers do: slow if so set, refusing, failing before or after
the effect. What it holds outlives the process.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from billing.services.facts import EPOCH, micros
from billing.services.ports.platforms import (
    Held,
    HeldState,
    Made,
    Offer,
    PlatformRefused,
    PlatformSilent,
    Remote,
)
from bot.clock import Clock

OPERATIONS = frozenset(
    {"create", "subscribe", "cancel", "keep", "stop", "restart", "extend", "delete", "pair"}
)
FAULTS = frozenset({"timeout_before", "timeout_after", "refused", "500"})
PAGE = 500
# As long as those of other platforms.
QR_LASTS, CODE_LASTS = timedelta(seconds=20), timedelta(seconds=160)


async def _nothing() -> None:
    """Asking changes nothing."""


class HeldInstance(Protocol):
    """A row of what the platform holds."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def token(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def connected(self) -> bool: ...
    @property
    def paid_until(self) -> datetime | None: ...


class Shelf(Protocol):
    """Where the platform keeps its instances; each call is one transaction."""

    async def find(self, instance_id: str) -> HeldInstance | None: ...
    async def add(self, instance_id: str, name: str) -> None:
        """Keep a new one on trial, with a token; a known id stays as it is."""

    async def set_state(self, instance_id: str, state: str) -> bool:
        """Return False if there is none, or it is deleted."""

    async def pay(self, instance_id: str, until: datetime) -> bool:
        """Let it run, paid until then; False if there is none, or it is deleted."""

    async def connect(self, instance_id: str, *, connected: bool) -> bool:
        """Return False if there is none, or it is deleted."""

    async def appear(self, name: str) -> str:
        """Keep a new one that nobody asked for here; return its id."""

    async def remove(self, instance_id: str) -> bool:
        """Forget it, as if it had never been; False if there is none, or it is deleted."""

    async def living(self, *, after: str, limit: int) -> Sequence[HeldInstance]:
        """Return those that are not deleted, by id, after one."""

    async def all(self) -> Sequence[HeldInstance]: ...


class Faults:
    """Failures that were ordered, used up one call at a time."""

    def __init__(self) -> None:
        self._ordered: dict[str, deque[str]] = {}

    def order(self, operation: str, kind: str, times: int) -> None:
        """
        Let the next calls of an operation fail so.

        :raises ValueError: if there is no such operation or kind.
        """
        if operation not in OPERATIONS or kind not in FAULTS or times < 1:
            raise ValueError(f"no such fault: {operation} {kind} × {times}")
        self._ordered.setdefault(operation, deque()).extend([kind] * times)

    def take(self, operation: str) -> str | None:
        """Return the kind of failure that this call meets, if any."""
        ordered = self._ordered.get(operation)
        return ordered.popleft() if ordered else None


class EmbeddedPlatform:
    """The platform port over a shelf in the bot's own database."""

    def __init__(
        self,
        shelf: Shelf,
        clock: Clock,
        *,
        faults: Faults,
        chance: Callable[[], float],
        delay: timedelta = timedelta(0),
        failure_rate: float = 0.0,
    ) -> None:
        """`chance` returns a number from 0 to 1; below `failure_rate` a call is not answered."""
        self._shelf = shelf
        self._clock = clock
        self.faults = faults
        self._chance = chance
        self._delay = delay
        self._failure_rate = failure_rate

    async def find(self, remote: Remote) -> Made | None:
        found = await self._shelf.find(remote.reference)
        return None if found is None else Made(found.token, found.connected, found.id)

    async def create(self, remote: Remote) -> Made:
        await self._meet("create", lambda: self._shelf.add(remote.reference, remote.name))
        made = await self.find(remote)
        if made is None:
            raise PlatformRefused("not made")
        return made

    async def subscribe(self, remote: Remote) -> None:
        await self._move("subscribe", remote, "active")

    async def cancel(self, remote: Remote) -> None:
        await self._move("cancel", remote, None)

    async def keep(self, remote: Remote) -> None:
        await self._move("keep", remote, "active")

    async def stop(self, remote: Remote) -> None:
        await self._move("stop", remote, "stopped")

    async def restart(self, remote: Remote) -> None:
        await self._move("restart", remote, "active")

    async def extend(self, remote: Remote, paid_until: datetime) -> None:
        async def effect() -> None:
            await self._shelf.pay(remote.reference, paid_until)

        await self._do("extend", remote, effect)

    async def delete(self, remote: Remote) -> None:
        await self._move("delete", remote, "deleted")

    async def pairing(self, remote: Remote, phone: str | None) -> Offer:
        """Offer what changes with the time; nobody has to have the embedded platform's app."""
        await self._do("pair", remote, _nothing)
        found = await self._shelf.find(remote.reference)
        assert found is not None, "it was there"
        if found.connected:
            return Offer(connected=True)
        lasts = QR_LASTS if phone is None else CODE_LASTS
        period, passed = divmod(self._clock.now() - EPOCH, lasts)
        secret = hashlib.sha256(f"{found.token}:{phone}:{period}".encode()).hexdigest().upper()
        qr = f"2@{secret},{remote.reference}"
        return Offer(qr if phone is None else f"{secret[:4]}-{secret[4:8]}", lasts - passed)

    async def connected(self, remote: Remote) -> bool:
        await self._do("pair", remote, _nothing)
        found = await self._shelf.find(remote.reference)
        return found is not None and found.connected

    async def connect(self, reference: str, *, connected: bool) -> bool:
        """Let its number be connected, or not, as somebody's phone would; False: there is none."""
        return await self._shelf.connect(reference, connected=connected)

    async def appear(self, name: str) -> str:
        """Hold one that somebody made there, and not through the bot; return its id."""
        return await self._shelf.appear(name)

    async def vanish(self, reference: str) -> bool:
        """Hold one no more, of which the bot is not told; False: there is none."""
        return await self._shelf.remove(reference)

    async def shelved(self) -> Sequence[HeldInstance]:
        """Return all that it ever made, deleted ones too: for whoever looks into the box."""
        return await self._shelf.all()

    async def held(self) -> list[Held]:
        found, after = [], ""
        while page := await self._shelf.living(after=after, limit=PAGE):
            found += [_held(row) for row in page]
            after = page[-1].id
        return found

    async def days_left(self) -> None:
        """Return nothing: it sells no days."""

    async def check(self) -> None:
        """Answer: it is here."""

    async def _move(self, operation: str, remote: Remote, state: str | None) -> None:
        async def effect() -> None:
            if state is not None:
                await self._shelf.set_state(remote.reference, state)

        await self._do(operation, remote, effect)

    async def _do(
        self, operation: str, remote: Remote, effect: Callable[[], Awaitable[None]]
    ) -> None:
        found = await self._shelf.find(remote.reference)
        gone = found is None or found.state == "deleted"
        if gone and operation != "delete":
            raise PlatformRefused("instance not found")
        await self._meet(operation, effect)

    async def _meet(self, operation: str, effect: Callable[[], Awaitable[None]]) -> None:
        """Do the effect as a real platform would: late, or with the failure that is its turn."""
        if self._delay:
            await self._clock.sleep_until(self._clock.now() + self._delay)
        fault = self.faults.take(operation)
        if fault is None and self._failure_rate and self._chance() < self._failure_rate:
            fault = "500"
        match fault:
            case "refused":
                raise PlatformRefused("the platform refuses it")
            case "500":
                raise PlatformSilent("HTTP 500")
            case "timeout_before":
                raise PlatformSilent("no answer in time")
        await effect()
        if fault == "timeout_after":
            raise PlatformSilent("no answer in time")


def _held(row: HeldInstance) -> Held:
    return Held(
        remote_id=row.id,
        reference=row.id,
        name=row.name,
        state=HeldState(row.state),
        connected=row.connected,
        paid_until=None if row.paid_until is None else micros(row.paid_until),
        token=row.token,
    )
