"""
Groups that the bot was added to and that are nobody's: it says how to bind them, and leaves.

At once where who added it could not bind the group anyway, else after an hour unless it was bound.
Rules: docs/guide-operator.md, "The staff group".
"""

from __future__ import annotations

from datetime import timedelta

from billing.services.access import SHARED_IDS
from billing.services.messages import Message, Urgency
from billing.services.people import Actor
from billing.services.ports import Due, Work

PATIENCE = timedelta(hours=1)
LEAVES = "leave_group"


async def met(work: Work, chat_id: int, by: int, cause: str) -> None:
    """The bot was added to a group that is not bound."""
    at_once = await _is_strange(work, by)
    first = not await work.people.groups()
    facts = {"first": first, "leaves": "now" if at_once else "later"}
    hint = Message(f"bind_hint:{chat_id}:{cause}", chat_id, "bind_hint", facts)
    await work.messages.say(hint, at=work.now)
    if at_once:
        await _leave(work, chat_id, cause)
    else:
        key = f"{LEAVES}:{chat_id}:{cause}"
        await work.due.plan(Due(key, LEAVES, str(chat_id), None, work.now + PATIENCE))


async def leave(work: Work, actor: Actor, due: Due) -> None:
    """Leave a group that nobody has bound in the meantime."""
    chat_id = int(due.subject)
    if not await _is_bound(work, chat_id):
        await _leave(work, chat_id, actor.cause)


async def _leave(work: Work, chat_id: int, cause: str) -> None:
    # Said last of all: what is said in the group before is read there.
    message = Message(
        key=f"leave:{chat_id}:{cause}",
        chat_id=chat_id,
        kind="leave_chat",
        facts={},
        urgency=Urgency.BROADCAST,
    )
    await work.messages.say(message, at=work.now)


async def _is_strange(work: Work, user_id: int) -> bool:
    """Whether who added the bot is neither staff nor a partner's, while there is a staff group."""
    if user_id in SHARED_IDS or not await work.people.groups():
        return False
    staff = await work.people.staff_role(user_id)
    return staff is None and await work.people.member(user_id) is None


async def _is_bound(work: Work, chat_id: int) -> bool:
    bound = await work.people.groups()
    return chat_id in bound or await work.groups.owner(chat_id) is not None
