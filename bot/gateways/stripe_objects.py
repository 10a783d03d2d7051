"""What Stripe's objects say, in our own values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from billing.cards import CardInvoice, Interval, Snapshot, Standing
from billing.money import Money
from billing.services.ports.cards import (
    NOT_OURS,
    CardsRefused,
    DisputeState,
    Returned,
    Session,
    SessionSeen,
    SessionState,
)

if TYPE_CHECKING:
    import stripe

INTERVALS: Mapping[Interval, tuple[str, int]] = {
    Interval.MONTH: ("month", 1),
    Interval.HALF_YEAR: ("month", 6),
    Interval.YEAR: ("year", 1),
}
_INTERVAL = {how: interval for interval, how in INTERVALS.items()}

_STANDING = {
    "incomplete": Standing.INCOMPLETE,
    "incomplete_expired": Standing.ENDED,
    # Somebody gave a free time in the dashboard: it runs, and nothing is paid.
    "trialing": Standing.ACTIVE,
    "active": Standing.ACTIVE,
    "past_due": Standing.PAST_DUE,
    "unpaid": Standing.UNPAID,
    "canceled": Standing.ENDED,
}

# Disputes that are inquiries, or were settled before any money was taken.
_TOOK_NOTHING = frozenset(
    {"warning_needs_response", "warning_under_review", "warning_closed", "prevented"}
)
_DISPUTES = {"won": DisputeState.WON, "lost": DisputeState.LOST}


def instant(seconds: int) -> datetime:
    """Return the instant of Stripe's seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def money(minor: int | None, currency: str | None) -> Money:
    """
    Return an amount.

    :raises CardsRefused: with the code NOT_OURS, if nothing of ours can be in it.
    """
    try:
        return Money(minor, (currency or "").upper())  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise CardsRefused(f"an amount in {currency!r} is none of ours", NOT_OURS) from None


def id_of(found: Any) -> str | None:
    """Return the id of what is given as such, or as a whole."""
    return found if found is None or isinstance(found, str) else str(found.id)


def words(metadata: Any) -> dict[str, str]:
    """Return metadata as a plain mapping."""
    return {} if metadata is None else dict(metadata.to_dict())


def session(found: stripe.checkout.Session) -> Session:
    """Return a session that was opened just now."""
    if found.url is None:
        # The answer to a key that was sent before; meanwhile it was paid, or its time was over.
        raise CardsRefused("the session is no longer open", "session_over")
    return Session(found.id, found.url, instant(found.expires_at))


def session_seen(found: stripe.checkout.Session) -> SessionSeen:
    """Return a session as it is."""
    try:
        state = SessionState(found.status or "")
    except ValueError:
        raise CardsRefused(f"a session in state {found.status!r}", NOT_OURS) from None
    return SessionSeen(
        id=found.id,
        live=found.livemode,
        state=state,
        paid=found.payment_status in ("paid", "no_payment_required"),
        customer_id=id_of(found.customer) or "",
        amount=money(found.amount_total, found.currency),
        metadata=words(found.metadata),
        payment_id=id_of(found.payment_intent),
        subscription_id=id_of(found.subscription),
    )


def invoice(found: stripe.Invoice) -> CardInvoice:
    """Return an invoice as it is."""
    paid = found.status == "paid"
    paid_at = found.status_transitions.paid_at
    details = None if found.parent is None else found.parent.subscription_details
    periods = [line.period.end for line in found.lines.data]
    return CardInvoice(
        id=str(found.id),
        live=found.livemode,
        customer_id=id_of(found.customer) or "",
        amount=money(found.amount_paid if paid else found.amount_due, found.currency),
        paid=paid,
        subscription_id=None if details is None else id_of(details.subscription),
        # The invoice's own period is the one before.
        period_ends_at=instant(max(periods)) if periods else None,
        paid_at=None if paid_at is None else instant(paid_at),
    )


def snapshot(found: stripe.Subscription, paid: list[CardInvoice]) -> Snapshot:
    """Return a subscription as it is, with its paid invoices, oldest first."""
    items = found["items"].data
    price, quantity = items[0].price, items[0].quantity or 1
    recurring = price.recurring
    how = None if recurring is None else (recurring.interval, recurring.interval_count)
    return Snapshot(
        id=found.id,
        live=found.livemode,
        customer_id=id_of(found.customer) or "",
        standing=_STANDING.get(found.status, Standing.UNKNOWN),
        amount=money((price.unit_amount or 0) * quantity, price.currency),
        # Of two things at once, which somebody made of it, none is what was ordered.
        interval=_INTERVAL.get(how) if how and len(items) == 1 else None,
        period_ends_at=instant(max(item.current_period_end for item in items)),
        cancel_at_period_end=found.cancel_at_period_end or found.cancel_at is not None,
        metadata=words(found.metadata),
        paid=tuple(paid),
    )


def returned(refunds: list[stripe.Refund], disputes: list[stripe.Dispute]) -> tuple[Returned, ...]:
    """Return what went back to the card, oldest first."""
    back = [
        Returned(one.id, money(one.amount, one.currency), instant(one.created))
        for one in refunds
        if one.status == "succeeded"
    ]
    back += [
        Returned(
            one.id,
            money(one.amount, one.currency),
            instant(one.created),
            _DISPUTES.get(one.status, DisputeState.OPEN),
        )
        for one in disputes
        if one.status not in _TOOK_NOTHING
    ]
    return tuple(sorted(back, key=lambda one: (one.at, one.id)))
