"""
A subscription by card: its price, and what Stripe's objects mean for it.

An event of Stripe's is a hint: what counts is how the object is when it is fetched again, and
only what leads forward is applied, so that every order of events ends the same.
Rules: "Card".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from billing.money import Money
from billing.programmes import CardTerms


class Interval(StrEnum):
    """How often a card is charged."""

    MONTH = "month"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months a charge pays for."""
        return {Interval.MONTH: 1, Interval.HALF_YEAR: 6, Interval.YEAR: 12}[self]


class CardState(StrEnum):
    """
    Where a subscription is, as far as we know; each may follow those before it.

    `past_due` goes back to `active` when it is paid. `void` never began: its session was left.
    """

    ASKED = "asked"
    OPEN = "open"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    ENDED = "ended"
    VOID = "void"


# It can still be paid, or charged again.
ALIVE = frozenset({CardState.ASKED, CardState.OPEN, CardState.ACTIVE, CardState.PAST_DUE})
RUNNING = frozenset({CardState.ACTIVE, CardState.PAST_DUE})


class Standing(StrEnum):
    """
    Where Stripe says that a subscription is.

    `unpaid` is one whose retries are over and that Stripe leaves standing.
    """

    INCOMPLETE = "incomplete"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CardInvoice:
    """
    An invoice of Stripe's (`in_…`), as it is now.

    `amount` is what was paid of it, or is to be; `period_ends_at` the end of what it pays for.
    """

    id: str
    live: bool
    customer_id: str
    amount: Money
    paid: bool
    subscription_id: str | None = None
    period_ends_at: datetime | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    A subscription of Stripe's (`sub_…`), as it is now, and its paid invoices, oldest first.

    `amount` is what one interval costs; `interval` None is none of ours. `period_ends_at` is the
    end of the running period, paid or not.
    """

    id: str
    live: bool
    customer_id: str
    standing: Standing
    amount: Money
    interval: Interval | None
    period_ends_at: datetime
    cancel_at_period_end: bool
    metadata: Mapping[str, str]
    paid: tuple[CardInvoice, ...] = ()


@dataclass(frozen=True, slots=True)
class CardSubscription:
    """
    One instance's subscription; `id` is our own, Stripe has it as `op` in the metadata.

    `period_ends_at` is how far it is paid. `ending`: it is not renewed. `card_key` is the key of
    the message that shows how it goes, in the chat where it was asked for.
    """

    id: str
    instance_id: str
    partner_id: str
    interval: Interval
    amount: Money
    state: CardState
    asked_at: datetime
    customer_id: str | None = None
    session_id: str | None = None
    subscription_id: str | None = None
    period_ends_at: datetime | None = None
    ending: bool = False
    ended_at: datetime | None = None
    card_key: str | None = None

    @property
    def renews_at(self) -> datetime | None:
        """When the card is charged next; None: it is not, or nobody knows."""
        return None if self.ending or self.state not in RUNNING else self.period_ends_at


class Mismatch(StrEnum):
    """What of Stripe's object is not as it was ordered."""

    LIVEMODE = "livemode"
    OPERATION = "op"
    CUSTOMER = "customer"
    AMOUNT = "amount"
    CURRENCY = "currency"
    INTERVAL = "interval"
    STANDING = "standing"
    # Of the right subscription of ours, and not the one that pays for it.
    OTHER = "other_subscription"
    # It was paid for, and there is nothing to be paid for any more.
    GONE = "gone"


def price(channel: Money, interval: Interval, terms: CardTerms) -> Money:
    """
    Return what an interval costs at that price of a channel, rounded half to even once.

    A year costs 12 months less the programme's annual discount.
    """
    if interval is not Interval.YEAR:
        return channel.times(interval.months)
    return channel.share(interval.months * (100 - terms.annual_discount_percent), 100)


def mismatch(
    subscription: CardSubscription, snapshot: Snapshot, *, customer_id: str | None, live: bool
) -> Mismatch | None:
    """Return what of Stripe's subscription is not as it was ordered, the gravest first."""
    amount = snapshot.amount
    other = subscription.subscription_id not in {None, snapshot.id}
    wrong = {
        Mismatch.LIVEMODE: snapshot.live is not live,
        Mismatch.OPERATION: snapshot.metadata.get("op") != subscription.id,
        Mismatch.CUSTOMER: snapshot.customer_id != customer_id,
        Mismatch.CURRENCY: amount.currency != subscription.amount.currency,
        Mismatch.AMOUNT: amount.minor != subscription.amount.minor,
        Mismatch.INTERVAL: snapshot.interval is not subscription.interval,
        Mismatch.STANDING: snapshot.standing is Standing.UNKNOWN,
        Mismatch.OTHER: other,
    }
    return next((kind for kind, is_so in wrong.items() if is_so), None)


def unequal(
    invoice: CardInvoice, subscription: CardSubscription, *, customer_id: str | None
) -> Mismatch | None:
    """Return what of a paid invoice of Stripe's is not as the subscription has it."""
    if invoice.customer_id != customer_id:
        return Mismatch.CUSTOMER
    if invoice.amount.currency != subscription.amount.currency:
        return Mismatch.CURRENCY
    return Mismatch.AMOUNT if invoice.amount != subscription.amount else None


def seen(subscription: CardSubscription, snapshot: Snapshot, *, at: datetime) -> CardSubscription:
    """
    Return a subscription after what Stripe's object says now, looked at `at`.

    Forward only: one that is over stays so, and what is paid never gets shorter. Without money it
    has not begun.
    """
    if subscription.state not in ALIVE:
        return subscription
    ends = [one.period_ends_at for one in snapshot.paid if one.period_ends_at is not None]
    if subscription.period_ends_at is not None:
        ends.append(subscription.period_ends_at)
    state = _state(subscription.state, snapshot.standing, paid=bool(ends))
    return replace(
        subscription,
        state=state,
        customer_id=snapshot.customer_id,
        subscription_id=snapshot.id,
        period_ends_at=max(ends, default=None),
        ending=snapshot.cancel_at_period_end,
        ended_at=None if state in ALIVE else at,
    )


def revived(subscription: CardSubscription, snapshot: Snapshot) -> CardSubscription:
    """Return one that was given up as it is when it was paid all the same, to be ended again."""
    ends = [one.period_ends_at for one in snapshot.paid if one.period_ends_at is not None]
    over = snapshot.standing in {Standing.ENDED, Standing.UNPAID}
    return replace(
        subscription,
        state=CardState.ENDED if over else CardState.ACTIVE,
        subscription_id=snapshot.id,
        period_ends_at=max(ends, default=None),
    )


def _state(before: CardState, standing: Standing, *, paid: bool) -> CardState:
    if standing in {Standing.ENDED, Standing.UNPAID}:
        return CardState.ENDED if paid else CardState.VOID
    if paid and standing is Standing.ACTIVE:
        return CardState.ACTIVE
    if paid and standing is Standing.PAST_DUE:
        return CardState.PAST_DUE
    return before
