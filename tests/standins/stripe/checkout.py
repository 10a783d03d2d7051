"""Checkout sessions: opened, paid, left, expired."""

from __future__ import annotations

from typing import Any

from tests.standins.stripe import money, renewals
from tests.standins.stripe.books import Books
from tests.standins.stripe.forms import Json, Wrong, check, need, whole

LASTS = 24 * 3600
LEAST_AMOUNT = 50
PARAMETERS = (
    *("mode", "customer", "line_items", "success_url", "cancel_url", "client_reference_id"),
    *("expires_at", "payment_intent_data", "subscription_data", "locale"),
    *("payment_method_types", "allow_promotion_codes", "submit_type"),
)


def create(books: Books, given: Json, base: str) -> Json:
    """
    Open a session.

    :raises Wrong: as Stripe refuses it.
    """
    check(given, PARAMETERS)
    mode = need(given, "mode")
    if mode not in ("payment", "subscription"):
        raise Wrong(400, f"Invalid mode: must be one of payment or subscription, not {mode}")
    need(given, "success_url")
    customer = books.get("customer", need(given, "customer"))
    items = need(given, "line_items")
    if len(items) != 1 or whole(items[0], "quantity") != 1:
        raise Wrong(400, "The stand-in sells one of one thing", param="line_items")
    price = _price(books, items[0], recurring=mode == "subscription")
    wrong_data = "subscription_data" if mode == "payment" else "payment_intent_data"
    if wrong_data in given:
        raise Wrong(400, f"You can not pass `{wrong_data}` in `{mode}` mode.", param=wrong_data)
    data = given.get("subscription_data" if mode == "subscription" else "payment_intent_data", {})
    check(data, ("description",))
    made = books.add(
        "cs",
        amount_subtotal=price["unit_amount"],
        amount_total=price["unit_amount"],
        cancel_url=given.get("cancel_url"),
        client_reference_id=given.get("client_reference_id"),
        currency=price["currency"],
        customer=customer["id"],
        expires_at=_expiry(books, given),
        invoice=None,
        metadata=given.get("metadata", {}),
        mode=mode,
        payment_intent=None,
        payment_status="unpaid",
        status="open",
        subscription=None,
        success_url=given["success_url"],
        _price=price,
        _data=data,
    )
    made["url"] = f"{base}/pay/{made['id']}"
    return made


def _expiry(books: Books, given: Json) -> int:
    expires = whole(given, "expires_at", books.at + LASTS)
    if not 1800 <= expires - books.at <= LASTS:
        message = "The `expires_at` timestamp must be from 30 minutes to 24 hours from creation."
        raise Wrong(400, message, param="expires_at")
    return expires


def _price(books: Books, item: Json, *, recurring: bool) -> Json:
    given = need(item, "price_data")
    check(given, ("currency", "product_data", "unit_amount", "recurring"))
    amount = whole(given, "unit_amount")
    if amount < LEAST_AMOUNT:
        message = "The Checkout Session's total amount must convert to at least 50 cents."
        raise Wrong(400, message, code="amount_too_small")
    name = need(need(given, "product_data"), "name")
    price: dict[str, Any] = {
        "id": books.id("price"),
        "object": "price",
        "currency": need(given, "currency"),
        "product": {"id": books.id("prod"), "object": "product", "name": name},
        "recurring": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": amount,
    }
    if price["currency"] != price["currency"].lower():
        raise Wrong(400, f"Invalid currency: {price['currency']}", param="currency")
    if recurring != ("recurring" in given):
        raise Wrong(400, "A price is recurring in subscription mode, and in no other.")
    if recurring:
        price["recurring"] = {
            "interval": need(given["recurring"], "interval"),
            "interval_count": whole(given["recurring"], "interval_count", 1),
        }
    return price


def pay(books: Books, session: Json) -> None:
    """
    Let the customer press [Pay].

    :raises Wrong: if the session is not open.
    :raises Declined: if the bank refuses the card; the session stays open.
    """
    if session["status"] != "open":
        raise Wrong(400, f"This session is {session['status']}.")
    if session["customer"] in books.declined:
        raise money.Declined
    session |= {"status": "complete", "payment_status": "paid"}
    if session["mode"] == "payment":
        paid = money.intent(
            books,
            session["customer"],
            session["amount_total"],
            session["currency"],
            session["_data"].get("metadata", {}),
        )
        session["payment_intent"] = paid["id"]
        money.attempt(books, paid)
        books.happened("checkout.session.completed", session)
        return
    subscription = renewals.begin(books, session)
    invoice = books.get("invoice", subscription["latest_invoice"])
    session |= {"subscription": subscription["id"], "invoice": invoice["id"]}
    books.happened("invoice.created", invoice)
    invoice["status"] = "open"
    books.happened("invoice.finalized", invoice)
    # As Stripe often does it: what came of it is told before what it came of.
    books.happened("checkout.session.completed", session)
    renewals.announce_paid(books, invoice)
    books.happened("customer.subscription.created", subscription)


def expire(books: Books, session: Json, *, asked: bool = True) -> None:
    """
    End an open session; by time unless `asked`.

    :raises Wrong: if it is not open.
    """
    if session["status"] != "open":
        raise Wrong(
            400,
            "Only Checkout Sessions with a status in [“open”] can be expired. This Checkout Session"
            f" has a status of `{session['status']}`.",
            stored=asked,
        )
    session |= {"status": "expired", "url": None}
    books.happened("checkout.session.expired", session)
