"""Proofs of payment: what partners are told, and what staff see."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.questions import about
from bot.chat.replies.sayings import when
from bot.chat.replies.templates import Facts, says


@says("receipt_sent")
def receipt_sent(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "📎 Thank you! Passed on to our staff: your proof for invoice {number}, {owed}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
        ),
        say("They book it when the money is there, and you hear of it here."),
    )


@says("receipt_which")
def receipt_which(facts: Facts, say: Speech) -> Html:
    return say.plural(
        "For which invoice is that? {n} is unpaid.",
        "For which invoice is that? {n} are unpaid.",
        facts["count"],
    )


@says("receipt_declined")
def receipt_declined(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ Our staff could not book your proof for invoice {number}.",
            number=code(facts["number"]),
        ),
        say("Reason: {reason}", reason=facts["reason"]),
        say("Still to pay: {owed}.", owed=bold(say.money(facts["owed"])))
        if facts["owed"]
        else None,
    )


@says("staff_receipt")
def staff_receipt(facts: Facts, say: Speech) -> Html:
    """A proof, for the staff; its file stands below."""
    return lines(
        say(
            "📎 {partner}: proof of payment for {number}",
            partner=bold(facts["partner"]),
            number=code(facts["number"]),
        ),
        say(
            "Owed: {owed}, due on {day}.",
            owed=bold(say.money(facts["owed"])),
            day=facts["due_on"],
        )
        if facts["owed"]
        else None,
        say("Another was sent for this invoice before.") if facts["nth"] > 1 else None,
        *_sent(facts, say),
        *(line for one in facts.get("more", ()) for line in _sent(one, say)),
        _standing(facts, say),
    )


def _sent(one: Facts, say: Speech) -> list[Html | None]:
    return [
        say("Sent by {person}, {at}.", person=one["person"] or "–", at=say.clock(one["sent_at"])),
        say("They wrote: {text}", text=one["said"]) if one.get("said") else None,
    ]


def _standing(facts: Facts, say: Speech) -> Html | None:
    if facts["state"] == "waiting":
        who = facts["claimed_by"]
        return say("👤 {person} sees to it.", person=who) if who else None
    about = {"person": facts["decided_by"] or "–", "at": say.clock(facts["decided_at"])}
    match facts["state"]:
        case "booked":
            return say("✅ Booked by {person}, {at}.", **about)
        case "declined":
            return lines(
                say("❌ Declined by {person}, {at}.", **about),
                say("Reason: {reason}", reason=facts["reason"]),
            )
        case _:
            return say("It no longer waits: {person}, {at}.", **about)


@says("receipt_file")
def receipt_file(facts: Facts, say: Speech) -> Html:
    return say(
        "📎 {partner}, {number}", partner=bold(facts["partner"]), number=code(facts["number"])
    )


@about("receipt_decline")
def why_declined(facts: Facts, say: Speech) -> Html:
    return say(
        "Why can the proof of {partner} for {number} not be booked? The partner will read it.",
        partner=bold(facts["partner"]),
        number=code(facts["number"]),
    )


@when("receipt_declined")
def was_declined(_facts: Facts, say: Speech) -> Html:
    return say("Declined. The partner is told.")
