"""Doing what is asked for and saying what came of it, within a unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from billing.refusals import NoRight, Refusal
from billing.services.desk.office import WrongCode
from billing.services.finding import NoPartner
from billing.services.messages import Message
from billing.services.partners.linking import CodeRefused
from bot.chat.cards.card import Card
from bot.chat.cards.plain import applied, staff_greeting
from bot.chat.cards.refusals import refusal
from bot.chat.commands import COMMANDS
from bot.chat.turn import Answer, Turn, WrongPlace

DENIALS = (NoRight, NoPartner, WrongPlace, WrongCode, CodeRefused)
# Cards that ask to confirm. While one is the last thing shown, /cancel alone leaves it, as it
# leaves a question; no words answer it, only its button does.
CONFIRMED = frozenset({"confirm", "day_quote", "day_extension", "farewell", "responsibility"})
CONFIRMING = "confirm"


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
            return applied(company=waiting.company, migrate=waiting.migrate, edited=False)
    if isinstance(refused, NoRight) and turn.heard.private and turn.actor.staff is not None:
        bound = bool(await turn.work.people.groups())
        return staff_greeting(turn.actor.staff, here=False, bound=bound)
    command = name if name in COMMANDS else None
    return refusal(refused, command=command, staff=not turn.heard.private)


async def say(
    turn: Turn, answer: Answer, *, fresh_key: str | None = None, refused: bool = False
) -> None:
    """Put the answer into the outbox; a refusal never takes the place of a pressed card."""
    if isinstance(answer, Card):
        card = answer
        key = fresh_key if fresh_key is not None and (answer.fresh or refused) else turn.key
        answer = Message(
            key=key,
            chat_id=turn.heard.chat_id,
            kind=answer.kind,
            facts=answer.facts,
            buttons=answer.buttons,
            urgency=answer.urgency,
            reader=turn.user_id,
        )
        if card.kind in CONFIRMED and turn.heard.private:
            await turn.work.conversations.ask(
                turn.heard.chat_id, turn.user_id, CONFIRMING, {"key": key}
            )
    if answer is not None:
        await turn.work.messages.say(answer, at=turn.work.now)


async def denied(turn: Turn, name: str) -> None:
    """Write down that somebody tried what was not theirs to do."""
    await turn.work.audit.record(turn.actor, name, at=turn.work.now, outcome="denied")
