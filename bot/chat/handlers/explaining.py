"""/why: from an invoice to the rule; /whatif: what it would cost."""

from __future__ import annotations

import re
from typing import Any

from billing.partners import Right
from billing.services import finding
from billing.services.days import buying
from billing.services.invoices import explaining, foreseeing
from billing.services.invoices.explaining import Explained
from billing.services.invoices.foreseeing import CountRefused
from bot.chat.cards import explaining as cards
from bot.chat.cards.card import Card
from bot.chat.handlers.choosing import chosen
from bot.chat.turn import Answer, Turn
from bot.chat.words import grammar
from bot.chat.words.understanding import WordsMissing, folded, foreign_digits

CANCEL = frozenset({"cancel", "cancelar", "delete", "excluir", "eliminar", "отменить", "удалить"})
ADD = frozenset({"add", "new", "adicionar", "criar", "mais", "agregar", "crear", "mas", "создать"})
SUBSCRIBE = frozenset({"subscribe", "assinar", "suscribir", "подписать"})
COUNT = re.compile(r"[0-9]{1,9}")


async def why(turn: Turn, words: str) -> Answer:
    """Explain an invoice, or the lines of an instance on it."""
    number, _, instance = " ".join(words.split()).partition(" ")
    if not number:
        return await turn.ask("why")
    name, after = grammar.quoted(instance) or (instance.strip(), "")
    return await _explained(turn, number.upper(), f"{name} {after}".strip() or None)


async def why_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Explain an invoice, or one instance on it."""
    instance = args.get("instance")
    return await _explained(turn, str(args["number"]), str(instance) if instance else None)


async def _explained(turn: Turn, number: str, instance: str | None) -> Card:
    found: Explained
    if turn.may(Right.SERVE):
        found = await explaining.any_(turn.work, turn.actor, number, instance)
        return cards.why(found)
    found = await explaining.own(turn.work, turn.actor, number, instance)
    people = await turn.work.people.members(found.partner.id)
    return cards.why(found, members={member.user_id for member in people})


async def whatif(turn: Turn, words: str) -> Answer:
    """Say what cancelling, adding or subscribing would cost; changes nothing."""
    what, _, rest = " ".join(words.split()).partition(" ")
    if not what:
        return await turn.ask("whatif")
    operates = turn.may(Right.OPERATE)
    wanted = folded(what)
    partner = await finding.own_partner(turn.work, turn.actor)
    if not finding.programme_of(turn.work, partner).postpaid:
        return await _in_days(turn, wanted, rest)
    if wanted in CANCEL:
        if not rest:
            raise WordsMissing(command="whatif", missing="name")
        found = await chosen(turn, "whatif cancel", words.strip()[len(what) :])
        if isinstance(found, Card):
            return found
        foreseen = await foreseeing.cancel(turn.work, turn.actor, found)
        return cards.whatif(foreseen, operates=operates)
    if wanted in ADD:
        added = await foreseeing.add(turn.work, turn.actor, _count(rest))
        return cards.whatif(added, operates=operates)
    if wanted in SUBSCRIBE:
        of_trials = await foreseeing.subscribe(turn.work, turn.actor, _count(rest))
        return cards.whatif(of_trials, operates=operates)
    return await turn.ask("whatif")


async def _in_days(turn: Turn, wanted: str, rest: str) -> Answer:
    """Say what more instances take where each is paid for in days; one less costs nothing."""
    if wanted in CANCEL:
        return cards.whatif_less()
    if wanted in ADD or wanted in SUBSCRIBE:
        return cards.whatif_more(await buying.foresee(turn.work, turn.actor, _count(rest)))
    return await turn.ask("whatif")


def _count(rest: str) -> int:
    word = rest.split(maxsplit=1)[0] if rest else ""
    if not word:
        raise WordsMissing(command="whatif", missing="count")
    if foreign_digits(word) or not COUNT.fullmatch(word):
        raise CountRefused(why="not_whole", most=foreseeing.MOST)
    return int(word)
