"""
Days that are paid for come into the balance, once; and go again if the payment was none.

Called where an invoice with days is settled or void: it is there that `credit`, `take_back` and
`close` are hooked in. Rules: "Days", 2 and 3.

Message: `days_credited` {number, days, balance} to owner and finance, with Extend and Days.
"""

from __future__ import annotations

from dataclasses import replace

from billing import ledger
from billing.days.requests import RequestState
from billing.invoices import Invoice, InvoiceKind, InvoiceState
from billing.services import finding, telling
from billing.services.days import deadlines, funds, staff_cards
from billing.services.messages import Button, Urgency
from billing.services.people import Actor
from billing.services.ports import Work


async def settled(work: Work, actor: Actor, invoice: Invoice) -> None:
    """See to the days of an invoice that is owed no more: paid whole, or void."""
    if invoice.kind is InvoiceKind.DAYS:
        await deadlines.forget(work, invoice)
    if invoice.state is InvoiceState.PAID:
        await credit(work, actor, invoice)
    else:
        await _request_is(work, invoice, RequestState.VOID)


async def credit(work: Work, actor: Actor, invoice: Invoice) -> bool:
    """
    Credit the days of an invoice that is paid whole; False if it has none, or they are there.

    A part payment credits nothing, and a second call neither.
    """
    if invoice.state is not InvoiceState.PAID or not invoice.days:
        return False
    first = await work.days.mark_credited(invoice.id, invoice.partner_id, invoice.days, at=work.now)
    if not first:
        return False
    entry = ledger.days_credited(invoice.partner_id, invoice.number, invoice.days)
    await work.ledger.post(entry, actor=actor, at=work.now)
    await _record(work, actor, "days_credited", invoice)
    await _request_is(work, invoice, RequestState.CREDITED)
    await funds.grown(work, invoice.partner_id)
    await _tell(work, invoice)
    return True


async def take_back(work: Work, actor: Actor, invoice: Invoice) -> int:
    """
    Take the days of an invoice back whose payment was reversed; return how many they were.

    What was allocated stays allocated: the balance is below nothing then, whatever the limit.
    """
    days = await work.days.take_credit_back(invoice.id)
    assert days, "it was paid, and they were credited"
    entry = ledger.days_taken_back(invoice.partner_id, invoice.number, days)
    await work.ledger.post(entry, actor=actor, at=work.now)
    await _record(work, actor, "days_taken_back", invoice)
    await _request_is(work, invoice, RequestState.INVOICED)
    await funds.look(work, await finding.the_partner(work, invoice.partner_id))
    return days


async def _record(work: Work, actor: Actor, action: str, invoice: Invoice) -> None:
    await work.audit.record(
        actor,
        action,
        at=work.now,
        kind="days",
        object_id=invoice.number,
        partner_id=invoice.partner_id,
        after=str(invoice.days),
    )


async def _request_is(work: Work, invoice: Invoice, state: RequestState) -> None:
    request = await work.days.request_of(invoice.id)
    if request is not None and request.state is not state:
        changed = replace(request, state=state)
        await work.days.save_request(changed)
        await staff_cards.renew(work, changed)


async def _tell(work: Work, invoice: Invoice) -> None:
    balance = await work.ledger.balance(ledger.balance(invoice.partner_id), ledger.DAYS)
    await telling.tell_partner(
        work,
        invoice.partner_id,
        "days_credited",
        {"number": invoice.number, "days": invoice.days, "balance": balance},
        key=f"days_credited:{invoice.id}:{work.ids.opaque()}",
        roles=telling.PAYERS | telling.OPERATORS,
        buttons=[[Button("days", "days"), Button("list", "list")]],
        urgency=Urgency.MONEY,
    )
