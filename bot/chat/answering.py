"""
One update's unit of work: who speaks, what may be done, what is answered.

A refusal takes back what was done for it, and nothing else: the answer and the audit of what was
denied stay.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from billing.refusals import Refusal
from billing.services import access
from billing.services.access import Heard
from billing.services.desk.health import Machine
from billing.services.messages import Message
from billing.services.ports import Work
from billing.services.support.cards import Original
from bot.chat import dispatch, meeting, proving, relaying
from bot.chat.asked import asked_again, asked_on, by_a_colleague, replies_to, take_over, was_asked
from bot.chat.cards import plain
from bot.chat.cards.card import Card
from bot.chat.cards.invoices import WaysToPay
from bot.chat.commands import COMMANDS, Here
from bot.chat.hearing import Event, Met, Moved, Pressed, Spoken
from bot.chat.meaning import is_command, is_greeting
from bot.chat.pressing import pressed
from bot.chat.set_aside import between, parted, perhaps_answered
from bot.chat.trying import CONFIRMING, attempt, say, told
from bot.chat.turn import Answer, Turn
from bot.chat.words import grammar, guessing
from bot.chat.words.grammar import Called
from bot.chat.words.understanding import NotUnderstood

Act = Callable[[], Awaitable[Answer]]
# Refusals of the core after which the same question is still a sensible one.
ASK_ON = (
    frozenset({"name_refused", "name_taken", "amount_refused", "date_refused"})
    | frozenset({"hold_refused", "reference_taken", "unknown_zone", "not_found"})
    | frozenset({"day_count_refused", "until_past", "limit_refused", "company_refused"})
    | frozenset({"customer_unnamed"})
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left to do once the unit is committed: a toast, a menu for a group newly bound."""

    toast: str | None = None
    language: str = "en"
    bound: tuple[int, Here] | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers, within a unit of work, what was heard."""

    username: str
    ways: WaysToPay
    machine: Callable[[], Machine] = Machine

    async def handle(self, work: Work, update_id: int, event: Event | None) -> Outcome:
        """Claim the update and answer it; one that was done before is left alone."""
        if not await work.inbox.claim(update_id, at=work.now):
            return Outcome()
        key = f"answer:{update_id}"
        match event:
            case Spoken():
                return await self._spoken(work, event, key)
            case Pressed():
                turn = await self._turn(work, event.heard, key)
                return Outcome(await pressed(turn, event.data), turn.language)
            case Moved():
                await work.people.rename_chat(event.old, event.new)
            case Met():
                await meeting.met(work, event, await _where(work, event.heard))
            case None:
                pass
        return Outcome()

    async def _spoken(self, work: Work, said: Spoken, key: str) -> Outcome:
        private = said.heard.private
        called = grammar.called(said.text, username=self.username, private=private)
        # The proof of a transfer is often forwarded, from a bank or an accountant.
        handed_on = said.second_hand and said.file_kind in proving.FILES and called is None
        if said.shared or said.edited or (said.second_hand and not handed_on):
            await _not_acted_upon(work, said, called, key)
            return Outcome()
        turn = await self._turn(work, said.heard, key)
        await meeting.heard_in(work, said, turn.here)
        turn = replace(
            turn,
            replied_to=said.replied_to,
            file_trouble=said.file_trouble,
            original=Original(
                said.text, said.heard.chat_id, said.message_id, said.file_kind, said.album
            ),
        )
        run = await self._meant(turn, said, called)
        if run is None:
            return Outcome()
        name, act = run
        answer, refused = await attempt(turn, name, act)
        if refused is not None:
            await asked_on(turn, name)
        await say(turn, answer)
        here = await _where(work, said.heard)
        bound = here not in {turn.here, Here.FOREIGN_GROUP}
        return Outcome(bound=(said.heard.chat_id, here) if bound else None)

    async def _meant(
        self, turn: Turn, said: Spoken, called: Called | None
    ) -> tuple[str, Act] | None:
        """Return what the words ask for and its name, or None for what is not meant for us."""
        chat_id, private = said.heard.chat_id, said.heard.private
        question, kept = parted(await turn.work.conversations.question(chat_id, turn.user_id))
        command = called.command if called is not None else None
        if question is not None and command is COMMANDS["cancel"] and called and not called.words:
            return "cancel", lambda: _leave(turn, *question)
        if question is not None and question[0] == CONFIRMING:
            await turn.work.conversations.answered(chat_id, turn.user_id)
            kept, question = question[1].get("kept"), None
        passed_on = await _passed_on(turn, said, called, question)
        if passed_on is not None or said.second_hand:
            return passed_on
        if called is not None and command is not None:
            slash, words = called.slash or question is None, called.words
            if slash or (question and await is_command(turn, question[0], called, said.text)):
                await between(turn, command, question)
                return command.name, lambda: dispatch.say(turn, command, words)
        if called is not None and called.slash:
            # In a partner's group there may be other bots, and people who are nobody to us.
            unknown = turn.here is not Here.FOREIGN_GROUP and bool(turn.actor.rights)
            return ("unknown", lambda: _suggested(turn, said.text, None)) if unknown else None
        if (
            _may_answer(said, question)
            and (answering := await _to_question(turn, said, question)) is not None
        ):
            return answering
        if private:
            return _otherwise(turn, said, kept)
        nowhere = await relaying.leads_nowhere(turn, said)
        return None if nowhere is None else ("reply", nowhere)

    async def _turn(self, work: Work, heard: Heard, key: str) -> Turn:
        actor, person = await access.recognise(work, heard)
        return Turn(
            work=work,
            actor=actor,
            person=person,
            heard=heard,
            key=key,
            ways=self.ways,
            machine=self.machine,
            here=await _where(work, heard),
            username=self.username,
        )


def _otherwise(turn: Turn, said: Spoken, kept: dict[str, Any] | None) -> tuple[str, Act]:
    """Return how words in private are answered that are none of ours."""
    if is_greeting(said.text):
        return "start", lambda: dispatch.say(turn, COMMANDS["start"], "")
    if said.file:
        return "file", lambda: _card(plain.said("no_files"))
    return "unknown", lambda: _suggested(turn, said.text, kept)


async def _suggested(turn: Turn, text: str, kept: dict[str, Any] | None) -> Card:
    """Offer words as the answer to a question set aside, or what they may mean else."""
    asked = await perhaps_answered(turn, kept, text) if kept is not None else None
    return asked if asked is not None else guessing.suggested(turn, text)


async def _passed_on(
    turn: Turn, said: Spoken, called: Called | None, question: tuple[str, dict[str, Any]] | None
) -> tuple[str, Act] | None:
    """Return what goes to the other side: a reply to what it said, the proof of a transfer."""
    slash = called is not None and called.slash
    reply = None if slash or said.second_hand else await relaying.meant(turn, said)
    if reply is not None:
        return "support", reply
    proof = await proving.meant(turn, said, called, question)
    return None if proof is None else ("pay", proof)


def _may_answer(said: Spoken, question: tuple[str, dict[str, Any]] | None) -> bool:
    """Whether what was said can be an answer: words, or a file where one is passed on."""
    return bool(said.text) or (question is not None and question[0] in {"support", "say"})


async def _leave(turn: Turn, kind: str, args: dict[str, Any]) -> Answer:
    """Leave a question; a card that asks to confirm can no longer be confirmed."""
    await turn.work.conversations.answered(turn.heard.chat_id, turn.user_id)
    card = await turn.work.messages.get(args["key"]) if kind == CONFIRMING else None
    if card is not None:
        await turn.work.messages.say(card, at=turn.work.now)
    return plain.said("question_left")


async def _answered(turn: Turn, kind: str, args: dict[str, Any], text: str) -> Answer:
    """Take the words as the answer; the question stays open only if it can be asked on."""
    chat_id = turn.heard.chat_id
    await turn.work.conversations.answered(chat_id, turn.user_id)
    try:
        async with turn.work.savepoint():
            answer = await dispatch.answer(turn, kind, args, text)
            await asked_again(turn, kind, args)
            return answer
    except Refusal as refused:
        if not isinstance(refused, NotUnderstood) and refused.code not in ASK_ON:
            return await told(turn, kind, refused)
        raise


async def _to_question(
    turn: Turn, said: Spoken, question: tuple[str, dict[str, Any]] | None
) -> tuple[str, Act] | None:
    """Return what words answer: one's own open question, or a colleague's that is replied to."""
    theirs = await by_a_colleague(turn, said.reply_to)
    if theirs is not None and not dispatch.may_answer(turn, theirs.kind):
        who = theirs.name
        return theirs.kind, lambda: _card(plain.said("question_of", person=who))
    if theirs is not None:
        await take_over(turn, theirs)
        question = theirs.kind, theirs.args
    if question is None and await was_asked(turn, said.reply_to):
        # Another command left it, or somebody answered: silence would look like consent.
        return "answer", lambda: _card(plain.said("question_closed"))
    if question is None or not (said.heard.private or said.to_bot):
        return None
    kind, args = question
    if not await replies_to(turn, said, args):
        return kind, lambda: _card(plain.said("question_closed"))
    return kind, lambda: _answered(turn, kind, args, said.text)


async def _card(card: Card) -> Answer:
    return card


async def _not_acted_upon(work: Work, said: Spoken, called: Called | None, key: str) -> None:
    """Nothing is done for words that nobody surely says now; who meant a command is told so."""
    command = called.command.name if called is not None and called.command is not None else None
    relayed = await relaying.is_relayed(work, said)
    if command is None and not relayed:
        return
    actor, _ = await access.recognise(work, said.heard)
    if said.shared:
        actor = replace(actor, rights=frozenset(), partner_id=None, role=None, staff=None)
    await work.audit.record(actor, command or "support", at=work.now, outcome="denied")
    if not said.shared and not said.heard.private and not relayed:
        return
    what = "edited" if said.edited else "forwarded"
    card = plain.said("write_as_yourself" if said.shared else what)
    message = Message(
        key=key,
        chat_id=said.heard.chat_id,
        kind=card.kind,
        facts=card.facts,
        reader=None if said.shared else said.heard.user_id,
        thread_id=said.heard.thread_id,
    )
    await work.messages.say(message, at=work.now)


async def _where(work: Work, heard: Heard) -> Here:
    if heard.private:
        return Here.PRIVATE
    if heard.chat_id in await work.people.groups():
        return Here.STAFF_GROUP
    owner = await work.groups.owner(heard.chat_id)
    return Here.FOREIGN_GROUP if owner is None else Here.PARTNER_GROUP
