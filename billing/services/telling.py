"""Telling partners and staff: one message for each chat that it concerns, once per key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from billing import notices
from billing.notices import Notice
from billing.partners import Role
from billing.services.facts import Facts
from billing.services.messages import Button, Message, Urgency
from billing.services.ports import Due, Work

Buttons = Sequence[Sequence[Button]]

OPERATORS = frozenset({Role.OWNER, Role.MANAGER})
PAYERS = frozenset({Role.OWNER, Role.FINANCE})
EVERYBODY = frozenset(Role)
OWNERS = frozenset({Role.OWNER})


async def tell_partner(
    work: Work,
    partner_id: str,
    kind: str,
    facts: Facts,
    *,
    key: str,
    roles: frozenset[Role],
    buttons: Buttons = (),
    urgency: Urgency = Urgency.REMINDER,
    not_before: datetime | None = None,
    useful_until: datetime | None = None,
) -> None:
    """Tell the members with these roles, each in private; who was told is not told again."""
    for member in await work.people.members(partner_id):
        if member.role not in roles:
            continue
        message = Message(
            key=f"{key}:{member.user_id}",
            chat_id=member.user_id,
            kind=kind,
            facts=facts,
            buttons=buttons,
            urgency=urgency,
            reader=member.user_id,
            not_before=not_before,
            useful_until=useful_until,
        )
        if await work.messages.get(message.key) is None:
            await work.messages.say(message, at=work.now)


async def tell_staff(
    work: Work,
    kind: str,
    facts: Facts,
    *,
    key: str,
    buttons: Buttons = (),
    urgency: Urgency = Urgency.REPLY,
    useful_until: datetime | None = None,
) -> None:
    """Show a card in every staff group; the same key again edits it in place."""
    for chat_id in await work.people.groups():
        message = Message(
            key=f"{key}:{chat_id}",
            chat_id=chat_id,
            kind=kind,
            facts=facts,
            buttons=buttons,
            urgency=urgency,
            useful_until=useful_until,
        )
        await work.messages.say(message, at=work.now)


def notice_key(notice_kind: str, subject: str) -> str:
    """The key under which a notice waits, and begins its messages' keys."""
    return f"notice:{notice_kind}:{subject}"


async def plan_notice(work: Work, partner_id: str, notice: Notice) -> None:
    """Plan a notice, or move it if it waits; one that is stale already is not planned."""
    if notice.useful_until is not None and notice.useful_until <= work.now:
        return
    await work.due.plan(
        Due(
            key=notice_key(notice.kind, notice.subject),
            kind=f"notice:{notice.kind}",
            subject=notice.subject,
            partner_id=partner_id,
            at=notice.at,
            useful_until=notice.useful_until,
        )
    )


async def announce(
    work: Work, partner_id: str, zone: str, kind: notices.NoticeKind, subject: str
) -> None:
    """Plan what is said because something has just happened: now, or when people are awake."""
    at = notices.awake(work.now, zone)
    await plan_notice(work, partner_id, Notice(kind, subject, at, None))


async def drop_notices(
    work: Work, kinds: Sequence[notices.NoticeKind], subjects: Sequence[str]
) -> None:
    """Forget notices that no longer matter."""
    for subject in subjects:
        for kind in kinds:
            await work.due.drop(notice_key(kind, subject))
