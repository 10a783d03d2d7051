"""Calls to Stripe, promised together with their cause: the key is stored before it is used."""

from __future__ import annotations

from dataclasses import replace

from billing.cards import CardSubscription
from billing.services.ports import CardCall, CardOperation, CardSession, SessionStep, Work


async def promise(
    work: Work,
    operation: CardOperation,
    partner_id: str,
    subject: str,
    *,
    message_key: str | None = None,
) -> None:
    """Promise a call in this transaction; it is tried as soon as that is committed."""
    await work.card_calls.promise(
        CardCall(
            id=work.ids.opaque(),
            partner_id=partner_id,
            operation=operation,
            subject=subject,
            attempts=0,
            created_at=work.now,
            not_before=work.now,
            message_key=message_key,
        )
    )


async def have_customer(work: Work, partner_id: str) -> None:
    """See to it that the partner is a customer at Stripe before what is promised after this."""
    if await work.card_subscriptions.customer(partner_id) is not None:
        return
    waiting = await work.card_calls.open_about(partner_id)
    if all(call.operation is not CardOperation.CUSTOMER for call in waiting):
        await promise(work, CardOperation.CUSTOMER, partner_id, partner_id)


async def withdraw(work: Work, session: CardSession) -> CardSession:
    """
    Let nobody pay in a session any more: it is ended at Stripe, or never opened.

    What Stripe says of it counts: one that was paid meanwhile is paid.
    """
    if not session.wanted or session.state not in {SessionStep.ASKED, SessionStep.OPEN}:
        return session
    after = replace(session, wanted=False)
    await work.card_sessions.save(after)
    # Behind the call that opens it, if that is still to come or under way.
    await promise(work, CardOperation.EXPIRE, session.partner_id, session.id)
    return after


async def end(work: Work, subscription: CardSubscription) -> None:
    """Let Stripe end a subscription now: there is nothing any more that it pays for."""
    waiting = await work.card_calls.open_about(subscription.id)
    if all(call.operation is not CardOperation.END for call in waiting):
        await promise(work, CardOperation.END, subscription.partner_id, subscription.id)
