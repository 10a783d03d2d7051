"""Doing what is asked for and saying what came of it, within a unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from billing.partners import MEMBER_RIGHTS, Right
from billing.refusals import NoRight, Refusal
from billing.services import clockwork
from billing.services.desk.office import WrongCode
from billing.services.facts import Facts
from billing.services.finding import NoPartner
from billing.services.messages import Message
from billing.services.partners.linking import CodeRefused
from bot.chat import set_aside
from bot.chat.actions import ACTIONS
from bot.chat.cards.card import Buttons, Card
from bot.chat.cards.plain import applied, early, staff_greeting
from bot.chat.cards.refusals import refusal
from bot.chat.commands import COMMANDS, PARTNERS
from bot.chat.turn import Answer, Turn, WrongPlace

DENIALS = (NoRight, NoPartner, WrongPlace, WrongCode, CodeRefused)
# Cards that ask to confirm. While one is the last thing shown, /cancel alone leaves it, as it
# leaves a question; no words answer it, only its button does.
CONFIRMED = frozenset(
    {"confirm", "day_quote", "day_extension", "bulk", "farewell", "responsibility"}
    | {"company_asking", "team_promoting"}
)
CONFIRMING = "confirm"
# Cards that say when something stops or is deleted.
DATED = frozenset({"home", "instance", "invoice", "pay", "partner", "days"})


async def attempt(
    turn: Turn, name: str, act: Callable[[], Awaitable[Answer]]
) -> tuple[Answer, Refusal | None]:
    """Do something; a refusal takes it back, and is the answer. What is denied is audited."""
    try:
        async with turn.work.savepoint():
            return await act(), None
    except Refusal as refused:
        return await told(turn, name, refused), refused


async def told(turn: Turn, name: str, refused: Refusal) -> Card:
    """Return the card of a refusal; what was denied is in the audit from now on."""
    if isinstance(refused, DENIALS):
        await denied(turn, name)
    if isinstance(refused, NoPartner):
        waiting = await turn.work.people.open_application(turn.user_id)
        if waiting is not None:
            return early(applied(waiting, edited=False))
    if isinstance(refused, NoRight) and turn.heard.private and turn.actor.staff is not None:
        bound = bool(await turn.work.people.groups())
        return staff_greeting(turn.actor.staff, here=False, bound=bound)
    command = name if name in COMMANDS else None
    who = await _who_may(turn, refused) if isinstance(refused, NoRight) else ()
    return refusal(refused, command=command, staff=turn.here not in PARTNERS, who=who)


async def _who_may(turn: Turn, refused: NoRight) -> list[Facts]:
    """Return the members of the speaker's partner who may what the speaker may not."""
    if turn.actor.partner_id is None:
        return []
    right = Right(str(refused.facts["right"]))
    members = await turn.work.people.members(turn.actor.partner_id)
    may = [member for member in members if right in MEMBER_RIGHTS[member.role]]
    people = [(await turn.work.people.person(member.user_id), member.role) for member in may]
    return [{"name": person.name if person else "", "role": role} for person, role in people]


async def say(
    turn: Turn, answer: Answer, *, fresh_key: str | None = None, refused: bool = False
) -> None:
    """Put the answer into the outbox; a refusal never takes the place of a pressed card."""
    if isinstance(answer, Card):
        card = answer = await _halted(turn, answer)
        key = fresh_key if fresh_key is not None and (answer.fresh or refused) else turn.key
        answer = Message(
            key=key,
            chat_id=turn.heard.chat_id,
            kind=answer.kind,
            facts=answer.facts,
            buttons=_of_use(turn, answer.buttons),
            urgency=answer.urgency,
            reader=turn.user_id,
            thread_id=turn.heard.thread_id,
        )
        if card.kind in CONFIRMED and turn.heard.private:
            kept = await set_aside.kept(turn)
            await turn.work.conversations.ask(
                turn.heard.chat_id, turn.user_id, CONFIRMING, {"key": key, "kept": kept}
            )
    elif answer is not None and answer.chat_id == turn.heard.chat_id:
        answer = replace(answer, thread_id=turn.heard.thread_id)
    if answer is not None:
        await turn.work.messages.say(answer, at=turn.work.now)


def _of_use(turn: Turn, buttons: Buttons) -> Buttons:
    """Return the buttons that the reader may press; in a group somebody else may."""
    if not turn.heard.private:
        return buttons
    rows = [[one for one in row if turn.may(ACTIONS[one.action])] for row in buttons]
    return [row for row in rows if row]


async def _halted(turn: Turn, card: Card) -> Card:
    """Have a card with dates of stops say that none comes now, where that is so."""
    dated = card.kind in DATED or card.facts.get("what") == "hold_set"
    if not dated or not await clockwork.held_kinds(turn.work):
        return card
    return replace(card, facts={**card.facts, "halt": True})


async def denied(turn: Turn, name: str) -> None:
    """Write down that somebody tried what was not theirs to do."""
    await turn.work.audit.record(turn.actor, name, at=turn.work.now, outcome="denied")
