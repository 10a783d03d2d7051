"""An account at Stripe for a test: the stand-in, its time, and the bot's way to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import stripe

from billing.cards import Interval
from billing.money import Money
from billing.services.ports.cards import Session, Urls
from bot.gateways.stripe import API_VERSION, StripeCards
from tests.standins.serving import served
from tests.standins.stripe import Stripe
from tests.standins.stripe.standin import KEY

BEGIN = datetime(2026, 1, 31, 12, tzinfo=UTC)
PRICE = Money(3000, "USD")
URLS = Urls("https://desk.example.com/paid", "https://desk.example.com/left")


@dataclass
class Account:
    """The stand-in at `url`, its clock, and the gateway to it."""

    stripe: Stripe
    url: str
    cards: StripeCards
    at: datetime = BEGIN

    async def now(self) -> datetime:
        return self.at

    async def goes_on(self, **span: int) -> None:
        """Let time pass at Stripe."""
        self.at += timedelta(**span)
        await self.stripe.catch_up()

    async def customer(self, partner_id: str = "p1") -> str:
        key = f"customer:{partner_id}"
        return await self.cards.customer(key, partner_id=partner_id, name="Acme", email=None)

    async def asked(
        self, customer_id: str, op: str = "op1", interval: Interval = Interval.MONTH
    ) -> Session:
        """Open a session for a subscription."""
        return await self.cards.subscription_session(
            f"session:{op}",
            customer_id=customer_id,
            amount=PRICE,
            interval=interval,
            title="loja-1",
            metadata={"op": op, "instance": "7K2QM", "partner": "p1"},
            urls=URLS,
        )

    async def subscribed(self, op: str = "op1", interval: Interval = Interval.MONTH) -> str:
        """Return the id of a subscription that was paid for just now."""
        session = await self.asked(await self.customer(), op, interval)
        await self.stripe.pay(session.id)
        seen = await self.cards.session(session.id)
        assert seen is not None
        assert seen.subscription_id is not None
        return seen.subscription_id

    def types(self) -> list[str]:
        """Return what happened so far, oldest first."""
        return [event["type"] for event in self.stripe.books.events.values()]


@asynccontextmanager
async def account() -> AsyncIterator[Account]:
    """Yield an account of our own."""
    found: list[Account] = []

    async def now() -> datetime:
        return found[0].at if found else BEGIN

    stand_in = Stripe(now)
    async with served(stand_in) as url:
        stand_in.api.base = url
        cards = StripeCards(KEY, url)
        found.append(Account(stand_in, url, cards))
        try:
            yield found[0]
        finally:
            await cards.close()


@asynccontextmanager
async def library(url: str) -> AsyncIterator[stripe.StripeClient]:
    """Yield Stripe's own library, with nothing of ours before it."""
    line = stripe.AIOHTTPClient(timeout=aiohttp.ClientTimeout(total=10))
    client = stripe.StripeClient(
        KEY,
        base_addresses={"api": url},
        stripe_version=API_VERSION,
        max_network_retries=0,
        http_client=line,
    )
    try:
        yield client
    finally:
        await line.close_async()
