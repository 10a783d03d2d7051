"""Files: what is in them is looked up, and drawn, when they are sent."""

from __future__ import annotations

from billing.services.messages import Button
from bot.chat.cards.card import Card

FORMATS = ("pdf", "csv", "xlsx")


def document(what: str, **facts: object) -> Card:
    """Bring a file; `what` names its kind (`bot.documents.kinds`), the facts what it is of."""
    return Card("document", {"document": {"what": what, **facts}}, fresh=True)


def of_invoice(number: str) -> list[Button]:
    """Return the buttons that bring an invoice as a file."""
    return [
        Button(kind, "invoice_file", {"number": number, "what": f"invoice_{kind}"})
        for kind in FORMATS
    ]
