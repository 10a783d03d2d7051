"""The platforms of this desk: which are set up, and which takes what is created."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import NoReturn

from billing.instances import EMBEDDED
from billing.services.ports.platforms import (
    Held,
    Made,
    Offer,
    Platform,
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
    Remote,
)
from bot.gateways.noted import Noted


class ChosenPlatforms:
    """Those that are set up, by name; any other is silent, so that nothing of it is lost."""

    def __init__(self, wired: Mapping[str, Platform]) -> None:
        self._wired = {name: Noted(platform) for name, platform in wired.items()}

    @property
    def chosen(self) -> frozenset[str]:
        """Those that somebody set up; where nobody did, the one inside the bot."""
        return frozenset(self._wired.keys() - {EMBEDDED}) or frozenset({EMBEDDED})

    def at(self, name: str) -> Platform:
        """Return it; one that is not set up is there too, and every call of it is silent."""
        return self._wired.get(name) or NotSetUp(name)

    def troubles(self) -> dict[str, str | None]:
        """Return of each that was asked, by name, why it did not answer last; None: it did."""
        found = self._wired.items()
        return {name: one.trouble for name, one in found if one.was_asked and name != EMBEDDED}

    async def ask(self) -> dict[str, str | None]:
        """Ask all of them whether they answer, and return that."""
        await asyncio.gather(*map(_asked, self._wired.values()))
        return self.troubles()


async def _asked(platform: Noted) -> None:
    with suppress(PlatformRefused, PlatformSilent, PlatformLater, PlatformUnable):
        await platform.check()


class NotSetUp:
    """A platform on which there are instances, but whose settings are gone."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def find(self, remote: Remote) -> Made | None:
        self._say(remote)

    async def create(self, remote: Remote) -> Made:
        self._say(remote)

    async def subscribe(self, remote: Remote) -> None:
        self._say(remote)

    async def cancel(self, remote: Remote) -> None:
        self._say(remote)

    async def keep(self, remote: Remote) -> None:
        self._say(remote)

    async def stop(self, remote: Remote) -> None:
        self._say(remote)

    async def restart(self, remote: Remote) -> None:
        self._say(remote)

    async def extend(self, remote: Remote, paid_until: datetime) -> None:
        self._say(remote, paid_until)

    async def delete(self, remote: Remote) -> None:
        self._say(remote)

    async def pairing(self, remote: Remote, phone: str | None) -> Offer:
        self._say(remote, phone)

    async def connected(self, remote: Remote) -> bool:
        self._say(remote)

    async def held(self) -> list[Held]:
        self._say()

    async def days_left(self) -> int | None:
        self._say()

    async def check(self) -> None:
        self._say()

    def _say(self, *_asked: object) -> NoReturn:
        raise PlatformSilent(f"{self._name} is not set up here")
