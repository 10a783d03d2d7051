"""
Who acts for a partner: inviting, giving other roles, removing.

Somebody has to be owner: the last one is neither removed nor given another role. All owners hear
of every change, and whoever is removed does. Rules: "Who may do what".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from billing.partners import Partner, Right, Role
from billing.refusals import AlreadyDone, NotFound, Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.facts import Facts
from billing.services.messages import Message, Urgency
from billing.services.partners import linking
from billing.services.people import Actor, Member, Person
from billing.services.ports import Work


class LastOwner(Refusal):
    """Somebody has to be owner. Facts: `person`."""

    code = "last_owner"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member as the others see it; `blocked`: what the bot says does not arrive."""

    member: Member
    name: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Team:
    """All who act for a partner, in the order in which they joined, and its own group."""

    partner: Partner
    colleagues: Sequence[Colleague]
    group: int | None


@requires(Right.OWN)
async def look(work: Work, actor: Actor) -> Team:
    """Return who acts for the actor's partner."""
    partner = await finding.own_partner(work, actor)
    return Team(
        partner,
        [await _colleague(work, member) for member in await work.people.members(partner.id)],
        await work.groups.of_partner(partner.id),
    )


@requires(Right.OWN)
async def one(work: Work, actor: Actor, user_id: int) -> Colleague:
    """
    Return one of the actor's team.

    :raises NotFound: the person does not act for this partner.
    """
    return await colleague(work, finding.own_partner_id(actor), user_id)


@requires(Right.OWN)
async def invite(work: Work, actor: Actor, role: Role) -> tuple[Partner, str, datetime]:
    """
    Make a code that gives whoever uses it that role.

    Returns the key under which it waits, encrypted, to be shown until it is used or over.
    """
    partner = await finding.own_partner(work, actor)
    key, ends_at = await linking.new_code(work, actor, partner.id, role)
    await _note(work, actor, "invite", partner.id, "", role)
    return partner, key, ends_at


@requires(Right.OWN)
async def change(work: Work, actor: Actor, user_id: int, role: Role) -> Colleague:
    """
    Give a member another role; it holds from its next update on.

    :raises NotFound: the person does not act for this partner.
    :raises AlreadyDone: the member has that role. Facts: `role`, `person`.
    :raises LastOwner:
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    before = await one(work, actor, user_id)
    if before.member.role is role:
        raise AlreadyDone(action="team_role", role=role, person=before.name)
    check_not_last(before, await work.people.members(partner.id))
    after = Member(user_id, partner.id, role)
    await work.people.give_role(after)
    await _note(work, actor, "role", str(user_id), before.member.role, role)
    facts = {"person": before.name, "role": role, "by": actor.name}
    await _tell(work, actor, partner, "team_role", facts, user_id)
    return Colleague(after, before.name, before.blocked)


@requires(Right.OWN)
async def remove(work: Work, actor: Actor, user_id: int) -> Colleague:
    """
    Let a person act for the partner no more, from this moment on.

    What waits to be said to it is not said any more, but that it is removed.

    :raises NotFound: the person does not act for this partner.
    :raises LastOwner:
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    gone = await one(work, actor, user_id)
    await leave(work, actor, partner, gone)
    return gone


async def leave(work: Work, actor: Actor, partner: Partner, gone: Colleague) -> None:
    """
    Take a member out of the team, by whoever has the right to.

    :raises LastOwner:
    """
    check_not_last(gone, await work.people.members(partner.id))
    user_id = gone.member.user_id
    await work.people.remove_member(user_id)
    await work.choices.forget(partner.id, str(user_id))
    await work.messages.hold_back(user_id)
    await _note(work, actor, "remove", str(user_id), gone.member.role, "")
    facts = {"person": gone.name, "role": gone.member.role, "by": actor.name}
    await _tell(work, actor, partner, "team_removed", facts, user_id)


def check_not_last(one: Colleague, members: Sequence[Member]) -> None:
    """
    Refuse to take the last owner of these members away.

    :raises LastOwner:
    """
    owners = [member.user_id for member in members if member.role is Role.OWNER]
    if owners == [one.member.user_id]:
        raise LastOwner(person=one.name)


async def colleague(work: Work, partner_id: str, user_id: int) -> Colleague:
    """
    Return one of a partner's team.

    :raises NotFound: the person does not act for this partner.
    """
    member = await work.people.member(user_id)
    if member is None or member.partner_id != partner_id:
        raise NotFound(what="member", wanted=str(user_id))
    return await _colleague(work, member)


async def _colleague(work: Work, member: Member) -> Colleague:
    person: Person | None = await work.people.person(member.user_id)
    blocked = person is not None and person.blocked_at is not None
    return Colleague(member, person.name if person else "", blocked)


async def _note(
    work: Work, actor: Actor, action: str, object_id: str, before: str, after: str
) -> None:
    await work.audit.record(
        actor,
        f"team.{action}",
        at=work.now,
        kind="partner" if action == "invite" else "person",
        object_id=object_id,
        partner_id=actor.partner_id,
        before=before,
        after=after,
    )


async def _tell(
    work: Work,
    actor: Actor,
    partner: Partner,
    kind: str,
    facts: Facts,
    user_id: int,
) -> None:
    """Tell the owners, and whom it is about; who did it has its answer."""
    key = f"team:{user_id}:{actor.cause}"
    oneself = user_id == actor.user_id
    told = {"partner": partner.name, "user_id": user_id, "oneself": oneself, **facts}
    owners = [
        member.user_id
        for member in await work.people.members(partner.id)
        if member.role is Role.OWNER
    ]
    for reader in dict.fromkeys([*owners, user_id]):
        if reader == actor.user_id:
            continue
        message = Message(
            key=f"{key}:{reader}",
            chat_id=reader,
            kind=kind,
            facts={**told, "you": reader == user_id},
            urgency=Urgency.REPLY,
            reader=reader,
        )
        await work.messages.say(message, at=work.now)
