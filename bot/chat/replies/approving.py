"""What waits for a second person of the staff."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.corrections import consequences
from bot.chat.replies.sayings import when
from bot.chat.replies.templates import Facts, says


@says("approval")
def approval(facts: Facts, say: Speech) -> Html:
    return lines(
        what_waits(facts, say),
        changed(facts, say),
        *_follows(facts, say),
        say("Asked for by {person} {at}.", person=bold(facts["asked_by"]), at=facts["since"]),
        _decided(facts, say),
    )


def what_waits(facts: dict[str, Any] | Facts, say: Speech) -> Html:
    """Say what was asked for."""
    partner, total = bold(facts["partner"]), bold(say.money(facts["total"]))
    match facts["kind"]:
        case "paid":
            return say(
                "👥 Book {total} for invoice {number} of {partner}, reference {reference}",
                total=total,
                number=code(facts["number"]),
                partner=partner,
                reference=code(facts["reference"]),
            )
        case "unpaid":
            return say(
                "👥 Take back {total}, paid for invoice {number} of {partner}, reference "
                "{reference}: {reason}",
                total=total,
                number=code(facts["number"]),
                partner=partner,
                reference=code(facts["reference"]),
                reason=facts["reason"],
            )
        case _:
            return _what_moves(facts, say, partner, total)


def _what_moves(facts: dict[str, Any] | Facts, say: Speech, partner: Html, total: Html) -> Html:
    """Say what is given or paid back."""
    match facts["kind"]:
        case "refund":
            return say(
                "👥 Refund {total} to {partner}, reference {reference}",
                total=total,
                partner=partner,
                reference=code(facts["reference"]),
            )
        case "credit_days":
            return say.plural(
                "👥 Give {partner} {n} day, worth {total}: {reason}",
                "👥 Give {partner} {n} days, worth {total}: {reason}",
                facts["days"],
                partner=partner,
                total=total,
                reason=facts["reason"],
            )
        case _:
            return say(
                "👥 Give {partner} a credit of {total}: {reason}",
                partner=partner,
                total=total,
                reason=facts["reason"],
            )


def changed(facts: dict[str, Any] | Facts, say: Speech) -> Html | None:
    """Say what is otherwise since it was asked for, if anything is."""
    if not facts["changed"]:
        return None
    number = code(facts["number"])
    if facts["kind"] == "unpaid":
        if facts["reversal"] is None:
            return say("⚠️ It changed in the meantime: that payment cannot be taken back any more.")
        return say("⚠️ It changed in the meantime; this is how it stands now.")
    match facts["invoice"]:
        case "paid":
            return say(
                "⚠️ It changed in the meantime: invoice {number} is paid. Confirmed now, all of "
                "it is too much: it becomes credit.",
                number=number,
            )
        case "void":
            return say("⚠️ It changed in the meantime: invoice {number} is void.", number=number)
        case _:
            return say(
                "⚠️ It changed in the meantime: {owed} is owed for invoice {number} now.",
                owed=bold(say.money(facts["owed"])),
                number=number,
            )


def _follows(facts: Facts, say: Speech) -> list[Html]:
    """Say what would follow, while a payment waits to be taken back."""
    return consequences(facts["reversal"], say) if facts.get("reversal") else []


def _decided(facts: Facts, say: Speech) -> Html:
    person = bold(facts["decided_by"])
    match facts["state"]:
        case "done":
            return say("✅ Confirmed by {person}.", person=person)
        case "dropped":
            return say("❌ Left undone by {person}.", person=person)
        case _:
            return say(
                "So much needs a second person: a colleague of finance or an admin confirms it."
            )


@when("second_person")
def second_person(facts: Facts, say: Speech) -> Html:
    return say(
        "⏳ {total} is above what one person may do alone, at once or within 24 hours: a colleague "
        "of finance or an admin has to confirm it. The card is here, and in {command}.",
        total=bold(say.money(facts["total"])),
        command=code(say("/queue")),
    )


@when("approval_dropped")
def approval_dropped(facts: Facts, say: Speech) -> Html:
    return say("Left undone: {total}.", total=bold(say.money(facts["total"])))
