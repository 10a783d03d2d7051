"""Whose question a reply answers: messages of the bot that ask, found by what is replied to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.chat.commands import Here
from bot.chat.hearing import Spoken
from bot.chat.turn import Turn


@dataclass(frozen=True, slots=True)
class Colleagues:
    """A question that a colleague was asked and has not answered."""

    user_id: int
    name: str
    kind: str
    args: dict[str, Any]


async def asked_on(turn: Turn, kind: str) -> None:
    """A question that stays open after a refusal is answered by a reply to the refusal, too."""
    chat_id = turn.heard.chat_id
    question = await turn.work.conversations.question(chat_id, turn.user_id)
    if question is not None and question[0] == kind:
        args = {**question[1], "asked": [*question[1].get("asked", ()), turn.key]}
        await turn.work.conversations.ask(chat_id, turn.user_id, kind, args)


async def asked_again(turn: Turn, kind: str, args: dict[str, Any]) -> None:
    """The very same question asked once more is answered by a reply to either message."""
    chat_id = turn.heard.chat_id
    question = await turn.work.conversations.question(chat_id, turn.user_id)
    if question is None or question[0] != kind:
        return
    again = question[1]
    if {**again, "asked": ()} == {**args, "asked": ()}:
        both = {**again, "asked": [*args.get("asked", ()), *again.get("asked", ())]}
        await turn.work.conversations.ask(chat_id, turn.user_id, kind, both)


async def replies_to(turn: Turn, said: Spoken, args: dict[str, Any]) -> bool:
    """Whether words can be the answer: they reply to nothing, or to what asked the question."""
    if said.reply_to is None:
        return True
    asked = await _sent(turn, args)
    # What is not known to have arrived may be the one that is replied to.
    return None in asked or not asked or said.reply_to in asked


async def by_a_colleague(turn: Turn, reply_to: int | None) -> Colleagues | None:
    """Return the open question of another of the staff, or the team, that is replied to, here."""
    if reply_to is None:
        return None
    for user_id in await _others(turn):
        question = await turn.work.conversations.question(turn.heard.chat_id, user_id)
        if question is not None and reply_to in await _sent(turn, question[1]):
            person = await turn.work.people.person(user_id)
            return Colleagues(user_id, person.name if person else "", *question)
    return None


async def was_asked(turn: Turn, reply_to: int | None) -> bool:
    """
    Whether what is replied to, in a group of ours, asked for words, of whomever.

    So did a refusal, of whom it refused.
    """
    staff = turn.in_staff_group and turn.actor.staff is not None
    member = turn.here is Here.PARTNER_GROUP and turn.actor.partner_id is not None
    if reply_to is None or not (staff or member):
        return False
    shown = await turn.work.messages.standing(turn.heard.chat_id, reply_to)
    if shown is None:
        return False
    return shown.kind == "ask" or (shown.kind == "refusal" and shown.reader == turn.user_id)


async def _others(turn: Turn) -> list[int]:
    """Return who else may be asked here what the speaker may answer."""
    people, actor, found = turn.work.people, turn.actor, list[int]()
    if turn.here is Here.STAFF_GROUP and actor.staff is not None:
        found = [person.user_id for person, _ in await people.staff()]
    if turn.here is Here.PARTNER_GROUP and actor.partner_id is not None and actor.rights:
        found = [member.user_id for member in await people.members(actor.partner_id)]
    return [user_id for user_id in found if user_id != turn.user_id]


async def take_over(turn: Turn, theirs: Colleagues) -> None:
    """Let the speaker answer a colleague's question, who is not waited for any more."""
    chat_id = turn.heard.chat_id
    await turn.work.conversations.answered(chat_id, theirs.user_id)
    await turn.work.conversations.ask(chat_id, turn.user_id, theirs.kind, theirs.args)


async def _sent(turn: Turn, args: dict[str, Any]) -> list[int | None]:
    return [await turn.work.messages.sent_as(key) for key in args.get("asked", ())]
