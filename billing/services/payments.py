"""
Booking what came in, and giving an invoice more time.

Rules: "A part payment leaves the invoice due…", "Hold", "Ways to pay an invoice".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from billing import invoices, ledger
from billing.calendar import instant, local_date
from billing.instances import Instance
from billing.invoices import AmountRefused, Invoice, InvoiceState, ReferenceTaken
from billing.money import Money, zero
from billing.partners import Partner, Right
from billing.refusals import AlreadyDone, Fact, Refusal
from billing.services import alerting, dunning, finding, invoicing, telling
from billing.services.access import requires
from billing.services.messages import Button, Urgency
from billing.services.people import Actor
from billing.services.ports import Payment, Work


class DateRefused(Refusal):
    """A payment cannot have come in on that day. Facts: `why` (future, too_old), `today`."""

    code = "date_refused"


@dataclass(frozen=True, slots=True)
class Booked:
    """
    A payment, the invoice after it, what became credit, and what runs again.

    `also` are other invoices that the rest of it settled, wholly or in part, oldest first.
    """

    payment: Payment
    invoice: Invoice
    partner: Partner
    credit: Money
    restored: list[Instance]
    also: list[Invoice]


@requires(Right.BOOK)
async def book(
    work: Work,
    actor: Actor,
    number: str,
    amount: Money,
    reference: str,
    received_on: date | None = None,
) -> Booked:
    """
    Book a payment of an invoice; the same again is answered with the first booking.

    A part payment leaves the invoice due; what is too much settles what else the partner owes,
    oldest first, and becomes credit then: nobody is stopped for want of money that is here.
    When nothing overdue is left, the partner's instances run again at once.

    :raises NotFound, AmountRefused, NothingOwed, DateRefused:
    :raises AlreadyDone: booked before. Facts: `number`, `amount`, `on`, `reference`.
    :raises ReferenceTaken: that reference is another booking's.
    """
    partner, invoice = await _under_lock(work, number)
    payment = Payment(
        id=work.ids.opaque(),
        invoice_id=invoice.id,
        partner_id=partner.id,
        amount=amount,
        reference=reference,
        received_at=_received(work, partner, received_on),
        booked_by=actor.user_id or 0,
        booked_at=work.now,
    )
    # Before the invoice is looked at: a second booking of what settled it is no new payment.
    await _check_reference(work, payment, invoice, partner)
    after, too_much = await _settle(work, actor, invoice, amount)
    also, credit = await _use_credit(work, actor, partner, too_much)
    restored = await _let_go(work, actor, partner, [(invoice, after), *also])
    booked = Booked(payment, after, partner, credit, restored, [now for _, now in also])
    await _tell(work, booked)
    return booked


@requires(Right.BOOK)
async def hold(work: Work, actor: Actor, number: str, until: date, reason: str) -> Invoice:
    """
    Give an invoice a new last day; a partner stopped for it runs again.

    :raises NotFound, NothingOwed, HoldRefused, AlreadyDone:
    """
    partner, invoice = await _under_lock(work, number)
    calendar = finding.programme_of(work, partner).calendar
    held = invoices.hold(invoice, until=until, reason=reason, at=work.now, calendar=calendar)
    await invoicing.forget_dates(work, partner, invoice, instead=held)
    await work.invoices.save(held)
    await invoicing.plan_dates(work, partner, held)
    await work.audit.record(
        actor,
        "hold",
        at=work.now,
        kind="invoice",
        object_id=invoice.number,
        partner_id=partner.id,
        before=str(invoice.last_on),
        after=f"{until}: {reason}",
    )
    restored = await dunning.restore_if_settled(work, actor, partner)
    await alerting.renew(work, invoice, held, partner)
    await telling.tell_partner(
        work,
        partner.id,
        "held",
        {
            "number": held.number,
            "owed": held.owed,
            "until": until,
            "restored": [instance.name for instance in restored],
        },
        key=f"held:{held.id}:{until}:{actor.cause}",
        roles=telling.PAYERS,
        urgency=Urgency.MONEY,
    )
    return held


async def _under_lock(work: Work, number: str) -> tuple[Partner, Invoice]:
    """Return an invoice as nobody changes it meanwhile, and its partner."""
    found = await finding.the_invoice(work, number)
    partner = await work.partners.lock(found.partner_id)
    return partner, await finding.the_invoice(work, number)


async def _let_go(
    work: Work, actor: Actor, partner: Partner, settled: Sequence[tuple[Invoice, Invoice]]
) -> list[Instance]:
    """Forget what invoices that are paid would lead to; return what runs again."""
    paid = [after for _, after in settled if after.state is InvoiceState.PAID]
    for invoice in paid:
        await invoicing.forget_dates(work, partner, invoice)
    restored = await dunning.restore_if_settled(work, actor, partner) if paid else []
    for before, after in settled:
        await alerting.renew(work, before, after, partner)
    return restored


async def _use_credit(
    work: Work, actor: Actor, partner: Partner, credit: Money
) -> tuple[list[tuple[Invoice, Invoice]], Money]:
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
        await work.audit.record(
            actor,
            "credit_used",
            at=work.now,
            kind="invoice",
            object_id=invoice.number,
            partner_id=partner.id,
            before=invoice.state,
            after=after.state,
            amount=used,
        )
        settled.append((invoice, after))
    return settled, credit


async def _settle(
    work: Work, actor: Actor, invoice: Invoice, amount: Money
) -> tuple[Invoice, Money]:
    """Post a payment; return the invoice after it, and what was too much."""
    after, too_much = invoices.settle(invoice, amount)
    await work.invoices.save(after)
    entry = ledger.payment_booked(
        invoice.partner_id, invoice.number, used=amount - too_much, too_much=too_much
    )
    await work.ledger.post(entry, actor=actor, at=work.now)
    await work.audit.record(
        actor,
        "paid",
        at=work.now,
        kind="invoice",
        object_id=invoice.number,
        partner_id=invoice.partner_id,
        before=invoice.state,
        after=after.state,
        amount=amount,
    )
    return after, too_much


def _received(work: Work, partner: Partner, day: date | None) -> datetime:
    zone = finding.programme_of(work, partner).zone
    today = local_date(work.now, zone)
    if day is None:
        return work.now
    if day > today:
        raise DateRefused(why="future", today=today)
    if (today - day).days > 366:
        raise DateRefused(why="too_old", today=today)
    return instant(day, time(12), zone)


async def _check_reference(
    work: Work, payment: Payment, invoice: Invoice, partner: Partner
) -> None:
    """Keep the payment if it is one, or say which one has its reference."""
    if payment.amount.minor <= 0:
        raise AmountRefused(why="not_positive", currency=invoice.total.currency)
    first = await work.invoices.book(payment)
    if first is None:
        return
    other = await work.invoices.by_id(first.invoice_id)
    facts: dict[str, Fact] = {
        "number": other.number if other else "",
        "amount": first.amount,
        "on": local_date(first.received_at, finding.programme_of(work, partner).zone),
        "reference": first.reference,
    }
    if (first.invoice_id, first.amount) == (invoice.id, payment.amount):
        raise AlreadyDone(action="paid", **facts)
    raise ReferenceTaken(**facts)


async def _tell(work: Work, booked: Booked) -> None:
    invoice = booked.invoice
    await telling.tell_partner(
        work,
        booked.partner.id,
        "payment_received",
        {
            "number": invoice.number,
            "amount": booked.payment.amount,
            "owed": invoice.owed,
            "credit": booked.credit or zero(invoice.total.currency),
            "restored": [instance.name for instance in booked.restored],
            "also": [other.number for other in booked.also],
        },
        key=f"paid:{booked.payment.id}",
        roles=telling.PAYERS,
        buttons=[[Button("invoice", "invoice", {"number": invoice.number})]],
        urgency=Urgency.MONEY,
    )
