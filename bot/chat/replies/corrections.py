"""Money put right: void invoices, payments taken back, credit; as both sides are told."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import run_again

ROOM = 1200


@says("invoice_voided")
def invoice_voided(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🧾 Invoice {number}, {total}, is void: nothing is owed for it. The credit note is "
            "{note}.",
            number=code(facts["number"]),
            total=bold(say.money(facts["total"])),
            note=code(facts["note"]),
        ),
        say("The reason: {reason}", reason=facts["reason"]),
        say("What was on it comes on a new invoice, or on the next one.")
        if facts["kind"] == "monthly"
        else None,
        run_again(facts["restored"], say),
    )


@says("voiding")
def voiding(facts: Facts, say: Speech) -> Html:
    return lines(
        say("⚠️ It changed in the meantime; this is how it stands now.")
        if facts["changed"]
        else None,
        say(
            "Void invoice {number} of {partner}, {total}?",
            number=code(facts["number"]),
            partner=bold(facts["partner"]),
            total=bold(say.money(facts["total"])),
        ),
        say("Nothing is owed for it then; a credit note says so. It cannot be taken back."),
        say("Becomes credit again: {amount}", amount=facts["settled"])
        if facts["settled"]
        else None,
        say("What was on it comes on the next invoice, unless it is issued anew before.")
        if facts["kind"] == "monthly"
        else say("No days are given for it; who still wants them asks anew."),
        say("The partner will read the reason: {reason}", reason=facts["reason"]),
    )


@says("voided")
def voided(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "✅ Invoice {number} of {partner}, {total}, is void; the credit note is {note}.",
            number=code(facts["number"]),
            partner=bold(facts["partner"]),
            total=bold(say.money(facts["total"])),
            note=code(facts["note"]),
        ),
        say("What was on it comes on the next invoice, unless it is issued anew before.")
        if facts["kind"] == "monthly"
        else None,
        run_again(facts["restored"], say),
    )


@says("reissued")
def reissued(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "✅ Issued anew: {number} for {month}, {total}, instead of {instead}.",
            number=code(facts["number"]),
            month=bold(say.month(facts["period"])),
            total=bold(say.money(facts["total"])),
            instead=code(facts["instead_of"]),
        ),
        say(
            "To pay: {owed} by {due}; last day {last}.",
            owed=bold(say.money(facts["owed"])),
            due=bold(say.day(facts["due_on"])),
            last=facts["last_on"],
        )
        if facts["owed"]
        else say("Credit has paid it."),
    )


@says("payment_reversed")
def payment_reversed(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ The payment of {amount} for invoice {number} was taken back: {reason}",
            amount=bold(say.money(facts["amount"])),
            number=code(facts["number"]),
            reason=facts["reason"],
        ),
        say("Its reference was {reference}.", reference=code(facts["reference"])),
        *_owed_again(facts, say),
        _credit(facts, say),
        _days(facts, say),
    )


@says("reversed")
def reversed_(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "✅ Taken back: the payment of {amount} for invoice {number} of {partner}, reference "
            "{reference}.",
            amount=bold(say.money(facts["amount"])),
            number=code(facts["number"]),
            partner=bold(facts["partner"]),
            reference=code(facts["reference"]),
        ),
        *_owed_again(facts, say),
        _credit(facts, say),
        _lost(facts, say),
        _days(facts, say),
    )


@says("reversal")
def reversal(facts: Facts, say: Speech) -> Html:
    return lines(
        say("⚠️ It changed in the meantime; this is how it stands now.")
        if facts["changed"]
        else None,
        say(
            "Take back the payment of {amount} for invoice {number} of {partner}?",
            amount=bold(say.money(facts["amount"])),
            number=code(facts["number"]),
            partner=bold(facts["partner"]),
        ),
        say("Its reference: {reference}.", reference=code(facts["reference"])),
        *consequences(facts, say),
    )


def consequences(facts: Facts, say: Speech) -> list[Html]:
    """Say what follows if a payment is taken back."""
    told = [*_owed_again(facts, say), _credit(facts, say), _lost(facts, say)]
    if facts["days"]:
        told.append(
            say.plural(
                "{n} day was credited for it and is taken back.",
                "{n} days were credited for it and are taken back.",
                facts["days"],
            )
        )
    if facts["shortfall"]:
        told.append(
            say.plural(
                "⚠️ {n} of them is allocated or used already: the balance will be so far below "
                "zero.",
                "⚠️ {n} of them are allocated or used already: the balance will be so far below "
                "zero.",
                facts["shortfall"],
            )
        )
    return [one for one in told if one is not None]


def _owed_again(facts: Facts, say: Speech) -> list[Html]:
    told = [
        say(
            "Invoice {number} is due again: {owed}, due {due}; last day {last}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
            due=bold(say.day(facts["due_on"])),
            last=bold(say.day(facts["last_on"])),
        )
    ]
    if not facts["owed"]:
        told = []
    others = [
        say(
            "Its credit had paid invoice {number}: {owed} of that is due again, too.",
            number=code(other["number"]),
            owed=bold(say.money(other["owed"])),
        )
        for other in facts["also"]
    ]
    return [*told, say.listed(others, room=ROOM)] if others else told


def _credit(facts: Facts, say: Speech) -> Html | None:
    if not facts["credit"]:
        return None
    return say("Credit of {credit} that it made is taken back.", credit=facts["credit"])


def _lost(facts: Facts, say: Speech) -> Html | None:
    if not facts["lost"]:
        return None
    return say(
        "⚠️ {lost} of the credit that it made was used or refunded before: that is lost.",
        lost=facts["lost"],
    )


def _days(facts: Facts, say: Speech) -> Html | None:
    if not facts["days"]:
        return None
    told = say.plural("{n} day is taken back.", "{n} days are taken back.", facts["days"])
    if not facts["shortfall"]:
        return told
    return lines(
        told,
        say.plural(
            "{n} of them was allocated already: the balance is so far below zero.",
            "{n} of them were allocated already: the balance is so far below zero.",
            facts["shortfall"],
        ),
    )


@says("credit_given")
def credit_given(facts: Facts, say: Speech) -> Html:
    return lines(
        say("🎁 You were given {what}: {reason}", what=_what(facts, say), reason=facts["reason"]),
        *_used_for(facts, say),
        run_again(facts["restored"], say),
    )


@says("given")
def given(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "✅ {partner} was given {what}.",
            partner=bold(facts["partner"]),
            what=_what(facts, say),
        ),
        *_used_for(facts, say),
        run_again(facts["restored"], say),
    )


def _what(facts: Facts, say: Speech) -> Html:
    if facts["amount"] is None:
        return bold(say.plural("{n} day", "{n} days", facts["days"]))
    return bold(say.money(facts["amount"]))


def _used_for(facts: Facts, say: Speech) -> list[Html]:
    went = [_went_to(one, say) for one in facts["settled"]]
    told = [say.listed(went, room=ROOM)] if went else []
    if facts["amount"] is not None and facts["credit"]:
        told.append(say("Credit now: {credit}. The next invoice uses it.", credit=facts["credit"]))
    return told


def _went_to(one: dict[str, Any], say: Speech) -> Html:
    number = code(one["number"])
    if not one["owed"]:
        return say("It paid invoice {number}.", number=number)
    return say(
        "It went to invoice {number}, of which {owed} is still owed.",
        number=number,
        owed=one["owed"],
    )


@says("refunded")
def refunded(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "💸 {amount} of your credit was paid back, reference {reference}.",
            amount=bold(say.money(facts["amount"])),
            reference=code(facts["reference"]),
        ),
        _left(facts, say),
    )


@says("paid_back")
def paid_back(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "✅ Booked: {amount} of the credit of {partner} was paid back, reference {reference}.",
            amount=bold(say.money(facts["amount"])),
            partner=bold(facts["partner"]),
            reference=code(facts["reference"]),
        ),
        _left(facts, say),
    )


def _left(facts: Facts, say: Speech) -> Html:
    if facts["credit"]:
        return say("Credit now: {credit}", credit=facts["credit"])
    return say("No credit is left.")
