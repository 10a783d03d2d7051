"""
A partner's own group: bound by a code, there its members act with their own rights.

Being in it gives nobody a right. Rules: "Who may do what".
"""

from __future__ import annotations

from datetime import datetime

from billing.partners import Partner, Right, Role
from billing.refusals import NotFound, Refusal
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.messages import Urgency
from billing.services.partners import linking
from billing.services.partners.linking import CodeRefused
from billing.services.people import Actor
from billing.services.ports import Work


class GroupTaken(Refusal):
    """The group is bound already: for the staff, or for another partner."""

    code = "group_taken"


@requires(Right.OWN)
async def invite(work: Work, actor: Actor) -> tuple[Partner, str, datetime]:
    """
    Make a code that binds the partner's own group, where an owner says it.

    Returns the key under which it waits, encrypted, to be shown until it is used or over.
    """
    partner = await finding.own_partner(work, actor)
    key, ends_at = await linking.new_code(work, actor, partner.id, None)
    await recording.of_partner(work, actor, "group.invite", partner.id)
    return partner, key, ends_at


@requires(Right.ANYONE)
async def bind(work: Work, actor: Actor, chat_id: int, code: str) -> Partner:
    """
    Bind a group to the actor's partner, in place of the one before; the owners hear.

    The code is good in an owner's hands alone.

    :raises GroupTaken:
    :raises CodeRefused:
    """
    taken = chat_id in await work.people.groups() or await work.groups.owner(chat_id) is not None
    if taken:
        raise GroupTaken
    found = await linking.looked_up(work, actor, code)
    own = actor.partner_id == found.partner_id and actor.role is Role.OWNER
    if found.role is not None or not own:
        raise CodeRefused
    partner = await work.partners.lock(found.partner_id)
    await linking.use_up(work, actor, found)
    await work.groups.bind(chat_id, partner.id, by=actor.user_id, at=work.now)
    await recording.of_partner(work, actor, "group.bind", partner.id, after=str(chat_id))
    await _tell(work, actor, partner.id, "group_bound")
    return partner


@requires(Right.OWN)
async def unbind(work: Work, actor: Actor) -> int:
    """
    Let the partner's group be nobody's; return its chat id.

    :raises NotFound: the partner has none.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    chat_id = await work.groups.of_partner(partner.id)
    if chat_id is None:
        raise NotFound(what="group", wanted="")
    await _let_go(work, actor, partner.id, chat_id)
    return chat_id


async def put_out(work: Work, actor: Actor, chat_id: int) -> None:
    """The bot was put out of a chat: if that was a partner's group, it is nobody's now."""
    partner_id = await work.groups.owner(chat_id)
    if partner_id is not None:
        await _let_go(work, actor, partner_id, chat_id)


async def _let_go(work: Work, actor: Actor, partner_id: str, chat_id: int) -> None:
    await work.groups.unbind(chat_id)
    await work.choices.forget(partner_id, telling.GROUP)
    await work.messages.hold_back(chat_id)
    await recording.of_partner(work, actor, "group.unbind", partner_id, before=str(chat_id))
    await _tell(work, actor, partner_id, "group_unbound")


async def _tell(work: Work, actor: Actor, partner_id: str, kind: str) -> None:
    await telling.tell_partner(
        work,
        partner_id,
        kind,
        {"person": actor.name if actor.user_id is not None else ""},
        key=f"{kind}:{partner_id}:{actor.cause}",
        roles=telling.OWNERS,
        urgency=Urgency.REPLY,
        # Where it was bound that is the answer already.
        answered=actor.user_id if kind == "group_bound" else None,
    )
