"""
A booked payment turned out to be none: what it settled is due again, its credit is gone.

Rules: "Reversal of a booked payment: due again; stop after 2 days, deletion 5 days later".
"""

from __future__ import annotations

from dataclasses import replace

from billing import ledger
from billing.invoices import Invoice
from billing.partners import Right
from billing.services import recording, telling
from billing.services.access import requires
from billing.services.days import crediting
from billing.services.invoices import alerting, invoice_dates, settling
from billing.services.messages import Button, Urgency
from billing.services.payments import reversing, second
from billing.services.payments.reversing import Reversal
from billing.services.people import Actor
from billing.services.ports import Approval, Payment, Work


@requires(Right.BOOK)
async def foresee(work: Work, actor: Actor, number: str, reference: str | None = None) -> Reversal:
    """
    Say what the reversal of an invoice's newest payment would mean; changes nothing.

    :raises NotFound, NothingToReverse, NotTheNewest, PaymentGone: as `reverse` does.
    """
    del actor
    partner, invoice = await settling.under_lock(work, number)
    return (await reversing.plan(work, partner, invoice, reference))[0]


@requires(Right.BOOK)
async def reverse(
    work: Work,
    actor: Actor,
    number: str,
    reason: str,
    reference: str | None = None,
    *,
    confirmed: Approval | None = None,
) -> Reversal | Approval:
    """
    Reverse the newest payment of an invoice: in the books by entries of their own.

    It is due again, and its instances stop after some days unless it is paid. Credit that the
    payment made is taken back, too: what it settled elsewhere is due again. Days that were
    credited for it are taken back. Its reference stays taken. With a `reference` it is that
    payment or none. Above the programme's limit it waits for a second person, unless one has
    `confirmed` it.

    :raises NotFound, NothingToReverse:
    :raises NotTheNewest: another was booked since. Facts: `number`, `wanted`, `newest`.
    :raises PaymentGone: it was taken back. Facts: `number`, `reference`.
    """
    partner, invoice = await settling.under_lock(work, number)
    planned, before = await reversing.plan(work, partner, invoice, reference)
    if confirmed is None and second.wanted(work, partner, planned.payment.amount):
        args = {"number": number, "reference": planned.payment.reference, "reason": reason}
        return await second.ask(work, actor, "unpaid", partner, planned.payment.amount, args)
    return await _reverse(work, actor, planned, before, reason)


async def reverse_by_card(
    work: Work, actor: Actor, number: str, reason: str, reference: str
) -> Reversal:
    """
    Reverse what Stripe has given back: no second person is asked.

    :raises NothingToReverse, NotTheNewest, PaymentGone:
    """
    partner, invoice = await settling.under_lock(work, number)
    planned, before = await reversing.plan(work, partner, invoice, reference)
    return await _reverse(work, actor, planned, before, reason)


async def _reverse(
    work: Work, actor: Actor, planned: Reversal, before: tuple[Invoice, ...], reason: str
) -> Reversal:
    partner, invoice = planned.partner, before[0]
    payment = replace(
        planned.payment,
        reversed_at=work.now,
        reversed_by=actor.user_id or 0,
        reversal_reason=reason,
    )
    await work.payments.reverse(payment)
    await _post(work, actor, planned, before)
    for earlier, after in zip(before, (planned.invoice, *planned.also), strict=True):
        await work.invoices.save(after)
        await _note(work, actor, earlier, after, payment if earlier is invoice else None)
        await invoice_dates.plan_dates(work, partner, after)
        await alerting.renew(work, earlier, after, partner)
    done = replace(planned, payment=payment)
    await _tell(work, done)
    return done


async def _post(work: Work, actor: Actor, planned: Reversal, before: tuple[Invoice, ...]) -> None:
    partner_id, payment = planned.partner.id, planned.payment
    entries = [
        ledger.credit_used(partner_id, after.number, after.settled - earlier.settled)
        for earlier, after in zip(before[1:], planned.also, strict=True)
    ]
    if planned.lost:
        # It was paid back already: nobody owes it, so it was given away.
        entries.append(ledger.credit_given(partner_id, planned.invoice.number, planned.lost))
    entries.append(
        ledger.payment_reversed(
            partner_id,
            planned.invoice.number,
            used=payment.used,
            too_much=payment.amount - payment.used,
        )
    )
    for entry in entries:
        await work.ledger.post(entry, actor=actor, at=work.now)
    if planned.days:
        await crediting.take_back(work, actor, planned.invoice)


async def _note(
    work: Work, actor: Actor, before: Invoice, after: Invoice, payment: Payment | None
) -> None:
    """Note what became of an invoice: its payment is gone, or only credit is."""
    why = f"{before.state}: {payment.reversal_reason}" if payment else before.state
    await recording.of_invoice(
        work,
        actor,
        "unpaid" if payment else "credit_gone",
        before,
        before=why,
        after=after.state,
        amount=payment.amount if payment else before.settled - after.settled,
    )


async def _tell(work: Work, done: Reversal) -> None:
    invoice = done.invoice
    await telling.tell_partner(
        work,
        done.partner.id,
        "payment_reversed",
        reversing.told(done),
        key=f"unpaid:{done.payment.id}",
        roles=telling.PAYERS,
        buttons=[[Button("invoice", "invoice", {"number": invoice.number})]],
        urgency=Urgency.MONEY,
    )
