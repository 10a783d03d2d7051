"""
Proofs of payment: a partner sends a photo or a file, staff book what it proves or decline it.

One that nobody has looked at holds the deletion for some days, never the stop. Message:
`receipt_declined` {number, owed, reason} to owner and finance. Rules: "A proof of payment that
staff have not looked at…".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from billing.invoices import Invoice, InvoiceState, NothingOwed
from billing.partners import Right
from billing.refusals import AlreadyDone
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.messages import Button, Urgency
from billing.services.payments import receipt_cards
from billing.services.payments.receipt_cards import KIND
from billing.services.people import Actor
from billing.services.ports import Receipt, ReceiptState, Work

LONGEST_SAID = 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """A proof that was passed on, for that invoice; `others` are unpaid too."""

    receipt: Receipt
    invoice: Invoice
    others: list[Invoice]


@requires(Right.VIEW)
async def unpaid(work: Work, actor: Actor) -> list[Invoice]:
    """Return the partner's invoices that a proof can be for, oldest first."""
    return await work.invoices.open_of(finding.own_partner_id(actor))


@requires(Right.PAY)
async def send(
    work: Work,
    actor: Actor,
    number: str,
    chat_id: int,
    message_id: int,
    *,
    said: str = "",
    instead_of: str | None = None,
) -> Sent:
    """
    Pass a message on to the staff as the proof that an invoice was paid.

    Once for an invoice, with what was `said` beside it; a further one joins the card of what waits
    already. `instead_of` was passed on for another one by mistake: it no longer waits.

    :raises NotFound, NothingOwed:
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    invoice = await finding.the_invoice(work, number, partner_id=partner.id)
    if invoice.state is not InvoiceState.DUE:
        raise NothingOwed(number=invoice.number, state=invoice.state)
    if instead_of is not None:
        await _take_back(work, actor, instead_of, partner.id)
    receipt = Receipt(
        id=work.ids.opaque(),
        invoice_id=invoice.id,
        partner_id=partner.id,
        sent_by=actor.user_id or 0,
        chat_id=chat_id,
        message_id=message_id,
        sent_at=work.now,
        said=said[:LONGEST_SAID],
        joins=await _waits_on(work, invoice.id),
    )
    first = await work.receipts.add(receipt)
    if first is None:
        await _pass_on(work, actor, receipt, invoice)
    unpaid = await work.invoices.open_of(partner.id)
    return Sent(first or receipt, invoice, [other for other in unpaid if other.id != invoice.id])


async def _waits_on(work: Work, invoice_id: str) -> str | None:
    """Return the card on which proofs of an invoice wait."""
    for receipt in await work.receipts.of_invoice(invoice_id):
        if receipt.state is ReceiptState.WAITING:
            return receipt.card
    return None


async def _pass_on(work: Work, actor: Actor, receipt: Receipt, invoice: Invoice) -> None:
    await _note(work, actor, "receipt", receipt, invoice)
    await receipt_cards.show(work, receipt)
    await receipt_cards.show_file(work, receipt)


@requires(Right.SERVE)
async def on_card(work: Work, actor: Actor, receipt: Receipt) -> list[Receipt]:
    """Return it and what else stands on its card, for staff."""
    del actor
    return await receipt_cards.on_card(work, receipt)


@requires(Right.SERVE)
async def look(work: Work, actor: Actor, receipt_id: str) -> Receipt:
    """
    Return one, for staff.

    :raises NotFound:
    """
    del actor
    return await receipt_cards.the_receipt(work, receipt_id)


@requires(Right.BOOK)
async def decline(work: Work, actor: Actor, receipt_id: str, reason: str) -> Receipt:
    """
    Say that it proves nothing, with all that waits on its card; the partner is told why.

    :raises NotFound:
    :raises AlreadyDone: it was looked at. Facts: `number`, `state`.
    """
    receipt = await receipt_cards.the_receipt(work, receipt_id)
    invoice = await work.invoices.by_id(receipt.invoice_id)
    assert invoice is not None, "an invoice is never deleted"
    declined = None
    for one in await receipt_cards.on_card(work, receipt):
        decided = _decided(work, actor, one, ReceiptState.DECLINED, reason)
        if await work.receipts.decide(decided):
            declined = decided
    if declined is None:
        await receipt_cards.show(work, receipt)
        raise AlreadyDone(action="receipt", number=invoice.number, state=receipt.state)
    await _note(work, actor, "receipt_decline", declined, invoice)
    await receipt_cards.show(work, declined)
    await telling.tell_partner(
        work,
        receipt.partner_id,
        "receipt_declined",
        {"number": invoice.number, "owed": invoice.owed, "reason": reason},
        key=f"{KIND}:declined:{receipt.card}",
        roles=telling.PAYERS,
        buttons=[[Button("pay", "pay", {"number": invoice.number})]],
        urgency=Urgency.MONEY,
    )
    return declined


async def settled(work: Work, actor: Actor, invoice: Invoice, state: ReceiptState) -> None:
    """An invoice was booked on or is void: what was to prove its payment waits no more."""
    for receipt in await work.receipts.of_invoice(invoice.id):
        if receipt.state is ReceiptState.WAITING:
            decided = _decided(work, actor, receipt, state)
            await work.receipts.decide(decided)
            await receipt_cards.show(work, decided)


def _decided(
    work: Work, actor: Actor, receipt: Receipt, state: ReceiptState, reason: str | None = None
) -> Receipt:
    return replace(
        receipt, state=state, decided_by=actor.user_id, decided_at=work.now, reason=reason
    )


async def _take_back(work: Work, actor: Actor, receipt_id: str, partner_id: str) -> None:
    receipt = await work.receipts.get(receipt_id)
    if receipt is None or receipt.partner_id != partner_id:
        return
    closed = _decided(work, actor, receipt, ReceiptState.CLOSED)
    if await work.receipts.decide(closed):
        await receipt_cards.show(work, closed)


async def _note(work: Work, actor: Actor, action: str, receipt: Receipt, invoice: Invoice) -> None:
    await recording.of_invoice(work, actor, action, invoice, after=receipt.reason or receipt.state)
