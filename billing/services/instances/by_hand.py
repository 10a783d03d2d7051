"""
What a person has to do at a messaging platform that has no call for it: a card in the staff groups.

It waits in /queue, can be claimed, and [Done] posts it as done there (`answered.done_by_hand`).

Facts of `staff_by_hand`: {id, operation, platform, instance, name, label, remote_id, partner,
since, until, active_until, state (open, done, refused or void), by, claimed_by, claimed_at};
`until`: it is tried again then, as well.
"""

from __future__ import annotations

from billing.refusals import NotFound
from billing.services import claimed, finding, telling
from billing.services.facts import Facts
from billing.services.messages import Button
from billing.services.ports import Call, Work
from billing.services.ports.platforms import Remote

KIND = "by_hand"


async def the_call(work: Work, call_id: str) -> Call:
    """
    Return a call that was left to a person, by now or before.

    :raises NotFound:
    """
    call = await work.calls.get(call_id)
    if call is None or call.by_hand_since is None:
        raise NotFound(what="card", wanted=call_id)
    return call


async def show(work: Work, call: Call) -> None:
    """Show staff what is to be done at the platform, or what became of it."""
    facts = await told(work, call)
    await telling.tell_staff(
        work,
        "staff_by_hand",
        facts,
        key=f"by_hand:{call.id}",
        partner_id=call.partner_id,
        buttons=buttons_of(call, facts),
    )


async def told(work: Work, call: Call) -> Facts:
    """Return what the card says of it."""
    instance = await work.instances.by_id(call.instance_id)
    assert instance is not None, "a call has an instance"
    partner = await finding.the_partner(work, call.partner_id)
    account = await work.instances.account(instance.id)
    return {
        "id": call.id,
        "operation": call.operation,
        "platform": instance.platform,
        "instance": instance.id,
        "name": instance.name,
        "label": Remote(instance.id, instance.name).label,
        "remote_id": account.remote_id,
        "partner": partner.name,
        "since": call.by_hand_since,
        "until": call.queued_until,
        "active_until": instance.active_until,
        "state": call.state,
        "by": "" if call.state == "open" else await _by(work, call),
        **await claimed.told(work, KIND, call.id),
    }


def buttons_of(call: Call, facts: Facts) -> list[list[Button]]:
    """Return what staff can do with it now."""
    if call.state != "open":
        return []
    return [
        [
            Button("done", "by_hand_done", {"call": call.id}, once=True),
            claimed.button(KIND, call.id, facts),
        ],
        [Button("partner", "partner", {"partner": call.partner_id})],
    ]


async def over(work: Work, call: Call) -> None:
    """It is closed by now: its card says so, and nobody sees to it any more."""
    await work.claims.drop(KIND, call.id)
    await show(work, await the_call(work, call.id))


async def _by(work: Work, call: Call) -> str:
    """Return who said that it is done, if a person did."""
    for row in await work.audit.about(call.instance_id, limit=10):
        if row.action == "by_hand" and row.after == call.operation:
            return row.actor.partition(" ")[2]
    return ""
