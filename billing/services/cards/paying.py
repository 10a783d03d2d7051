"""
An invoice paid by card: a Checkout session of its own, booked on the one path of payments.

Whoever is first settles it; a session that is still open then is ended at Stripe, and what is
paid in it all the same becomes credit. Rules: "Ways to pay an invoice".
"""

from __future__ import annotations

from billing.cards import Mismatch
from billing.invoices import Invoice, InvoiceState, NothingOwed
from billing.partners import Right
from billing.services import finding
from billing.services.access import requires
from billing.services.cards import promising, sessions
from billing.services.cards.quarantine import Quarantined
from billing.services.cards.subscribing import NoCards
from billing.services.payments import booking
from billing.services.people import Actor
from billing.services.ports import (
    CardOperation,
    CardPayment,
    CardSession,
    SessionKind,
    SessionStep,
    Work,
)
from billing.services.ports.cards import SessionSeen

WAITS = frozenset({SessionStep.ASKED, SessionStep.OPEN})


def offered(work: Work, invoice: Invoice) -> bool:
    """Whether an invoice can be paid by card."""
    return work.stripe is not None and invoice.state is InvoiceState.DUE and bool(invoice.owed)


@requires(Right.PAY)
async def pay(work: Work, actor: Actor, number: str, *, message_key: str) -> CardSession:
    """
    Open a page where what is owed of an invoice is paid by card; one that waits is shown again.

    :raises NotFound:
    :raises NoCards: no cards are taken.
    :raises NothingOwed: it is paid, or void. Facts: `number`, `state`.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    invoice = await finding.the_invoice(work, number, partner_id=partner.id)
    if work.stripe is None:
        raise NoCards
    if not offered(work, invoice):
        raise NothingOwed(number=invoice.number, state=invoice.state)
    waiting = await _waiting(work, invoice, message_key)
    if waiting is not None:
        return waiting
    session = CardSession(
        id=work.ids.opaque(),
        kind=SessionKind.INVOICE,
        subject=invoice.id,
        partner_id=partner.id,
        amount=invoice.owed,
        state=SessionStep.ASKED,
        asked_at=work.now,
        card_key=message_key,
    )
    await work.card_sessions.add(session)
    await promising.have_customer(work, partner.id)
    await promising.promise(work, CardOperation.PAY, partner.id, session.id)
    return session


async def _waiting(work: Work, invoice: Invoice, message_key: str) -> CardSession | None:
    """Return the session that waits for the same amount, shown where it is asked for now."""
    found = None
    for session in await work.card_sessions.of_subject(invoice.id):
        if session.state not in WAITS or not session.wanted:
            continue
        if session.amount == invoice.owed and found is None and not sessions.is_old(work, session):
            found = await sessions.moved(work, session, message_key)
        else:
            await promising.withdraw(work, session)
    return found


async def paid(work: Work, actor: Actor, session: CardSession, seen: SessionSeen) -> None:
    """
    Book what was paid in a session, once: Stripe's payment is what it is known by.

    :raises Quarantined: Stripe names no payment.
    """
    if seen.payment_id is None:
        raise Quarantined(Mismatch.OPERATION, session.partner_id)
    payment = CardPayment(
        id=seen.payment_id,
        kind=SessionKind.INVOICE,
        subject=session.subject,
        partner_id=session.partner_id,
        amount=session.amount,
        paid_at=work.now,
        booked_at=work.now,
    )
    await work.card_money.book(payment)
    await sessions.paid(work, session)
    await booking.book_by_card(work, actor, session.subject, payment.amount, payment.id)
