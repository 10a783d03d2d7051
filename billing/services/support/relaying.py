"""
What partners and staff say to each other: /support, /say, and replies both ways.

Every message is kept, and said to the others by rows of the outbox, its file copied from where it
stands: whatever ends the process, nothing of it is lost. A reply answers what its writer had said
until then. Rules: docs/guide-staff.md, "What partners write".
"""

from __future__ import annotations

from billing.partners import Partner, Right, Role
from billing.refusals import AlreadyDone, NotFound, Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.people import Actor
from billing.services.ports import SupportMessage, Work
from billing.services.support import cards, delivering
from billing.services.support.cards import KIND, Original

# Of one person, unanswered.
MOST_WAITING = 20


class NobodyLinked(Refusal):
    """The partner has nobody who could be told. Facts: `partner`."""

    code = "nobody_linked"


class TooManyWaiting(Refusal):
    """So many messages of a person wait for the staff that more would be noise. Facts: `most`."""

    code = "too_many_waiting"


@requires(Right.VIEW)
async def ask(
    work: Work, actor: Actor, said: Original, *, answers: str | None = None
) -> SupportMessage:
    """
    Pass on to the staff what a partner says; `answers` is what of theirs it replies to.

    :raises NoPartner, TooManyWaiting:
    """
    partner_id = finding.own_partner_id(actor)
    waiting = await work.support.waiting()
    if sum(one.user_id == actor.user_id for one in waiting) >= MOST_WAITING:
        raise TooManyWaiting(most=MOST_WAITING)
    message = await _keep(work, actor, partner_id, said, by_staff=False, answers=answers)
    await cards.show(work, message)
    await cards.show_rest(work, message, said)
    return message


@requires(Right.VIEW)
async def add(work: Work, actor: Actor, said: Original, first: SupportMessage) -> None:
    """
    Pass on to the staff a file that was sent together with a message.

    :raises NotFound: that message is another partner's.
    """
    if first.partner_id != finding.own_partner_id(actor):
        raise NotFound(what="message", wanted=first.id)
    if said.copies is not None:
        await cards.show_file(work, first, said.copies)


@requires(Right.SERVE)
async def answer(work: Work, actor: Actor, said: Original, to: str) -> list[int]:
    """
    Pass an answer on to who wrote the message `to`; return the chats where it is said.

    Who is a member no more is not told: then the owners are. What the writer had said until
    then waits no more.

    :raises NotFound: there is no such message.
    :raises NobodyLinked:
    """
    asked = await the_message(work, to)
    partner = await finding.the_partner(work, asked.partner_id)
    message = await _keep(work, actor, partner.id, said, by_staff=True, answers=asked.id)
    chats = await _told(work, partner, asked)
    for chat_id in chats:
        reply_to = asked.message_id if chat_id == asked.chat_id and not asked.by_staff else None
        await delivering.say_to(work, message, said, chat_id, reply_to=reply_to)
    await settle(work, actor, asked)
    return chats


@requires(Right.SERVE)
async def say(
    work: Work,
    actor: Actor,
    partner_id: str,
    said: Original,
    *,
    roles: frozenset[Role] = frozenset(Role),
) -> tuple[Partner, int]:
    """
    Say something to all members of a partner with these roles; return how many they are.

    :raises NotFound, NobodyLinked:
    """
    partner = await finding.the_partner(work, partner_id)
    members = [one for one in await work.people.members(partner.id) if one.role in roles]
    if not members:
        raise NobodyLinked(partner=partner.name)
    message = await _keep(work, actor, partner.id, said, by_staff=True, answers=None)
    for member in members:
        await delivering.say_to(work, message, said, member.user_id)
    return partner, len(members)


@requires(Right.SERVE)
async def done(work: Work, actor: Actor, message_id: str) -> SupportMessage:
    """
    What a partner wrote needs no answer, nor what it had written before.

    :raises NotFound:
    :raises AlreadyDone: it was answered. Facts: `by`.
    """
    asked = await the_message(work, message_id)
    if asked.answered_at is not None:
        await cards.show(work, asked)
        raise AlreadyDone(action="support")
    await work.audit.record(
        actor,
        "support_done",
        at=work.now,
        kind=KIND,
        object_id=asked.id,
        partner_id=asked.partner_id,
    )
    await settle(work, actor, asked)
    return asked


@requires(Right.SERVE)
async def look(work: Work, actor: Actor, message_id: str) -> SupportMessage:
    """
    Return a message of a partner's.

    :raises NotFound:
    """
    del actor
    return await the_message(work, message_id)


async def the_message(work: Work, message_id: str) -> SupportMessage:
    """
    Return a message between a partner and the staff.

    :raises NotFound:
    """
    found = await work.support.get(message_id)
    if found is None:
        raise NotFound(what="message", wanted=message_id[:64])
    return found


async def settle(work: Work, actor: Actor, asked: SupportMessage) -> None:
    """What somebody of a partner had said until a message waits no more; its cards say so."""
    answered = await work.support.answer(asked, by=actor.user_id or 0, at=work.now)
    for message_id in answered:
        await work.claims.drop(KIND, message_id)
        await cards.show(work, await the_message(work, message_id))


async def _keep(
    work: Work,
    actor: Actor,
    partner_id: str,
    said: Original,
    *,
    by_staff: bool,
    answers: str | None,
) -> SupportMessage:
    message = SupportMessage(
        id=work.ids.opaque(),
        partner_id=partner_id,
        by_staff=by_staff,
        user_id=actor.user_id or 0,
        chat_id=said.chat_id,
        message_id=said.message_id,
        answers=answers,
        text=said.text,
        file=said.file,
        album=said.album,
        said_at=work.now,
    )
    await work.support.add(message)
    await work.audit.record(
        actor,
        "say" if by_staff else "support",
        at=work.now,
        kind=KIND,
        object_id=message.id,
        partner_id=partner_id,
    )
    return message


async def _told(work: Work, partner: Partner, asked: SupportMessage) -> list[int]:
    """Return the chats in which the answer to a message is said."""
    members = await work.people.members(partner.id)
    ids = {member.user_id for member in members}
    if not asked.by_staff and asked.chat_id in ids:
        return [asked.chat_id]
    if not asked.by_staff and await work.groups.owner(asked.chat_id) == partner.id:
        return [asked.chat_id]
    owners = [member.user_id for member in members if member.role is Role.OWNER]
    if not owners:
        raise NobodyLinked(partner=partner.name)
    return owners
