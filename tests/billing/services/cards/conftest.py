"""A desk that takes cards, with a partner in the programme that is paid in days."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from billing.cards import CardSubscription, Interval
from billing.days.extensions import ByDays
from billing.instances import Instance
from billing.services.cards import subscribing
from billing.services.days import extending
from billing.services.messages import Message
from billing.services.payments import giving
from billing.services.ports import CardSession, Work
from tests.billing.services.cards.stripe import FakeStripe
from tests.billing.services.people import Firm
from tests.billing.services.world import World, living


@dataclass
class Desk:
    """The desk, Stripe, and a partner with one instance in its trial."""

    world: World
    stripe: FakeStripe
    firm: Firm
    instance_id: str

    async def instance(self) -> Instance:
        found: Instance = await self.world.read(lambda work: work.instances.by_id(self.instance_id))
        return found

    async def begins(self, interval: Interval = Interval.MONTH) -> CardSession:
        """Ask for a page where a subscription is paid, and let Stripe open it."""
        op = await self.asks(interval)
        await self.world.settle()
        session: CardSession = await self.world.read(lambda work: work.card_sessions.get(op))
        return session

    async def asks(self, interval: Interval = Interval.MONTH, key: str = "answer:1") -> str:
        async def unit(work: Work, actor: Any) -> CardSession:
            session = await subscribing.begin(
                work, actor, self.instance_id, interval, message_key=key
            )
            await work.messages.say(
                Message(key, self.firm.chat_id, "card_payment", {}, reader=self.firm.user_id),
                at=work.now,
            )
            return session

        session: CardSession = await self.firm.do(unit)
        return session.id

    async def pays(self, interval: Interval = Interval.MONTH) -> str:
        """Subscribe by card and pay; return Stripe's subscription."""
        session = await self.begins(interval)
        assert session.session_id is not None
        subscription_id = self.stripe.subscribes(session.session_id)
        await self.world.settle()
        return subscription_id

    async def has_days(self, days: int) -> None:
        """Give the partner days, and the instance all of them."""
        await self.world.staff().do(giving.give_days, self.firm.partner_id, days, "gift")
        by = ByDays(days)
        quote = await self.firm.do(extending.quote, by, [self.instance_id])
        await self.firm.do(
            extending.carry_out, by, [self.instance_id], terms=quote.terms, message_key="answer:5"
        )
        await self.world.settle()

    async def subscription(self) -> CardSubscription:
        found: CardSubscription = await self.world.read(
            lambda work: work.card_subscriptions.latest(self.instance_id)
        )
        return found

    async def quarantined(self) -> list[str]:
        found = await self.world.read(lambda work: work.stripe_events.quarantined())
        return [one.error for one in found]

    async def books(self) -> list[tuple[str, str, int]]:
        """Return what the books have of cards."""
        rows = await self.world.sql(
            "SELECT account, unit, amount FROM balances WHERE account IN ('cards', 'card_revenue')"
            " ORDER BY account"
        )
        return [(row["account"], row["unit"], row["amount"]) for row in rows]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with living() as world:
        yield await made(world)


async def made(world: World) -> Desk:
    """Return a desk that takes cards."""
    stripe = world.take_cards()
    firm = await world.enrolled(programme="days")
    (instance_id,) = await firm.new("loja-1")
    return Desk(world, stripe, firm, instance_id)
