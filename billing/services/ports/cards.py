"""
Stripe, as whoever calls it sees it.

Whatever makes something there takes a `key`, the idempotency key, stored before the call: the
same key with the same arguments may be sent again for 24 hours and has one effect. What only
looks may be asked at any time. Ids are Stripe's own, but for `op`, which is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from billing.cards import CardInvoice, Interval, Snapshot
from billing.money import Money

# The code of what is another use of the same account: nothing of ours can be in it.
NOT_OURS = "not_ours"


class CardsRefused(Exception):
    """Stripe says no, for good; nothing was done. `code` is Stripe's own, or empty."""

    def __init__(self, why: str, code: str = "") -> None:
        super().__init__(why)
        self.why, self.code = why, code


class CardsSilent(Exception):
    """Stripe did not answer: it may have done it or not, and may be asked again."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class SessionState(StrEnum):
    """Where a Checkout session is; a complete one may still wait for its money."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Urls:
    """Where Checkout sends who has paid, and who left."""

    paid: str
    left: str


@dataclass(frozen=True, slots=True)
class Session:
    """A Checkout session (`cs_…`) that waits; who has its address can pay."""

    id: str
    url: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """
    A Checkout session as it is now.

    `paid`: its money is there. `payment_id` (`pi_…`) is what a payment is known by,
    `subscription_id` what a subscription's session has begun.
    """

    id: str
    live: bool
    state: SessionState
    paid: bool
    customer_id: str
    amount: Money
    metadata: Mapping[str, str]
    payment_id: str | None = None
    subscription_id: str | None = None


class DisputeState(StrEnum):
    """Where a dispute is: the money is gone from its beginning, and comes back if it is won."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Returned:
    """
    Money that went back to the card: a refund that succeeded (`re_…`), or a dispute (`dp_…`).

    `dispute` None is a refund. An inquiry that took no money is neither.
    """

    id: str
    amount: Money
    at: datetime
    dispute: DisputeState | None = None


@dataclass(frozen=True, slots=True)
class ChargeSeen:
    """
    A charge (`ch_…`) as it is now, and what of it went back, oldest first.

    It is known to us by the payment (`pi_…`) of a Checkout session or by the invoice (`in_…`) of
    a subscription, whichever there is.
    """

    id: str
    live: bool
    customer_id: str
    amount: Money
    payment_id: str | None = None
    invoice_id: str | None = None
    returned: tuple[Returned, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """
    An event (`evt_…`): a hint that an object has changed, which is fetched again.

    `about` is the object's id, by whose prefix its kind is known: `cs_`, `sub_`, `in_`, `ch_`;
    of a refund or a dispute that of its charge; empty where it is none of these. `body` is the
    event as it came, JSON.
    """

    id: str
    type: str
    created_at: datetime
    live: bool
    about: str
    body: str = field(repr=False)


class Cards(Protocol):
    """
    Stripe. Every call raises CardsRefused or CardsSilent where it does not succeed.

    What is looked for and is not there is None.
    """

    async def customer(self, key: str, *, partner_id: str, name: str, email: str | None) -> str:
        """Make a customer, `partner_id` as `partner` in its metadata; return its id."""

    async def find_customer(self, partner_id: str) -> str | None:
        """Look up what an unanswered `customer` may have made, by its metadata; the oldest."""

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
        """
        Open a Checkout session that begins a subscription to one price.

        `metadata` (op, instance, partner) goes on the session and on the subscription.
        """

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
        """
        Open a Checkout session that is paid once.

        `metadata` (op, invoice, partner) goes on the session and on its payment.
        """

    async def expire(self, session_id: str) -> None:
        """End an open session. One that is expired is; one that is complete: CardsRefused."""

    async def portal(self, key: str, *, customer_id: str, return_url: str) -> str:
        """Return the address of the customer's own page, good for minutes and one person."""

    async def cancel_at_period_end(self, key: str, subscription_id: str, *, on: bool) -> None:
        """Let a subscription end with its period, or go on; as it is already: success."""

    async def cancel_now(self, key: str, subscription_id: str) -> None:
        """End a subscription at once, without money back; one that has ended has."""

    async def session(self, session_id: str) -> SessionSeen | None: ...
    async def subscription(self, subscription_id: str) -> Snapshot | None:
        """Return it as it is now, an ended one too, with its paid invoices."""

    async def invoice(self, invoice_id: str) -> CardInvoice | None: ...
    async def charge(self, charge_id: str) -> ChargeSeen | None: ...
    async def changed_since(self, instant: datetime) -> list[Event]:
        """Return all events created from then on, oldest first."""

    async def check(self) -> None:
        """Return if the account answers and takes the key."""
