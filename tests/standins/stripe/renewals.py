"""Subscriptions: begun, renewed on time, retried, ended."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from typing import Any

from tests.standins.stripe import money
from tests.standins.stripe.books import Books
from tests.standins.stripe.forms import Json

HOUR, DAY = 3600, 86400
# After each attempt that fails; after the last one the subscription is cancelled.
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)
MONTHS = {"month": 1, "year": 12}


def begin(books: Books, session: Json) -> Json:
    """Begin the subscription that a session was paid for; its first invoice is paid with it."""
    price = session["_price"]
    first_end = _step(books.at, 1, price)
    made = books.add(
        "sub",
        billing_cycle_anchor=books.at,
        cancel_at=None,
        cancel_at_period_end=False,
        canceled_at=None,
        collection_method="charge_automatically",
        currency=price["currency"],
        customer=session["customer"],
        ended_at=None,
        metadata=dict(session["_data"].get("metadata", {})),
        start_date=books.at,
        status="active",
        _periods=1,
    )
    made["items"] = _items(books, made, price, first_end)
    invoice = bill(books, made, "subscription_create")
    money.attempt(books, books.get("payment_intent", invoice["_intent"]))
    return made


def _items(books: Books, subscription: Json, price: Json, ends: int) -> Json:
    item = {
        "id": books.id("si"),
        "object": "subscription_item",
        "created": books.at,
        "current_period_start": books.at,
        "current_period_end": ends,
        "metadata": {},
        "price": price,
        "quantity": 1,
        "subscription": subscription["id"],
    }
    return {"object": "list", "data": [item], "has_more": False, "url": "/v1/subscription_items"}


def _step(anchor: int, periods: int, price: Json) -> int:
    """Return the end of so many periods: always from the anchor, so that no day is lost."""
    recurring = price["recurring"]
    begun = datetime.fromtimestamp(anchor, UTC)
    months = MONTHS[recurring["interval"]] * recurring["interval_count"] * periods
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    ended = begun.replace(year=year, month=month + 1, day=min(begun.day, last))
    return int(ended.timestamp())


def bill(books: Books, subscription: Json, reason: str) -> Json:
    """Make the draft of the present period's invoice."""
    item = subscription["items"]["data"][0]
    price = item["price"]
    amount, currency = price["unit_amount"], price["currency"]
    paid_by = money.intent(books, subscription["customer"], amount, currency, {})
    period = {"start": item["current_period_start"], "end": item["current_period_end"]}
    invoice = books.add(
        "in",
        amount_due=amount,
        amount_paid=0,
        amount_remaining=amount,
        attempt_count=0,
        auto_advance=True,
        billing_reason=reason,
        collection_method="charge_automatically",
        currency=currency,
        customer=subscription["customer"],
        next_payment_attempt=None,
        parent=_parent(subscription),
        # Of the invoice: what was billed in arrears. The line has the period that is paid.
        period_start=period["start"],
        period_end=period["start"],
        status="draft",
        status_transitions={"paid_at": None},
        subtotal=amount,
        total=amount,
        _intent=paid_by["id"],
    )
    line: dict[str, Any] = {
        "id": books.id("il"),
        "object": "line_item",
        "amount": amount,
        "currency": currency,
        "period": period,
        "quantity": 1,
    }
    invoice["lines"] = {"object": "list", "data": [line], "has_more": False, "url": ""}
    books.add(
        "inpay",
        invoice=invoice["id"],
        amount_requested=amount,
        currency=currency,
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": paid_by["id"]},
        status="open",
    )
    subscription["latest_invoice"] = invoice["id"]
    return invoice


def _parent(subscription: Json) -> Json:
    details = {"subscription": subscription["id"], "metadata": dict(subscription["metadata"])}
    return {"type": "subscription_details", "subscription_details": details}


def announce_paid(books: Books, invoice: Json) -> None:
    """Mark an invoice as paid, and say so."""
    invoice |= {"status": "paid", "amount_paid": invoice["total"], "amount_remaining": 0}
    invoice |= {"next_payment_attempt": None, "status_transitions": {"paid_at": books.at}}
    for one in books.all("invoice_payment", lambda one: one["invoice"] == invoice["id"]):
        one |= {"status": "paid", "amount_paid": invoice["total"]}
    books.happened("invoice.paid", invoice)
    books.happened("invoice.payment_succeeded", invoice)


def next_instant(subscription: Json, invoice: Json) -> int | None:
    """Return when something will happen to it, if anything."""
    if subscription["status"] == "canceled":
        return None
    ends: int = subscription["items"]["data"][0]["current_period_end"]
    if invoice["status"] == "draft":
        return min(ends, int(invoice["created"]) + HOUR)
    retry: int | None = invoice["next_payment_attempt"]
    return ends if retry is None else min(ends, retry)


def live(books: Books, subscription: Json, invoice: Json) -> None:
    """Do what is due to a subscription now."""
    if invoice["status"] == "draft" and books.at >= invoice["created"] + HOUR:
        invoice["status"] = "open"
        books.happened("invoice.finalized", invoice)
        collect(books, subscription, invoice)
    elif invoice["next_payment_attempt"] == books.at:
        collect(books, subscription, invoice)
    else:
        _next_period(books, subscription)


def _next_period(books: Books, subscription: Json) -> None:
    if subscription["cancel_at_period_end"]:
        end(books, subscription)
        return
    item = subscription["items"]["data"][0]
    subscription["_periods"] += 1
    item["current_period_start"] = item["current_period_end"]
    item["current_period_end"] = _step(
        subscription["billing_cycle_anchor"], subscription["_periods"], item["price"]
    )
    # The period moves before anybody has paid for it; the invoice is a draft for an hour.
    invoice = bill(books, subscription, "subscription_cycle")
    books.happened("customer.subscription.updated", subscription)
    books.happened("invoice.created", invoice)


def collect(books: Books, subscription: Json, invoice: Json) -> None:
    """Try to have an open invoice paid."""
    invoice["attempt_count"] += 1
    tries = invoice["attempt_count"]
    try:
        money.attempt(books, books.get("payment_intent", invoice["_intent"]))
    except money.Declined:
        last = tries > len(RETRIES)
        invoice["next_payment_attempt"] = None if last else books.at + RETRIES[tries - 1]
        subscription["status"] = "past_due"
        books.happened("invoice.payment_failed", invoice)
        if last:
            end(books, subscription)
        elif tries == 1:
            books.happened("customer.subscription.updated", subscription)
        return
    was, subscription["status"] = subscription["status"], "active"
    announce_paid(books, invoice)
    if was != "active":
        books.happened("customer.subscription.updated", subscription)


def end(books: Books, subscription: Json) -> None:
    """End it now; nothing is given back."""
    subscription |= {"status": "canceled", "ended_at": books.at}
    subscription["canceled_at"] = subscription["canceled_at"] or books.at
    books.happened("customer.subscription.deleted", subscription)
