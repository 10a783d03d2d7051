"""Proofs of payment: passed on by a partner, looked at by staff."""

from __future__ import annotations

from typing import Any

from billing.services.payments import receipt_cards, receipts
from bot.chat.cards import plain
from bot.chat.cards import receipts as cards
from bot.chat.cards.invoices import choose
from bot.chat.turn import Answer, Turn
from bot.chat.words import grammar


async def owes(turn: Turn) -> bool:
    """Whether anything is unpaid that a proof could be for."""
    return bool(await receipts.unpaid(turn.work, turn.actor))


async def remember(turn: Turn, number: str) -> None:
    """The speaker was told how to pay this invoice: what is sent next is likely for it."""
    await turn.work.state.set(_place(turn), number)


async def send(turn: Turn, number: str | None) -> Answer:
    """Pass the message on for an invoice; where nobody knows for which, ask."""
    assert turn.original is not None, "a file was sent"
    said = _beside(turn.original.text, number)
    message_id = turn.original.message_id or 0
    await turn.work.conversations.answered(turn.heard.chat_id, turn.user_id)
    if number is None:
        unpaid = await receipts.unpaid(turn.work, turn.actor)
        if not unpaid:
            return choose([], "BRL")
        last = await turn.work.state.get(_place(turn))
        numbers = [invoice.number for invoice in unpaid]
        number = last if last in numbers else numbers[0] if len(numbers) == 1 else None
        if number is None:
            return cards.which(unpaid, message_id, said=said)
    sent = await receipts.send(
        turn.work, turn.actor, number, turn.heard.chat_id, message_id, said=said
    )
    return cards.sent(sent)


async def for_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Pass a message on for the invoice that was chosen."""
    sent = await receipts.send(
        turn.work,
        turn.actor,
        str(args["number"]),
        turn.heard.chat_id,
        int(args["message"]),
        said=str(args.get("said", "")),
        instead_of=args.get("instead_of"),
    )
    return cards.sent(sent)


async def other(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for which other invoice a message is the proof."""
    unpaid = await receipts.unpaid(turn.work, turn.actor)
    others = [invoice for invoice in unpaid if invoice.number != args["number"]]
    said = str(args.get("said", ""))
    return cards.which(others, int(args["message"]), said=said, instead_of=str(args["receipt"]))


async def shown(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show staff a proof again, and its file below."""
    found = await receipts.look(turn.work, turn.actor, str(args["receipt"]))
    facts = await receipt_cards.told(turn.work, found)
    for nth, one in enumerate(await receipts.on_card(turn.work, turn.actor, found), start=1):
        copy = cards.file(f"{turn.new_key}:{nth}", turn.heard.chat_id, one, facts)
        await turn.work.messages.say(copy, at=turn.work.now)
    return cards.copy(facts, receipt_cards.buttons_of(found, facts))


async def decline(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask why a proof proves nothing."""
    found = await receipts.look(turn.work, turn.actor, str(args["receipt"]))
    facts = await receipt_cards.told(turn.work, found)
    return await turn.ask(
        "receipt_decline",
        {"receipt": found.id},
        partner=facts["partner"],
        number=facts["number"],
    )


async def decline_because(turn: Turn, args: dict[str, Any], words: str) -> Answer:
    """Decline for the reason that was asked for."""
    await receipts.decline(turn.work, turn.actor, str(args["receipt"]), words.strip()[:500])
    return plain.said("receipt_declined")


def _beside(text: str, number: str | None) -> str:
    """Return what was written beside a proof, without the command and the invoice's number."""
    called = grammar.called(text, username="", private=True)
    if called is not None and called.slash:
        text = called.words
    return "" if number is not None and text.strip().upper() == number else text.strip()


def _place(turn: Turn) -> str:
    return f"pay:{turn.heard.chat_id}:{turn.user_id}"
