"""Rows of what is paid by card: customers, subscriptions, sessions, calls, events, money."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from billing.cards import CardSubscription
from billing.money import Money
from billing.services.ports.cards import Event


@dataclass(frozen=True, slots=True)
class StripeSetup:
    """How Stripe is used, where it is: with a key for real money, or for tests."""

    live: bool


class CardOperation(StrEnum):
    """What is asked of Stripe; each may be repeated under its key."""

    CUSTOMER = "customer"
    SUBSCRIBE = "subscribe"
    PAY = "pay"
    EXPIRE = "expire"
    PORTAL = "portal"
    CANCEL = "cancel"
    KEEP = "keep"
    END = "end"


@dataclass(frozen=True, slots=True)
class CardCall:
    """
    A promised call; `id` is its idempotency key, `subject` what it is about, by our own id.

    That is the partner (customer, portal), the session (subscribe, pay, expire) or the
    subscription. `message_key`: the message that shows how far it is.
    """

    id: str
    partner_id: str
    operation: CardOperation
    subject: str
    attempts: int
    created_at: datetime
    not_before: datetime
    message_key: str | None = None
    error: str | None = None


class SessionKind(StrEnum):
    """What is paid in a Checkout session."""

    SUBSCRIPTION = "subscription"
    INVOICE = "invoice"


class SessionStep(StrEnum):
    """Where a session is, as far as we know; `over` is expired, or refused by Stripe."""

    ASKED = "asked"
    OPEN = "open"
    PAID = "paid"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class CardSession:
    """
    A Checkout session: `id` is our own (`op`), `session_id` Stripe's.

    `subject` is the subscription, whose id is the same, or the invoice. Of one that is not
    `wanted` any more nobody is shown the address.
    """

    id: str
    kind: SessionKind
    subject: str
    partner_id: str
    amount: Money
    state: SessionStep
    asked_at: datetime
    session_id: str | None = None
    url: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    wanted: bool = True
    card_key: str | None = None


class EventState(StrEnum):
    """What became of an event."""

    NEW = "new"
    DONE = "done"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event and what became of it; `looked_by` is who of the staff has looked at it."""

    event: Event
    state: EventState
    received_at: datetime
    error: str | None = None
    partner_id: str | None = None
    looked_by: int | None = None
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CardPayment:
    """
    Money that a card brought: `id` is Stripe's invoice (`in_…`) or payment (`pi_…`), once.

    `subject` is the subscription, or the invoice's id.
    """

    id: str
    kind: SessionKind
    subject: str
    partner_id: str
    amount: Money
    paid_at: datetime
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class CardReturn:
    """Money that went back to the card (`re_…`, `dp_…`); `back_at`: a dispute was won."""

    id: str
    payment_id: str
    partner_id: str
    amount: Money
    dispute: bool
    booked_at: datetime
    back_at: datetime | None = None


class CardSubscriptions(Protocol):
    """Subscriptions and their customers."""

    async def customer(self, partner_id: str) -> str | None:
        """The partner's customer at Stripe, once there is one."""

    async def whose(self, customer_id: str) -> str | None:
        """The partner whose customer it is."""

    async def keep_customer(self, partner_id: str, customer_id: str) -> None:
        """Keep it; the first one stays."""

    async def add(self, subscription: CardSubscription) -> None: ...
    async def save(self, subscription: CardSubscription) -> None: ...
    async def get(self, subscription_id: str) -> CardSubscription | None:
        """By our own id."""

    async def living(self, instance_id: str) -> list[CardSubscription]:
        """Those of an instance that are not over, oldest first."""

    async def latest(self, instance_id: str) -> CardSubscription | None:
        """The one that runs; or the one that was asked for last."""

    async def running(
        self, *, after: str, until: datetime | None, limit: int
    ) -> list[CardSubscription]:
        """Those that run, by their instances' ids after one; `until`: unpaid, or paid to then."""


class CardSessions(Protocol):
    """Checkout sessions."""

    async def add(self, session: CardSession) -> None: ...
    async def save(self, session: CardSession) -> None: ...
    async def get(self, op: str) -> CardSession | None: ...
    async def of_subject(self, subject: str) -> list[CardSession]:
        """Those about a subscription or an invoice, oldest first."""

    async def open(self, *, after: str, limit: int) -> list[CardSession]:
        """Those that are open at Stripe, by id after one."""


class CardCalls(Protocol):
    """Promised calls: key stored → attempt counted → call → post."""

    async def promise(self, call: CardCall) -> None: ...
    async def get(self, call_id: str) -> CardCall | None:
        """An open one."""

    async def open_by(self, now: datetime, *, limit: int = 50) -> list[CardCall]:
        """Open ones that may be tried by `now`; of one subject only the oldest open one."""

    async def open_about(self, subject: str) -> list[CardCall]:
        """Open ones about a subject, in the order in which they were promised."""

    async def started(self, call_id: str) -> int:
        """Count the attempt before the call, and return how many there were."""

    async def put_off(self, call_id: str, *, until: datetime, error: str) -> None: ...
    async def close(self, call_id: str, state: str, *, error: str | None, at: datetime) -> bool:
        """To `done`, `refused` or `void`, conditionally: False if it is not open."""

    async def failing(self) -> list[CardCall]:
        """Open ones that were tried at least three times, oldest first."""


class StripeEvents(Protocol):
    """Events as they came in."""

    async def add(self, event: Event, *, at: datetime) -> bool:
        """Store it as new; False, changing nothing, if its id is known."""

    async def get(self, event_id: str) -> StoredEvent | None: ...
    async def waiting(self, now: datetime, *, limit: int = 50) -> list[Event]:
        """New ones that may be processed by `now`, oldest first."""

    async def put_off(self, event_id: str, *, until: datetime, error: str) -> None: ...
    async def settle(
        self,
        event_id: str,
        state: EventState,
        *,
        error: str | None = None,
        partner_id: str | None = None,
    ) -> bool:
        """Say what became of it, conditionally: False if it is not new."""

    async def quarantined(self) -> list[StoredEvent]:
        """Those that nobody has looked at, oldest first."""

    async def kept_aside(self, about: str, why: str) -> bool:
        """Whether an event about that object was quarantined for that, looked at or not."""

    async def looked_at(self, event_id: str, *, by: int, at: datetime) -> bool:
        """Somebody has looked at a quarantined one; False if somebody had."""

    async def late(self, before: datetime) -> list[StoredEvent]:
        """New ones that came in before an instant, oldest first."""

    async def forget_looks(self, *, before: datetime) -> None:
        """Remove our own looks from before an instant that had or have no effect."""


class CardMoney(Protocol):
    """Money that cards brought and took back, each once."""

    async def book(self, payment: CardPayment) -> bool:
        """Insert; False, changing nothing, if it is booked."""

    async def get(self, payment_id: str) -> CardPayment | None: ...
    async def give_back(self, returned: CardReturn) -> bool:
        """Insert; False, changing nothing, if it is known."""

    async def returned(self, return_id: str) -> CardReturn | None: ...
    async def came_back(self, return_id: str, *, at: datetime) -> bool:
        """A dispute was won; False if that is known."""
