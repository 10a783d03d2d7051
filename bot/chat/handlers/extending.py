"""/extend and /auto: days for instances, now or by themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing.calendar import local_date
from billing.days.extensions import ByDays, Form
from billing.instances import State
from billing.services import finding
from billing.services.days import auto_extending, extending, funds
from billing.services.days.extending import ExtensionChanged
from billing.services.desk import overview
from billing.services.instances import progressing
from billing.services.operations import Operation
from bot.chat.cards import extending as cards
from bot.chat.cards.card import Card, named
from bot.chat.handlers import days
from bot.chat.handlers.choosing import known_to, suggestion
from bot.chat.handlers.days import understood
from bot.chat.handlers.instances import MOST_OFFERED
from bot.chat.turn import Answer, Turn
from bot.chat.words import days as day_words
from bot.chat.words import naming
from bot.chat.words.days import Extension
from bot.chat.words.naming import UnknownName
from bot.chat.words.understanding import folded

EXTENDABLE = frozenset({State.TRIAL, State.ACTIVE, State.STOPPED})
RUNNING = frozenset({State.TRIAL, State.ACTIVE})


async def extend(turn: Turn, words: str) -> Answer:
    """Give instances days: to one at once, for several what it would mean first."""
    if not words.strip():
        return await _ask_which(turn, "extend", EXTENDABLE)
    today = local_date(turn.work.now, await turn.zone())
    asked = await understood(
        turn, lambda: day_words.extension(words, language=turn.language, today=today)
    )
    if folded(words) in (await known_to(turn, words)).by_name:
        # A name that ends with a number: that is no number of days.
        asked = Extension(words, None)
    if not asked.names:
        return await _ask_which(turn, "extend", EXTENDABLE, said=asked.said)
    found = await _chosen(turn, "extend", asked.names, asked.said)
    if isinstance(found, Card):
        return found
    if asked.form is None:
        return await _ask_how_long(turn, found, asked)
    if len(found) == 1:
        return await _extended(turn, found, asked.form)
    return await quoted(turn, found, asked.form)


async def extend_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show what the days on the button would mean, by default those of a channel."""
    ids = [str(found) for found in args.get("instances") or ()]
    if not ids:
        return await extend(turn, "")
    partner = await finding.own_partner(turn.work, turn.actor)
    terms = funds.terms_of(turn.work, partner)
    return await quoted(turn, ids, ByDays(int(args.get("days") or terms.channel_days)))


async def quoted(turn: Turn, ids: list[str], form: Form, *, changed: bool = False) -> Card:
    """Show what an extension would mean."""
    quote = await extending.quote(turn.work, turn.actor, form, ids)
    if not quote.preview.possible:
        return cards.impossible(quote)
    return cards.extension(quote, changed=changed)


async def _extended(turn: Turn, ids: list[str], form: Form) -> Answer:
    """Extend at once, unless that would take days away from others."""
    quote = await extending.quote(turn.work, turn.actor, form, ids)
    if not quote.preview.possible:
        return cards.impossible(quote)
    if quote.preview.short:
        return cards.extension(quote)
    return await _carry_out(turn, ids, quote.form, quote.terms)


async def confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Do what was shown; if that is no longer true, show it anew and do nothing."""
    ids, form = [str(found) for found in args["instances"]], day_words.form_of(str(args["form"]))
    try:
        return await _carry_out(turn, ids, form, str(args["terms"]))
    except ExtensionChanged:
        return await quoted(turn, ids, form, changed=True)


async def _carry_out(turn: Turn, ids: list[str], form: Form, terms: str) -> Answer:
    done = await extending.carry_out(
        turn.work, turn.actor, form, ids, terms=terms, message_key=turn.key
    )
    if not done.preview.possible:
        return cards.impossible(done)
    return await progressing.progress(
        turn.work, turn.key, turn.heard.chat_id, Operation.EXTEND, reader=turn.user_id
    )


async def auto(turn: Turn, words: str) -> Answer:
    """Let instances extend themselves, or no more."""
    if not words.strip():
        return await _ask_which(turn, "auto", RUNNING)
    asked = await understood(turn, lambda: day_words.auto(words))
    if not asked.names:
        return await _ask_which(turn, "auto", RUNNING, said=asked.said)
    found = await _chosen(turn, "auto", asked.names, asked.said)
    if isinstance(found, Card):
        return found
    if asked.on is None:
        return await _ask_on_or_off(turn, found)
    return await _switched(turn, found, on=asked.on, by=asked.days)


async def auto_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Switch as the button says, or ask on or off."""
    ids = [str(found) for found in args.get("instances") or ()]
    if not ids:
        return await auto(turn, "")
    if "on" not in args:
        return await _ask_on_or_off(turn, ids)
    return await _switched(turn, ids, on=bool(args["on"]))


async def _switched(
    turn: Turn, ids: list[str], *, on: bool, by: int | Decimal | None = None
) -> Card:
    return cards.auto(await auto_extending.switch(turn.work, turn.actor, ids, on=on, by=by))


async def _chosen(turn: Turn, command: str, names: str, said: str) -> list[str] | Card:
    """Return whom the words name, or the card that asks; the rest of the words is kept."""
    try:
        return naming.instances(names, await known_to(turn, names))
    except UnknownName as unknown:
        anew = unknown.anew
        kept = UnknownName(
            unknown.wanted,
            unknown.near,
            lambda found: f"{anew(found)} {said}".strip(),
            several=unknown.several,
        )
        return await suggestion(turn, command, kept)


async def _ask_which(turn: Turn, command: str, states: frozenset[State], *, said: str = "") -> Card:
    """Ask which instances are meant, and offer the first of those it fits."""
    have = await days.own_funds(turn)
    found = await overview.instances_of(turn.work, turn.actor, states)
    offered = [
        [named(it.name, "say", text=f"/{command} {it.id} {said}".strip())]
        for it in found[:MOST_OFFERED]
    ]
    args = {"after": said} if said else None
    return await turn.ask(
        command, args, offered, count=len(found), balance=have.balance, known=said
    )


async def _ask_how_long(turn: Turn, ids: list[str], asked: Extension) -> Card:
    have = await days.own_funds(turn)
    before = {"before": f"{' '.join(ids)} {asked.said}".strip()}
    buttons = cards.offers(ids) if asked.asks == "days" else ()
    return await turn.ask(
        "extend_by", before, buttons, count=len(ids), balance=have.balance, asks=asked.asks
    )


async def _ask_on_or_off(turn: Turn, ids: list[str]) -> Card:
    have = await days.own_funds(turn)
    return await turn.ask(
        "auto_switch",
        {"before": " ".join(ids)},
        cards.switches(ids),
        count=len(ids),
        balance=have.balance,
    )


async def extend_by(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Take words as how long."""
    return await extend(turn, f"{args['before']} {words}")


async def auto_switch(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Take words as on or off."""
    return await auto(turn, f"{args['before']} {words}")
