"""Why money cannot be put right so, and what can be done instead."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts


@refuses("void_refused")
def void_refused(facts: Facts, say: Speech) -> Html:
    number = code(facts["number"])
    match facts["why"]:
        case "credit_note":
            return say("{number} is a credit note, and cannot be voided.", number=number)
        case "credit":
            told = say("Credit has paid invoice {number}, so it stays.", number=number)
        case _:
            told = say(
                "{paid} of invoice {number} is paid, so it stays.",
                paid=bold(say.money(facts["paid"])),
                number=number,
            )
    if facts["why"] == "credit":
        return lines(
            told,
            say(
                "To give money back: {credit}, then {refund} once it is paid out.",
                credit=code(say("/credit PARTNER AMOUNT REASON")),
                refund=code(say("/refund PARTNER AMOUNT REFERENCE")),
            ),
        )
    return lines(
        told,
        say(
            "If the payment was none: {unpaid}. To give money back: {credit}, then {refund} once "
            "it is paid out.",
            unpaid=code(say("/unpaid {number} REASON", number=facts["number"])),
            credit=code(say("/credit PARTNER AMOUNT REASON")),
            refund=code(say("/refund PARTNER AMOUNT REFERENCE")),
        ),
    )


@refuses("nothing_to_reverse")
def nothing_to_reverse(facts: Facts, say: Speech) -> Html:
    return say(
        "No payment is booked for invoice {number}, or none that was not taken back already.",
        number=code(facts["number"]),
    )


@refuses("payment_gone")
def payment_gone(facts: Facts, say: Speech) -> Html:
    return say(
        "That payment of invoice {number}, {reference}, is taken back already. Nothing was done.",
        number=code(facts["number"]),
        reference=code(facts["reference"]),
    )


@refuses("not_the_newest")
def not_the_newest(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "Nothing was done: a newer payment, {newest}, is booked for invoice {number}.",
            newest=code(facts["newest"]),
            number=code(facts["number"]),
        ),
        say(
            "Only the newest is taken back, one after the other: {command}",
            command=code(say("/unpaid {number} REASON", number=facts["number"])),
        ),
    )


@refuses("nothing_to_issue")
def nothing_to_issue(facts: Facts, say: Speech) -> Html:
    number = code(facts["number"])
    if facts["why"] == "not_void":
        return say("Only a void monthly invoice is issued anew: {number} is none.", number=number)
    return say(
        "Nothing of invoice {number} is left to bill: it is on another invoice, or not billable.",
        number=number,
    )


@refuses("credit_too_small")
def credit_too_small(facts: Facts, say: Speech) -> Html:
    if not facts["credit"]:
        return say("The partner has no credit: there is nothing to refund.")
    return say(
        "The credit is {credit}: no more than that can be refunded.",
        credit=bold(say.money(facts["credit"])),
    )


@refuses("days_refused")
def days_refused(facts: Facts, say: Speech) -> Html:
    if facts["why"] == "no_days":
        return say("This partner's terms know no days: give money instead.")
    return say("Days are given whole, from 1 to {most}.", most=facts["most"])


@refuses("count_refused")
def count_refused(facts: Facts, say: Speech) -> Html:
    if facts["why"] == "no_trials":
        return say.plural(
            "You have {n} instance in trial: no more can be subscribed.",
            "You have {n} instances in trial: no more can be subscribed.",
            facts["most"],
        )
    return say("Say how many: a whole number from 1 to {most}.", most=facts["most"])


@refuses("approval_changed")
def approval_changed(facts: Facts, say: Speech) -> Html:
    del facts
    return say("It changed in the meantime. Nothing was done; see how it stands now: /queue")


@refuses("second_person_needed")
def second_person_needed(facts: Facts, say: Speech) -> Html:
    return say(
        "👥 {person} asked for it, so somebody else has to confirm it.",
        person=bold(facts["person"]),
    )
