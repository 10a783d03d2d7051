"""/subscribe, /cancel, /keep, /delete: what it would mean, asked once, then done."""

from __future__ import annotations

from typing import Any

from billing.instances import State
from billing.services.days import extending
from billing.services.instances import outstanding, progressing, subscriptions
from billing.services.instances.subscriptions import TermsChanged
from billing.services.operations import Operation
from bot.chat.cards import confirming
from bot.chat.cards.card import Card
from bot.chat.handlers import bulk, card_payments
from bot.chat.handlers.choosing import chosen
from bot.chat.handlers.extending import quoted
from bot.chat.handlers.instances import which
from bot.chat.turn import Answer, Presses, Says, Turn

FITS = {
    Operation.SUBSCRIBE: frozenset({State.TRIAL, State.STOPPED}),
    Operation.CANCEL: frozenset({State.ACTIVE, State.OVERDUE}),
    Operation.KEEP: frozenset({State.CANCELLED}),
    Operation.DELETE: None,
}


def says(operation: Operation) -> Says:
    """Return the handler of the command that is called as its operation is."""

    async def quote_words(turn: Turn, words: str) -> Answer:
        if not words.strip():
            return await which(turn, operation, FITS[operation])
        found = await chosen(turn, operation, words)
        if isinstance(found, Card):
            return found
        bulk.check_count(found)
        return await _as_settled(turn, operation, found)

    return quote_words


def presses(operation: Operation) -> Presses:
    """Return the handler of the button for an operation."""

    async def quote_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
        return await _as_settled(turn, operation, [str(found) for found in args["instances"]])

    return quote_pressed


async def _as_settled(turn: Turn, operation: Operation, ids: list[str]) -> Card:
    """Quote what is asked for, or what takes its place where they are paid in days or by card."""
    by_card = await card_payments.instead(turn, operation, ids)
    if by_card is not None:
        return by_card
    instead = await extending.instead(turn.work, turn.actor, operation)
    if isinstance(instead, Operation):
        return await _quoted(turn, instead, ids)
    return await quoted(turn, ids, instead)


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Do what was quoted; if that is no longer true, quote anew and do nothing."""
    operation = Operation(args["operation"])
    ids, terms = [str(found) for found in args["instances"]], str(args["terms"])
    try:
        done = await subscriptions.carry_out(
            turn.work, turn.actor, operation, ids, terms=terms, message_key=turn.key
        )
    except TermsChanged:
        return await _quoted(turn, operation, ids, changed=True)
    if not done.possible:
        return confirming.impossible(done)
    return await progressing.progress(
        turn.work, turn.key, turn.heard.chat_id, operation, reader=turn.user_id
    )


async def _quoted(
    turn: Turn, operation: Operation, ids: list[str], *, changed: bool = False
) -> Card:
    quote = await subscriptions.quote(turn.work, turn.actor, operation, ids)
    if not quote.possible:
        return confirming.impossible(quote)
    to_bill = await outstanding.of_quote(turn.work, turn.actor, quote)
    runs_on = await outstanding.runs_on(turn.work, turn.actor, quote, to_bill)
    return confirming.confirm(quote, to_bill, changed=changed, runs_on=runs_on)
