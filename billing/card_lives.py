"""
An instance that is paid for by card: whether it can be, how it runs and stops, what is said ahead.

Rules: "Card", "Life of an instance".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from billing.cards import CardState, CardSubscription, Interval
from billing.instances import Instance, NeverActivated, Origin, SettledOtherwise, State, expect
from billing.notices import Notice, NoticeKind, awake
from billing.programmes import Programme, Settlement
from billing.refusals import AlreadyDone, Refusal

# Whose renewal is far enough away to be forgotten.
BEFORE_RENEWAL = timedelta(days=7)
RENEWAL_TOLD = frozenset({Interval.HALF_YEAR, Interval.YEAR})


class NotByCard(Refusal):
    """It is not paid for by card. Facts: `action`."""

    code = "not_by_card"


def check_subscribable(instance: Instance, programme: Programme) -> None:
    """
    Refuse what cannot be paid for by card from now on.

    :raises SettledOtherwise: the programme knows no cards, or it runs and is paid for otherwise.
    :raises AlreadyDone: it is paid for by card. Facts: `since`.
    :raises NeverActivated: it was made in the panel, and the programme does not adopt those.
    :raises NotInThisState: it is not made yet, or gone, or stopped for an unpaid invoice.
    """
    if Settlement.CARD not in programme.settlements:
        raise SettledOtherwise(action="card", settlement=instance.settlement)
    if instance.state is State.ACTIVE:
        if instance.settlement is Settlement.CARD:
            raise AlreadyDone(action="subscribe", since=instance.subscribed_at)
        raise SettledOtherwise(action="card", settlement=instance.settlement)
    if instance.origin is Origin.PANEL and not programme.adopts_panel_instances:
        raise NeverActivated
    expect(instance, "subscribe", State.TRIAL, State.STOPPED)


def can_run(instance: Instance) -> bool:
    """Whether a card that was charged makes it run: not what is gone, or stopped for a debt."""
    return instance.state in {State.TRIAL, State.STOPPED, State.ACTIVE}


def runs(instance: Instance, until: datetime, *, at: datetime) -> Instance:
    """
    The card was charged: it runs until then, and whatever it had before is left.

    :raises NotInThisState: see `can_run`.
    """
    expect(instance, "card", State.TRIAL, State.STOPPED, State.ACTIVE)
    return replace(
        instance,
        state=State.ACTIVE,
        settlement=Settlement.CARD,
        subscribed_at=instance.subscribed_at or at,
        active_until=until,
        auto_extend=None,
        stopped_at=None,
    )


def stops(instance: Instance, *, at: datetime) -> Instance:
    """
    Its subscription has ended: it stops.

    :raises NotByCard: it is paid for otherwise by now.
    :raises NotInThisState: it does not run.
    """
    if instance.settlement is not Settlement.CARD:
        raise NotByCard(action="card_ended")
    expect(instance, "card_ended", State.ACTIVE)
    return replace(instance, state=State.STOPPED, stopped_at=at)


def subject(subscription: CardSubscription) -> str:
    """What notices of a paid period are about; those of the next one are others."""
    at = subscription.period_ends_at
    return f"{subscription.id}:{int(at.timestamp()) if at else 0}"


def notices_of(subscription: CardSubscription, night: str, *, since: datetime) -> list[Notice]:
    """Return what is said ahead of a renewal: 7 days before, of one that is far apart."""
    renews = subscription.renews_at
    if subscription.state is not CardState.ACTIVE or renews is None:
        return []
    # Days ahead, so that the morning after a night is never too late.
    at = awake(renews - BEFORE_RENEWAL, night)
    if subscription.interval not in RENEWAL_TOLD or at <= since:
        return []
    return [Notice(NoticeKind.CARD_RENEWAL, subject(subscription), at, renews)]
