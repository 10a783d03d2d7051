"""
Telling partners and staff: one message for each chat that it concerns, once per key.

Rules: "What the bot says unasked".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from billing import families, notices
from billing.families import FAMILIES, Family
from billing.instances import Instance
from billing.notices import Notice, NoticeKind
from billing.partners import Partner, Role
from billing.services import finding, sorts, topics
from billing.services.facts import Facts
from billing.services.messages import Button, Message, Urgency
from billing.services.ports import Due, Work

Buttons = Sequence[Sequence[Button]]

OPERATORS, PAYERS = families.OPERATORS, families.PAYERS
EVERYBODY = frozenset(Role)
OWNERS = frozenset({Role.OWNER})
# Actions that not everybody who is told of something may do: whoever may not gets no button.
DONE_BY = {
    **dict.fromkeys(("pay", "buy"), PAYERS),
    **dict.fromkeys(("extend", "delete", "subscribe", "keep", "pair"), OPERATORS),
}
# In the key of the card about a notice that has no reader, in the place of a person.
NOBODY = "nobody"
# The partner's own group, among those who chose what they are told, and in keys.
GROUP = "group"


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
    answered: int | None = None,
) -> None:
    """
    Tell the members with these roles, each in private; who was told is not told again.

    Of what can be done without, those hear who chose to, and the partner's group if it was chosen.
    The key of each one's message is `key` and the person. With a `quiet_zone` nobody is woken.
    Who is `answered` with it is not told.
    """
    for chat_id, reader, role in await _readers(work, partner_id, kind, roles):
        if reader is not None and reader == answered:
            continue
        message = Message(
            # That a group has it does not count as the warning of a deletion (`arrived_at`).
            key=f"{GROUP}:{key}:{chat_id}" if reader is None else f"{key}:{reader}",
            chat_id=chat_id,
            kind=kind,
            facts=facts,
            buttons=buttons if role is None else _for(role, buttons),
            urgency=urgency,
            reader=reader,
            quiet_zone=quiet_zone,
            useful_until=useful_until,
        )
        if not await work.messages.is_known(message.key):
            await work.messages.say(message, at=work.now)


async def _readers(
    work: Work, partner_id: str, kind: str, roles: frozenset[Role]
) -> list[tuple[int, int | None, Role | None]]:
    """Return chats, whose they are and in which role; the group's is nobody's."""
    members = await work.people.members(partner_id)
    family = FAMILIES.get(kind)
    if family is None:
        return [(one.user_id, one.user_id, one.role) for one in members if one.role in roles]
    chosen = await work.choices.of_partner(partner_id)
    found: list[tuple[int, int | None, Role | None]] = []
    for one in members:
        wanted = one.role in roles
        if family is not Family.IMPORTANT:
            wanted = chosen.get((str(one.user_id), family), wanted)
        if wanted:
            found.append((one.user_id, one.user_id, one.role))
    group = await work.groups.of_partner(partner_id) if chosen.get((GROUP, family)) else None
    return found if group is None else [*found, (group, None, None)]


def _for(role: Role, buttons: Buttons) -> Buttons:
    rows = [[one for one in row if role in DONE_BY.get(one.action, EVERYBODY)] for row in buttons]
    return [row for row in rows if row]


async def tell_staff(
    work: Work,
    kind: str,
    facts: Facts,
    *,
    key: str,
    buttons: Buttons = (),
    partner_id: str | None = None,
    urgency: Urgency = Urgency.REPLY,
    useful_until: datetime | None = None,
    below: str | None = None,
    quiet: bool = False,
) -> None:
    """
    Show a card in the staff groups that take its sort; the same key again edits it in place.

    What concerns one partner is said in its topic, where the group has topics. `below` is the key
    of the card to which this is a reply, where that has arrived. What is `quiet` waits for the
    staff's morning.
    """
    night = await finding.staff_zone(work) if quiet else None
    for chat_id in await sorts.groups_for(work, kind, key):
        message = Message(
            key=f"{key}:{chat_id}",
            chat_id=chat_id,
            kind=kind,
            facts=facts,
            buttons=buttons,
            urgency=urgency,
            useful_until=useful_until,
            quiet_zone=night,
            reply_to=await work.messages.sent_as(f"{below}:{chat_id}") if below else None,
            topic=await topics.of(work, chat_id, partner_id) if partner_id is not None else None,
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
    night: str,
    kind: NoticeKind,
    subject: str,
    *,
    gather: timedelta = timedelta(0),
) -> None:
    """
    Plan what is said because something has just happened: now, or when people are awake.

    What of its kind happens within `gather` is said with it.
    """
    at = notices.awake(work.now + gather, night)
    await plan_notice(work, partner_id, Notice(kind, subject, at, None))


async def arrived_at(work: Work, kind: NoticeKind, subject: str) -> datetime | None:
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
    kind: NoticeKind,
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
        partner_id=partner.id,
        buttons=[
            [
                Button("partner", "partner", {"partner": partner.id}),
                Button("owner_code", "owner_code", {"partner": partner.id}),
            ]
        ],
        urgency=Urgency.MONEY,
    )


async def drop_notices(work: Work, dropped: Iterable[tuple[NoticeKind, str]]) -> None:
    """Notices no longer matter: none is said, nor sent if it was said and has not left yet."""
    keys = [notice_key(kind, subject) for kind, subject in dropped]
    await work.due.drop_all(keys)
    await work.messages.take_back(*_sent_under(keys))


async def unsay(work: Work, kind: NoticeKind, subject: str) -> None:
    """What was said of a notice and has not left yet is not sent."""
    await work.messages.take_back(*_sent_under([notice_key(kind, subject)]))


def _sent_under(keys: Iterable[str]) -> list[str]:
    return [prefix for key in keys for prefix in (f"{key}:", f"{GROUP}:{key}:")]


async def leave_out(
    work: Work, instance: Instance, kinds: Mapping[NoticeKind, Callable[[Facts], Buttons]]
) -> None:
    """
    Say the notices of some kinds that were not sent yet without an instance; or not, if it was all.

    Each kind comes with what returns the buttons that belong to the facts of such a notice.
    """
    of_kind = {f"notice_{kind}": buttons for kind, buttons in kinds.items()}
    chats = [(one.user_id, "notice:") for one in await work.people.members(instance.partner_id)]
    group = await work.groups.of_partner(instance.partner_id)
    if group is not None:
        chats.append((group, f"{GROUP}:notice:"))
    for chat_id, prefix in chats:
        for message in await work.messages.waiting(chat_id, prefix):
            buttons = of_kind.get(message.kind)
            if buttons is None:
                continue
            shown: list[dict[str, Any]] = message.facts["instances"]
            rest = [one for one in shown if one["id"] != instance.id]
            if not rest:
                await work.messages.take_back(message.key.rpartition(":")[0] + ":")
            elif rest != shown:
                facts = {**message.facts, "instances": rest}
                fewer = replace(message, facts=facts, buttons=buttons(facts))
                await work.messages.say(fewer, at=work.now)
