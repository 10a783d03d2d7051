"""A desk that takes cards, and Stripe's stand-in beside it, as people meet them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from tests.scenarios.process import free_port
from tests.scenarios.world import Human, Said, World, enrolled, living_in
from tests.standins.serving import served
from tests.standins.stripe import Stripe

START = "2026-01-30T15:00:00+00:00"


class CardWorld:
    """The sandbox and Stripe; both know one time."""

    def __init__(self, world: World, stripe: Stripe) -> None:
        self.world, self.stripe = world, stripe

    async def settle(self) -> None:
        """Let Stripe bring what happened, and the bot deal with it."""
        await self.world.settle()
        await self.stripe.settle()
        await self.world.settle()

    async def goes_on(self, days: int) -> None:
        """Let days pass, at Stripe and here."""
        await self.world.advance(f"{days}d")
        await self.settle()

    async def until(self, instant: str) -> None:
        await self.world.until(instant)
        await self.settle()

    async def pays(self, human: Human, how: str = "pay") -> int:
        """Open the page that the newest link leads to, and press a button; return the status."""
        page = await self.link(human)
        async with aiohttp.ClientSession() as http:
            async with http.get(page) as shown:
                assert shown.status == 200, await shown.text()
            async with http.post(page, data={"do": how}) as answered:
                if answered.status == 200:
                    # The bot's own page: Checkout has sent the person there.
                    assert "Telegram" in await answered.text()
                status = answered.status
        await self.settle()
        return status

    async def link(self, human: Human) -> str:
        """Return where the newest button leads that leads to Stripe."""
        for said in reversed(await human.heard()):
            for url in urls_of(said):
                if "/pay/" in url or "/portal/" in url:
                    return url
        raise AssertionError(f"{human.name} sees no link to Stripe")

    def there(self, kind: str) -> list[dict[str, Any]]:
        """Return Stripe's objects of a kind, oldest first."""
        return list(reversed(list(self.stripe.books.all(kind))))

    async def customer(self, name: str = "Carla", *instances: str) -> Human:
        """Return a partner's owner under `days`, with instances in their trial."""
        partner = await enrolled(self.world, name, f"{name} Ltd", "days")
        await partner.says(f"/new {' '.join(instances or ('loja-1',))}")
        return partner


def urls_of(said: Said) -> list[str]:
    """Return the addresses behind a message's buttons."""
    rows = said.raw["buttons"]
    return [button["url"] for row in rows for button in row if button.get("url")]


@asynccontextmanager
async def stripe_beside(at: str = START) -> AsyncIterator[tuple[Stripe, dict[str, str], Any]]:
    """Yield the stand-in, the settings of a bot beside it, and a way to give it the bot's time."""
    clock: list[World] = []
    last = [datetime.fromisoformat(at)]

    async def now() -> datetime:
        if clock:
            try:
                last[0] = await clock[0].now()
            except (aiohttp.ClientError, RuntimeError):
                # The bot and its clock are dead just now.
                return last[0]
        return last[0]

    stripe = Stripe(now)
    async with served(stripe) as url:
        yield stripe, dict(stripe.environment(url, free_port())), clock


@asynccontextmanager
async def taking_cards(folder: Path | None = None, at: str = START) -> AsyncIterator[CardWorld]:
    """Run the bot in the box, with Stripe beside it, for a while."""
    async with stripe_beside(at) as (stripe, settings, clock):
        chosen = {name.lower(): value for name, value in settings.items()}
        async with living_in(folder, at=at, **chosen) as world:
            clock.append(world)
            both = CardWorld(world, stripe)
            await both.settle()
            yield both


def number_in(text: str) -> str:
    """Return the invoice's number that a text names."""
    found = re.search(r"(?:INT|DAY|CLA)-\d{4}-\d{5}", text)
    assert found is not None, text
    return found[0]
