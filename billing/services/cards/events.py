"""
Stripe's events: stored as they come, processed one by one, each with effect or kept aside.

An event is a hint. `look` fetches what it is about, in no transaction; `process` lets it be so
here, in one. Rules: "Card".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing.cards import Mismatch, Snapshot
from billing.services import access
from billing.services.cards import applying, paying, quarantine, returning, sessions
from billing.services.cards.quarantine import Quarantined
from billing.services.people import Actor
from billing.services.ports import CardSession, EventState, SessionKind, SessionStep, Work
from billing.services.ports.cards import Cards, ChargeSeen, Event, SessionSeen, SessionState

# What is to be there first may come for so long.
PATIENCE = timedelta(days=1)
AGAIN_AFTER = timedelta(minutes=10)


class NotYet(Exception):
    """What it is about is not known here yet: it is looked at again later."""


@dataclass(frozen=True, slots=True)
class Found:
    """How the things that an event is about are now."""

    session: SessionSeen | None = None
    subscription: Snapshot | None = None
    charge: ChargeSeen | None = None


async def take(work: Work, event: Event) -> bool:
    """Store an event to be processed; False: it is known already, and nothing is changed."""
    return await work.stripe_events.add(event, at=work.now)


async def waiting(work: Work) -> list[Event]:
    """Return the events that are to be processed now, oldest first, at most 50."""
    return await work.stripe_events.waiting(work.now)


async def look(cards: Cards, event: Event) -> Found:
    """
    Fetch what an event is about, as it is now; in no transaction.

    :raises CardsSilent, CardsRefused:
    """
    kind, _, _ = event.about.partition("_")
    match kind:
        case "cs":
            return await _with_subscription(cards, await cards.session(event.about))
        case "sub":
            return Found(subscription=await cards.subscription(event.about))
        case "in":
            return await _of_invoice(cards, event.about)
        case "ch" | "py":
            charge = await cards.charge(event.about)
            if charge is None or charge.invoice_id is None:
                return Found(charge=charge)
            # What was charged is booked before it is taken back.
            return replace(await _of_invoice(cards, charge.invoice_id), charge=charge)
        case _:
            return Found()


async def _with_subscription(cards: Cards, session: SessionSeen | None) -> Found:
    if session is None or session.subscription_id is None:
        return Found(session=session)
    return Found(session, await cards.subscription(session.subscription_id))


async def _of_invoice(cards: Cards, invoice_id: str) -> Found:
    invoice = await cards.invoice(invoice_id)
    if invoice is None or invoice.subscription_id is None:
        return Found()
    return Found(subscription=await cards.subscription(invoice.subscription_id))


async def process(work: Work, event: Event, found: Found) -> None:
    """
    Let things be here as Stripe has them; what does not agree is kept aside with nothing done.

    Repeated it changes nothing. What waits for something else is put off, for a day at most.
    """
    if found == Found() or work.stripe is None:
        await work.stripe_events.settle(event.id, EventState.IGNORED)
        return
    actor = access.by_stripe(event.id)
    try:
        async with work.savepoint():
            wrong = await _let_be(work, actor, event, found)
    except Quarantined as kept:
        await quarantine.keep(work, event, kept.why, kept.partner_id)
        return
    except NotYet as missing:
        await _wait(work, event, str(missing))
        return
    if wrong is not None:
        partner_id = await _whose(work, found)
        await quarantine.keep(work, event, wrong, partner_id)
        return
    await work.stripe_events.settle(event.id, EventState.DONE)


async def put_off(work: Work, event: Event, why: str, *, until: datetime) -> None:
    """Stripe did not say how it is now: it is asked again then."""
    await work.stripe_events.put_off(event.id, until=until, error=why)


async def _wait(work: Work, event: Event, why: str) -> None:
    stored = await work.stripe_events.get(event.id)
    if stored is not None and work.now - stored.received_at >= PATIENCE:
        await quarantine.keep(work, event, why, None)
        return
    await put_off(work, event, why, until=work.now + AGAIN_AFTER)


async def _whose(work: Work, found: Found) -> str | None:
    seen = found.subscription or found.session or found.charge
    return None if seen is None else await work.card_subscriptions.whose(seen.customer_id)


async def _let_be(work: Work, actor: Actor, event: Event, found: Found) -> str | None:
    """Return why somebody has to look at it all the same."""
    if await _foreign(work, found):
        return None
    if event.live is not (work.stripe is not None and work.stripe.live):
        raise Quarantined(Mismatch.LIVEMODE, await _whose(work, found))
    wrong: str | None = None
    if found.session is not None:
        await _session(work, actor, found.session)
    if found.subscription is not None:
        wrong = await applying.apply(work, actor, found.subscription)
    if found.charge is not None:
        try:
            wrong = await returning.apply(work, actor, found.charge) or wrong
        except returning.NotBooked as missing:
            raise NotYet(str(missing)) from None
    return wrong


async def _foreign(work: Work, found: Found) -> bool:
    """Whether it is no concern of ours: another use of the same account."""
    seen = found.session or found.subscription
    if seen is not None and seen.metadata.get("op") is not None:
        return False
    return await _whose(work, found) is None


async def _session(work: Work, actor: Actor, seen: SessionSeen) -> None:
    session = await _ordered(work, seen)
    if session.session_id is None:
        session = replace(session, session_id=seen.id)
        await work.card_sessions.save(session)
    if session.state is SessionStep.PAID:
        return
    if seen.state is SessionState.EXPIRED:
        if session.state is not SessionStep.OVER:
            await sessions.over(work, session)
    elif seen.paid and session.kind is SessionKind.INVOICE:
        await paying.paid(work, actor, session, seen)


async def _ordered(work: Work, seen: SessionSeen) -> CardSession:
    op = seen.metadata.get("op")
    session = None if op is None else await work.card_sessions.get(op)
    if session is None:
        whose = await work.card_subscriptions.whose(seen.customer_id)
        raise Quarantined(Mismatch.OPERATION, whose)
    await work.partners.lock(session.partner_id)
    customer = await work.card_subscriptions.customer(session.partner_id)
    wrong = {
        Mismatch.LIVEMODE: work.stripe is not None and seen.live is not work.stripe.live,
        Mismatch.OPERATION: session.session_id not in {None, seen.id},
        Mismatch.CUSTOMER: seen.customer_id != customer,
        Mismatch.CURRENCY: seen.amount.currency != session.amount.currency,
        Mismatch.AMOUNT: seen.amount.minor != session.amount.minor,
    }
    for kind, is_so in wrong.items():
        if is_so:
            raise Quarantined(kind, session.partner_id)
    return session
