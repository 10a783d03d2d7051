"""
Money that went back to a card: a refund made at Stripe, or a dispute.

Each is a negative row of its own, once, and the staff hear of it. What had settled an invoice is
taken back on the path of reversals; where that cannot be, a person sees to it.
Rules: "Reversal of a booked payment", "Card".
"""

from __future__ import annotations

from billing import ledger
from billing.cards import Mismatch
from billing.corrections import NothingToReverse, NotTheNewest, PaymentGone
from billing.services.cards import quarantine
from billing.services.cards.quarantine import Quarantined
from billing.services.payments import reversals
from billing.services.people import Actor
from billing.services.ports import CardPayment, CardReturn, SessionKind, Work
from billing.services.ports.cards import ChargeSeen, DisputeState, Returned

BY_HAND = "return_by_hand"


class NotBooked(Exception):
    """What went back was not booked yet."""


async def apply(work: Work, actor: Actor, charge: ChargeSeen) -> str | None:
    """
    Book what of a charge went back, as far as it is not; return why a person has to see to it.

    :raises NotBooked: the charge is not known here, yet.
    :raises Quarantined: it is another's, or in another currency.
    """
    if not charge.returned:
        return None
    payment = await _booked(work, charge)
    partner = await work.partners.lock(payment.partner_id)
    if charge.customer_id != await work.card_subscriptions.customer(partner.id):
        raise Quarantined(Mismatch.CUSTOMER, partner.id)
    if charge.amount != payment.amount:
        raise Quarantined(Mismatch.AMOUNT, partner.id)
    by_hand = None
    for returned in charge.returned:
        by_hand = await _return(work, actor, payment, returned) or by_hand
    return by_hand


async def _booked(work: Work, charge: ChargeSeen) -> CardPayment:
    for known_as in (charge.invoice_id, charge.payment_id):
        payment = None if known_as is None else await work.card_money.get(known_as)
        if payment is not None:
            return payment
    raise NotBooked("payment_unknown")


async def _return(work: Work, actor: Actor, payment: CardPayment, returned: Returned) -> str | None:
    before = await work.card_money.returned(returned.id)
    won = returned.dispute is DisputeState.WON
    if before is None:
        # Won before anybody heard of it: nothing is missing.
        if won:
            return None
        return await _give_back(work, actor, payment, returned)
    if won and await work.card_money.came_back(before.id, at=work.now):
        return await _came_back(work, actor, payment, before)
    return None


async def _give_back(
    work: Work, actor: Actor, payment: CardPayment, returned: Returned
) -> str | None:
    dispute = returned.dispute is not None
    await work.card_money.give_back(
        CardReturn(
            id=returned.id,
            payment_id=payment.id,
            partner_id=payment.partner_id,
            amount=returned.amount,
            dispute=dispute,
            booked_at=work.now,
        )
    )
    about = await _about(work, payment)
    how = "dispute" if dispute else "refund"
    await quarantine.tell_returned(
        work, returned.id, payment.partner_id, about, returned.amount, how=how
    )
    if payment.kind is SessionKind.INVOICE:
        return await _unsettle(work, actor, payment, returned, about)
    entry = ledger.card_returned(payment.partner_id, about, returned.amount, dispute=dispute)
    await work.ledger.post(entry, actor=actor, at=work.now)
    return None


async def _about(work: Work, payment: CardPayment) -> str:
    """Return what was paid, as the books name it: the invoice's number, or the instance."""
    if payment.kind is SessionKind.INVOICE:
        invoice = await work.invoices.by_id(payment.subject)
        assert invoice is not None, "an invoice is never deleted"
        return invoice.number
    subscription = await work.card_subscriptions.get(payment.subject)
    assert subscription is not None, "it was paid"
    return subscription.instance_id


async def _unsettle(
    work: Work, actor: Actor, payment: CardPayment, returned: Returned, number: str
) -> str | None:
    """Take an invoice's payment back; what is a part of it only, a person sees to."""
    if returned.amount != payment.amount:
        return BY_HAND
    why = "dispute" if returned.dispute else "refund"
    try:
        await reversals.reverse_by_card(work, actor, number, why, payment.id)
    except (NothingToReverse, NotTheNewest, PaymentGone):
        return BY_HAND
    return None


async def _came_back(
    work: Work, actor: Actor, payment: CardPayment, before: CardReturn
) -> str | None:
    """A dispute was won: the money is there again; what an invoice lost is booked by a person."""
    about = await _about(work, payment)
    await quarantine.tell_returned(
        work, before.id, payment.partner_id, about, before.amount, how="dispute_won"
    )
    if payment.kind is SessionKind.INVOICE:
        return BY_HAND
    entry = ledger.dispute_won(payment.partner_id, about, before.amount)
    await work.ledger.post(entry, actor=actor, at=work.now)
    return None
