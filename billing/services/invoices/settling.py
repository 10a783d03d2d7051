"""
What settles invoices: payments and credit, the oldest first, and what follows from it.

Rules: "A part payment leaves the invoice due…", "What is paid too much…".
"""

from __future__ import annotations

from collections.abc import Sequence

from billing import invoices, ledger
from billing.instances import Instance
from billing.invoices import Invoice, InvoiceState
from billing.money import Money, zero
from billing.partners import Partner
from billing.services import finding, recording
from billing.services.cards import endings as card_endings
from billing.services.days import crediting
from billing.services.invoices import alerting, dunning, invoice_dates
from billing.services.people import Actor
from billing.services.ports import Work

Settled = tuple[Invoice, Invoice]


async def under_lock(work: Work, number: str) -> tuple[Partner, Invoice]:
    """Return an invoice as nobody changes it meanwhile, and its partner."""
    found = await finding.the_invoice(work, number)
    partner = await work.partners.lock(found.partner_id)
    return partner, await finding.the_invoice(work, number)


async def settle(
    work: Work, actor: Actor, invoice: Invoice, amount: Money
) -> tuple[Invoice, Money]:
    """Post a payment; return the invoice after it, and what was too much."""
    after, too_much = invoices.settle(invoice, amount)
    await work.invoices.save(after)
    entry = ledger.payment_booked(
        invoice.partner_id, invoice.number, used=amount - too_much, too_much=too_much
    )
    await work.ledger.post(entry, actor=actor, at=work.now)
    await _note(work, actor, "paid", invoice, after, amount)
    return after, too_much


async def use_credit(
    work: Work, actor: Actor, partner: Partner, credit: Money
) -> tuple[list[Settled], Money]:
    """Let credit settle what is unpaid, oldest first; return each before and after, the rest."""
    settled = []
    for invoice in await work.invoices.unpaid(partner.id):
        used = min(credit, invoice.owed)
        if not used:
            break
        credit -= used
        after, _ = invoices.settle(invoice, used)
        await work.invoices.save(after)
        entry = ledger.credit_used(partner.id, invoice.number, used)
        await work.ledger.post(entry, actor=actor, at=work.now)
        await _note(work, actor, "credit_used", invoice, after, used)
        settled.append((invoice, after))
    return settled, credit


async def let_go(
    work: Work, actor: Actor, partner: Partner, settled: Sequence[Settled]
) -> list[Instance]:
    """Forget what invoices that are owed no more would lead to; return what runs again."""
    over = [after for _, after in settled if after.state is not InvoiceState.DUE]
    for invoice in over:
        await invoice_dates.forget_dates(work, partner, invoice)
        await crediting.settled(work, actor, invoice)
    restored = await dunning.restore_if_settled(work, actor, partner) if over else []
    for before, after in settled:
        await card_endings.invoice_settled(work, after)
        await alerting.renew(work, before, after, partner)
    return restored


async def take_as_credit(
    work: Work, actor: Actor, partner: Partner, invoice: Invoice, amount: Money
) -> tuple[list[Settled], Money]:
    """Post money that came for a void invoice; return what else it settled, and the rest."""
    entry = ledger.payment_booked(
        partner.id, invoice.number, used=zero(amount.currency), too_much=amount
    )
    await work.ledger.post(entry, actor=actor, at=work.now)
    await _note(work, actor, "paid", invoice, invoice, amount)
    return await use_credit(work, actor, partner, amount)


async def _note(
    work: Work, actor: Actor, action: str, before: Invoice, after: Invoice, amount: Money
) -> None:
    await recording.of_invoice(
        work, actor, action, before, before=before.state, after=after.state, amount=amount
    )
