"""
Booking what came in, and giving an invoice more time.

Rules: "A part payment leaves the invoice due…", "Hold", "Ways to pay an invoice".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from billing import delays, invoices
from billing.calendar import instant, local_date
from billing.instances import Instance
from billing.invoices import AmountRefused, Invoice, InvoiceState, ReferenceTaken
from billing.money import Money, zero
from billing.partners import Partner, Right
from billing.refusals import AlreadyDone, Fact, Refusal
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.invoices import alerting, dunning, invoice_dates, settling
from billing.services.messages import Button, Urgency
from billing.services.payments import receipts, second
from billing.services.people import Actor
from billing.services.ports import Approval, Payment, ReceiptState, Work


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
    *,
    confirmed: Approval | None = None,
) -> Booked | Approval:
    """
    Book a payment of an invoice; the same again is answered with the first booking.

    A part payment leaves the invoice due; what is too much settles what else the partner owes,
    oldest first, and becomes credit then: nobody is stopped for want of money that is here.
    When nothing overdue is left, the partner's instances run again at once.
    Above the programme's limit it waits for a second person, unless one has `confirmed` it.

    :raises NotFound, AmountRefused, NothingOwed, DateRefused:
    :raises AlreadyDone: booked before. Facts: `number`, `amount`, `on`, `reference`.
    :raises ReferenceTaken: that reference is another booking's.
    """
    partner, invoice = await settling.under_lock(work, number)
    received_at = _received(work, partner, received_on)
    payment = _payment(work, actor, invoice, amount, reference, received_at)
    # Before the invoice is looked at: a second booking of what settled it is no new payment.
    await _check_reference(work, payment, invoice, partner)
    if confirmed is None and second.wanted(work, partner, amount):
        invoices.settle(invoice, amount)
        args = {"number": invoice.number, "amount": amount, "reference": reference}
        args |= {"received_on": received_on} if received_on else {}
        return await second.ask(work, actor, "paid", partner, amount, args)
    booked = await _book(work, actor, partner, invoice, payment)
    await _tell(work, booked)
    return booked


async def book_by_card(
    work: Work, actor: Actor, invoice_id: str, amount: Money, reference: str
) -> Booked | None:
    """
    Book what Stripe has of an invoice: no second person is asked, and nothing is refused.

    What comes in for one that is paid or void by now is credit. None: a person has booked it under
    the same reference.
    """
    found = await work.invoices.by_id(invoice_id)
    assert found is not None, "an invoice is never deleted"
    partner, invoice = await settling.under_lock(work, found.number)
    if await work.payments.referenced(reference) is not None:
        return None
    payment = _payment(work, actor, invoice, amount, reference, work.now)
    if invoice.state is InvoiceState.VOID:
        also, credit = await settling.take_as_credit(work, actor, partner, invoice, amount)
        await work.payments.book(payment)
        restored = await settling.let_go(work, actor, partner, also)
        others = [after for _, after in also]
        booked = Booked(payment, invoice, partner, credit, restored, others)
    else:
        booked = await _book(work, actor, partner, invoice, payment)
    await _tell(work, booked)
    return booked


def _payment(
    work: Work, actor: Actor, invoice: Invoice, amount: Money, reference: str, at: datetime
) -> Payment:
    return Payment(
        id=work.ids.opaque(),
        invoice_id=invoice.id,
        partner_id=invoice.partner_id,
        amount=amount,
        reference=reference,
        received_at=at,
        booked_by=actor.user_id or 0,
        booked_at=work.now,
        used=zero(amount.currency),
    )


async def _book(
    work: Work, actor: Actor, partner: Partner, invoice: Invoice, payment: Payment
) -> Booked:
    after, too_much = await settling.settle(work, actor, invoice, payment.amount)
    payment = replace(payment, used=payment.amount - too_much)
    if await work.payments.book(payment) is not None:
        await _check_reference(work, payment, invoice, partner)
    also, credit = await settling.use_credit(work, actor, partner, too_much)
    restored = await settling.let_go(work, actor, partner, [(invoice, after), *also])
    await receipts.settled(work, actor, after, ReceiptState.BOOKED)
    for _, other in also:
        if other.state is not InvoiceState.DUE:
            await receipts.settled(work, actor, other, ReceiptState.CLOSED)
    return Booked(payment, after, partner, credit, restored, [now for _, now in also])


@requires(Right.BOOK)
async def hold(work: Work, actor: Actor, number: str, until: date, reason: str) -> Invoice:
    """
    Give an invoice a new last day; a partner stopped for it runs again.

    :raises NotFound, NothingOwed, HoldRefused, AlreadyDone:
    """
    partner, invoice = await settling.under_lock(work, number)
    calendar = finding.programme_in(work, partner, invoice.period).calendar
    held = delays.hold(invoice, until=until, reason=reason, at=work.now, calendar=calendar)
    await invoice_dates.change(work, partner, invoice, held)
    await recording.of_invoice(
        work, actor, "hold", invoice, before=str(invoice.last_on), after=f"{until}: {reason}"
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
    """Let a payment through whose reference is new, or say which one has it."""
    if payment.amount.minor <= 0:
        raise AmountRefused(why="not_positive", currency=invoice.total.currency)
    first = await work.payments.referenced(payment.reference)
    if first is None:
        return
    other = await work.invoices.by_id(first.invoice_id)
    facts: dict[str, Fact] = {
        "number": other.number if other else "",
        "amount": first.amount,
        "on": local_date(first.received_at, finding.programme_of(work, partner).zone),
        "reference": first.reference,
    }
    if first.reversed_at is not None:
        raise ReferenceTaken(**facts, reversed=True)
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
