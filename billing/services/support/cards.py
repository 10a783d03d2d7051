"""
The staff's cards of what partners write to them, edited as things go on.

Kinds: `support_card` {support, partner, person, text, file, said_at, state, answered_by,
answered_at, claimed_by, claimed_at}; what does not fit follows as `support_more` {support, text},
a file as `support_file` {support, partner, person, copies}. `support` is the message's id: who
replies to any of them answers it. Rules: docs/guide-staff.md, "What partners write".
"""

from __future__ import annotations

from dataclasses import dataclass

from billing.services import claimed, finding, sorts, topics
from billing.services.facts import Facts
from billing.services.messages import Button, Message
from billing.services.ports import SupportMessage, Work

KIND = "support"
# Of the 4096 characters that Telegram takes and counts in UTF-16 units.
PIECE = 1800


@dataclass(frozen=True, slots=True)
class Original:
    """
    What somebody said, and where it stands.

    `file` is what hangs on it (photo, document, voice…), or None; `album` what was sent together.
    """

    text: str
    chat_id: int
    message_id: int | None
    file: str | None = None
    album: str | None = None

    @property
    def copies(self) -> list[int] | None:
        """Return chat and id of the message whose file is to be copied."""
        if self.file is None or self.message_id is None:
            return None
        return [self.chat_id, self.message_id]


def pieces(text: str) -> list[str]:
    """Return a text in pieces that fit into a message with a few words more; at least one."""
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]


async def show(work: Work, message: SupportMessage) -> None:
    """Show a partner's message to the staff as it stands; what was said before is edited."""
    facts = await told(work, message)
    buttons = buttons_of(message, facts)
    for chat_id in await sorts.groups_for(work, "support_card", f"{KIND}:{message.id}"):
        key = f"{KIND}:{message.id}:{chat_id}"
        topic = await topics.of(work, chat_id, message.partner_id)
        reply_to = await _replies_to(work, message, chat_id)
        card = Message(key, chat_id, "support_card", facts, buttons, reply_to=reply_to, topic=topic)
        await work.messages.say(card, at=work.now)


async def show_rest(work: Work, message: SupportMessage, original: Original) -> None:
    """Show below a new card what does not fit into it."""
    for chat_id in await sorts.groups_for(work, "support_card", f"{KIND}:{message.id}"):
        key = f"{KIND}:{message.id}:{chat_id}"
        topic = await topics.of(work, chat_id, message.partner_id)
        for nth, text in enumerate(pieces(message.text)[1:], start=2):
            more: Facts = {"support": message.id, "text": text}
            part = Message(f"{key}:{nth}", chat_id, "support_more", more, topic=topic)
            await work.messages.say(part, at=work.now)
    if original.copies is not None:
        await show_file(work, message, original.copies)


async def show_file(work: Work, message: SupportMessage, copies: list[int]) -> None:
    """Show below a card a file that came with it; of each place one."""
    told_of = await told(work, message)
    facts: Facts = {name: told_of[name] for name in ("support", "partner", "person")}
    for chat_id in await sorts.groups_for(work, "support_card", f"{KIND}:{message.id}"):
        key = f"{KIND}:{message.id}:{chat_id}:file:{copies[1]}"
        topic = await topics.of(work, chat_id, message.partner_id)
        beside: Facts = {**facts, "copies": copies}
        file = Message(key, chat_id, "support_file", beside, topic=topic)
        await work.messages.say(file, at=work.now)


async def _replies_to(work: Work, message: SupportMessage, chat_id: int) -> int | None:
    """Return what of the staff's a message answers, in the group where they said it."""
    before = await work.support.get(message.answers) if message.answers else None
    if before is None or not before.by_staff or before.chat_id != chat_id:
        return None
    return before.message_id


async def told(work: Work, message: SupportMessage) -> Facts:
    """Return what the card says of it."""
    partner = await finding.the_partner(work, message.partner_id)
    person = await work.people.person(message.user_id)
    return {
        "support": message.id,
        "partner": partner.name,
        "person": person.name if person else str(message.user_id),
        "text": pieces(message.text)[0],
        "file": message.file is not None,
        "said_at": message.said_at,
        "state": "waiting" if message.answered_at is None else "answered",
        "answered_by": await claimed.name_of(work, message.answered_by),
        "answered_at": message.answered_at,
        **await claimed.told(work, KIND, message.id),
    }


def buttons_of(message: SupportMessage, facts: Facts) -> list[list[Button]]:
    """Return what staff can do with it now; they answer it by a reply."""
    look = [Button("partner", "partner", {"partner": message.partner_id})]
    if message.answered_at is not None:
        return [look]
    done = Button("done", "support_done", {"support": message.id}, once=True)
    return [[claimed.button(KIND, message.id, facts), done], look]
