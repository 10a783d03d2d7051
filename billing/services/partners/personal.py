"""
What is kept about a person: handed out, and removed.

The person goes, with name, language, memberships and what was chosen; the books and the audit
stay, for what was done in a partner's name is the partner's. Raw updates are forgotten after 30
days by themselves. Rules: "Who may do what".
"""

from __future__ import annotations

from dataclasses import dataclass

from billing.partners import Right
from billing.refusals import Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.partners import enrolment, team
from billing.services.people import Actor
from billing.services.ports import Work


class StaffStay(Refusal):
    """Who is staff is not forgotten: an admin takes the role away first."""

    code = "staff_stay"


@dataclass(frozen=True, slots=True)
class Farewell:
    """What forgetting a person ends: the membership, the open application; None where there is."""

    partner: str | None
    role: str | None
    company: str | None


@requires(Right.ANYONE)
async def export(work: Work, actor: Actor) -> int:
    """Note that a person asks for what is kept about them; return whom it is about."""
    user_id = actor.user_id or 0
    await _note(work, actor, "export")
    return user_id


@requires(Right.ANYONE)
async def look(work: Work, actor: Actor) -> Farewell:
    """
    Say what would end; changes nothing.

    :raises StaffStay:
    :raises LastOwner: somebody else has to be owner first.
    """
    if actor.staff is not None:
        raise StaffStay
    user_id = actor.user_id or 0
    application = await work.people.open_application(user_id)
    company = application.company if application else None
    if actor.partner_id is None:
        return Farewell(None, None, company)
    partner = await finding.own_partner(work, actor)
    members = await work.people.members(partner.id)
    own = await team.colleague(work, partner.id, user_id)
    team.check_not_last(own, members)
    return Farewell(partner.name, own.member.role, company)


@requires(Right.ANYONE)
async def forget(work: Work, actor: Actor) -> Farewell:
    """
    Remove the person; the owners of its partner hear that it is gone.

    :raises StaffStay, LastOwner:
    """
    shown = await look(work, actor)
    user_id = actor.user_id or 0
    await _note(work, actor, "forget")
    if actor.partner_id is not None:
        partner = await work.partners.lock(actor.partner_id)
        gone = await team.colleague(work, partner.id, user_id)
        await team.leave(work, actor, partner, gone)
    application = await work.people.open_application(user_id)
    await work.people.forget(user_id)
    if application is not None:
        await enrolment.withdraw(work, actor, application)
    await work.messages.hold_back(user_id)
    return shown


async def _note(work: Work, actor: Actor, action: str) -> None:
    await work.audit.record(
        actor,
        action,
        at=work.now,
        kind="person",
        object_id=str(actor.user_id),
        partner_id=actor.partner_id,
    )
