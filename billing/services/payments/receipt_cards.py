"""
The staff's cards of proofs of payment, edited as things go on.

Kinds: `staff_receipt` {receipt, partner, person, number, owed, due_on, nth, sent_at, said, state,
reason, decided_by, decided_at, claimed_by, claimed_at}, and below it the file, `receipt_file`
{partner, number, copies}.
"""

from __future__ import annotations

from billing.refusals import NotFound
from billing.services import claimed, finding, telling
from billing.services.facts import Facts
from billing.services.messages import Button
from billing.services.ports import Receipt, ReceiptState, Work

KIND = "receipt"


async def the_receipt(work: Work, receipt_id: str) -> Receipt:
    """
    Return one.

    :raises NotFound:
    """
    receipt = await work.receipts.get(receipt_id)
    if receipt is None:
        raise NotFound(what="receipt", wanted=receipt_id[:64])
    return receipt


async def show(work: Work, receipt: Receipt) -> None:
    """Show it to the staff as it stands; what was said before is edited."""
    facts = await told(work, receipt)
    await telling.tell_staff(
        work,
        "staff_receipt",
        facts,
        key=f"{KIND}:{receipt.id}",
        partner_id=receipt.partner_id,
        buttons=buttons_of(receipt, facts),
    )


async def show_file(work: Work, receipt: Receipt) -> None:
    """Show the file below its card, copied from where the partner sent it."""
    facts = await told(work, receipt)
    await telling.tell_staff(
        work,
        "receipt_file",
        {
            "partner": facts["partner"],
            "number": facts["number"],
            "copies": [receipt.chat_id, receipt.message_id],
        },
        key=f"{KIND}:{receipt.id}:file",
        partner_id=receipt.partner_id,
    )


async def told(work: Work, receipt: Receipt) -> Facts:
    """Return what the card says of it; `nth` is which of the invoice's it is."""
    partner = await finding.the_partner(work, receipt.partner_id)
    invoice = await work.invoices.by_id(receipt.invoice_id)
    assert invoice is not None, "an invoice is never deleted"
    sent = [one.id for one in await work.receipts.of_invoice(invoice.id)]
    return {
        "receipt": receipt.id,
        "partner": partner.name,
        "person": await claimed.name_of(work, receipt.sent_by),
        "number": invoice.number,
        "owed": invoice.owed,
        "due_on": invoice.due_on,
        "nth": sent.index(receipt.id) + 1,
        "sent_at": receipt.sent_at,
        "said": receipt.said,
        "state": receipt.state,
        "reason": receipt.reason,
        "decided_by": await claimed.name_of(work, receipt.decided_by),
        "decided_at": receipt.decided_at,
        **await claimed.told(work, KIND, receipt.id),
    }


def buttons_of(receipt: Receipt, facts: Facts) -> list[list[Button]]:
    """Return what staff can do with it now."""
    number = {"number": facts["number"]}
    look = [
        Button("invoice", "staff_invoice", number),
        Button("partner", "partner", {"partner": receipt.partner_id}),
    ]
    if receipt.state is not ReceiptState.WAITING:
        return [look]
    paid = Button("mark_paid", "paid", number)
    decline = Button("decline", "receipt_decline", {"receipt": receipt.id})
    return [[paid, decline], [claimed.button(KIND, receipt.id, facts)], look]
