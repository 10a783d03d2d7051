"""
Stripe, put together where there is a key.

Imported only then: Stripe's library takes a fifth of a second.
"""

from __future__ import annotations

from billing.services.ports import Store
from billing.services.ports.cards import Urls
from bot.clock import Clock
from bot.delivery.cashier import Cashier
from bot.delivery.heartbeat import Heartbeats
from bot.gateways.stripe import StripeCards
from bot.settings import Settings
from bot.web import returned
from bot.web.stripe import StripeWebhook


class Till:
    """What is paid by card: who asks Stripe, and where Stripe says what happened."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, hearts: Heartbeats) -> None:
        key, public = settings.stripe_secret_key, settings.public_url
        assert key is not None, "without one there is no till"
        assert public is not None, "load() has seen to it"
        self._cards = StripeCards(key.get_secret_value(), settings.stripe_api_url)
        urls = Urls(public + returned.PAID, public + returned.LEFT)
        self.cashier = Cashier(store, self._cards, urls, clock, hearts)
        webhook = StripeWebhook(settings.stripe_webhook_secrets, clock.now, self.cashier.take)
        self.routes = [webhook.route(), *returned.routes()]

    async def close(self) -> None:
        """Close the connections to Stripe."""
        await self._cards.close()
