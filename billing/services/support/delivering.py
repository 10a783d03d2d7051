"""
What staff say to somebody of a partner, as rows of the outbox; and what becomes of it where it
cannot arrive: somebody else is told, and those who said it hear of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from billing.partners import Role
from billing.services import finding, topics
from billing.services.facts import Facts
from billing.services.messages import Message
from billing.services.ports import SupportMessage, Work
from billing.services.support.cards import Original, pieces

# Begins the keys of what partners are told by staff.
SAID = "said"
# A caption holds 1024 UTF-16 units.
BESIDE_A_FILE = 480


async def say_to(
    work: Work,
    message: SupportMessage,
    said: Original,
    chat_id: int,
    *,
    reply_to: int | None = None,
    instead_of: str | None = None,
) -> None:
    """Say something of the staff's to somebody; `instead_of`: who it was meant for."""
    key, reader = f"{SAID}:{message.id}:{chat_id}", chat_id if chat_id > 0 else None
    for row in _rows(message, said, instead_of):
        nth, kind, facts = row
        part = Message(f"{key}{nth}", chat_id, kind, facts, reader=reader, reply_to=reply_to)
        await work.messages.say(part, at=work.now)


def _rows(
    message: SupportMessage, said: Original, instead_of: str | None
) -> Iterable[tuple[str, str, Facts]]:
    """Yield end of the key, kind and facts of what a text and its file become."""
    texts = pieces(message.text)
    facts: Facts = {"support": message.id, "text": texts[0], "instead_of": instead_of}
    if said.copies is not None and len(message.text) <= BESIDE_A_FILE:
        yield "", "staff_says", {**facts, "copies": said.copies}
        return
    yield "", "staff_says", facts
    for nth, text in enumerate(texts[1:], start=2):
        yield f":{nth}", "staff_says_more", {"support": message.id, "text": text}
    if said.copies is not None:
        file = {"support": message.id, "text": "", "instead_of": None, "copies": said.copies}
        yield ":file", "staff_says", file


async def not_delivered(work: Work, chat_id: int, key: str, why: str) -> None:
    """
    What staff said cannot arrive: somebody else of the partner is told, and they hear of it.

    `key` is that of the message that was refused.
    """
    message = await work.support.get(key.split(":")[1])
    if message is None:
        return
    partner = await finding.the_partner(work, message.partner_id)
    person = await work.people.person(chat_id)
    name = person.name if person else str(chat_id)
    other = await _somebody_else(work, message, chat_id)
    if other is not None and message.message_id is not None:
        said = Original(message.text, message.chat_id, message.message_id, message.file)
        await say_to(work, message, said, other, instead_of=name)
    heir = await work.people.person(other) if other is not None else None
    stands_in = None if other is None else heir.name if heir else str(other)
    told = Message(
        key=f"undelivered:{message.id}:{chat_id}",
        chat_id=message.chat_id,
        kind="staff_undelivered",
        facts={
            "partner": partner.name,
            "person": name,
            "why": why,
            "instead": stands_in,
        },
        reply_to=message.message_id,
        topic=await topics.of(work, message.chat_id, partner.id),
    )
    await work.messages.say(told, at=work.now)


async def not_passed_on(work: Work, key: str) -> None:
    """A partner's file cannot be shown to the staff: who sent it hears so, once."""
    message = await work.support.get(key.split(":")[1])
    if message is None or ":file:" not in key:
        return
    told = Message(
        key=f"not_passed_on:{message.id}",
        chat_id=message.chat_id,
        kind="support_not_passed_on",
        facts={"support": message.id},
        reader=message.user_id,
        reply_to=message.message_id,
    )
    await work.messages.say(told, at=work.now)


async def _somebody_else(work: Work, message: SupportMessage, chat_id: int) -> int | None:
    """Return an owner, or else anybody, of the partner who was not told and can be reached."""
    members = await work.people.members(message.partner_id)
    for member in sorted(members, key=lambda one: one.role is not Role.OWNER):
        person = await work.people.person(member.user_id)
        known = await work.messages.get(f"{SAID}:{message.id}:{member.user_id}")
        blocked = person is not None and person.blocked_at is not None
        if member.user_id != chat_id and known is None and not blocked:
            return member.user_id
    return None
