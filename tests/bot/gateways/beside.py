"""A gateway and the stand-in it speaks to, on one clock for which waiting takes no time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from billing.services.ports.platforms import Made, Remote
from bot.gateways.evolution import Evolution, EvolutionAccount
from bot.gateways.http import Timeouts
from bot.gateways.whapi import Whapi, WhapiAccount
from bot.gateways.zapi import Zapi, ZapiAccount
from tests.bot.delivery.clock import HurriedClock
from tests.standins import evolution, whapi, zapi
from tests.standins.base import Platform as StandIn
from tests.standins.serving import served

NAMES = ("zapi", "whapi", "evolution")
REFERENCE = "7K2QM"
NEW = Remote(REFERENCE, "Loja 7")
QUICK = Timeouts(connect=1.0, read=0.15, whole=2.0)
STAND_INS = {"zapi": zapi.Zapi, "whapi": whapi.Whapi, "evolution": evolution.Evolution}


@dataclass
class Beside:
    """`platform` speaks to `stand`."""

    name: str
    stand: Any
    platform: Any
    clock: HurriedClock
    url: str

    async def made(self, name: str = "Loja 7", reference: str = REFERENCE) -> Remote:
        """Create an instance, and return it as the bot knows it then."""
        return self.known(await self.platform.create(Remote(reference, name)), name, reference)

    def known(self, made: Made, name: str = "Loja 7", reference: str = REFERENCE) -> Remote:
        return Remote(reference, name, made.remote_id, made.token, made.address)

    def row(self, remote: Remote) -> dict[str, Any]:
        """Return what the stand-in holds of it."""
        found: dict[str, Any] = self.stand.rows[remote.remote_id]
        return found

    async def pass_(self, **span: float) -> None:
        """Let so much time pass."""
        await self.clock.sleep_until(self.clock.now() + timedelta(**span))

    def count(self) -> int:
        """Return how many instances the stand-in holds."""
        return sum(id_ != "balance" for id_ in self.stand.rows)


def gateway(name: str, url: str, clock: Any, timeouts: Timeouts = QUICK, **more: Any) -> Any:
    """Return one that speaks to a stand-in at that address."""
    match name:
        case "zapi":
            account = ZapiAccount(zapi.TOKEN, url=url, **more)
            return Zapi(account, clock, timeouts=timeouts)
        case "whapi":
            given = {"project": whapi.PROJECT, "partner": whapi.PARTNER, **more}
            return Whapi(WhapiAccount(whapi.TOKEN, url=url, **given), clock, timeouts=timeouts)
        case _:
            return Evolution(EvolutionAccount(url, evolution.API_KEY), clock, timeouts=timeouts)


@asynccontextmanager
async def beside(name: str, **more: Any) -> AsyncIterator[Beside]:
    clock = HurriedClock()

    async def now() -> datetime:
        return clock.now()

    stand: StandIn = STAND_INS[name](now)
    stand.slow_seconds = 0.4
    async with served(stand) as url:
        platform = gateway(name, url, clock, **more)
        try:
            yield Beside(name, stand, platform, clock, url)
        finally:
            await platform.close()
