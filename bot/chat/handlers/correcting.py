"""Staff who put money right: /void, /unpaid, /credit, /refund."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from billing.money import Money
from billing.partners import Partner
from billing.services.invoices import corrections, invoicing
from billing.services.payments import giving, reversals, reversing
from billing.services.payments.giving import DaysRefused
from billing.services.ports import Approval
from bot.chat.cards import corrections as cards
from bot.chat.cards.card import Card
from bot.chat.cards.plain import said
from bot.chat.handlers.choosing import partner_named
from bot.chat.turn import Answer, Turn
from bot.chat.words import amounts, grammar
from bot.chat.words.grammar import LONGEST_REFERENCE
from bot.chat.words.understanding import WordsMissing, folded, foreign_digits

DAYS = frozenset({"day", "days", "dia", "dias", "день", "дня", "днеи"})
NUMBER = re.compile(r"[0-9]{1,9}")


async def void(turn: Turn, words: str) -> Answer:
    """Say what voiding an invoice would mean, and ask."""
    number, reason = _numbered(words)
    if not reason:
        return await _ask_why(turn, "void", number)
    return cards.voiding(*await corrections.foresee(turn.work, turn.actor, number), reason)


async def void_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for the reason."""
    return await _ask_why(turn, "void", str(args["number"]))


async def void_confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Void what was shown; if credit has paid a part since, show it anew and do nothing."""
    number, reason = str(args["number"]), str(args["reason"])
    partner, found = await corrections.foresee(turn.work, turn.actor, number)
    if found.settled.minor != args["settled"]:
        return cards.voiding(partner, found, reason, changed=True)
    return cards.voided(await corrections.void(turn.work, turn.actor, number, reason))


async def reissue(turn: Turn, args: dict[str, Any]) -> Answer:
    """Draw up the month of a void invoice again."""
    number = str(args["number"])
    issued = await corrections.reissue(turn.work, turn.actor, number)
    return cards.reissued(issued, instead_of=number)


async def unpaid(turn: Turn, words: str) -> Answer:
    """Say what taking the newest payment of an invoice back would mean, and ask."""
    number, reason = _numbered(words)
    if not reason:
        return await ask_why_unpaid(turn, number)
    return cards.reversal(await reversals.foresee(turn.work, turn.actor, number), reason)


async def unpaid_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask for the reason."""
    return await ask_why_unpaid(turn, str(args["number"]))


async def unpaid_confirm(turn: Turn, args: dict[str, Any]) -> Answer:
    """Reverse what was shown; if that is no longer true, show it anew and do nothing."""
    number, reason, reference = (str(args[key]) for key in ("number", "reason", "reference"))
    planned = await reversals.foresee(turn.work, turn.actor, number, reference)
    if reversing.terms(planned) != args["terms"]:
        return cards.reversal(planned, reason, changed=True)
    done = await reversals.reverse(turn.work, turn.actor, number, reason, reference)
    return waits(planned.partner, done) if isinstance(done, Approval) else cards.reversed_(done)


async def credit(turn: Turn, words: str) -> Answer:
    """Give credit, in money or in days."""
    found = await partner_named(turn, "credit", words, more=True)
    if isinstance(found, Card):
        return found
    partner, rest = found
    tokens = rest.split()
    if len(tokens) > 1 and folded(tokens[1]) in DAYS:
        days, reason = _days(tokens[0]), grammar.reason(" ".join(tokens[2:]))
        if not reason:
            return await _ask_more(turn, "credit", partner, " ".join(tokens[:2]))
        given = await giving.give_days(turn.work, turn.actor, partner.id, days, reason)
    else:
        amount, reason = _amount(partner, tokens, "credit")
        if not reason:
            return await _ask_more(turn, "credit", partner, rest)
        given = await giving.give(turn.work, turn.actor, partner.id, amount, reason)
    return waits(partner, given) if isinstance(given, Approval) else cards.given(given)


async def refund(turn: Turn, words: str) -> Answer:
    """Book credit that was paid back outside."""
    found = await partner_named(turn, "refund", words, more=True)
    if isinstance(found, Card):
        return found
    partner, rest = found
    amount, reference = _amount(partner, rest.split(), "refund")
    reference = reference[:LONGEST_REFERENCE]
    if not reference:
        return await _ask_more(turn, "refund", partner, rest)
    paid = await giving.refund(turn.work, turn.actor, partner.id, amount, reference)
    return waits(partner, paid) if isinstance(paid, Approval) else cards.paid_back(paid)


async def credit_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask how much, and why."""
    return await credit(turn, str(args["partner"]))


async def refund_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask how much, and for the reference."""
    return await refund(turn, str(args["partner"]))


def waits(partner: Partner, approval: Approval) -> Card:
    """Say that a colleague has to confirm it."""
    return said("second_person", partner=partner.name, total=approval.amount)


def _numbered(words: str) -> tuple[str, str]:
    number, _, rest = " ".join(words.split()).partition(" ")
    return number.upper(), grammar.reason(rest)


async def _ask_why(turn: Turn, command: str, number: str) -> Card:
    if not number:
        return await turn.ask(command)
    found = (await invoicing.any_invoice(turn.work, turn.actor, number)).invoice
    return await turn.ask(command, {"before": found.number}, number=found.number)


async def ask_why_unpaid(turn: Turn, number: str, *, others: Sequence[str] = ()) -> Card:
    """Ask for the reason, of the payment that it is about; `others` were booked with it."""
    if not number:
        return await turn.ask("unpaid")
    planned = await reversals.foresee(turn.work, turn.actor, number)
    number, payment = planned.invoice.number, planned.payment
    return await turn.ask(
        "unpaid",
        {"before": number},
        number=number,
        amount=payment.amount,
        reference=payment.reference,
        partner=planned.partner.name,
        others=list(others),
    )


async def _ask_more(turn: Turn, command: str, partner: Partner, known: str) -> Card:
    before = f"{partner.id} {known}"
    return await turn.ask(command, {"before": before}, partner=partner.name, known=known)


def _days(word: str) -> int:
    if foreign_digits(word) or not NUMBER.fullmatch(word):
        raise DaysRefused(why="not_whole", most=giving.MOST_DAYS)
    return int(word)


def _amount(partner: Partner, tokens: list[str], command: str) -> tuple[Money, str]:
    """
    Return the amount that comes first, and the words after it.

    :raises WordsMissing, AmountUnclear:
    """
    if not tokens:
        raise WordsMissing(command=command, missing="amount")
    read, taken = amounts.leading(tokens)
    money = Money(read.minor, read.currency or partner.currency)
    return money, grammar.reason(" ".join(tokens[taken:]))
