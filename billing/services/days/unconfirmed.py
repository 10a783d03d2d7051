"""
Days that the platform did not confirm: they come back when it refuses an extension.

The instance is then as it was before it was given them, as far as that lasts by now. The partner
hears of it. Rules: "Days", 4; "Life of an instance".

Facts of `extension_refused`: {id, name, days, why, state, until, auto: it takes days by itself no
longer}.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from billing import ledger, lifetimes
from billing.days import allocations
from billing.days.allocations import Allocation
from billing.instances import Instance, State
from billing.partners import Partner
from billing.services import finding, telling
from billing.services.days import funds, life
from billing.services.instances import platform, trials
from billing.services.messages import Button
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Work


async def there_are(work: Work, instance: Instance) -> bool:
    """Whether the instance has days that the platform did not confirm, and that can come back."""
    return instance.state is State.ACTIVE and bool(await _held(work, instance))


async def take_back(work: Work, actor: Actor, instance: Instance, why: str) -> Instance:
    """
    Return to the balance what the platform does not let the instance have; the partner is locked.

    Returns the instance as it goes on. It takes days by itself no longer: it would be refused them
    again and again.
    """
    held = await _held(work, instance)
    back = sum(one.kept - one.used for one in held)
    for one in held:
        returned = one.returned + one.kept - one.used
        await work.days.save_allocation(replace(one, returned=returned))
    confirmed = (await work.instances.account(instance.id)).confirmed_until
    after = allocations.taken_back(instance, held, had_days=confirmed is not None, at=work.now)
    await life.forget(work, instance)
    await work.instances.save(after)
    entry = ledger.days_returned(instance.partner_id, instance.id, back)
    await work.ledger.post(entry, actor=actor, at=work.now)
    partner = await finding.the_partner(work, instance.partner_id)
    await _goes_on(work, actor, partner, after)
    await funds.grown(work, partner.id)
    await funds.look(work, partner)
    await _tell(work, actor, partner, instance, after, back, why)
    return after


async def _held(work: Work, instance: Instance) -> Sequence[Allocation]:
    """Return what begins after what the platform has confirmed."""
    confirmed = (await work.instances.account(instance.id)).confirmed_until
    return [
        one
        for one in await work.days.of_instance(instance.id)
        if one.kept > one.used and (confirmed is None or one.starts_at >= confirmed)
    ]


async def _goes_on(work: Work, actor: Actor, partner: Partner, after: Instance) -> None:
    """Plan what is due for it as it is now."""
    if after.active_until is None:
        await trials.plan(work, after)
    elif after.state is State.ACTIVE:
        await life.plan(work, partner, after)
    else:
        await _stays_stopped(work, actor, partner, after)


async def _stays_stopped(work: Work, actor: Actor, partner: Partner, after: Instance) -> None:
    """It had run out before, or its days were over meanwhile: it is deleted later."""
    held = await work.days.of_instance(after.id)
    await life.post_used(work, actor, partner.id, held, after.id, until=work.now)
    await platform.promise(work, Operation.STOP, after)
    delete_at = lifetimes.ran_out_deletion(after, finding.programme_of(work, partner))
    assert delete_at is not None, "it ran out"
    await life.plan_deletion(work, partner, after, delete_at)


async def _tell(
    work: Work,
    actor: Actor,
    partner: Partner,
    before: Instance,
    after: Instance,
    back: int,
    why: str,
) -> None:
    facts = {
        "id": after.id,
        "name": after.name,
        "days": back,
        "why": why,
        "state": after.state,
        "until": after.active_until or after.trial_ends_at,
        "auto": before.auto_extend is not None,
    }
    await telling.tell_partner(
        work,
        partner.id,
        "extension_refused",
        facts,
        key=f"extension_refused:{actor.cause}",
        roles=telling.OPERATORS,
        buttons=[[Button("show", "show", {"instance": after.id}), Button("days", "days")]],
        quiet_zone=partner.night,
    )
