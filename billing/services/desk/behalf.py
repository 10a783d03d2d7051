"""
Staff act for a partner, at its wish: with a manager's rights, in their own name.

Use cases see both: the actor is the person of the staff, the partner the one acted for. The audit
names both, and the partner hears of whatever was changed. Rules: "Who may do what".
"""

from __future__ import annotations

from dataclasses import replace

from billing.partners import MEMBER_RIGHTS, Partner, Right, Role
from billing.services import finding, telling
from billing.services.access import requires
from billing.services.messages import Urgency
from billing.services.people import Actor
from billing.services.ports import Work

RIGHTS = MEMBER_RIGHTS[Role.MANAGER]
# More is not done by one command: an extension of a whole fleet is one row for each instance.
MOST_ACTS = 100
SHOWN = 10


@requires(Right.SERVE)
async def acting(work: Work, actor: Actor, partner_id: str) -> Actor:
    """
    Return the actor as it acts for a partner.

    :raises NotFound:
    """
    partner = await finding.the_partner(work, partner_id)
    return replace(actor, partner_id=partner.id, role=None, rights=RIGHTS, on_behalf=True)


@requires(Right.VIEW)
async def tell(work: Work, actor: Actor) -> Partner:
    """
    Tell the partner what was changed for it just now, if anything was; return the partner.

    :raises NoPartner:
    """
    partner = await finding.own_partner(work, actor)
    acts = [
        row
        for row in await work.audit.about(partner.id, limit=MOST_ACTS)
        if row.cause == actor.cause and row.outcome == "done"
    ]
    if not acts:
        return partner
    shown = [
        {
            "action": row.action,
            "kind": row.kind,
            "object": await _name(work, partner, row.object_id),
        }
        for row in reversed(acts[:SHOWN])
    ]
    await telling.tell_partner(
        work,
        partner.id,
        "acted_for",
        {"acts": shown, "more": len(acts) - len(shown)},
        key=f"acted_for:{actor.cause}",
        roles=telling.OPERATORS,
        urgency=Urgency.REPLY,
    )
    return partner


async def _name(work: Work, partner: Partner, object_id: str) -> str:
    """Return what people call what was acted upon: an instance by its name."""
    instance = await work.instances.get(partner.id, object_id)
    return object_id if instance is None else instance.name
