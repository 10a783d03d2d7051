"""Why money, people and terms cannot be changed so, and what can be done instead."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts
from bot.chat.replies.words import INVOICE_STATES, word


@refuses("amount_refused")
def amount_refused(facts: Facts, say: Speech) -> Html:
    if facts["why"] == "currency":
        return say(
            "It is in {currency}: give the amount in that currency.",
            currency=facts["currency"],
        )
    return say("The amount has to be more than nothing.")


@refuses("reference_taken")
def reference_taken(facts: Facts, say: Speech) -> Html:
    if facts.get("reversed"):
        return say(
            "The reference {reference} is that of a payment that was taken back: {amount} for "
            "invoice {number}. Each payment has its own reference.",
            reference=code(facts["reference"]),
            amount=facts["amount"],
            number=code(facts["number"]),
        )
    if not facts["number"]:
        return say(
            "The reference {reference} is booked already: a refund of {amount} on {on}. Each "
            "refund has its own reference.",
            reference=code(facts["reference"]),
            amount=facts["amount"],
            on=facts["on"],
        )
    return say(
        "The reference {reference} is booked already: {amount} on {on}, for invoice {number}. "
        "Each payment has its own reference.",
        reference=code(facts["reference"]),
        amount=facts["amount"],
        on=facts["on"],
        number=code(facts["number"]),
    )


@refuses("nothing_owed")
def nothing_owed(facts: Facts, say: Speech) -> Html:
    return say(
        "Nothing is owed for invoice {number}: it is {state}.",
        number=code(facts["number"]),
        state=word(INVOICE_STATES, facts["state"], say),
    )


@refuses("hold_refused")
def hold_refused(facts: Facts, say: Speech) -> Html:
    if facts["why"] == "past":
        return say("That day is over. The earliest possible: {day}", day=facts["earliest"])
    if facts["why"] == "too_far":
        return say("That day is too far away. Is the year right?")
    if facts["why"] == "not_monthly":
        return say("Only a monthly invoice stops anything, so only that can be held.")
    return say(
        "That is earlier than its last day without a hold. The earliest possible: {day}",
        day=facts["earliest"],
    )


@refuses("date_refused")
def date_refused(facts: Facts, say: Speech) -> Html:
    if facts["why"] == "future":
        return say("That day has not come: today is {today}.", today=facts["today"])
    return say("That day is more than a year ago. Is the year right?")


@refuses("already_partner")
def already_partner(facts: Facts, say: Speech) -> Html:
    # Who applies reads it, and so do the staff who approve too late.
    return say("Already a member of the partner {partner}.", partner=bold(facts["partner"]))


@refuses("staff_cannot_apply")
def staff_cannot_apply(_facts: Facts, say: Speech) -> Html:
    return say("You are staff, and staff belong to no partner.")


@refuses("no_such_programme")
def no_such_programme(facts: Facts, say: Speech) -> Html:
    return say(
        "There is no programme {wanted}. There are: {known}",
        wanted=code(facts["wanted"]),
        known=", ".join(facts["known"]),
    )


@refuses("unknown_zone")
def unknown_zone(facts: Facts, say: Speech) -> Html:
    return say(
        "There is no time zone {wanted}. Write it like {example}.",
        wanted=code(facts["wanted"]),
        example=code("America/Sao_Paulo"),
    )


@refuses("wrong_code")
def wrong_code(facts: Facts, say: Speech) -> Html:
    if facts["bound"]:
        return say(
            "The staff have a group, so no code is of use any more. An admin of the staff makes "
            "this a further one by saying {command} here, without a code.",
            command=code("/bind"),
        )
    return say(
        "That code is wrong or used up. A fresh one is printed each time the bot starts unbound."
    )


@refuses("not_a_group")
def not_a_group(_facts: Facts, say: Speech) -> Html:
    return say("Only a group can be bound. Add me to the staff's group and say it there.")


@refuses("last_admin")
def last_admin(_facts: Facts, say: Speech) -> Html:
    return say("This is the last admin. Make somebody else admin first.")


@refuses("is_member")
def is_member(facts: Facts, say: Speech) -> Html:
    return say(
        "This person acts for the partner {partner}, so cannot be staff.",
        partner=bold(facts["partner"]),
    )
