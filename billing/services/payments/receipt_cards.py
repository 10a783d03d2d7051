"""
The staff's cards of proofs of payment, edited as things go on.

What comes while another proof of the same invoice waits joins its card. Kinds: `staff_receipt`
{receipt, partner, person, number, owed, due_on, nth, sent_at, said, more, state, reason,
decided_by, decided_at, claimed_by, claimed_at}, `more` being {person, sent_at, said} of those that
joined it; and below it each file, `receipt_file` {partner, number, copies}.
"""

from __future__ import annotations

from collections.abc import Sequence

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


async def on_card(work: Work, receipt: Receipt) -> list[Receipt]:
    """Return those on its card, oldest first; what was taken back only if nothing else is left."""
    found = [
        one
        for one in await work.receipts.of_invoice(receipt.invoice_id)
        if one.card == receipt.card
    ]
    return [one for one in found if one.state is not ReceiptState.CLOSED] or found


def standing(found: Sequence[Receipt]) -> Receipt:
    """Return the one of a card that says how it stands: one that waits, else the last."""
    return next((one for one in found if one.state is ReceiptState.WAITING), found[-1])


async def show(work: Work, receipt: Receipt) -> None:
    """Show it to the staff as it stands; what was said before is edited."""
    facts = await told(work, receipt)
    await telling.tell_staff(
        work,
        "staff_receipt",
        facts,
        key=f"{KIND}:{receipt.card}",
        partner_id=receipt.partner_id,
        buttons=buttons_of(receipt, facts),
    )


async def show_file(work: Work, receipt: Receipt) -> None:
    """Show a file below its card, as a reply to it, copied from where the partner sent it."""
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
        below=f"{KIND}:{receipt.card}",
    )


async def told(work: Work, receipt: Receipt) -> Facts:
    """Return what the card says; `nth` is which of the invoice's cards it is."""
    partner = await finding.the_partner(work, receipt.partner_id)
    invoice = await work.invoices.by_id(receipt.invoice_id)
    assert invoice is not None, "an invoice is never deleted"
    cards = list(dict.fromkeys(one.card for one in await work.receipts.of_invoice(invoice.id)))
    found = await on_card(work, receipt)
    decided = standing(found)
    first, *more = [await _sent(work, one) for one in found]
    return {
        "receipt": receipt.card,
        "partner": partner.name,
        **first,
        "more": more,
        "number": invoice.number,
        "owed": invoice.owed,
        "due_on": invoice.due_on,
        "nth": cards.index(receipt.card) + 1,
        "state": decided.state,
        "reason": decided.reason,
        "decided_by": await claimed.name_of(work, decided.decided_by),
        "decided_at": decided.decided_at,
        **await claimed.told(work, KIND, receipt.card),
    }


async def _sent(work: Work, receipt: Receipt) -> Facts:
    return {
        "person": await claimed.name_of(work, receipt.sent_by),
        "sent_at": receipt.sent_at,
        "said": receipt.said,
    }


def buttons_of(receipt: Receipt, facts: Facts) -> list[list[Button]]:
    """Return what staff can do with it now."""
    number = {"number": facts["number"]}
    look = [
        Button("invoice", "staff_invoice", number),
        Button("partner", "partner", {"partner": receipt.partner_id}),
    ]
    if facts["state"] != ReceiptState.WAITING:
        return [look]
    paid = Button("mark_paid", "paid", number)
    decline = Button("decline", "receipt_decline", {"receipt": receipt.card})
    return [[paid, decline], [claimed.button(KIND, receipt.card, facts)], look]
