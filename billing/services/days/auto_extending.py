"""
Instances that take days by themselves before they end; never in part.

Rules: "Days", 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.days import allocations, quotes
from billing.days.extensions import FURTHEST_DAYS, Item
from billing.days.forecasts import AUTO_AHEAD
from billing.days.notices import ends_at
from billing.instances import (
    GONE,
    Instance,
    NeverActivated,
    NotInThisState,
    SettledOtherwise,
    State,
)
from billing.partners import Partner, Right
from billing.programmes import Programme, Settlement
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.days import funds, life
from billing.services.people import Actor
from billing.services.ports import Due, Work

# What can be told to take days by itself; what is stopped is extended by hand first.
RUNNING = frozenset({State.TRIAL, State.ACTIVE, State.OVERDUE})


@dataclass(frozen=True, slots=True)
class AutoItem:
    """One instance as it is set now, or why it cannot be: then `refusal` is there."""

    instance: Instance
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class AutoSet:
    """What was set for whom; `days` None means that they take none by themselves any more."""

    days: int | None
    items: tuple[AutoItem, ...]


@requires(Right.OPERATE)
async def switch(
    work: Work,
    actor: Actor,
    instance_ids: Sequence[str],
    *,
    on: bool,
    by: int | Decimal | None = None,
) -> AutoSet:
    """
    Let instances extend themselves with less than a day left, by the channel's days or so many.

    A refusal of one instance stands in its item (NotInThisState, SettledOtherwise,
    NeverActivated, AlreadyDone); the others are set. One that has less than a day left by now
    takes its days at once.

    :raises NoDays, DayCountRefused, NotFound:
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    terms = funds.terms_of(work, partner)
    wanted = None
    if on:
        have = await funds.funds_of(work, partner)
        asked = terms.channel_days if by is None else by
        wanted = quotes.whole(asked, have, most=FURTHEST_DAYS)
    items = []
    for instance_id in dict.fromkeys(instance_ids):
        instance = await finding.the_instance(work, partner.id, instance_id)
        items.append(await _set(work, actor, partner, instance, wanted))
    return AutoSet(wanted, tuple(items))


async def _set(
    work: Work, actor: Actor, partner: Partner, instance: Instance, wanted: int | None
) -> AutoItem:
    try:
        _check(instance, wanted, finding.programme_of(work, partner))
    except Refusal as refusal:
        return AutoItem(instance, refusal)
    after = allocations.auto_extended(instance, wanted)
    await work.instances.save(after)
    await work.audit.record(
        actor,
        "auto",
        at=work.now,
        kind="instance",
        object_id=instance.id,
        partner_id=partner.id,
        before=str(instance.auto_extend or "off"),
        after=str(wanted or "off"),
    )
    await life.plan(work, partner, after)
    return AutoItem(after)


def _check(instance: Instance, wanted: int | None, programme: Programme) -> None:
    if instance.state in GONE or (wanted is not None and instance.state not in RUNNING):
        raise NotInThisState(action="auto", state=instance.state)
    if wanted is not None and instance.settlement is not Settlement.DAYS:
        raise SettledOtherwise(action="auto", settlement=instance.settlement)
    if wanted is not None and not allocations.is_adopted(instance, programme):
        raise NeverActivated
    if instance.auto_extend == wanted:
        raise AlreadyDone(action="auto", days=wanted)


async def carry_out(work: Work, actor: Actor, due: Due) -> None:
    """An instance has less than a day left: it takes its days, if they are there."""
    assert due.partner_id is not None
    partner = await work.partners.lock(due.partner_id)
    instance = await work.instances.by_id(due.subject)
    assert instance is not None, "an instance is never forgotten"
    await attempt(work, actor, partner, instance)


async def refill(work: Work, actor: Actor, due: Due) -> None:
    """The balance has grown: all that wait for days look again, what ends first leading."""
    assert due.partner_id is not None
    partner = await work.partners.lock(due.partner_id)
    states = [State.TRIAL, State.ACTIVE, State.STOPPED]
    waiting = [
        (end, instance.id, instance)
        for instance in await work.instances.of_partner(partner.id, states)
        if instance.auto_extend is not None and (end := ends_at(instance)) is not None
    ]
    for _, _, instance in sorted(waiting, key=lambda one: one[:2]):
        await attempt(work, actor, partner, instance)
    await funds.look(work, partner)


async def attempt(work: Work, actor: Actor, partner: Partner, instance: Instance) -> bool:
    """
    Let an instance take its days if it has less than one left and they are there.

    Also one that ran out for want of them. A frozen partner's go on; not those of one that is
    stopped or has left.
    """
    wanted, end = instance.auto_extend, ends_at(instance)
    if wanted is None or end is None or end - work.now > AUTO_AHEAD:
        return False
    if partner.stopped_at is not None or partner.left_at is not None:
        return False
    programme = finding.programme_of(work, partner)
    if not funds.has_days(work, partner):
        return False
    have = await funds.funds_of(work, partner)
    if have.lack(wanted):
        return False
    try:
        after = allocations.extend(instance, wanted, at=work.now, programme=programme)
    except Refusal:
        return False
    item = Item(instance, after, wanted)
    await life.give(work, actor, partner, [item], action="auto_extend")
    return True
