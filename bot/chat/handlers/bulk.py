"""Many instances at once: what would come of it, asked once, then done row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from billing.refusals import NotFound
from billing.services.instances import bulk, progressing
from billing.services.instances.bulk import Bulk, Row
from billing.services.instances.creation import TooManyAtOnce
from billing.services.instances.customers import Told
from billing.services.instances.subscriptions import TermsChanged
from billing.services.messages import Message
from billing.services.operations import Operation
from bot.chat.cards import bulk as cards
from bot.chat.cards.card import Card
from bot.chat.handlers.choosing import known_to
from bot.chat.turn import Answer, Turn
from bot.chat.words import bulk as bulk_words
from bot.chat.words import naming
from bot.chat.words.naming import UnknownName
from bot.chat.words.understanding import NotUnderstood, WordsMissing

CREATE, CUSTOMER = Operation.CREATE.value, "customer"
# So many of what is there may be named at once.
MOST_NAMED = 500
# As many are created all or none.
MOST_UNASKED = 20


def check_count(ids: Sequence[str]) -> None:
    """
    Refuse more than can be looked over.

    :raises TooManyAtOnce:
    """
    if len(ids) > MOST_NAMED:
        raise TooManyAtOnce(asked=len(ids), most=MOST_NAMED)


async def new(turn: Turn, rows: Sequence[Row]) -> Card:
    """Show what would come of creating these."""
    return await _shown(turn, CREATE, rows)


async def customers(turn: Turn, words: str) -> Card:
    """Show what a table would tell of customers."""
    rows = bulk_words.rows(words, language=turn.language)
    known = await known_to(turn, words)
    return await _shown(turn, CUSTOMER, [_meant(row, known) for row in rows])


def _meant(row: Row, known: naming.Known) -> Row:
    """Return a row with the instance that it means."""
    if row.unread is not None:
        return row
    if row.told is None:
        return replace(row, unread=WordsMissing(command=CUSTOMER, missing="name"))
    try:
        ids = naming.instances(row.name, known)
    except UnknownName:
        return replace(row, unread=NotFound(what="instance", wanted=row.name[:64]))
    except NotUnderstood as unclear:
        return replace(row, unread=unclear)
    if len(ids) != 1:
        return replace(row, unread=UnknownName(row.name, [], str, several=True))
    return replace(row, instance_id=ids[0])


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Do what was shown; if that is no longer true, show it anew and do nothing."""
    operation, rows = str(args["bulk"]), [_read(one) for one in args["rows"]]
    try:
        # Taken back by itself where it differs, for the rows before it were done.
        async with turn.work.savepoint():
            done = await bulk.carry_out(
                turn.work,
                turn.actor,
                operation,
                rows,
                terms=str(args["terms"]),
                message_key=turn.key,
            )
    except TermsChanged:
        return await _shown(turn, operation, rows, changed=True)
    if operation != CREATE:
        return cards.done(operation, done)
    if done.refused:
        await _say_refused(turn, done)
    return await progressing.progress(
        turn.work, turn.key, turn.heard.chat_id, CREATE, reader=turn.user_id
    )


async def _say_refused(turn: Turn, done: Bulk) -> None:
    """Say in a message of its own what was left out: the other one shows how far the rest is."""
    card = cards.done(CREATE, done)
    message = Message(
        key=f"{turn.new_key}:refused",
        chat_id=turn.heard.chat_id,
        kind=card.kind,
        facts=card.facts,
        buttons=card.buttons,
        reader=turn.user_id,
        thread_id=turn.heard.thread_id,
    )
    await turn.work.messages.say(message, at=turn.work.now)


async def _shown(turn: Turn, operation: str, rows: Sequence[Row], *, changed: bool = False) -> Card:
    found = await bulk.look(turn.work, turn.actor, operation, rows)
    # What is not clear is not tried again; what is refused may be possible by then.
    kept = [_written(result.row) for result in found.results if result.row.unread is None]
    return cards.preview(operation, found, kept, changed=changed)


def _written(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "instance": row.instance_id,
        "told": asdict(row.told) if row.told else None,
    }


def _read(one: dict[str, Any]) -> Row:
    told = Told(**one["told"]) if one["told"] else None
    return Row(one["name"], one["instance"], told)
