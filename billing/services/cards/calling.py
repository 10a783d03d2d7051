"""
What is asked of Stripe: each promised call begun, asked, and posted here, once.

Whoever carries the calls counts the attempt, asks outside of any transaction, and says what came
of it. Nothing is shown as done that Stripe did not confirm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing.cards import CardState, Interval
from billing.money import Money
from billing.services import finding, telling
from billing.services.cards import comparing, sessions, showing
from billing.services.messages import Button
from billing.services.ports import (
    CardCall,
    CardOperation,
    SessionKind,
    SessionStep,
    Work,
)
from billing.services.ports.cards import Cards, CardsRefused, Session, Urls

TOLD_STAFF_AT_ATTEMPT = 3
REFUSED_AGAIN_AFTER = timedelta(hours=1)
# Stripe keeps a key for 24 hours: after that the same one would do it a second time.
KEY_LASTS = timedelta(hours=23)
OPENING = frozenset({CardOperation.SUBSCRIBE, CardOperation.PAY})
# What has to become so, however often it is refused.
INSISTED = frozenset({CardOperation.END})

Answer = str | Session | None


@dataclass(frozen=True, slots=True)
class Request:
    """A call with all that it says; `stale`: its key may mean nothing to Stripe any more."""

    call: CardCall
    attempts: int
    stale: bool
    customer_id: str = ""
    name: str = ""
    email: str | None = None
    amount: Money | None = None
    interval: Interval | None = None
    metadata: Mapping[str, str] | None = None
    session_id: str = ""
    subscription_id: str = ""


async def open_by(work: Work, now: datetime) -> list[CardCall]:
    """Return what may be tried by `now`, of one subject only the oldest."""
    return await work.card_calls.open_by(now)


async def begin(work: Work, call_id: str) -> Request | None:
    """Count an attempt and return what is to be asked; None: there is nothing to ask any more."""
    call = await work.card_calls.get(call_id)
    if call is None:
        return None
    said = await _said(work, call)
    if said is None:
        await _needless(work, call)
        return None
    attempts = await work.card_calls.started(call.id)
    stale = attempts > 1 and work.now - call.created_at > KEY_LASTS
    return replace(said, attempts=attempts, stale=stale)


async def _said(work: Work, call: CardCall) -> Request | None:
    bare = Request(call, 0, stale=False)
    partner = await finding.the_partner(work, call.partner_id)
    if call.operation is CardOperation.CUSTOMER:
        known = await work.card_subscriptions.customer(partner.id)
        company = await work.partners.company(partner.id)
        return None if known else replace(bare, name=partner.name, email=company.email)
    customer_id = await work.card_subscriptions.customer(partner.id)
    if customer_id is None:
        return None
    if call.operation is CardOperation.PORTAL:
        return replace(bare, customer_id=customer_id)
    if call.operation in OPENING | {CardOperation.EXPIRE}:
        return await _of_session(work, replace(bare, customer_id=customer_id))
    subscription = await work.card_subscriptions.get(call.subject)
    if subscription is None or subscription.subscription_id is None:
        return None
    return replace(bare, subscription_id=subscription.subscription_id)


async def _of_session(work: Work, bare: Request) -> Request | None:
    session = await work.card_sessions.get(bare.call.subject)
    assert session is not None, "it was promised with its session"
    if bare.call.operation is CardOperation.EXPIRE:
        waits = session.state is SessionStep.OPEN and session.session_id is not None
        return replace(bare, session_id=session.session_id or "") if waits else None
    # One that was tried may be open there: it has to be known to be ended.
    if session.state is not SessionStep.ASKED or not (session.wanted or bare.call.attempts):
        return None
    ours = {"op": session.id, "partner": session.partner_id}
    if session.kind is SessionKind.INVOICE:
        invoice = await work.invoices.by_id(session.subject)
        assert invoice is not None, "an invoice is never deleted"
        of = {**ours, "invoice": invoice.number}
        return replace(bare, amount=session.amount, name=invoice.number, metadata=of)
    subscription = await work.card_subscriptions.get(session.subject)
    assert subscription is not None, "it was asked for with its session"
    instance = await work.instances.by_id(subscription.instance_id)
    assert instance is not None, "an instance is never removed"
    return replace(
        bare,
        amount=session.amount,
        interval=subscription.interval,
        name=f"{instance.name} ({instance.id})",
        metadata={**ours, "instance": instance.id},
    )


async def _needless(work: Work, call: CardCall) -> None:
    await work.card_calls.close(call.id, "void", error=None, at=work.now)
    if call.operation in OPENING:
        session = await work.card_sessions.get(call.subject)
        if session is not None and session.state is SessionStep.ASKED:
            await sessions.over(work, session)
    if call.operation is CardOperation.PORTAL:
        await showing.portal(work, call.message_key, why="no customer")


async def ask(cards: Cards, request: Request, urls: Urls) -> Answer:
    """
    Ask Stripe; in no transaction.

    :raises CardsRefused, CardsSilent:
    """
    key, said = request.call.id, request
    match request.call.operation:
        case CardOperation.CUSTOMER:
            found = await cards.find_customer(said.call.partner_id) if said.stale else None
            return found or await cards.customer(
                key, partner_id=said.call.partner_id, name=said.name, email=said.email
            )
        case CardOperation.SUBSCRIBE | CardOperation.PAY:
            return await _open(cards, request, urls)
        case CardOperation.EXPIRE:
            await cards.expire(said.session_id)
        case CardOperation.PORTAL:
            if said.stale:
                raise CardsRefused("not answered in time")
            return await cards.portal(key, customer_id=said.customer_id, return_url=urls.left)
        case CardOperation.CANCEL | CardOperation.KEEP:
            on = said.call.operation is CardOperation.CANCEL
            await cards.cancel_at_period_end(key, said.subscription_id, on=on)
        case _:
            await cards.cancel_now(key, said.subscription_id)
    return None


async def _open(cards: Cards, request: Request, urls: Urls) -> Session:
    if request.stale:
        # What it may have opened nobody was shown, and it has expired by now.
        raise CardsRefused("not answered in time")
    assert request.amount is not None
    assert request.metadata is not None
    if request.interval is None:
        return await cards.payment_session(
            request.call.id,
            customer_id=request.customer_id,
            amount=request.amount,
            title=request.name,
            metadata=request.metadata,
            urls=urls,
        )
    return await cards.subscription_session(
        request.call.id,
        customer_id=request.customer_id,
        amount=request.amount,
        interval=request.interval,
        title=request.name,
        metadata=request.metadata,
        urls=urls,
    )


async def succeeded(work: Work, request: Request, answer: Answer) -> None:
    """Post what Stripe confirmed; a second posting changes nothing."""
    call = request.call
    if not await work.card_calls.close(call.id, "done", error=None, at=work.now):
        return
    await work.partners.lock(call.partner_id)
    match call.operation:
        case CardOperation.CUSTOMER:
            await work.card_subscriptions.keep_customer(call.partner_id, str(answer))
        case CardOperation.SUBSCRIBE | CardOperation.PAY:
            assert isinstance(answer, Session)
            await _opened(work, request, answer)
        case CardOperation.EXPIRE:
            session = await work.card_sessions.get(call.subject)
            if session is not None and session.state is SessionStep.OPEN:
                await sessions.over(work, session)
        case CardOperation.PORTAL:
            await showing.portal(work, call.message_key, url=str(answer))
        case _:
            await showing.ending(work, call.message_key)
            # Whatever was asked: how the subscription is by now is looked up.
            await comparing.look_at(work, request.subscription_id)


async def _opened(work: Work, request: Request, opened: Session) -> None:
    session = await work.card_sessions.get(request.call.subject)
    assert session is not None, "it was asked for"
    after = replace(
        session,
        state=SessionStep.OPEN,
        session_id=opened.id,
        url=opened.url,
        expires_at=opened.expires_at,
    )
    await work.card_sessions.save(after)
    subscription = await sessions.subscription_of(work, session)
    if subscription is not None and subscription.state is CardState.ASKED:
        await work.card_subscriptions.save(
            replace(
                subscription,
                state=CardState.OPEN,
                session_id=opened.id,
                customer_id=request.customer_id,
            )
        )
    await showing.session(work, after)


async def refused(work: Work, request: Request, why: str, code: str = "") -> datetime | None:
    """
    Post that Stripe says no; who asked and the staff hear why.

    What has to become so is tried again each hour. Returns when it is tried again.
    """
    call = request.call
    if call.operation in INSISTED:
        until = work.now + REFUSED_AGAIN_AFTER
        await work.card_calls.put_off(call.id, until=until, error=why)
        # It may have ended by itself, which ends this as well.
        await comparing.look_at(work, request.subscription_id)
        if why != call.error:
            await _tell_of_trouble(work, call, why)
        return until
    if not await work.card_calls.close(call.id, "refused", error=why, at=work.now):
        return None
    await work.partners.lock(call.partner_id)
    if call.operation in OPENING:
        session = await work.card_sessions.get(call.subject)
        assert session is not None, "it was asked for"
        await sessions.over(work, session, why=why)
    elif call.operation is CardOperation.EXPIRE:
        # It was paid or has expired by itself: which of them is looked up, and no trouble.
        await comparing.look_at(work, request.session_id)
        return None
    elif call.operation is CardOperation.PORTAL:
        await showing.portal(work, call.message_key, why=why)
    elif request.subscription_id:
        await showing.ending(work, call.message_key, why=why)
        await comparing.look_at(work, request.subscription_id)
    await _tell_of_trouble(work, call, f"{why} ({code})" if code else why)
    return None


async def put_off(work: Work, request: Request, why: str, *, until: datetime) -> None:
    """Stripe does not answer: it will be asked again; staff hear of it at the third time."""
    await work.card_calls.put_off(request.call.id, until=until, error=why)
    if request.attempts == TOLD_STAFF_AT_ATTEMPT:
        await _tell_of_trouble(work, request.call, why)


async def _tell_of_trouble(work: Work, call: CardCall, why: str) -> None:
    partner = await finding.the_partner(work, call.partner_id)
    await telling.tell_staff(
        work,
        "card_trouble",
        {"operation": call.operation, "partner": partner.name, "why": why},
        key=f"card_trouble:{call.id}",
        partner_id=partner.id,
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
    )
