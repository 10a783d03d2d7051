"""
Who cannot be reached, and who is told instead: another member of the partner, else the staff.

Rules: "What the bot says unasked".
"""

from __future__ import annotations

from dataclasses import replace

from billing.partners import Partner, Role
from billing.services import access, finding, surroundings, telling
from billing.services.facts import micros
from billing.services.messages import Button, Message, Urgency
from billing.services.partners import own_group
from billing.services.people import Member, Person
from billing.services.ports import Work
from billing.services.support import delivering

NOTICE = "notice:"
SAID = f"{delivering.SAID}:"
SHOWN = "support:"
TOPIC = "topic:"


async def unreachable(work: Work, chat_id: int, message_key: str, why: str) -> None:
    """
    A message can never arrive in a chat: who blocked the bot, or is gone, is told nothing there.

    What had to be said another member is told, unless one was told it anyway; if there is none,
    staff hear of it, once per message. Noted for the person, until the bot hears from it again.
    A partner's own group that is gone is bound no more.
    """
    if chat_id < 0:
        await own_group.put_out(work, access.by_clock(f"message:{message_key}"), chat_id)
    member = await work.people.member(chat_id)
    person = await work.people.person(chat_id)
    if member is not None and person is not None and person.blocked_at is None:
        person = replace(person, blocked_at=work.now)
        await work.people.save_person(person, at=work.now)
    await _not_arrived(work, chat_id, message_key, why)


async def refused(work: Work, chat_id: int, message_key: str, why: str) -> None:
    """A message was given up: Telegram takes it never, or perhaps has opened a topic."""
    if message_key.startswith(TOPIC):
        await surroundings.note_trouble(work, chat_id, why)
        group = await surroundings.standing(work, chat_id)
        # Once under the same rights: it is not tried again before they change.
        key = f"staff:topics:{group.since if group else 0}:{chat_id}"
        facts = {"why": why[:200]}
        message = Message(key=key, chat_id=chat_id, kind="staff_no_topics", facts=facts)
        await work.messages.say(message, at=work.now)
        return
    await _not_arrived(work, chat_id, message_key, why)


async def _not_arrived(work: Work, chat_id: int, message_key: str, why: str) -> None:
    if message_key.startswith(SAID):
        await delivering.not_delivered(work, chat_id, message_key, why)
    if message_key.startswith(SHOWN):
        await delivering.not_passed_on(work, message_key)
    member = await work.people.member(chat_id)
    if member is None or not message_key.startswith(NOTICE):
        return
    partner = await finding.the_partner(work, member.partner_id)
    person = await work.people.person(chat_id) or Person(chat_id, str(chat_id), "en", None)
    other = await _told_instead(work, partner, member, message_key)
    if other is not None:
        await _tell_other(work, partner, person, other)
    # Where somebody else has it, once is enough until the person is heard from again.
    since = "" if person.blocked_at is None else str(micros(person.blocked_at))
    key = message_key if other is None else f"{person.user_id}:{since}"
    await telling.tell_staff(
        work,
        "staff_unreachable",
        {
            "partner": partner.name,
            "person": person.name,
            "why": why,
            "notice": message_key.split(":")[1],
            "instead": other.name if other else None,
        },
        key=f"unreachable:{key}",
        partner_id=partner.id,
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
        urgency=Urgency.MONEY,
    )


async def _told_instead(
    work: Work, partner: Partner, member: Member, message_key: str
) -> Person | None:
    """Return another member who has the notice, or has it from now on; owners first."""
    about = message_key.removesuffix(f":{member.user_id}")
    others: list[Person] = []
    members = await work.people.members(partner.id)
    for one in sorted(members, key=lambda one: one.role is not Role.OWNER):
        person = await work.people.person(one.user_id)
        if person is None or person.blocked_at is not None or one.user_id == member.user_id:
            continue
        if await work.messages.refused(f"{about}:{one.user_id}"):
            continue
        if await work.messages.get(f"{about}:{one.user_id}") is not None:
            return person
        others.append(person)
    notice = await work.messages.get(message_key)
    if not others or notice is None:
        return None
    heir = others[0].user_id
    home = [[Button("home", "home")]]
    message = replace(
        notice, key=f"{about}:{heir}", chat_id=heir, reader=heir, reply_to=None, buttons=home
    )
    await work.messages.say(message, at=work.now)
    return others[0]


async def _tell_other(work: Work, partner: Partner, person: Person, other: Person) -> None:
    """Tell another member why it hears what is somebody else's; once per blocking."""
    since = "" if person.blocked_at is None else str(micros(person.blocked_at))
    message = Message(
        key=f"told_instead:{person.user_id}:{since}:{other.user_id}",
        chat_id=other.user_id,
        kind="told_instead",
        facts={"partner": partner.name, "person": person.name},
        urgency=Urgency.REMINDER,
        reader=other.user_id,
        quiet_zone=partner.night,
    )
    if await work.messages.get(message.key) is None:
        await work.messages.say(message, at=work.now)
