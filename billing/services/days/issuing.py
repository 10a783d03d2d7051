"""
Day invoices: drawn up from a request, and void when nobody paid them.

Message: `day_invoice` {number, days, channels, total, owed, due_on, standing} to owner and
finance, with Pay and Invoice; `day_invoice_lapsed` {number, days, channels, total, credit}, where
`credit` is what a part payment left. Rules: "Days", 1 to 3.
"""

from __future__ import annotations

from dataclasses import replace

from billing import ledger
from billing.calendar import local_date
from billing.days import requests
from billing.days.quotes import DayQuote
from billing.days.requests import DayRequest, RequestState
from billing.invoices import Invoice, InvoiceState
from billing.money import Money, zero
from billing.partners import Partner
from billing.services import finding, recording, telling
from billing.services.cards import endings as card_endings
from billing.services.days import crediting, deadlines, funds, staff_cards
from billing.services.invoices import corrections, invoicing
from billing.services.messages import Button, Urgency
from billing.services.payments import receipts
from billing.services.people import Actor
from billing.services.ports import Due, ReceiptState, Work


async def issue(work: Work, actor: Actor, partner: Partner, request: DayRequest) -> Invoice:
    """
    Draw up the invoice of a request, for what it was quoted; the partner is locked.

    What credit there is settles it; if that covers it whole, its days are there at once.
    """
    programme = finding.programme_of(work, partner)
    terms = funds.terms_of(work, partner)
    channels = request.channels
    price = (
        request.total
        if channels is None
        else Money(request.total.minor // channels, request.total.currency)
    )
    quote = DayQuote(request.days, channels, price, terms.channel_days, request.total)
    year = local_date(work.now, programme.zone).year
    invoice = requests.issue(
        quote,
        invoice_id=work.ids.opaque(),
        number=await work.invoices.next_number(programme.id, programme.invoice_prefix, year),
        partner_id=partner.id,
        programme=programme,
        terms=terms,
        credit=await invoicing.credit_in(work, partner, request.total.currency),
        at=work.now,
    )
    await work.invoices.add(invoice, [])
    invoiced = replace(request, state=RequestState.INVOICED, invoice_id=invoice.id)
    await work.days.save_request(invoiced)
    await _post(work, actor, invoice)
    await staff_cards.renew(work, invoiced)
    await _tell(work, partner, invoice, invoiced)
    await deadlines.plan(work, partner, invoice)
    await crediting.credit(work, actor, invoice)
    return invoice


async def _post(work: Work, actor: Actor, invoice: Invoice) -> None:
    issued = ledger.invoice_issued(invoice.partner_id, invoice.number, invoice.total)
    await work.ledger.post(issued, actor=actor, at=work.now)
    if invoice.settled:
        used = ledger.credit_used(invoice.partner_id, invoice.number, invoice.settled)
        await work.ledger.post(used, actor=actor, at=work.now)
    await recording.of_invoice(
        work, actor, "invoice", invoice, after=invoice.state, amount=invoice.total
    )


async def _tell(work: Work, partner: Partner, invoice: Invoice, request: DayRequest) -> None:
    number = {"number": invoice.number}
    await telling.tell_partner(
        work,
        partner.id,
        "day_invoice",
        {
            "number": invoice.number,
            "days": invoice.days,
            "channels": invoice.channels,
            "total": invoice.total,
            "owed": invoice.owed,
            "due_on": invoice.due_on,
            "standing": request.standing,
        },
        key=f"day_invoice:{invoice.id}",
        roles=telling.PAYERS,
        buttons=[[Button("pay", "pay", number)], [Button("invoice", "invoice", number)]],
        urgency=Urgency.MONEY,
        # Who asked waits for it, day and night; nobody waits for a standing order.
        quiet_zone=partner.night if request.standing else None,
    )
    await telling.tell_partner(
        work,
        partner.id,
        "document",
        {"document": {"what": "invoice_pdf", **number}},
        key=f"day_invoice:{invoice.id}:pdf",
        roles=telling.PAYERS,
        urgency=Urgency.MONEY,
        quiet_zone=partner.night if request.standing else None,
    )


async def lapse(work: Work, actor: Actor, due: Due) -> None:
    """A day invoice was not paid in its days: it is void, and a part payment is credit."""
    assert due.partner_id is not None
    partner = await work.partners.lock(due.partner_id)
    invoice = await work.invoices.by_id(due.subject)
    assert invoice is not None, "an invoice is never deleted"
    # A payment that came before its instant wins.
    if invoice.state is not InvoiceState.DUE or invoice.delete_at > work.now:
        return
    note = await corrections.credit_note_for(work, actor, partner, invoice)
    nothing = zero(invoice.total.currency)
    void = replace(invoice, state=InvoiceState.VOID, settled=nothing)
    await corrections.write_off(work, actor, "lapse", invoice, void, why=f"{note.number}: not paid")
    await receipts.settled(work, actor, void, ReceiptState.CLOSED)
    await card_endings.invoice_settled(work, void)
    await work.payments.unsettle(invoice.id)
    await crediting.settled(work, actor, void)
    await _tell_lapsed(work, partner, invoice)


async def _tell_lapsed(work: Work, partner: Partner, invoice: Invoice) -> None:
    await telling.tell_partner(
        work,
        partner.id,
        "day_invoice_lapsed",
        {
            "number": invoice.number,
            "days": invoice.days,
            "channels": invoice.channels,
            "total": invoice.total,
            "credit": invoice.settled,
        },
        key=f"day_lapsed:{invoice.id}",
        roles=telling.PAYERS,
        buttons=[[Button("buy", "buy")]],
        urgency=Urgency.MONEY,
        quiet_zone=partner.night,
    )
