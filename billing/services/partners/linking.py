"""
One-time codes that link a person to a partner.

128 bits, for 15 minutes and one use; at rest a code is hashed. Who guesses is not looked at after
five wrong ones in an hour. Rules: "Enrolment and tokens".
"""

from __future__ import annotations

from datetime import datetime, timedelta

from billing.partners import Partner, Right, Role, StaffRole
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.messages import Button, Message, Urgency
from billing.services.partners.enrolment import AlreadyPartner, StaffCannotApply
from billing.services.people import Actor, Member
from billing.services.ports import Due, LinkCode, Work

LASTS = timedelta(minutes=15)
GUESSES = 5
WITHIN = timedelta(hours=1)
# As the chat names what was denied: both take a code.
TRIES = ("start", "bind")


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
    key, ends_at = await new_code(work, actor, partner.id, Role.OWNER)
    await recording.of_partner(work, actor, "owner_code", partner.id)
    return partner, key, ends_at


async def new_code(
    work: Work, actor: Actor, partner_id: str, role: Role | None
) -> tuple[str, datetime]:
    """Make a code for a person with that role, or for the partner's own group; return its key."""
    code = work.ids.opaque()
    hashed = work.vault.hash(code)
    ends_at = work.now + LASTS
    await work.codes.add(LinkCode(hashed, partner_id, role, actor.user_id or 0, work.now, ends_at))
    key = f"owner:{hashed[:24]}"
    await work.tokens.keep_secret(key, partner_id, work.vault.lock(code), at=work.now)
    await work.due.plan(Due(f"code_over:{hashed}", "code_over", key, partner_id, ends_at))
    return key, ends_at


@requires(Right.ANYONE)
async def link(work: Work, actor: Actor, code: str) -> Partner:
    """
    Link the speaker to the partner that the code is of; all its members hear.

    Of an owner whom staff have linked they hear, too.

    :raises AlreadyDone: the speaker acts for the partner already.
    :raises AlreadyPartner, StaffCannotApply: the code stays good for somebody else.
    :raises CodeRefused:
    """
    if actor.staff is not None:
        raise StaffCannotApply
    found = await looked_up(work, actor, code)
    if found.role is None:
        raise CodeRefused
    user_id = actor.user_id or 0
    partner = await work.partners.lock(found.partner_id)
    if actor.partner_id == partner.id:
        raise AlreadyDone(action="link", partner=partner.name)
    member = Member(user_id, partner.id, found.role)
    if not await work.people.add_member(member, at=work.now):
        other = await finding.own_partner(work, actor)
        raise AlreadyPartner(partner=other.name)
    await use_up(work, actor, found)
    await recording.of_partner(work, actor, "link", partner.id, after=found.role)
    await _tell(work, actor, partner, found)
    return partner


async def looked_up(work: Work, actor: Actor, code: str) -> LinkCode:
    """
    Return what a code is for, if it is good.

    :raises CodeRefused:
    """
    denied, since = 0, work.now - WITHIN
    for tried in TRIES:
        denied += await work.audit.denied(tried, user_id=actor.user_id or 0, since=since)
    found = None
    if denied < GUESSES:
        found = await work.codes.get(work.vault.hash(code))
    if found is None or found.used_at is not None or found.ends_at <= work.now:
        raise CodeRefused
    if not await _stands(work, found):
        raise CodeRefused
    return found


async def _stands(work: Work, found: LinkCode) -> bool:
    """Whether its maker could still make it: who was removed lets nobody in any more."""
    maker = await work.people.member(found.made_by)
    if maker is not None:
        return maker.partner_id == found.partner_id and maker.role is Role.OWNER
    return await work.people.staff_role(found.made_by) is StaffRole.ADMIN


async def use_up(work: Work, actor: Actor, found: LinkCode) -> None:
    """
    Let a code be good no more, and be shown no more.

    :raises CodeRefused: somebody used it in between.
    """
    if not await work.codes.use(found.hashed, by=actor.user_id or 0, at=work.now):
        raise CodeRefused
    await work.tokens.forget_secret(f"owner:{found.hashed[:24]}")


async def forget(work: Work, actor: Actor, due: Due) -> None:
    """The time of a code is over: it is shown no more."""
    del actor
    await work.tokens.forget_secret(due.subject)


async def _tell(work: Work, actor: Actor, partner: Partner, found: LinkCode) -> None:
    facts = {"partner": partner.name, "person": actor.name, "role": found.role}
    key = f"linked:{partner.id}:{actor.user_id}:{actor.cause}"
    await telling.tell_partner(
        work,
        partner.id,
        "linked",
        {**facts, "you": False},
        key=key,
        roles=telling.EVERYBODY,
        urgency=Urgency.REPLY,
        answered=actor.user_id,
    )
    assert actor.user_id is not None, "a code is used by a person"
    own = Message(
        f"{key}:own", actor.user_id, "linked", {**facts, "you": True}, reader=actor.user_id
    )
    await work.messages.say(own, at=work.now)
    inviter = await work.people.member(found.made_by)
    if inviter is None or inviter.partner_id != partner.id:
        await telling.tell_staff(
            work,
            "staff_linked",
            {**facts, "user_id": actor.user_id},
            key=f"staff:{key}",
            partner_id=partner.id,
            buttons=[[Button("partner", "partner", {"partner": partner.id})]],
        )
