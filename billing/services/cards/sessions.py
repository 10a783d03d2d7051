"""Checkout sessions as they end: nobody has paid, or somebody has."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from billing.cards import CardState, CardSubscription
from billing.services.cards import showing
from billing.services.ports import CardSession, SessionKind, SessionStep, Work

WORTH_SHOWING = timedelta(hours=1)


async def over(work: Work, session: CardSession, *, why: str | None = None) -> None:
    """Nobody can pay in it any more, and nobody has."""
    after = replace(session, state=SessionStep.OVER, url=None)
    await work.card_sessions.save(after)
    subscription = await subscription_of(work, session)
    if subscription is not None and subscription.state in {CardState.ASKED, CardState.OPEN}:
        over = replace(subscription, state=CardState.VOID, ended_at=work.now)
        await work.card_subscriptions.save(over)
    await showing.session(work, after, why=why)


async def subscription_of(work: Work, session: CardSession) -> CardSubscription | None:
    """Return what a session begins; None: it pays an invoice."""
    if session.kind is not SessionKind.SUBSCRIPTION:
        return None
    return await work.card_subscriptions.get(session.subject)


async def paid(work: Work, session: CardSession) -> None:
    """Its money is there: whoever asked for it sees so."""
    after = replace(session, state=SessionStep.PAID, url=None)
    await work.card_sessions.save(after)
    await showing.session(work, after)


def is_old(work: Work, session: CardSession) -> bool:
    """Whether a session ends too soon to be shown to anybody."""
    return session.expires_at is not None and session.expires_at - work.now < WORTH_SHOWING


async def moved(work: Work, session: CardSession, message_key: str) -> CardSession:
    """Let the message of a session that waits be another one from now on; return the session."""
    after = replace(session, card_key=message_key)
    await work.card_sessions.save(after)
    return after
