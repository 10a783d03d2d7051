"""
Telling partners and staff: one message for each chat that it concerns, once per key.

Rules: "What the bot says unasked".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from billing import notices
from billing.notices import Notice
from billing.partners import Partner, Role
from billing.services.facts import Facts
from billing.services.messages import Button, Message, Urgency
from billing.services.ports import Due, Work

Buttons = Sequence[Sequence[Button]]

OPERATORS = frozenset({Role.OWNER, Role.MANAGER})
PAYERS = frozenset({Role.OWNER, Role.FINANCE})
EVERYBODY = frozenset(Role)
OWNERS = frozenset({Role.OWNER})
# In the key of the card about a notice that has no reader, in the place of a person.
NOBODY = "nobody"


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
    quiet_zone: str | None = None,
    useful_until: datetime | None = None,
) -> None:
    """
    Tell the members with these roles, each in private; who was told is not told again.

    The key of each one's message is `key` and the person. With a `quiet_zone` nobody is woken.
    """
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
            quiet_zone=quiet_zone,
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
    """Plan a notice, or move it if it waits; not one that is stale already or was said."""
    await work.due.plan_all(notices_due(work, partner_id, [notice]))


def notices_due(work: Work, partner_id: str, found: Iterable[Notice]) -> list[Due]:
    """Return the rows under which notices wait, without those that are stale already."""
    return [
        Due(
            key=notice_key(notice.kind, notice.subject),
            kind=f"notice:{notice.kind}",
            subject=notice.subject,
            partner_id=partner_id,
            at=notice.at,
            useful_until=notice.useful_until,
        )
        for notice in found
        if notice.useful_until is None or notice.useful_until > work.now
    ]


async def announce(
    work: Work,
    partner_id: str,
    zone: str,
    kind: notices.NoticeKind,
    subject: str,
    *,
    gather: timedelta = timedelta(0),
) -> None:
    """
    Plan what is said because something has just happened: now, or when people are awake.

    What of its kind happens within `gather` is said with it.
    """
    at = notices.awake(work.now + gather, zone)
    await plan_notice(work, partner_id, Notice(kind, subject, at, None))


async def arrived_at(work: Work, kind: notices.NoticeKind, subject: str) -> datetime | None:
    """
    Return when Telegram took a notice first, or staff heard that it reaches nobody.

    None while neither is so.
    """
    prefix = f"{notice_key(kind, subject)}:"
    arrived = await work.messages.accepted_at(prefix)
    if arrived is not None:
        return arrived
    card = f"unreachable:{prefix}"
    if not await work.messages.refused(prefix):
        card += NOBODY
    return await work.messages.accepted_at(card)


async def nobody_hears(
    work: Work,
    partner: Partner,
    kind: notices.NoticeKind,
    subject: str,
    delete_at: datetime,
    *,
    roles: frozenset[Role],
) -> None:
    """Tell staff of a deletion of which nobody is warned, if nobody with these roles is linked."""
    if any(member.role in roles for member in await work.people.members(partner.id)):
        return
    await tell_staff(
        work,
        "staff_nobody_linked",
        {"partner": partner.name, "delete_at": delete_at},
        key=f"unreachable:{notice_key(kind, subject)}:{NOBODY}",
        buttons=[
            [
                Button("partner", "partner", {"partner": partner.id}),
                Button("owner_code", "owner_code", {"partner": partner.id}),
            ]
        ],
        urgency=Urgency.MONEY,
    )


async def drop_notice(work: Work, kind: notices.NoticeKind, subject: str) -> None:
    """A notice no longer matters: it is not said, nor sent if it was said and has not left yet."""
    key = notice_key(kind, subject)
    await work.due.drop(key)
    await work.messages.take_back(f"{key}:")
