"""Proofs of payment, as partners send them and as staff look at them."""

from __future__ import annotations

from collections.abc import Sequence

from billing.invoices import Invoice
from billing.services.facts import Facts
from billing.services.messages import Button, Message
from billing.services.payments.receipts import Sent
from billing.services.ports import Receipt
from bot.chat.cards.card import Buttons, Card, named, rows_of


def sent(passed_on: Sent) -> Card:
    """Say that it is with the staff, and for which invoice."""
    receipt, number = passed_on.receipt, passed_on.invoice.number
    other = Button(
        "other_invoice",
        "receipt_other",
        {
            "number": number,
            "receipt": receipt.id,
            "message": receipt.message_id,
            "said": receipt.said,
        },
    )
    last = [Button("invoice", "invoice", {"number": number}), Button("home", "home")]
    return Card(
        "receipt_sent",
        {"number": number, "owed": passed_on.invoice.owed},
        [[other], last] if passed_on.others else [last],
    )


def which(
    unpaid: Sequence[Invoice], message_id: int, *, said: str, instead_of: str | None = None
) -> Card:
    """Ask for which of several invoices a message is the proof; `said` was written beside it."""
    choices = [
        named(
            invoice.number,
            "receipt_for",
            number=invoice.number,
            message=message_id,
            said=said,
            instead_of=instead_of,
        )
        for invoice in unpaid
    ]
    return Card("receipt_which", {"count": len(unpaid)}, rows_of(choices, 2), fresh=True)


def copy(facts: Facts, buttons: Buttons) -> Card:
    """Show staff a proof again, from the queue."""
    return Card("staff_receipt", facts, [*buttons, [Button("queue", "queue")]], fresh=True)


def file(key: str, chat_id: int, receipt: Receipt, facts: Facts) -> Message:
    """Return the file that goes below such a card."""
    copies = [receipt.chat_id, receipt.message_id]
    told = {"partner": facts["partner"], "number": facts["number"], "copies": copies}
    return Message(f"{key}:file", chat_id, "receipt_file", told)
