"""Whose question a reply answers: messages of the bot that ask, found by what is replied to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


async def replies_to(turn: Turn, said: Spoken, args: dict[str, Any]) -> bool:
    """Whether words can be the answer: they reply to nothing, or to what asked the question."""
    if said.reply_to is None:
        return True
    asked = await _sent(turn, args)
    # What is not known to have arrived may be the one that is replied to.
    return None in asked or not asked or said.reply_to in asked


async def by_a_colleague(turn: Turn, reply_to: int | None) -> Colleagues | None:
    """Return the open question of another of the staff that is replied to, here."""
    if reply_to is None or not turn.in_staff_group or turn.actor.staff is None:
        return None
    for person, _ in await turn.work.people.staff():
        question = await turn.work.conversations.question(turn.heard.chat_id, person.user_id)
        if person.user_id == turn.user_id or question is None:
            continue
        if reply_to in await _sent(turn, question[1]):
            return Colleagues(person.user_id, person.name, *question)
    return None


async def take_over(turn: Turn, theirs: Colleagues) -> None:
    """Let the speaker answer a colleague's question, who is not waited for any more."""
    chat_id = turn.heard.chat_id
    await turn.work.conversations.answered(chat_id, theirs.user_id)
    await turn.work.conversations.ask(chat_id, turn.user_id, theirs.kind, theirs.args)


async def _sent(turn: Turn, args: dict[str, Any]) -> list[int | None]:
    return [await turn.work.messages.sent_as(key) for key in args.get("asked", ())]
