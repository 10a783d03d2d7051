"""Which handler a command, a button or an open question has; the right is checked before it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from billing.partners import MEMBER_RIGHTS, Right, Role
from billing.refusals import NoRight
from billing.services.finding import NoPartner
from bot.chat import acting, handled, trying
from bot.chat.actions import ACTIONS, SECRETS
from bot.chat.cards.card import Card
from bot.chat.cards.plain import said
from bot.chat.commands import COMMANDS, OF_USE, PARTNERS, QUESTIONS, Command, Here, Place
from bot.chat.files import FileRefused
from bot.chat.handled import Answers
from bot.chat.handlers.choosing import partner_named
from bot.chat.turn import Answer, Presses, Says, StrangerHere, Turn, WrongPlace
from bot.chat.words import grammar

OF_PARTNERS = frozenset({Place.PRIVATE, Place.PARTNER})


async def _say(turn: Turn, args: dict[str, Any]) -> Answer:
    """Do as if the button's words were written: with the right that their command asks for."""
    called = grammar.called(str(args["text"]), username="", private=True)
    if called is None or called.command is None:
        raise KeyError(f"a button says no command: {args['text']!r}")
    return await say(turn, called.command, called.words)


async def _answer_it(turn: Turn, args: dict[str, Any]) -> Answer:
    """Take words as the answer to a question that they came late for."""
    return await answer(turn, str(args["question"]), args["args"], str(args["words"]))


async def _as(turn: Turn, words: str) -> Answer:
    """Do what a command asks for, for a partner."""
    meant = await acting.meant(turn, words)
    if isinstance(meant, Card):
        return meant
    acts, called = meant
    return await acting.finished(acts, await say(acts, called.command, called.words))


async def _whatif(turn: Turn, words: str) -> Answer:
    """Say what it would cost; staff name the partner first, as with /as."""
    if turn.here in PARTNERS:
        return await handled.SAYS["whatif"](turn, words)
    if not words.strip():
        return await turn.ask("whatif", whose=True)
    found = await partner_named(turn, "whatif", words, more=True)
    if isinstance(found, Card):
        return found
    partner, rest = found
    return await _as(turn, f"{partner.id} whatif {rest}")


async def _as_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Do what a button stands for, for the partner for which it was shown."""
    acts = await acting.begun(turn, str(args["as"]["partner"]))
    action = acting.checked(acts, str(args["as"]["action"]))
    return await acting.finished(acts, await press(acts, action, args))


async def _as_answered(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Take words as the answer to what was asked for a partner."""
    acts = await acting.begun(turn, str(args["partner"]))
    return await acting.finished(acts, await answer(acts, args["what"], args["args"], words))


# What is said or pressed there is dispatched anew.
SAYS: dict[str, Says] = {**handled.SAYS, "as": _as, "whatif": _whatif}
PRESSES: dict[str, Presses] = {
    **handled.PRESSES,
    "say": _say,
    "as": _as_pressed,
    "answer_it": _answer_it,
}
ANSWERS: dict[str, Answers] = {**handled.ANSWERS, "as_answer": _as_answered}


async def say(turn: Turn, command: Command, words: str) -> Answer:
    """
    Do what a command asks for.

    :raises NoRight, NoPartner, WrongPlace: nothing was done.
    :raises Refusal:
    """
    check(turn, command.right_here(turn.here), command.place)
    if turn.file_trouble is not None:
        raise FileRefused(why=turn.file_trouble)
    if command.secret and turn.here is Here.PARTNER_GROUP:
        return await _in_private(turn, await SAYS[command.name](turn.in_private(), words))
    return await SAYS[command.name](turn, words)


async def press(turn: Turn, action: str, args: dict[str, Any]) -> Answer:
    """Do what a button stands for; raises as `say` does."""
    check(turn, ACTIONS[action], Place.ANYWHERE)
    if action in SECRETS and turn.here is Here.PARTNER_GROUP:
        return await _in_private(turn, await PRESSES[action](turn.in_private(), args))
    return await PRESSES[action](turn, args)


async def answer(turn: Turn, question: str, args: dict[str, Any], words: str) -> Answer:
    """Take words as the answer to a question; raises as `say` does."""
    if question in COMMANDS:
        whole = f"{args.get('before', '')} {words} {args.get('after', '')}"
        return await say(turn, COMMANDS[question], whole.strip())
    check(turn, *QUESTIONS[question])
    return await ANSWERS[question](turn, args, words)


async def _in_private(turn: Turn, answer: Answer) -> Answer:
    """Say what is nobody else's to read to the person alone, and here that it was."""
    await trying.say(turn.in_private(), answer)
    return replace(said("sent_in_private"), fresh=True)


def may_answer(turn: Turn, question: str) -> bool:
    """Whether the speaker has the right that the answer to a question needs."""
    if question in COMMANDS:
        return turn.may(COMMANDS[question].right_here(turn.here))
    return turn.may(QUESTIONS[question][0])


def check(turn: Turn, right: Right, place: Place) -> None:
    """
    Refuse what is not the speaker's to ask for, or not here.

    :raises NoRight, NoPartner, StrangerHere, WrongPlace:
    """
    private = turn.heard.private
    if not turn.actor.rights and turn.here is Here.PARTNER_GROUP:
        raise StrangerHere(right=right)
    if place in OF_PARTNERS and turn.here not in OF_USE[place]:
        raise WrongPlace(place=Place.PRIVATE)
    if turn.may(right):
        return
    if place is Place.STAFF_GROUP and turn.actor.staff is not None and not turn.in_staff_group:
        raise WrongPlace(place=Place.STAFF_GROUP)
    stranger = turn.actor.partner_id is None and turn.actor.staff is None
    if stranger and private and right in MEMBER_RIGHTS[Role.OWNER]:
        raise NoPartner
    raise NoRight(right=right)
