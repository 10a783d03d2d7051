"""Staff act for a partner: its commands, their answers and buttons, in the staff's group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from billing.partners import STRANGERS_RIGHTS
from billing.refusals import NoRight
from billing.services.desk import behalf
from billing.services.facts import Facts
from billing.services.messages import Button
from bot.chat import commands
from bot.chat.actions import ACTIONS, SECRETS
from bot.chat.cards.card import Buttons, Card
from bot.chat.cards.plain import did_you_mean
from bot.chat.commands import Command, Here
from bot.chat.handlers.choosing import partner_named
from bot.chat.turn import Answer, Turn
from bot.chat.words import grammar, guessing


class NotOnBehalf(NoRight):
    """No manager may do that, so nobody may for a partner. Facts: `right`."""

    code = "not_on_behalf"


@dataclass(frozen=True, slots=True)
class Meant:
    """A command that a partner could have said, and its words."""

    command: Command
    words: str


async def begun(turn: Turn, partner_id: str) -> Turn:
    """
    Return the turn as that of somebody who acts for a partner, as if in the partner's group.

    :raises NoRight, NotFound:
    """
    actor = await behalf.acting(turn.work, turn.actor, partner_id)
    return replace(turn, actor=actor, here=Here.PARTNER_GROUP)


async def meant(turn: Turn, words: str) -> tuple[Turn, Meant] | Card:
    """
    Return who is acted for and what is to be done, or the card that asks for it.

    :raises NotFound, NotOnBehalf:
    """
    found = await partner_named(turn, "as", words, more=True)
    if isinstance(found, Card):
        return found
    partner, rest = found
    acts = await begun(turn, partner.id)
    called = grammar.called(f"/{rest.removeprefix('/')}", username="", private=True)
    if called is None or called.command is None:
        wanted = rest.split()[0]
        offered = [one for one in commands.TABLE if _allowed(one)]
        near = guessing.nearest(wanted.removeprefix("/"), offered, turn.language)
        return did_you_mean(wanted, [(f"/{name}", f"/as {partner.id} {name}") for name in near])
    if not _allowed(called.command):
        raise NotOnBehalf(right=called.command.right)
    return acts, Meant(called.command, called.words)


def checked(turn: Turn, action: str) -> str:
    """
    Return what a button stands for, if it is a manager's to do.

    :raises NotOnBehalf:
    """
    if action not in ACTIONS or action in SECRETS or ACTIONS[action] not in turn.actor.rights:
        raise NotOnBehalf(right=ACTIONS.get(action, ""))
    return action


async def finished(turn: Turn, answer: Answer) -> Answer:
    """Tell the partner what was done, and mark the answer as said to somebody who acts for it."""
    partner = await behalf.tell(turn.work, turn.actor)
    if answer is None:
        return None
    facts: Facts = {**answer.facts, "on_behalf": partner.name}
    buttons = wrapped(answer.buttons, partner.id)
    return replace(answer, facts=facts, buttons=buttons)


def wrapped(buttons: Buttons, partner_id: str) -> list[list[Button]]:
    """Return buttons that act for a partner; those that a manager may not press are left out."""
    rows = [[_for(button, partner_id) for button in row if _of_use(button)] for row in buttons]
    return [row for row in rows if row]


def _for(button: Button, partner_id: str) -> Button:
    args: dict[str, Any] = {**button.args, "as": {"partner": partner_id, "action": button.action}}
    return Button(button.label, "as", args, once=button.once)


def _of_use(button: Button) -> bool:
    return ACTIONS[button.action] in behalf.RIGHTS and button.action not in SECRETS


def _allowed(command: Command) -> bool:
    """Whether a command is a manager's, and none that anybody says for himself."""
    managers = command.right in behalf.RIGHTS - STRANGERS_RIGHTS
    return managers and not command.secret and command.is_of_use(Here.PARTNER_GROUP)
