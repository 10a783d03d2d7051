"""
What taking a payment back would mean: nothing is changed here.

Rules: "Reversal of a booked payment: due again; stop after 2 days, deletion 5 days later".
"""

from __future__ import annotations

from dataclasses import dataclass

from billing import delays, ledger
from billing.corrections import NothingToReverse, NotTheNewest, PaymentGone
from billing.invoices import Invoice, InvoiceState
from billing.money import Money, total, zero
from billing.partners import Partner
from billing.services import finding
from billing.services.invoices import invoicing
from billing.services.ports import Payment, Work


@dataclass(frozen=True, slots=True)
class Reversal:
    """
    What the reversal of an invoice's newest payment means, or meant.

    `invoice` is as it is then, `also` others that credit of the payment had settled and that are
    due again too; `credit` was there and is taken back, `lost` was paid back before and is not.
    `days` are taken back, of which `shortfall` were allocated or used: the balance is so much
    below nothing.
    """

    partner: Partner
    invoice: Invoice
    payment: Payment
    also: tuple[Invoice, ...]
    credit: Money
    lost: Money
    days: int
    shortfall: int


async def plan(
    work: Work, partner: Partner, invoice: Invoice, reference: str | None = None
) -> tuple[Reversal, tuple[Invoice, ...]]:
    """
    Return what it means, and the invoices as they are before, in the same order.

    With a `reference` it is that payment, which has to be the newest; without, the newest.

    :raises NothingToReverse, NotTheNewest, PaymentGone:
    """
    payment = await _aimed_at(work, invoice, reference)
    there = await invoicing.credit_in(work, partner, payment.amount.currency)
    too_much = payment.amount - payment.used
    credit = min(there, too_much)
    spent, lost = await _spent(work, partner, invoice, too_much - credit)
    days = invoice.days if invoice.state is InvoiceState.PAID and payment.used else 0
    held = await work.ledger.balance(ledger.balance(partner.id), ledger.DAYS) if days else 0
    after = _again(work, partner, invoice, payment.used) if payment.used else invoice
    planned = Reversal(
        partner=partner,
        invoice=after,
        payment=payment,
        also=tuple(_again(work, partner, other, part) for other, part in spent),
        credit=credit,
        lost=lost,
        days=days,
        shortfall=max(0, days - max(held, 0)),
    )
    return planned, (invoice, *(other for other, _ in spent))


async def _spent(
    work: Work, partner: Partner, invoice: Invoice, missing: Money
) -> tuple[list[tuple[Invoice, Money]], Money]:
    """Return where credit that is missing went, the newest first, and what is nowhere."""
    found: list[tuple[Invoice, Money]] = []
    for other in await work.invoices.of_partner(partner.id) if missing else []:
        by_credit = await _by_credit(work, other)
        if other.id == invoice.id or not by_credit or other.total.currency != missing.currency:
            continue
        part = min(by_credit, missing)
        found.append((other, part))
        missing -= part
        if not missing:
            break
    return found, missing


async def _by_credit(work: Work, invoice: Invoice) -> Money:
    """Return what credit has settled of an invoice whose days, if any, are not the matter."""
    nothing = zero(invoice.total.currency)
    if invoice.corrects is not None or invoice.state is InvoiceState.VOID or invoice.days:
        return nothing
    paid = [it for it in await work.payments.of_invoice(invoice.id) if it.reversed_at is None]
    return invoice.settled - total((it.used for it in paid), nothing.currency)


def _again(work: Work, partner: Partner, invoice: Invoice, used: Money) -> Invoice:
    programme = finding.programme_in(work, partner, invoice.period)
    return delays.due_again(
        invoice,
        used=used,
        at=work.now,
        days=programme.deadlines.days_after_reversal,
        calendar=programme.calendar,
    )


async def _aimed_at(work: Work, invoice: Invoice, reference: str | None) -> Payment:
    payments = await work.payments.of_invoice(invoice.id)
    if any(it.reference == reference and it.reversed_at is not None for it in payments):
        raise PaymentGone(number=invoice.number, reference=reference)
    booked = [it for it in payments if it.reversed_at is None]
    if not booked:
        raise NothingToReverse(number=invoice.number)
    newest = booked[-1]
    if reference not in {None, newest.reference}:
        raise NotTheNewest(number=invoice.number, wanted=reference, newest=newest.reference)
    return newest


def terms(planned: Reversal) -> str:
    """Say what was shown in a form that changes when it does."""
    due = [f"{it.number}:{it.owed.minor}:{it.last_on}" for it in (planned.invoice, *planned.also)]
    amounts = [planned.credit.minor, planned.lost.minor, planned.days, planned.shortfall]
    return " ".join([planned.payment.id, *due, *map(str, amounts)])


def told(done: Reversal) -> dict[str, object]:
    """Return what both sides are told of it."""
    invoice = done.invoice
    return {
        "number": invoice.number,
        "kind": invoice.kind,
        "amount": done.payment.amount,
        "reference": done.payment.reference,
        "owed": invoice.owed,
        "due_on": invoice.due_on,
        "last_on": invoice.last_on,
        "also": [{"number": other.number, "owed": other.owed} for other in done.also],
        "credit": done.credit,
        "lost": done.lost,
        "days": done.days,
        "shortfall": done.shortfall,
        "reason": done.payment.reversal_reason,
    }
