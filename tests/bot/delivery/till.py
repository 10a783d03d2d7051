"""A desk that takes cards, its cashier at work, and Stripe's stand-in over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from billing.services.cards import calling, reading
from billing.services.ports import Work
from billing.services.ports.cards import Urls
from bot.delivery.cashier import Cashier
from bot.delivery.heartbeat import Heartbeats
from bot.gateways.stripe import StripeCards
from storage.engine.database import Database
from tests.billing.samples import local
from tests.billing.services.cards.conftest import Desk, made
from tests.billing.services.world import START, World
from tests.bot.delivery.clock import SteppedClock
from tests.bot.delivery.desk import FragileStore, until
from tests.standins.serving import served
from tests.standins.stripe import Stripe
from tests.standins.stripe.standin import KEY

URLS = Urls("https://desk.example.com/paid", "https://desk.example.com/left")


class Till:
    """A cashier that can be ended and begun anew, in a desk that stays."""

    def __init__(self, desk: Desk, clock: SteppedClock, stripe: Stripe, cards: StripeCards) -> None:
        self.desk, self.clock, self.stripe, self.cards = desk, clock, stripe, cards
        self.world = desk.world
        self.store = FragileStore(self.world.store)
        self.hearts = Heartbeats()
        self.start()

    def start(self) -> None:
        store: Any = self.store
        self.cashier = Cashier(store, self.cards, URLS, self.clock, self.hearts)
        self.world.store._on_commit = self.cashier.nudge
        self.task = asyncio.create_task(self.cashier.run())

    async def end(self) -> None:
        await self.cashier.stop(grace_seconds=0.05)
        await self.task

    async def restarts(self) -> None:
        """End as a process does, with what is under way, and begin anew."""
        await self.end()
        self.start()

    async def quiet(self) -> None:
        """Return when nothing is under way, and nothing is due at the clock's instant."""

        async def due(work: Work) -> bool:
            waits = await work.stripe_events.waiting(work.now)
            return bool(waits or await calling.open_by(work, work.now))

        async def reached() -> bool:
            return not self.cashier.busy and not await self.world.read(due)

        await until(reached)

    async def told(self, *types: str) -> None:
        """Let Stripe bring what happened, or of it those types; the rest is lost."""
        await self.stripe.catch_up()
        books = self.stripe.books
        while books.unsent:
            event = books.events[books.unsent.pop(0)]
            if not types or event["type"] in types:
                await self.cashier.take(reading.event(self.stripe.hooks.body(event)))
        await self.quiet()

    async def subscribed(self) -> str:
        """Subscribe the instance and pay; return Stripe's subscription."""
        session = await self.asked()
        await self.stripe.pay(session)
        await self.told()
        return str((await self.desk.subscription()).subscription_id)

    async def asked(self) -> str:
        """Have a page opened; return Stripe's session."""
        op = await self.desk.asks()
        await self.quiet()
        found = await self.world.read(lambda work: work.card_sessions.get(op))
        return str(found.session_id)

    async def calls(self) -> list[tuple[str, str, int]]:
        rows = await self.world.sql(
            "SELECT operation, state, attempts FROM card_calls ORDER BY seq"
        )
        return [(row["operation"], row["state"], row["attempts"]) for row in rows]

    def there(self, kind: str) -> list[dict[str, Any]]:
        """Return Stripe's objects of a kind, oldest first."""
        return list(reversed(list(self.stripe.books.all(kind))))


@asynccontextmanager
async def till() -> AsyncIterator[Till]:
    """Yield one that is quiet; nothing is wrong with the desk when it ends."""
    database = await Database.open("sqlite://")
    clock = SteppedClock(local(START))

    async def now() -> datetime:
        return clock.now()

    world: Any = World(database, clock)
    await world.settle_in()
    desk = await made(world)
    # From here on it is the cashier who asks, and a server that answers.
    world.cards = None
    stripe = Stripe(now)
    async with served(stripe) as url:
        stripe.api.base = url
        cards = StripeCards(KEY, url)
        found = Till(desk, clock, stripe, cards)
        try:
            await found.quiet()
            yield found
            await world.check()
        finally:
            await found.end()
            await cards.close()
            await database.close()
