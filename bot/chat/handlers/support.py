"""Partners and staff talking: /support, /say, /broadcast, and replies both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from billing.services import telling
from billing.services.messages import Message
from billing.services.ports import SupportMessage
from billing.services.support import broadcasting, relaying
from billing.services.support import cards as staffs
from billing.services.support.cards import Original
from bot.chat.cards import support as cards
from bot.chat.cards.card import Card
from bot.chat.cards.plain import HOME, said
from bot.chat.handlers.choosing import partner_named
from bot.chat.turn import Answer, Turn
from bot.chat.words.understanding import folded

# How segments are called in other languages than by their own names.
SEGMENTS = {
    "todos": "all", "vse": "all",
    "teste": "trial", "testes": "trial", "prueba": "trial", "test": "trial",
    "ativos": "active", "activos": "active", "aktivnye": "active",
    "parados": "stopped", "detenidos": "stopped",
    "emaberto": "unpaid", "impagos": "unpaid",
    "vencidos": "overdue", "atrasados": "overdue",
    "все": "all", "пробные": "trial", "активные": "active", "остановленные": "stopped",
    "неоплаченные": "unpaid", "просроченные": "overdue",
}  # fmt: skip


async def support(turn: Turn, words: str) -> Answer:
    """Pass words, or a file, on to the staff."""
    original = _original(turn, words)
    if original is None:
        return await turn.ask("support")
    return await _asked(turn, original, None)


async def reply(turn: Turn, about: str) -> Answer:
    """Pass on what a partner answers to something of the staff's."""
    original = _original(turn, _text(turn))
    return None if original is None else await _asked(turn, original, about or None)


async def add(turn: Turn, first: SupportMessage) -> Answer:
    """Pass on what was sent together with a message; that was confirmed."""
    if turn.original is not None:
        await relaying.add(turn.work, turn.actor, turn.original, first)
    return None


async def _asked(turn: Turn, original: Original, answers: str | None) -> Card:
    message = await relaying.ask(turn.work, turn.actor, original, answers=answers)
    return said("support_sent", [HOME], support=message.id)


async def answer(turn: Turn, about: str) -> Answer:
    """Pass an answer of the staff's on to the partner; the card says that it was answered."""
    original = _original(turn, _text(turn))
    if original is None:
        return None
    asked = await relaying.look(turn.work, turn.actor, about)
    await relaying.answer(turn.work, turn.actor, original, about)
    # Nothing in the chat would show a second answer.
    return None if asked.answered_at is None else said("answer_sent")


async def tell_owners(turn: Turn, partner_id: str) -> Answer:
    """Pass on to a partner's owners what is said as a reply in its topic."""
    original = _original(turn, _text(turn))
    if original is None:
        return None
    return await _said(turn, partner_id, original, owners=True)


async def nobody_reads(turn: Turn, shown: Message) -> Answer:
    """Say that a reply to a card reaches nobody, and what can be done instead."""
    name = shown.facts.get("partner")
    found = await turn.work.partners.find(name) if isinstance(name, str) else []
    partner = found[0] if len(found) == 1 else None
    return cards.nobody_reads(partner)


async def say(turn: Turn, words: str) -> Answer:
    """Say something to all members of a partner."""
    found = await partner_named(turn, "say", words)
    if isinstance(found, Card):
        return found
    partner, after = found
    # As it was written, with its lines.
    length = len(after.split())
    text = words.split(maxsplit=len(words.split()) - length)[-1] if length else ""
    original = _original(turn, text)
    if original is None:
        return await turn.ask("say", {"before": partner.id}, partner=partner.name)
    return await _said(turn, partner.id, original)


async def _said(turn: Turn, partner_id: str, original: Original, *, owners: bool = False) -> Card:
    roles = telling.OWNERS if owners else telling.EVERYBODY
    partner, people = await relaying.say(turn.work, turn.actor, partner_id, original, roles=roles)
    return said("said_to_partner", partner=partner.name, people=people)


async def shown(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show what a partner wrote, for the queue."""
    message = await relaying.look(turn.work, turn.actor, str(args["support"]))
    facts = await staffs.told(turn.work, message)
    return cards.asked(facts, staffs.buttons_of(message, facts))


async def done(turn: Turn, args: dict[str, Any]) -> Answer:
    """What a partner wrote needs no answer."""
    await relaying.done(turn.work, turn.actor, str(args["support"]))
    return await shown(turn, args) if turn.on_a_copy else None


async def broadcast(turn: Turn, words: str) -> Answer:
    """Show what would be said to whom, and ask."""
    segment, text = (*words.split(maxsplit=1), "", "")[:2]
    original = _original(turn, text)
    if not segment:
        return await turn.ask("broadcast")
    if original is None:
        return await turn.ask("broadcast", {"before": segment}, known=segment)
    wanted = SEGMENTS.get(folded(segment), folded(segment))
    prepared, partners = await broadcasting.look(turn.work, turn.actor, wanted, original)
    return cards.preview(prepared, partners)


async def broadcast_confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Send what was shown; how far it is stands in a message of its own."""
    going = await broadcasting.confirm(turn.work, turn.actor, str(args["broadcast"]))
    return said("broadcast_going", people=len(going.receivers))


async def broadcast_drop(turn: Turn, args: dict[str, Any]) -> Answer:
    """Leave it unsent."""
    await broadcasting.drop(turn.work, turn.actor, str(args["broadcast"]))
    return said("question_left")


def _text(turn: Turn) -> str:
    return turn.original.text if turn.original is not None else ""


def _original(turn: Turn, text: str) -> Original | None:
    """Return what was said without the command before it; None if that is nothing."""
    text = text.strip()
    original = turn.original or Original("", turn.heard.chat_id, None)
    if not text and original.file is None:
        return None
    return replace(original, text=text)
