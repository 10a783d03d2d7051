"""Payments: attempted, refunded, disputed."""

from __future__ import annotations

from tests.standins.stripe.books import Books
from tests.standins.stripe.forms import Json, Wrong


class Declined(Exception):
    """The bank refuses the card."""


def attempt(books: Books, intent: Json) -> None:
    """
    Charge the customer's card.

    :raises Declined: if the bank refuses it; the attempt is on record.
    """
    works = intent["customer"] not in books.declined
    charge = books.add(
        "ch",
        amount=intent["amount"],
        amount_captured=intent["amount"] if works else 0,
        amount_refunded=0,
        captured=works,
        currency=intent["currency"],
        customer=intent["customer"],
        disputed=False,
        failure_code=None if works else "card_declined",
        metadata=dict(intent["metadata"]),
        paid=works,
        payment_intent=intent["id"],
        refunded=False,
        status="succeeded" if works else "failed",
    )
    intent["latest_charge"] = charge["id"]
    if not works:
        intent["status"] = "requires_payment_method"
        books.happened("charge.failed", charge)
        books.happened("payment_intent.payment_failed", intent)
        raise Declined
    intent |= {"status": "succeeded", "amount_received": intent["amount"]}
    books.happened("charge.succeeded", charge)
    books.happened("payment_intent.succeeded", intent)


def intent(books: Books, customer: str, amount: int, currency: str, metadata: Json) -> Json:
    """Return a new payment intent; it is not attempted yet."""
    return books.add(
        "pi",
        amount=amount,
        amount_received=0,
        currency=currency,
        customer=customer,
        latest_charge=None,
        metadata=dict(metadata),
        status="requires_payment_method",
    )


def refund(books: Books, intent_id: str, amount: int | None) -> Json:
    """Give back what was paid, or a part of it, as somebody does in the dashboard."""
    paid = books.get("payment_intent", intent_id)
    charge = books.get("charge", paid["latest_charge"])
    left = charge["amount"] - charge["amount_refunded"]
    given = left if amount is None else amount
    if not 0 < given <= left:
        raise Wrong(400, "Refund amount is greater than unrefunded amount on charge")
    made = books.add(
        "re",
        amount=given,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=intent_id,
        status="succeeded",
    )
    charge["amount_refunded"] += given
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    books.happened("refund.created", made)
    books.happened("charge.refunded", charge)
    return made


def dispute(books: Books, intent_id: str) -> Json:
    """Let the card's owner dispute a payment: the money is taken back at once."""
    paid = books.get("payment_intent", intent_id)
    charge = books.get("charge", paid["latest_charge"])
    charge["disputed"] = True
    made = books.add(
        "du",
        amount=charge["amount"],
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=intent_id,
        reason="fraudulent",
        status="needs_response",
    )
    books.happened("charge.dispute.created", made)
    books.happened("charge.dispute.funds_withdrawn", made)
    return made


def close_dispute(books: Books, id_: str, *, won: bool) -> Json:
    """Let the bank decide; what was won comes back."""
    made = books.get("dispute", id_)
    made["status"] = "won" if won else "lost"
    books.happened("charge.dispute.closed", made)
    if won:
        books.happened("charge.dispute.funds_reinstated", made)
    return made
