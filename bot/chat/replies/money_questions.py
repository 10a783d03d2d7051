"""Questions to staff about money: what came in, what is put right."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.questions import about
from bot.chat.replies.templates import Facts


@about("paid")
def payment(facts: Facts, say: Speech) -> Html:
    form = code(say("59.90 E2E-12345 2026-03-09"))
    if facts.get("known"):
        return say(
            "What is the reference of the {amount} for invoice {number}? If it came in before "
            "today, add the day: {form}",
            amount=bold(facts["known"]),
            number=code(facts["number"]),
            form=code(say("E2E-12345 2026-03-09")),
        )
    if facts.get("missed"):
        return say(
            "I find no amount in “{words}”. What came in for invoice {number}? First the amount, "
            "then the reference of the payment, then, if it was not today, the day: {form}",
            words=facts["missed"],
            number=code(facts["number"]),
            form=form,
        )
    if facts.get("number"):
        return say(
            "What came in for invoice {number}? Amount, reference and, if it was not today, the "
            "day: {form}",
            number=code(facts["number"]),
            form=form,
        )
    return say(
        "What came in? The invoice's number, amount, reference and, if it was not today, the "
        "day: {form}",
        form=code(say("INT-2026-00001 59.90 E2E-12345 2026-03-09")),
    )


@about("hold")
def hold(facts: Facts, say: Speech) -> Html:
    if facts.get("known"):
        return say(
            "Why is invoice {number} held until {day}? The reason: {form}",
            number=code(facts["number"]),
            day=bold(facts["known"]),
            form=code(say("pays on Friday")),
        )
    if facts.get("number"):
        return say(
            "Until when is invoice {number} held, and why? {form}",
            number=code(facts["number"]),
            form=code(say("2026-03-20 pays on Friday")),
        )
    return say(
        "Which invoice is held, until when, and why? {form}",
        form=code(say("INT-2026-00001 2026-03-20 pays on Friday")),
    )


@about("void")
def void(facts: Facts, say: Speech) -> Html:
    if facts.get("number"):
        return say(
            "Why is invoice {number} voided? The partner will read it.",
            number=code(facts["number"]),
        )
    return say(
        "Which invoice is voided, and why? The partner will read it. {form}",
        form=code(say("INT-2026-00001 wrong price")),
    )


@about("unpaid")
def unpaid(facts: Facts, say: Speech) -> Html:
    if facts.get("number"):
        return lines(
            say(
                "Why is the payment of {amount}, reference {reference}, by {partner} for invoice "
                "{number} taken back? The partner will read it.",
                amount=bold(say.money(facts["amount"])),
                reference=code(facts["reference"]),
                partner=bold(facts.get("partner") or "–"),
                number=code(facts["number"]),
            ),
            _others(facts, say),
        )
    return say(
        "Of which invoice is the newest payment taken back, and why? The partner will read it. "
        "{form}",
        form=code(say("INT-2026-00001 the bank returned it")),
    )


def _others(facts: Facts, say: Speech) -> Html | None:
    """Name what was booked with it: a statement is taken back payment by payment."""
    numbers = facts.get("others")
    if not numbers:
        return None
    return say(
        "It was booked last of a statement. The others, each by itself: {commands}",
        commands=say.listed([code(f"/unpaid {number}") for number in numbers], room=600),
    )


@about("credit")
def credit(facts: Facts, say: Speech) -> Html:
    if facts.get("known"):
        return say(
            "Why is {partner} given {known}? The partner will read it.",
            partner=bold(facts["partner"]),
            known=bold(facts["known"]),
        )
    if facts.get("partner"):
        return say(
            "How much credit is {partner} given, or how many days, and why? {form}",
            partner=bold(facts["partner"]),
            form=code(say("59.90 for the outage")),
        )
    return say(
        "Which partner is given credit, how much, and why? {form}",
        form=code(say("NAME 59.90 for the outage · NAME 30 days for the outage")),
    )


@about("refund")
def refund(facts: Facts, say: Speech) -> Html:
    if facts.get("known"):
        return say(
            "What is the reference of the {known} that {partner} was paid back?",
            partner=bold(facts["partner"]),
            known=bold(facts["known"]),
        )
    if facts.get("partner"):
        return say(
            "How much was {partner} paid back, and with which reference? {form}",
            partner=bold(facts["partner"]),
            form=code(say("59.90 TED-12345")),
        )
    return say(
        "Which partner was paid back, how much, and with which reference? {form}",
        form=code(say("NAME 59.90 TED-12345")),
    )
