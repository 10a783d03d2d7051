"""
What staff do beside money: groups, roles, freezing, the one switch, tasks.

Rules: "Frozen, leaving, stopping everything"; rights as in the tables of the commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hmac import compare_digest

from billing.instances import Instance, State
from billing.partners import Partner, Right, StaffRole
from billing.refusals import AlreadyDone, NotFound, Refusal
from billing.services import clockwork, finding, recording, telling
from billing.services.access import requires
from billing.services.halting import HALTED
from billing.services.instances import deletion_tasks
from billing.services.invoices import dunning
from billing.services.messages import Urgency
from billing.services.people import Actor, Person
from billing.services.ports import Work

BIND_CODE = "bind_code"
# Whoever guesses may do so this often an hour; each wrong code is denied, and so in the audit.
GUESSES = 5


class WrongCode(Refusal):
    """
    The code is not the one printed at the start, or it was used.

    Facts: `bound`, whether the staff have a group: then an admin binds others, without a code.
    """

    code = "wrong_code"


class NotAGroup(Refusal):
    """Only a group can be bound."""

    code = "not_a_group"


class LastAdmin(Refusal):
    """Somebody has to be admin."""

    code = "last_admin"


class IsMember(Refusal):
    """A partner's member cannot be staff. Facts: `partner`."""

    code = "is_member"


@requires(Right.ANYONE)
async def bind(work: Work, actor: Actor, code: str, *, in_group: bool) -> bool:
    """
    Bind the group that the actor speaks in; who binds the first one is the first admin.

    The right is the code itself, or being admin. Returns False if it was bound already.

    After five wrong codes in an hour none is looked at.

    :raises NotAGroup, WrongCode:
    """
    if not in_group or actor.chat_id is None or actor.user_id is None:
        raise NotAGroup
    if actor.chat_id in await work.people.groups():
        return False
    # Words that an admin adds are taken for a code: who says more than that should hear of it.
    if actor.staff is not StaffRole.ADMIN or code:
        await _check_code(work, actor.user_id, code)
    await bind_group(work, actor, actor.chat_id)
    if not await work.people.staff():
        await _give(work, actor, actor.user_id, None, StaffRole.ADMIN)
    return True


async def bind_group(work: Work, actor: Actor, chat_id: int) -> None:
    """Take a group as a staff group; the printed code is used up."""
    await work.people.bind_group(chat_id, by=actor.user_id, at=work.now)
    await work.state.set(BIND_CODE, None)
    await work.audit.record(actor, "bind", at=work.now, kind="group", object_id=str(chat_id))


async def new_bind_code(work: Work) -> str | None:
    """
    Make the code that binds the first group, replacing an older one; None if one is bound.

    Its hash alone is kept: it can be printed now, and never again.
    """
    if await work.people.groups():
        return None
    code = work.ids.opaque()
    await work.state.set(BIND_CODE, work.vault.hash(code))
    return code


@requires(Right.ADMINISTER)
async def appoint(work: Work, actor: Actor, user_id: int, role: StaffRole | None) -> Person | None:
    """
    Give a person a staff role, or take it away with None; it holds from the next update on.

    :raises AlreadyDone: the person has that role, or none.
    :raises LastAdmin: nobody would be admin any more.
    :raises IsMember: the person belongs to a partner.
    """
    before = await work.people.staff_role(user_id)
    if before is role:
        raise AlreadyDone(action="staff", role=role)
    member = await work.people.member(user_id)
    if member is not None:
        partner = await finding.the_partner(work, member.partner_id)
        raise IsMember(partner=partner.name)
    if before is StaffRole.ADMIN:
        admins = [known for _, known in await work.people.staff() if known is StaffRole.ADMIN]
        if len(admins) == 1:
            raise LastAdmin
    await _give(work, actor, user_id, before, role)
    return await work.people.person(user_id)


async def _give(
    work: Work, actor: Actor, user_id: int, before: StaffRole | None, role: StaffRole | None
) -> None:
    await work.people.save_staff(user_id, role, by=actor.user_id, at=work.now)
    await work.audit.record(
        actor,
        "staff",
        at=work.now,
        kind="person",
        object_id=str(user_id),
        before=before or "",
        after=role or "",
    )


@requires(Right.ADMINISTER)
async def people_called(
    work: Work, actor: Actor, name: str
) -> list[tuple[Person, StaffRole | None]]:
    """
    Return who may be meant by a name: colleagues, else others who belong to no partner.

    Anybody can choose any name: of a stranger a name is no proof.
    """
    del actor
    roles = {one.user_id: role for one, role in await work.people.staff()}
    found = [(one, roles.get(one.user_id)) for one in await work.people.called(name)]
    return [one for one in found if one[1] is not None] or found


@requires(Right.SERVE)
async def colleagues(work: Work, actor: Actor) -> list[tuple[Person, StaffRole]]:
    """Return the staff and their roles."""
    del actor
    return await work.people.staff()


@requires(Right.SERVE)
async def freeze(work: Work, actor: Actor, partner_id: str, reason: str) -> Partner:
    """
    Nothing new can be made; what runs goes on. Every member is told the reason.

    :raises AlreadyDone: it is frozen. Facts: `since`, `reason`.
    """
    partner = await work.partners.lock(partner_id)
    if partner.frozen_at is not None:
        raise AlreadyDone(action="freeze", since=partner.frozen_at, reason=partner.frozen_reason)
    frozen = replace(partner, frozen_at=work.now, frozen_reason=reason)
    await _save(work, actor, "freeze", frozen, reason)
    return frozen


@requires(Right.SERVE)
async def unfreeze(work: Work, actor: Actor, partner_id: str) -> Partner:
    """
    Let a frozen partner go on; what was paid in the meantime runs again.

    :raises AlreadyDone: it is not frozen.
    """
    partner = await work.partners.lock(partner_id)
    if partner.frozen_at is None:
        raise AlreadyDone(action="unfreeze")
    thawed = replace(partner, frozen_at=None, frozen_reason=None)
    await _save(work, actor, "unfreeze", thawed, "", before=partner.frozen_reason or "")
    await dunning.restore_if_settled(work, actor, thawed)
    return thawed


@requires(Right.ADMINISTER)
async def halt(work: Work, actor: Actor, reason: str) -> None:
    """
    Hold back every stop and every deletion until `resume`.

    :raises AlreadyDone: it is halted. Facts: `reason`.
    """
    before = await work.state.get(HALTED)
    if before is not None:
        raise AlreadyDone(action="halt", reason=before)
    await work.state.set(HALTED, reason)
    await work.audit.record(actor, "halt", at=work.now, kind="desk", after=reason)


@requires(Right.ADMINISTER)
async def resume(work: Work, actor: Actor) -> None:
    """
    Let stops and deletions go on; what waited is decided anew, now.

    :raises AlreadyDone: nothing is halted.
    """
    before = await work.state.get(HALTED)
    if before is None:
        raise AlreadyDone(action="resume")
    await work.state.set(HALTED, None)
    await work.audit.record(actor, "resume", at=work.now, kind="desk", before=before)


@requires(Right.SERVE)
async def deletion_done(work: Work, actor: Actor, instance_id: str) -> Instance:
    """
    Staff have seen to the deletion of an instance whose trial ended.

    :raises NotFound:
    :raises AlreadyDone: it is subscribed or deleted by now. Facts: `state`.
    """
    instance = await work.instances.by_id(instance_id)
    if instance is None:
        raise NotFound(what="instance", wanted=instance_id)
    await work.partners.lock(instance.partner_id)
    if instance.state is not State.STOPPED:
        await deletion_tasks.show(work, instance)
        raise AlreadyDone(action="delete", state=instance.state)
    return await clockwork.delete_stopped(work, actor, instance)


@requires(Right.SERVE)
async def find_partners(work: Work, actor: Actor, words: str) -> Sequence[Partner]:
    """Return the partners that the words may mean: by id, name or the beginning of it."""
    del actor
    return await work.partners.find(words)


async def update_unreadable(work: Work, update_id: int, why: str) -> None:
    """An update could not be read and was kept aside: staff hear of it once."""
    await telling.tell_staff(
        work,
        "staff_unreadable",
        {"update_id": update_id, "why": why[:200]},
        key=f"staff:unreadable:{update_id}",
        urgency=Urgency.REPLY,
    )


async def _save(
    work: Work, actor: Actor, action: str, partner: Partner, reason: str, *, before: str = ""
) -> None:
    await work.partners.save(partner)
    await recording.of_partner(work, actor, action, partner.id, before=before, after=reason)
    await telling.tell_partner(
        work,
        partner.id,
        f"partner_{action}",
        {"reason": reason},
        key=f"{action}:{partner.id}:{actor.cause}",
        roles=telling.EVERYBODY,
        urgency=Urgency.REPLY,
    )


async def _check_code(work: Work, user_id: int, code: str) -> None:
    wrong = WrongCode(bound=bool(await work.people.groups()))
    expected = await work.state.get(BIND_CODE)
    if expected is None:
        raise wrong
    an_hour_ago = work.now - timedelta(hours=1)
    if await work.audit.denied("bind", user_id=user_id, since=an_hour_ago) >= GUESSES:
        raise wrong
    if not compare_digest(expected, work.vault.hash(code)):
        raise wrong


async def due_failed(work: Work, key: str, why: str) -> None:
    """Something that was due could not be done: staff hear of it, once per row."""
    await telling.tell_staff(
        work, "staff_due_failed", {"key": key, "why": why[:200]}, key=f"staff:failed:{key}"
    )
