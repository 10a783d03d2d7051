"""
The life of an instance on days: given them, and leaving with what is left.

Whatever gives days or ends an instance passes here, so that the books, the allocations, what is
planned and the platform agree. Rules: "Days", 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from billing import ledger
from billing.days import allocations
from billing.days.allocations import Allocation
from billing.days.extensions import Item
from billing.days.forecasts import auto_extends_at
from billing.days.notices import end_subject, of_days, of_deletion
from billing.days.quotes import NotEnoughDays
from billing.instances import Instance, State
from billing.partners import Partner
from billing.programmes import Settlement
from billing.services import finding, recording, telling
from billing.services.cards import endings as card_endings
from billing.services.days import funds, warnings
from billing.services.instances import platform, trials
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Due, Work


async def give(
    work: Work,
    actor: Actor,
    partner: Partner,
    items: Sequence[Item],
    *,
    action: str = "extend",
    message_key: str | None = None,
) -> None:
    """
    Give instances the days of their items, all or none; the partner is locked.

    :raises NotEnoughDays: the balance and the limit do not reach, whoever else took of it.
    """
    total = sum(item.days for item in items)
    have = await funds.funds_of(work, partner)
    account = ledger.balance(partner.id)
    if not await work.ledger.reserve(account, ledger.DAYS, total, floor=have.floor):
        raise NotEnoughDays(
            asked=total, balance=have.balance, possible=have.possible, limit=have.limit
        )
    given, entries = [], []
    for item in items:
        assert item.after is not None
        await recording.change(work, actor, action, item.instance, item.after)
        entries.append((await _allocate(work, item), actor))
        await forget(work, item.instance)
        if item.instance.state in {State.TRIAL, State.STOPPED}:
            await trials.forget(work, item.instance)
        await platform.promise(work, Operation.EXTEND, item.after, message_key=message_key)
        given.append(item.after)
    await work.ledger.post_all(entries, at=work.now)
    await plan(work, partner, *given)
    await funds.look(work, partner)


async def _allocate(work: Work, item: Item) -> ledger.Entry:
    """Return what is to be posted of it."""
    instance = item.instance
    allocation = Allocation(
        id=work.ids.opaque(),
        instance_id=instance.id,
        partner_id=instance.partner_id,
        days=item.days,
        starts_at=allocations.lasts_until(instance, work.now),
        allocated_at=work.now,
    )
    await work.days.allocate(allocation)
    return ledger.days_allocated(instance.partner_id, instance.id, item.days)


async def plan(work: Work, partner: Partner, *found: Instance) -> None:
    """Plan the end of instances' days, its notices and what they take by themselves; or move it."""
    rows: list[Due] = []
    for instance in found:
        rows += _auto(work, partner, instance)
        if instance.state is State.ACTIVE and instance.active_until is not None:
            rows += _end(work, partner, instance, instance.active_until)
    waiting = {row.key for row in rows}
    autos = (_auto_key(instance) for instance in found)
    await work.due.drop_all([key for key in autos if key not in waiting])
    await work.due.plan_all(rows)


def _auto_key(instance: Instance) -> str:
    return f"days_auto:{end_subject(instance)}"


def _auto(work: Work, partner: Partner, instance: Instance) -> list[Due]:
    at = auto_extends_at(instance)
    if at is None:
        return []
    key = _auto_key(instance)
    return [Due(key, "days_auto", instance.id, partner.id, max(at, work.now))]


def _end(work: Work, partner: Partner, instance: Instance, ends: datetime) -> list[Due]:
    notices = of_days(instance, partner.night, since=work.now)
    out = Due(f"days_out:{end_subject(instance)}", "days_out", instance.id, partner.id, ends)
    return [out, *telling.notices_due(work, partner.id, notices)]


def deletion_key(instance: Instance) -> str:
    """The key of the deletion of what ran out; one that ran out again has another."""
    return f"days_delete:{end_subject(instance)}"


async def plan_deletion(
    work: Work, partner: Partner, instance: Instance, delete_at: datetime
) -> None:
    """Plan the deletion of what ran out, and the warnings before it; they name all of that day."""
    key = deletion_key(instance)
    await work.due.plan(Due(key, "days_delete", instance.id, partner.id, delete_at))
    for notice in of_deletion(partner.id, delete_at, partner.night, since=work.now):
        waits = await work.due.planned(telling.notice_key(notice.kind, notice.subject))
        if waits is None or waits.at > notice.at:
            await telling.plan_notice(work, partner.id, notice)


async def forget(work: Work, instance: Instance) -> None:
    """What was planned for the instance as it was does not matter any more."""
    subject = end_subject(instance)
    steps = (_auto_key(instance), f"days_out:{subject}", deletion_key(instance))
    await work.due.drop_all(steps)
    await warnings.forget(work, instance)


async def returning(work: Work, instance: Instance) -> int:
    """Return how many days would come back if the instance were deleted now."""
    if instance.settlement is not Settlement.DAYS:
        return 0
    held = await work.days.of_instance(instance.id)
    return allocations.comes_back(held, at=work.now)


async def leave(work: Work, actor: Actor, instance: Instance) -> int:
    """
    An instance is deleted: the days that it did not use come back, and its card is charged no more.

    Also drops what was planned for it. Returns how many days came back: none to what has none.
    """
    await card_endings.instance_gone(work, instance)
    return await give_back(work, actor, instance)


async def give_back(work: Work, actor: Actor, instance: Instance) -> int:
    """Return the days that an instance did not use, which runs on them no longer."""
    if instance.settlement is not Settlement.DAYS:
        return 0
    await forget(work, instance)
    held = await work.days.of_instance(instance.id)
    await post_used(work, actor, instance.partner_id, held, instance.id, until=work.now)
    back = 0
    for changed in allocations.give_back(held, at=work.now):
        back += changed.returned
        await work.days.save_allocation(replace(changed, used=changed.kept))
    if back:
        entry = ledger.days_returned(instance.partner_id, instance.id, back)
        await work.ledger.post(entry, actor=actor, at=work.now)
        await funds.grown(work, instance.partner_id)
    if held:
        await funds.look(work, await finding.the_partner(work, instance.partner_id))
    return back


async def post_used(
    work: Work,
    actor: Actor,
    partner_id: str,
    held: Iterable[Allocation],
    reference: str,
    *,
    until: datetime,
) -> None:
    """Post the days that began before an instant, as far as the books do not have them."""
    total = 0
    for allocation in held:
        started = allocation.started(until)
        if started > allocation.used:
            total += started - allocation.used
            await work.days.save_allocation(replace(allocation, used=started))
    if total:
        entry = ledger.days_used(partner_id, reference, total)
        await work.ledger.post(entry, actor=actor, at=work.now)
