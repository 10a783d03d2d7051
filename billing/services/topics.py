"""
A topic for each partner in the staff's groups that have topics.

A topic is a message like any other (kind `staff_topic` {partner, since}): promised with what is
to be said in it, opened when it is sent, its id that of the topic; never opened twice, and opened
anew where it was deleted. Where the bot may not open topics everything is said outside of them.
"""

from __future__ import annotations

from billing.services import finding, surroundings
from billing.services.messages import Message, Urgency
from billing.services.ports import Work

KIND = "staff_topic"


async def of(work: Work, chat_id: int, partner_id: str) -> str | None:
    """
    Return the key of the partner's topic in a staff group, which is opened if it is not there.

    None where the group has no topics, or the bot may not open any and none was opened before.
    """
    key = f"topic:{partner_id}:{chat_id}"
    group = await surroundings.standing(work, chat_id)
    if group is None or not group.opens_topics:
        known = group is not None and group.forum and await work.messages.get(key) is not None
        return key if known else None
    partner = await finding.the_partner(work, partner_id)
    message = Message(
        key=key,
        chat_id=chat_id,
        kind="staff_topic",
        # Under other rights than before it is a new message: what was refused is tried again.
        facts={"partner": partner.name, "partner_id": partner.id, "since": group.since},
        urgency=Urgency.PLACE,
    )
    await work.messages.say(message, at=work.now)
    return key


async def whose(work: Work, chat_id: int, thread_id: int | None) -> str | None:
    """Return the id of the partner whose topic it is; None for any other."""
    if thread_id is None:
        return None
    opened = await work.messages.standing(chat_id, thread_id)
    return str(opened.facts["partner_id"]) if opened is not None and opened.kind == KIND else None
