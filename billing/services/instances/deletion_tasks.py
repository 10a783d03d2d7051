"""
The staff's card of an instance that waits to be deleted by hand; edited as things go on.

Kind `staff_delete_task` {id, name, partner, state, trial_ends_at, by, claimed_by, claimed_at}: `by`
is who ended the wait, by deleting or by subscribing it. Rules: "The three programmes that ship".
"""

from __future__ import annotations

from billing.instances import Instance, State
from billing.services import claimed, finding, telling
from billing.services.facts import Facts
from billing.services.messages import Button
from billing.services.ports import Work

KIND = "deletion"
# What ends the wait, as the audit calls it.
ENDINGS = frozenset({"delete", "subscribe", "extend"})


async def show(work: Work, instance: Instance) -> None:
    """Show staff that an instance waits to be deleted by hand, or what became of it."""
    facts = await told(work, instance)
    await telling.tell_staff(
        work,
        "staff_delete_task",
        facts,
        key=_key(instance.id),
        partner_id=instance.partner_id,
        buttons=buttons_of(instance, facts),
    )


async def told(work: Work, instance: Instance) -> Facts:
    """Return what the card says of it."""
    partner = await finding.the_partner(work, instance.partner_id)
    return {
        "id": instance.id,
        "name": instance.name,
        "partner": partner.name,
        "state": instance.state,
        "trial_ends_at": instance.trial_ends_at,
        "by": "" if instance.state is State.STOPPED else await _by(work, instance.id),
        **await claimed.told(work, KIND, instance.id),
    }


def buttons_of(instance: Instance, facts: Facts) -> list[list[Button]]:
    """Return what staff can do with it now."""
    if instance.state is not State.STOPPED:
        return []
    return [
        [
            Button("done", "task_done", {"instance": instance.id}, once=True),
            claimed.button(KIND, instance.id, facts),
        ],
        [Button("partner", "partner", {"partner": instance.partner_id})],
    ]


async def over(work: Work, before: Instance) -> None:
    """An instance that may have waited does so no more; saved as it is now, its card follows."""
    if before.state is not State.STOPPED:
        return
    await work.claims.drop(KIND, before.id)
    for chat_id in await work.people.groups():
        if await work.messages.get(f"{_key(before.id)}:{chat_id}") is not None:
            after = await work.instances.by_id(before.id)
            assert after is not None, "an instance is never forgotten"
            await show(work, after)
            return


async def _by(work: Work, instance_id: str) -> str:
    acts = [row for row in await work.audit.about(instance_id, limit=10) if row.action in ENDINGS]
    return acts[0].actor.partition(" ")[2] if acts else ""


def _key(instance_id: str) -> str:
    return f"task:delete:{instance_id}"
