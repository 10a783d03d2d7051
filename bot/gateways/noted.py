"""A platform of which is noted whether it answers, for whoever asks how the desk is."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

from billing.services.ports.platforms import (
    Held,
    Made,
    Offer,
    Platform,
    PlatformRefused,
    PlatformSilent,
    Remote,
)

T = TypeVar("T")


class Noted:
    """The platform port over another one; `trouble` is why it did not answer last, if so."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.trouble: str | None = None
        self.was_asked = False

    async def find(self, remote: Remote) -> Made | None:
        return await self._note(self._platform.find(remote))

    async def create(self, remote: Remote) -> Made:
        return await self._note(self._platform.create(remote))

    async def subscribe(self, remote: Remote) -> None:
        await self._note(self._platform.subscribe(remote))

    async def cancel(self, remote: Remote) -> None:
        await self._note(self._platform.cancel(remote))

    async def keep(self, remote: Remote) -> None:
        await self._note(self._platform.keep(remote))

    async def stop(self, remote: Remote) -> None:
        await self._note(self._platform.stop(remote))

    async def restart(self, remote: Remote) -> None:
        await self._note(self._platform.restart(remote))

    async def extend(self, remote: Remote, paid_until: datetime) -> None:
        await self._note(self._platform.extend(remote, paid_until))

    async def delete(self, remote: Remote) -> None:
        await self._note(self._platform.delete(remote))

    async def pairing(self, remote: Remote, phone: str | None) -> Offer:
        return await self._note(self._platform.pairing(remote, phone))

    async def connected(self, remote: Remote) -> bool:
        return await self._note(self._platform.connected(remote))

    async def held(self) -> list[Held]:
        return await self._note(self._platform.held())

    async def days_left(self) -> int | None:
        return await self._note(self._platform.days_left())

    async def check(self) -> None:
        try:
            await self._note(self._platform.check())
        except PlatformRefused as refused:
            # Of an instance a no is an answer; of the account it is none.
            self.trouble = refused.why
            raise

    async def _note(self, asked: Awaitable[T]) -> T:
        self.was_asked = True
        try:
            answer = await asked
        except PlatformSilent as silent:
            self.trouble = silent.why
            raise
        except Exception:
            self.trouble = None
            raise
        self.trouble = None
        return answer
