"""
Stripe, asked through its own library.

The library is slow to import and is needed with a key only: nothing imports this module that
runs without one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import aiohttp
import stripe

from billing.cards import CardInvoice, Interval, Snapshot
from billing.money import Money
from billing.services.cards import reading
from billing.services.ports.cards import (
    CardsRefused,
    ChargeSeen,
    Event,
    Session,
    SessionSeen,
    SessionState,
    Urls,
)
from bot.gateways import stripe_objects as objects
from bot.gateways.stripe_errors import USED_KEY, found_or_none, sorted_out

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

# How objects look follows from it: a newer library goes on asking for this one.
API_VERSION = "2026-10-28.endive"
TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=5)
MOST_A_PAGE = 100

# What the comparison asks for; Stripe takes 20 at most.
EVENT_TYPES = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "invoice.paid",
    "invoice.payment_failed",
    "charge.refunded",
    "refund.updated",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
)


class StripeCards:
    """The cards port over one account at Stripe."""

    def __init__(self, key: str, url: str) -> None:
        """`key` is the secret key, `url` where Stripe's API is."""
        # It would put an id into the home directory, and tell Stripe of the machine.
        stripe.enable_telemetry = False
        self._line = stripe.AIOHTTPClient(timeout=TIMEOUT)
        self._client = stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses={"api": url},
            http_client=self._line,
            # Whoever calls has a row that knows how often it was tried.
            max_network_retries=0,
        ).v1

    async def close(self) -> None:
        """Close the connections."""
        closing: Awaitable[None] = self._line.close_async()  # type: ignore[no-untyped-call]
        await closing

    async def customer(self, key: str, *, partner_id: str, name: str, email: str | None) -> str:
        params: stripe.params.CustomerCreateParams = {
            "name": name,
            "metadata": {"partner": partner_id},
        }
        if email is not None:
            params["email"] = email
        try:
            async with sorted_out():
                made = await self._client.customers.create_async(params, {"idempotency_key": key})
        except CardsRefused as refused:
            # It was called otherwise when it was asked for first: that one is it.
            found = await self.find_customer(partner_id) if refused.code == USED_KEY else None
            if found is None:
                raise
            return found
        return made.id

    async def find_customer(self, partner_id: str) -> str | None:
        query = f'metadata["partner"]:"{partner_id}"'
        async with sorted_out():
            found = await self._client.customers.search_async({"query": query, "limit": 100})
        oldest = min(found.data, key=lambda one: (one.created, one.id), default=None)
        return None if oldest is None else oldest.id

    async def subscription_session(
        self,
        key: str,
        *,
        customer_id: str,
        amount: Money,
        interval: Interval,
        title: str,
        metadata: Mapping[str, str],
        urls: Urls,
    ) -> Session:
        unit, count = objects.INTERVALS[interval]
        line = _line(amount, title)
        line["price_data"]["recurring"] = {"interval": unit, "interval_count": count}
        params = _session("subscription", customer_id, line, metadata, urls)
        params["subscription_data"] = {"metadata": dict(metadata)}
        return await self._open(key, params)

    async def payment_session(
        self,
        key: str,
        *,
        customer_id: str,
        amount: Money,
        title: str,
        metadata: Mapping[str, str],
        urls: Urls,
    ) -> Session:
        params = _session("payment", customer_id, _line(amount, title), metadata, urls)
        params["payment_intent_data"] = {"metadata": dict(metadata)}
        return await self._open(key, params)

    async def _open(self, key: str, params: SessionCreateParams) -> Session:
        sessions = self._client.checkout.sessions
        async with sorted_out():
            made = await sessions.create_async(params, {"idempotency_key": key})
        return objects.session(made)

    async def expire(self, session_id: str) -> None:
        try:
            async with sorted_out():
                await self._client.checkout.sessions.expire_async(session_id)
        except CardsRefused:
            found = await self.session(session_id)
            if found is None or found.state is not SessionState.EXPIRED:
                raise

    async def portal(self, key: str, *, customer_id: str, return_url: str) -> str:
        async with sorted_out():
            made = await self._client.billing_portal.sessions.create_async(
                {"customer": customer_id, "return_url": return_url}, {"idempotency_key": key}
            )
        return made.url

    async def cancel_at_period_end(self, key: str, subscription_id: str, *, on: bool) -> None:
        try:
            async with sorted_out():
                await self._client.subscriptions.update_async(
                    subscription_id, {"cancel_at_period_end": on}, {"idempotency_key": key}
                )
        except CardsRefused:
            # One that is over cannot be changed, and does end.
            if not (on and await self._is_over(subscription_id)):
                raise

    async def cancel_now(self, key: str, subscription_id: str) -> None:
        try:
            async with sorted_out():
                await self._client.subscriptions.cancel_async(
                    subscription_id, {}, {"idempotency_key": key}
                )
        except CardsRefused:
            if not await self._is_over(subscription_id):
                raise

    async def _is_over(self, subscription_id: str) -> bool:
        async with sorted_out():
            found = await found_or_none(self._client.subscriptions.retrieve_async(subscription_id))
        return found is not None and found.status in ("canceled", "incomplete_expired")

    async def session(self, session_id: str) -> SessionSeen | None:
        async with sorted_out():
            found = await found_or_none(self._client.checkout.sessions.retrieve_async(session_id))
        return None if found is None else objects.session_seen(found)

    async def subscription(self, subscription_id: str) -> Snapshot | None:
        async with sorted_out():
            found = await found_or_none(self._client.subscriptions.retrieve_async(subscription_id))
            if found is None:
                return None
            page = await self._client.invoices.list_async(
                {"subscription": subscription_id, "status": "paid", "limit": MOST_A_PAGE}
            )
            invoices = [one async for one in page.auto_paging_iter()]
        return objects.snapshot(found, [objects.invoice(one) for one in reversed(invoices)])

    async def invoice(self, invoice_id: str) -> CardInvoice | None:
        async with sorted_out():
            found = await found_or_none(self._client.invoices.retrieve_async(invoice_id))
        return None if found is None else objects.invoice(found)

    async def charge(self, charge_id: str) -> ChargeSeen | None:
        async with sorted_out():
            found = await found_or_none(self._client.charges.retrieve_async(charge_id))
            if found is None:
                return None
            refunds = await self._client.refunds.list_async(
                {"charge": charge_id, "limit": MOST_A_PAGE}
            )
            disputes = await self._client.disputes.list_async(
                {"charge": charge_id, "limit": MOST_A_PAGE}
            )
            payment_id = objects.id_of(found.payment_intent)
            invoice_id = None if payment_id is None else await self._invoice_of(payment_id)
        return ChargeSeen(
            id=found.id,
            live=found.livemode,
            customer_id=objects.id_of(found.customer) or "",
            amount=objects.money(found.amount, found.currency),
            payment_id=payment_id,
            invoice_id=invoice_id,
            returned=objects.returned(refunds.data, disputes.data),
        )

    async def _invoice_of(self, payment_id: str) -> str | None:
        found = await self._client.invoice_payments.list_async(
            {"payment": {"type": "payment_intent", "payment_intent": payment_id}, "limit": 1}
        )
        return objects.id_of(found.data[0].invoice) if found.data else None

    async def changed_since(self, instant: datetime) -> list[Event]:
        since = int(instant.timestamp())
        async with sorted_out():
            page = await self._client.events.list_async(
                {"created": {"gte": since}, "types": list(EVENT_TYPES), "limit": MOST_A_PAGE}
            )
            found = [one async for one in page.auto_paging_iter()]
        return [reading.event(str(one)) for one in reversed(found)]

    async def check(self) -> None:
        async with sorted_out(key_is_asked=True):
            await self._client.events.list_async({"limit": 1})


def _line(amount: Money, title: str) -> SessionCreateParamsLineItem:
    return {
        "quantity": 1,
        "price_data": {
            "currency": amount.currency.lower(),
            "unit_amount": amount.minor,
            "product_data": {"name": title},
        },
    }


def _session(
    mode: str,
    customer_id: str,
    line: SessionCreateParamsLineItem,
    metadata: Mapping[str, str],
    urls: Urls,
) -> SessionCreateParams:
    return {
        "mode": mode,
        "customer": customer_id,
        "line_items": [line],
        "metadata": dict(metadata),
        "success_url": urls.paid,
        "cancel_url": urls.left,
    }
