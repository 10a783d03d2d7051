"""
An instance paid for by its own card: what it costs, the page where it is paid, and its end.

Paying is done on Stripe's page, so asking for that page costs nothing and is not confirmed; the
price is on the buttons that ask for it. Rules: "Card".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing import card_lives, cards, partners
from billing.card_lives import NotByCard
from billing.cards import RUNNING, CardState, CardSubscription, Interval
from billing.instances import Instance
from billing.money import Money
from billing.partners import Partner, Right, check_may_begin
from billing.programmes import Programme, Settlement
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.cards import endings, promising, sessions
from billing.services.people import Actor
from billing.services.ports import (
    CardOperation,
    CardSession,
    SessionKind,
    SessionStep,
    Work,
)


class NoCards(Refusal):
    """Nothing is paid by card: there is no key for Stripe, or the programme knows no cards."""

    code = "no_cards"


@dataclass(frozen=True, slots=True)
class Offer:
    """What an instance costs by card, by interval; a year is so many percent less."""

    instance: Instance
    prices: dict[Interval, Money]
    discount_percent: int


@dataclass(frozen=True, slots=True)
class Held:
    """An instance that is paid by card, and its subscription; `until` is how far it is paid."""

    instance: Instance
    subscription: CardSubscription

    @property
    def until(self) -> datetime | None:
        """How far it is paid."""
        return self.subscription.period_ends_at


async def takes_cards(work: Work, partner: Partner) -> bool:
    """Whether instances of a partner can be paid by card."""
    programme = finding.programme_of(work, partner)
    return work.stripe is not None and Settlement.CARD in programme.settlements


@requires(Right.OPERATE)
async def offer(work: Work, actor: Actor, instance_id: str) -> Offer:
    """
    Say what an instance would cost by card; changes nothing.

    :raises NoCards, PartnerFrozen, PartnerStopped, PartnerLeft, NotFound:
    :raises: as `card_lives.check_subscribable` does.
    """
    partner = await finding.own_partner(work, actor)
    return await _offer(work, partner, instance_id)


async def _offer(work: Work, partner: Partner, instance_id: str) -> Offer:
    programme = finding.programme_of(work, partner)
    if not await takes_cards(work, partner) or programme.card is None:
        raise NoCards
    check_may_begin(partner)
    instance = await finding.the_instance(work, partner.id, instance_id)
    card_lives.check_subscribable(instance, programme)
    channel = await _channel(work, partner, programme)
    prices = {each: cards.price(channel, each, programme.card) for each in Interval}
    return Offer(instance, prices, programme.card.annual_discount_percent)


async def _channel(work: Work, partner: Partner, programme: Programme) -> Money:
    assert programme.days is not None, "what is paid by card has the price of a channel"
    agreements = await work.partners.agreements(partner.id)
    month = programme.calendar.month_of(work.now)
    return partners.channel_price(programme, programme.days, agreements, month=month)


@requires(Right.OPERATE)
async def begin(
    work: Work, actor: Actor, instance_id: str, interval: Interval, *, message_key: str
) -> CardSession:
    """
    Open a page where a subscription is paid; a page that waits for the same is shown again.

    Pages that wait for another interval or price are ended. The card of `message_key` is said
    anew as it goes on.

    :raises: as `offer` does.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    amount = (await _offer(work, partner, instance_id)).prices[interval]
    for living in await work.card_subscriptions.living(instance_id):
        waiting = await _waiting(work, living, interval, amount)
        if waiting is not None:
            return await sessions.moved(work, waiting, message_key)
        await endings.withdraw(work, living.id)
    return await _ask(work, partner, instance_id, interval, amount, message_key)


async def _waiting(
    work: Work, living: CardSubscription, interval: Interval, amount: Money
) -> CardSession | None:
    """Return the session of a subscription if it waits, and is as it is wanted now."""
    session = await work.card_sessions.get(living.id)
    if session is None or not session.wanted or living.state in RUNNING:
        return None
    same = (living.interval, living.amount) == (interval, amount)
    return session if same and not sessions.is_old(work, session) else None


async def _ask(
    work: Work,
    partner: Partner,
    instance_id: str,
    interval: Interval,
    amount: Money,
    message_key: str,
) -> CardSession:
    op = work.ids.opaque()
    await work.card_subscriptions.add(
        CardSubscription(
            id=op,
            instance_id=instance_id,
            partner_id=partner.id,
            interval=interval,
            amount=amount,
            state=CardState.ASKED,
            asked_at=work.now,
        )
    )
    session = CardSession(
        id=op,
        kind=SessionKind.SUBSCRIPTION,
        subject=op,
        partner_id=partner.id,
        amount=amount,
        state=SessionStep.ASKED,
        asked_at=work.now,
        card_key=message_key,
    )
    await work.card_sessions.add(session)
    await promising.have_customer(work, partner.id)
    await promising.promise(work, CardOperation.SUBSCRIBE, partner.id, op)
    return session


@requires(Right.VIEW)
async def held(work: Work, actor: Actor, instance_id: str) -> Held:
    """
    Return how an instance is paid by card.

    :raises NotFound:
    :raises NotByCard: it is not. Facts: `action`.
    """
    partner = await finding.own_partner(work, actor)
    return await _held(work, partner, instance_id, "show")


async def _held(work: Work, partner: Partner, instance_id: str, action: str) -> Held:
    instance = await finding.the_instance(work, partner.id, instance_id)
    found = await work.card_subscriptions.latest(instance.id)
    if found is None or found.state not in RUNNING:
        raise NotByCard(action=action)
    return Held(instance, found)


@requires(Right.OPERATE)
async def end(
    work: Work, actor: Actor, instance_id: str, *, on: bool = True, message_key: str
) -> Held:
    """
    Let a subscription end with the period that is paid, or with `on` False go on after all.

    It is asked of Stripe, and so when Stripe says so: the card of `message_key` tells then.

    :raises NotFound, NotByCard:
    :raises AlreadyDone: it is so. Facts: `until`.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    found = await _held(work, partner, instance_id, "cancel" if on else "keep")
    if not on:
        check_may_begin(partner)
    subscription = found.subscription
    asked = await work.card_calls.open_about(subscription.id)
    goal = asked[-1].operation is CardOperation.CANCEL if asked else subscription.ending
    if goal is on:
        action = "card_cancel" if on else "card_keep"
        raise AlreadyDone(action=action, until=found.until)
    operation = CardOperation.CANCEL if on else CardOperation.KEEP
    await promising.promise(work, operation, partner.id, subscription.id, message_key=message_key)
    await work.audit.record(
        actor,
        f"card.{operation}",
        at=work.now,
        kind="card",
        object_id=instance_id,
        partner_id=partner.id,
    )
    return found


@requires(Right.PAY)
async def portal(work: Work, actor: Actor, *, message_key: str) -> None:
    """
    Open the partner's own page at Stripe: cards, receipts; the card of `message_key` brings it.

    :raises NoCards: there is no such page, for nothing was ever paid by card.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    if work.stripe is None or await work.card_subscriptions.customer(partner.id) is None:
        raise NoCards
    await promising.promise(
        work, CardOperation.PORTAL, partner.id, partner.id, message_key=message_key
    )
