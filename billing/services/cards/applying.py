"""
What a subscription of Stripe's means for us, as it is now: money booked, instance run or stopped.

Whatever event led here, the object alone counts, and what it led to before is not repeated: so
every order of events, doubled or lost, ends the same. Rules: "Card".
"""

from __future__ import annotations

from dataclasses import replace

from billing import card_lives, cards, ledger, lifetimes
from billing.cards import (
    RUNNING,
    CardInvoice,
    CardState,
    CardSubscription,
    Mismatch,
    Snapshot,
)
from billing.instances import Instance, State
from billing.partners import Partner
from billing.programmes import Settlement
from billing.services import finding, recording
from billing.services.cards import notifying, promising, quarantine, sessions
from billing.services.cards.quarantine import Quarantined
from billing.services.days import life
from billing.services.instances import platform, trials
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import CardPayment, SessionKind, SessionStep, Work


async def apply(work: Work, actor: Actor, snapshot: Snapshot) -> Mismatch | None:
    """
    Let a subscription be here as it is at Stripe.

    Returns why somebody has to look at it all the same: it was paid for, and pays for nothing.

    :raises Quarantined: it is not as it was ordered; nothing was done.
    """
    subscription = await _ordered(work, snapshot)
    partner = await work.partners.lock(subscription.partner_id)
    customer = await work.card_subscriptions.customer(partner.id)
    live = work.stripe is not None and work.stripe.live
    wrong = cards.mismatch(subscription, snapshot, customer_id=customer, live=live)
    if wrong is not None:
        raise Quarantined(wrong, partner.id)
    snapshot = await _booked(work, actor, subscription, snapshot, customer)
    if subscription.state is CardState.VOID and snapshot.paid:
        await _refuse(work, cards.revived(subscription, snapshot))
        return Mismatch.GONE
    after = cards.seen(subscription, snapshot, at=work.now)
    if after == subscription:
        return None
    instance = await work.instances.by_id(subscription.instance_id)
    assert instance is not None, "an instance is never removed"
    return await _change(work, actor, partner, instance, subscription, after)


async def _ordered(work: Work, snapshot: Snapshot) -> CardSubscription:
    op = snapshot.metadata.get("op")
    found = None if op is None else await work.card_subscriptions.get(op)
    if found is None:
        whose = await work.card_subscriptions.whose(snapshot.customer_id)
        raise Quarantined(Mismatch.OPERATION, whose)
    return found


async def _booked(
    work: Work,
    actor: Actor,
    subscription: CardSubscription,
    snapshot: Snapshot,
    customer: str | None,
) -> Snapshot:
    """
    Book what was paid; return the subscription with that alone.

    An invoice that does not agree is kept aside by itself, so that what follows it goes on.
    """
    agreed = []
    for invoice in snapshot.paid:
        wrong = cards.unequal(invoice, subscription, customer_id=customer)
        if wrong is not None:
            await quarantine.set_aside(work, invoice.id, wrong, subscription.partner_id)
            continue
        await _book(work, actor, subscription, invoice)
        agreed.append(invoice)
    return replace(snapshot, paid=tuple(agreed))


async def _book(
    work: Work, actor: Actor, subscription: CardSubscription, invoice: CardInvoice
) -> None:
    """Book what was paid, once: Stripe's invoice is what it is known by."""
    if await work.card_money.get(invoice.id) is not None:
        return
    payment = CardPayment(
        id=invoice.id,
        kind=SessionKind.SUBSCRIPTION,
        subject=subscription.id,
        partner_id=subscription.partner_id,
        amount=invoice.amount,
        paid_at=invoice.paid_at or work.now,
        booked_at=work.now,
    )
    await work.card_money.book(payment)
    entry = ledger.card_paid(payment.partner_id, subscription.instance_id, payment.amount)
    await work.ledger.post(entry, actor=actor, at=work.now)


async def _change(
    work: Work,
    actor: Actor,
    partner: Partner,
    instance: Instance,
    before: CardSubscription,
    after: CardSubscription,
) -> Mismatch | None:
    if before.state not in RUNNING and after.period_ends_at is not None:
        useless = await _pays_for_nothing(work, instance, after)
        if useless is not None:
            await _refuse(work, after)
            return useless
    await work.card_subscriptions.save(after)
    longer = after.period_ends_at != before.period_ends_at
    if after.period_ends_at is not None and (longer or before.state not in RUNNING):
        instance = await _run(work, actor, instance, after)
    if after.state is CardState.ENDED:
        await _stop(work, actor, partner, instance)
    await notifying.changed(work, partner, before, after)
    await _show(work, after)
    return None


async def _pays_for_nothing(
    work: Work, instance: Instance, paid: CardSubscription
) -> Mismatch | None:
    """Return why a subscription that was paid cannot run its instance."""
    living = await work.card_subscriptions.living(instance.id)
    if any(other.state in RUNNING and other.id != paid.id for other in living):
        return Mismatch.OTHER
    # What is over already, and runs by other means, is left to those.
    over = paid.state is CardState.ENDED and instance.state is State.ACTIVE
    return None if card_lives.can_run(instance) and not over else Mismatch.GONE


async def _refuse(work: Work, after: CardSubscription) -> None:
    """Charge it no more: the money is booked, and given back by a person if at all."""
    await work.card_subscriptions.save(
        replace(after, state=CardState.ENDED, ended_at=after.ended_at or work.now)
    )
    if after.state is not CardState.ENDED:
        await promising.end(work, after)
    session = await work.card_sessions.get(after.id)
    assert session is not None, "it was asked for with its session"
    await sessions.over(work, session)


async def _run(work: Work, actor: Actor, before: Instance, paid: CardSubscription) -> Instance:
    assert paid.period_ends_at is not None
    after = card_lives.runs(before, paid.period_ends_at, at=work.now)
    if before.settlement is not Settlement.CARD or before.state is not State.ACTIVE:
        if before.state in {State.TRIAL, State.STOPPED}:
            await trials.forget(work, before)
        # What it had of days comes back; what was to stop or delete it does so no more.
        await life.give_back(work, actor, before)
        await life.forget(work, before)
    await recording.change(work, actor, "card", before, after)
    await platform.promise(work, Operation.EXTEND, after)
    return after


async def _stop(work: Work, actor: Actor, partner: Partner, before: Instance) -> None:
    """Its subscription is over: it stops, and is deleted later."""
    if before.state is not State.ACTIVE or before.settlement is not Settlement.CARD:
        return
    stopped = card_lives.stops(before, at=work.now)
    await recording.change(work, actor, "card_ended", before, stopped)
    await platform.promise(work, Operation.STOP, stopped)
    delete_at = lifetimes.ran_out_deletion(stopped, finding.programme_of(work, partner))
    assert delete_at is not None, "it stopped"
    await life.plan_deletion(work, partner, stopped, delete_at)


async def _show(work: Work, after: CardSubscription) -> None:
    """Let the message of the session say how it is; what was paid once stays so."""
    session = await work.card_sessions.get(after.id)
    assert session is not None, "it was asked for with its session"
    if after.state is CardState.VOID:
        await sessions.over(work, session)
    elif after.period_ends_at is not None and session.state is not SessionStep.PAID:
        await sessions.paid(work, session)
