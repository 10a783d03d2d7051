"""
One-time codes that link a person to a partner.

128 bits, for 15 minutes and one use; at rest a code is hashed. Who guesses is not looked at after
five wrong ones in an hour. Rules: "Enrolment and tokens".
"""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.partners import Partner, Right, Role
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding, telling
from billing.services.access import requires
from billing.services.messages import Button, Urgency
from billing.services.partners.enrolment import AlreadyPartner, StaffCannotApply
from billing.services.people import Actor, Member
from billing.services.ports import Due, LinkCode, Work

LASTS = timedelta(minutes=15)
GUESSES = 5
WITHIN = timedelta(hours=1)


class CodeRefused(Refusal):
    """The code is wrong, used or over: which of these is nobody's to know."""

    code = "code_refused"


@requires(Right.ADMINISTER)
async def offer(work: Work, actor: Actor, partner_id: str) -> tuple[Partner, str, datetime]:
    """
    Make a code that makes whoever uses it an owner of a partner.

    Returns the key under which it waits, encrypted, to be shown to staff until it is over.

    :raises NotFound:
    """
    partner = await finding.the_partner(work, partner_id)
    code = work.ids.opaque()
    hashed = work.vault.hash(code)
    ends_at = work.now + LASTS
    await work.codes.add(LinkCode(hashed, partner.id, Role.OWNER, actor.user_id, work.now, ends_at))
    key = f"owner:{hashed[:24]}"
    await work.tokens.keep_secret(key, partner.id, work.vault.lock(code), at=work.now)
    await work.due.plan(Due(f"code_over:{hashed}", "code_over", key, partner.id, ends_at))
    await work.audit.record(
        actor,
        "owner_code",
        at=work.now,
        kind="partner",
        object_id=partner.id,
        partner_id=partner.id,
    )
    return partner, key, ends_at


@requires(Right.ANYONE)
async def link(work: Work, actor: Actor, code: str) -> Partner:
    """
    Link the speaker to the partner that the code is of; all its members and the staff hear.

    :raises AlreadyDone: the speaker acts for a partner already.
    :raises AlreadyPartner, StaffCannotApply: the code stays good for somebody else.
    :raises CodeRefused:
    """
    if actor.staff is not None:
        raise StaffCannotApply
    found = await _checked(work, actor, code)
    user_id = actor.user_id or 0
    partner = await work.partners.lock(found.partner_id)
    if actor.partner_id == partner.id:
        raise AlreadyDone(action="link", partner=partner.name)
    member = Member(user_id, partner.id, found.role)
    if not await work.people.add_member(member, at=work.now):
        other = await finding.own_partner(work, actor)
        raise AlreadyPartner(partner=other.name)
    if not await work.codes.use(found.hashed, by=user_id, at=work.now):
        raise CodeRefused
    await work.tokens.forget_secret(f"owner:{found.hashed[:24]}")
    await work.audit.record(
        actor,
        "link",
        at=work.now,
        kind="partner",
        object_id=partner.id,
        partner_id=partner.id,
        after=found.role,
    )
    await _tell(work, actor, partner, found.role)
    return partner


async def forget(work: Work, actor: Actor, due: Due) -> None:
    """The time of a code is over: it is shown no more."""
    del actor
    await work.tokens.forget_secret(due.subject)


async def _checked(work: Work, actor: Actor, code: str) -> LinkCode:
    denied = await work.audit.denied("start", user_id=actor.user_id or 0, since=work.now - WITHIN)
    found = None
    if denied < GUESSES:
        found = await work.codes.get(work.vault.hash(code))
    if found is None or found.used_at is not None or found.ends_at <= work.now:
        raise CodeRefused
    return found


async def _tell(work: Work, actor: Actor, partner: Partner, role: Role) -> None:
    facts = {"partner": partner.name, "person": actor.name, "role": role}
    key = f"linked:{partner.id}:{actor.user_id}:{actor.cause}"
    await telling.tell_partner(
        work, partner.id, "linked", facts, key=key, roles=telling.EVERYBODY, urgency=Urgency.REPLY
    )
    await telling.tell_staff(
        work,
        "staff_linked",
        {**facts, "user_id": actor.user_id},
        key=f"staff:{key}",
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
    )
