"""
Voiding an issued invoice by a credit note, and issuing it anew.

Rules: "An issued invoice is never edited: it is voided by a credit note and issued anew".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from billing import corrections, ledger
from billing.calendar import local_date
from billing.corrections import NothingToIssue
from billing.instances import Instance
from billing.invoices import Invoice, InvoiceKind, InvoiceState
from billing.money import total
from billing.partners import Partner, Right
from billing.refusals import AlreadyDone
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.invoices import invoicing, settling
from billing.services.messages import Button, Urgency
from billing.services.payments import receipts
from billing.services.people import Actor
from billing.services.ports import ReceiptState, Work


@dataclass(frozen=True, slots=True)
class Voided:
    """A void invoice, its credit note, and what runs again."""

    invoice: Invoice
    note: Invoice
    partner: Partner
    restored: list[Instance]


@requires(Right.BOOK)
async def foresee(work: Work, actor: Actor, number: str) -> tuple[Partner, Invoice]:
    """
    Return whose invoice would be voided, and the invoice as it stands; changes nothing.

    :raises NotFound, VoidRefused, AlreadyDone: as `void` does.
    """
    del actor
    partner, invoice = await settling.under_lock(work, number)
    await _as_void(work, invoice)
    return partner, invoice


async def _as_void(work: Work, invoice: Invoice) -> Invoice:
    """Return the invoice as it is when void; changes nothing."""
    paid = [it for it in await work.payments.of_invoice(invoice.id) if it.reversed_at is None]
    earlier = await work.invoices.correcting(invoice.number)
    return corrections.void(
        invoice,
        paid=total((payment.used for payment in paid), invoice.total.currency),
        note=earlier.number if earlier else None,
    )


@requires(Right.BOOK)
async def void(work: Work, actor: Actor, number: str, reason: str) -> Voided:
    """
    Void an invoice by a credit note of the same series; what was on it can be billed again.

    :raises NotFound:
    :raises VoidRefused: something of it was paid.
    :raises AlreadyDone: it is void. Facts: `number`, `note`.
    """
    partner, invoice = await settling.under_lock(work, number)
    after = await _as_void(work, invoice)
    note = await credit_note_for(work, actor, partner, invoice)
    await write_off(work, actor, "void", invoice, after, why=reason)
    restored = await settling.let_go(work, actor, partner, [(invoice, after)])
    await receipts.settled(work, actor, after, ReceiptState.CLOSED)
    voided = Voided(after, note, partner, restored)
    await _tell(work, voided, reason)
    return voided


async def write_off(
    work: Work, actor: Actor, action: str, invoice: Invoice, void: Invoice, *, why: str
) -> None:
    """Save an invoice as void, with its entry and who did it; its credit note is there by now."""
    await work.invoices.save(void)
    entry = ledger.invoice_voided(
        invoice.partner_id, invoice.number, owed=invoice.owed, settled=invoice.settled
    )
    await work.ledger.post(entry, actor=actor, at=work.now)
    await recording.of_invoice(
        work,
        actor,
        action,
        invoice,
        before=f"{invoice.state}: {why}",
        after=void.state,
        amount=invoice.total,
    )


async def credit_note_for(work: Work, actor: Actor, partner: Partner, invoice: Invoice) -> Invoice:
    """Add the credit note that voids an invoice, under the next number of its series."""
    programme = finding.programme_in(work, partner, invoice.period)
    year = local_date(work.now, programme.zone).year
    note = corrections.credit_note(
        invoice,
        note_id=work.ids.opaque(),
        number=await work.invoices.next_number(programme.id, programme.invoice_prefix, year),
        at=work.now,
        calendar=programme.calendar,
    )
    await work.invoices.add(note, [])
    await recording.of_invoice(
        work, actor, "credit_note", note, before=invoice.number, after=note.state, amount=note.total
    )
    return note


@requires(Right.BOOK)
async def reissue(work: Work, actor: Actor, number: str) -> Invoice:
    """
    Draw up the month of a void invoice again, from what is billable and on no invoice.

    It keeps the calendar's dates unless they are past: it is told in full before it is due.

    :raises NotFound:
    :raises NothingToIssue: it is not void, not a monthly one, or there is nothing to bill.
    :raises AlreadyDone: the month has its invoice again. Facts: `number`.
    """
    partner, old = await settling.under_lock(work, number)
    if old.kind is not InvoiceKind.MONTHLY or old.state is not InvoiceState.VOID:
        raise NothingToIssue(number=old.number, why="not_void")
    present = await work.invoices.of_period(partner.id, old.period)
    if present is not None:
        raise AlreadyDone(action="reissue", number=present.number)
    invoice = await invoicing.draw_up_anew(work, actor, partner, old.period)
    if invoice is None:
        raise NothingToIssue(number=old.number, why="nothing")
    return invoice


async def _tell(work: Work, voided: Voided, reason: str) -> None:
    await telling.tell_partner(
        work,
        voided.partner.id,
        "invoice_voided",
        {
            "number": voided.invoice.number,
            "note": voided.note.number,
            "total": voided.invoice.total,
            "period": voided.invoice.period,
            "kind": voided.invoice.kind,
            "reason": reason,
            "restored": [instance.name for instance in voided.restored],
        },
        key=f"voided:{voided.invoice.id}",
        roles=telling.PAYERS,
        buttons=[[Button("invoices", "invoices")]],
        urgency=Urgency.MONEY,
        useful_until=work.now + timedelta(days=30),
    )
