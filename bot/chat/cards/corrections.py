"""What staff see of corrections: void invoices, payments taken back, credit, what waits."""

from __future__ import annotations

from billing.invoices import Invoice, InvoiceKind
from billing.partners import Partner
from billing.services.facts import Facts
from billing.services.invoices.corrections import Voided
from billing.services.messages import Button
from billing.services.payments import reversing
from billing.services.payments.giving import Given, Refunded
from billing.services.payments.reversing import Reversal
from bot.chat.cards.card import Buttons, Card, named


def voiding(partner: Partner, found: Invoice, reason: str, *, changed: bool = False) -> Card:
    """Show what voiding an invoice means, and ask once."""
    number = {"number": found.number}
    shown = {**number, "reason": reason, "settled": found.settled.minor}
    return Card(
        "voiding",
        {
            "number": found.number,
            "total": found.total,
            "settled": found.settled,
            "partner": partner.name,
            "kind": found.kind,
            "reason": reason,
            "changed": changed,
        },
        [
            [
                Button("confirm", "void_confirm", shown, once=True),
                Button("back", "staff_invoice", number),
            ]
        ],
    )


def voided(done: Voided) -> Card:
    """Confirm a credit note, and offer to issue a monthly invoice anew."""
    buttons: list[list[Button]] = [
        [_invoice(done.note), Button("partner", "partner", {"partner": done.partner.id})]
    ]
    if done.invoice.kind is InvoiceKind.MONTHLY:
        again = Button("reissue", "reissue", {"number": done.invoice.number}, once=True)
        buttons.insert(0, [again])
    return Card(
        "voided",
        {
            "number": done.invoice.number,
            "note": done.note.number,
            "total": done.invoice.total,
            "partner": done.partner.name,
            "kind": done.invoice.kind,
            "restored": [instance.name for instance in done.restored],
        },
        buttons,
        fresh=True,
    )


def reissued(issued: Invoice, *, instead_of: str) -> Card:
    """Confirm an invoice that takes the place of a void one."""
    return Card(
        "reissued",
        {
            "number": issued.number,
            "instead_of": instead_of,
            "period": issued.period,
            "total": issued.total,
            "owed": issued.owed,
            "due_on": issued.due_on,
            "last_on": issued.last_on,
        },
        [[_invoice(issued)]],
        fresh=True,
    )


def reversal(planned: Reversal, reason: str, *, changed: bool = False) -> Card:
    """Show what taking a payment back means, and ask once."""
    number = planned.invoice.number
    args = {
        "number": number,
        "reason": reason,
        "reference": planned.payment.reference,
        "terms": reversing.terms(planned),
    }
    return Card(
        "reversal",
        {
            **reversing.told(planned),
            "partner": planned.partner.name,
            "reason": reason,
            "changed": changed,
        },
        [
            [
                Button("confirm", "unpaid_confirm", args, once=True),
                Button("back", "staff_invoice", {"number": number}),
            ]
        ],
    )


def reversed_(done: Reversal) -> Card:
    """Confirm that a payment was taken back."""
    partner = Button("partner", "partner", {"partner": done.partner.id})
    return Card(
        "reversed",
        {**reversing.told(done), "partner": done.partner.name},
        [[_invoice(done.invoice), partner]],
        fresh=True,
    )


def given(done: Given) -> Card:
    """Confirm credit that was given."""
    return Card(
        "given",
        {
            "partner": done.partner.name,
            "amount": done.amount,
            "days": done.days,
            "credit": done.credit,
            "settled": [{"number": it.number, "owed": it.owed} for it in done.settled],
            "restored": [instance.name for instance in done.restored],
        },
        [[Button("partner", "partner", {"partner": done.partner.id})]],
        fresh=True,
    )


def paid_back(done: Refunded) -> Card:
    """Confirm a refund."""
    return Card(
        "paid_back",
        {
            "partner": done.partner.name,
            "amount": done.refund.amount,
            "reference": done.refund.reference,
            "credit": done.credit,
        },
        [[Button("partner", "partner", {"partner": done.partner.id})]],
        fresh=True,
    )


def approval(found: Facts) -> Card:
    """Show what waits for a second person, or who decided what."""
    args = {"approval": found["id"]}
    shown = {**args, "terms": found["terms"]}
    queue = [Button("queue", "queue")]
    buttons: Buttons = [queue]
    if found["state"] == "waiting":
        deciding = Button("confirm", "approval_confirm", shown)
        buttons = [[deciding, Button("decline", "approval_drop", args)], queue]
    return Card("approval", found, buttons)


def _invoice(found: Invoice) -> Button:
    return named(found.number, "staff_invoice", number=found.number)
