"""A sentence for every refusal: what is not possible, and what to do instead."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies import repetitions
from bot.chat.replies.templates import Facts
from bot.chat.replies.words import INVOICE_STATES, STATES, TIERS, word

Sentence = Callable[[Facts, Speech], Html]

SENTENCES: dict[str, Sentence] = {"already_done": repetitions.already_done}


def refuses(name: str) -> Callable[[Sentence], Sentence]:
    """Let a function explain the refusals of that code."""

    def register(sentence: Sentence) -> Sentence:
        assert name not in SENTENCES, f"{name} is explained twice"
        SENTENCES[name] = sentence
        return sentence

    return register


def sentence(facts: Facts, say: Speech) -> Html:
    """Explain a refusal, given its code and its facts in one mapping."""
    return SENTENCES[facts["code"]](facts, say)


@refuses("no_right")
def no_right(facts: Facts, say: Speech) -> Html:
    match facts["right"]:
        case "serve" | "book" | "administer":
            return say("⛔ That needs a staff right that you do not have, in the staff group.")
        case _:
            return say(
                "⛔ Your role does not allow that. Ask the owner of your account; in a group, "
                "write to me in private."
            )


@refuses("not_found")
def not_found(facts: Facts, say: Speech) -> Html:
    wanted = code(facts["wanted"])
    match facts["what"]:
        case "instance":
            return say("There is no instance {wanted}. /list shows yours.", wanted=wanted)
        case "invoice":
            return say("There is no invoice {wanted}. /invoices shows yours.", wanted=wanted)
        case "partner":
            return say(
                "There is no partner {wanted}. Try the beginning of the name.", wanted=wanted
            )
        case "tier":
            return say("There is no token tier {wanted}.", wanted=wanted)
        case _:
            return say("There is no {wanted}.", wanted=wanted)


@refuses("no_partner")
def no_partner(_facts: Facts, say: Speech) -> Html:
    return say(
        "You are not a partner yet. Apply with {command} and the name of your company.",
        command=code("/apply"),
    )


@refuses("name_refused")
def name_refused(facts: Facts, say: Speech) -> Html:
    name = bold(facts["name"])
    match facts["why"]:
        case "empty":
            return say("A name is needed, up to 64 characters: {example}", example=code("shop-1"))
        case "too_long":
            return say("{name}… is too long: a name has up to 64 characters.", name=name)
        case "control":
            return say("{name} holds signs that cannot be seen. Type the name anew.", name=name)
        case "number":
            return say(
                "{name} is a number, and numbers choose from the list. Add a letter: {example}",
                name=name,
                example=code(f"shop-{facts['name']}"),
            )
        case "filter":
            return say(
                "{name} stands for several instances, so none can be called that. Choose another.",
                name=name,
            )
        case _:
            return say("{name} looks like the id of an instance. Choose another name.", name=name)


@refuses("name_taken")
def name_taken(facts: Facts, say: Speech) -> Html:
    return say(
        "You have an instance {name} already: {instance}. Choose another name.",
        name=bold(facts["name"]),
        instance=code(facts["instance"] or ""),
    )


@refuses("too_many_trials")
def too_many_trials(facts: Facts, say: Speech) -> Html:
    return say(
        "{open} trials are open, and {asked} more would be over the limit of {most}. Subscribe "
        "or delete some first.",
        open=facts["open"],
        asked=facts["asked"],
        most=facts["most"],
    )


@refuses("too_many_at_once")
def too_many_at_once(facts: Facts, say: Speech) -> Html:
    return say(
        "{asked} at once are too many: up to {most}. Send them in parts.",
        asked=facts["asked"],
        most=facts["most"],
    )


@refuses("token_used_up")
def token_used_up(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🔑 Your token allows {allowed} creations and {created} are used: no room for "
            "{asked} more. Nothing was created.",
            allowed=facts["allowed"],
            created=facts["created"],
            asked=facts["asked"],
        ),
        say("Ask for the {tier}; what runs goes on.", tier=word(TIERS, facts["next_tier"], say))
        if facts["next_tier"]
        else None,
    )


@refuses("next_tier_not_yet")
def next_tier_not_yet(facts: Facts, say: Speech) -> Html:
    return say(
        "The {tier} can be asked for from {wanted_from} creations on; so far there are {created}.",
        tier=word(TIERS, facts["next_tier"], say),
        wanted_from=facts["wanted_from"],
        created=facts["created"],
    )


@refuses("no_next_tier")
def no_next_tier(facts: Facts, say: Speech) -> Html:
    return say(
        "The {tier} is the last one: there is none above.", tier=word(TIERS, facts["tier"], say)
    )


@refuses("partner_frozen")
def partner_frozen(facts: Facts, say: Speech) -> Html:
    return say(
        "❄️ Your account is frozen ({reason}): nothing new can begin. What runs goes on. Please "
        "speak to us.",
        reason=facts["reason"] or "",
    )


@refuses("partner_stopped")
def partner_stopped(facts: Facts, say: Speech) -> Html:
    return say(
        "⛔ Service is stopped since {since}, for an unpaid invoice. Pay it, and this works "
        "again: /invoices",
        since=facts["since"],
    )


@refuses("not_in_this_state")
def not_in_this_state(facts: Facts, say: Speech) -> Html:
    state = bold(word(STATES, facts["state"], say))
    match facts["action"], facts["state"]:
        case _, "creating":
            return say("It is being created. Try again in a moment.")
        case _, "deleted" | "failed":
            return say(
                "It is gone ({state}) and cannot come back. Create a new one: /new", state=state
            )
        case "keep", "overdue":
            return say("It is stopped for an unpaid invoice. Pay first, then keep it: /invoices")
        case "keep", _:
            return say("It is not cancelled ({state}): there is nothing to keep.", state=state)
        case "subscribe", "cancelled" | "overdue":
            return say("It is cancelled and still runs. To go on with it: /keep")
        case "subscribe", _:
            return say("Its service is over ({state}). Create a new one: /new", state=state)
        case _:
            return say("That is not possible now: it is {state}.", state=state)


@refuses("nothing_to_cancel")
def nothing_to_cancel(facts: Facts, say: Speech) -> Html:
    if facts["trial_ends_at"] is None:
        return say("Nothing is owed for it and there is nothing to cancel.")
    return say(
        "It is in its trial (until {at}): nothing is owed and nobody has to cancel it. You can "
        "delete it now, or let it end by itself.",
        at=facts["trial_ends_at"],
    )


@refuses("service_ended")
def service_ended(facts: Facts, say: Speech) -> Html:
    if facts["service_ends_at"] is None:
        return say("Its service is over: it cannot be kept. Create a new one: /new")
    return say(
        "Its service ended {at}: it cannot be kept any more. Create a new one: /new",
        at=facts["service_ends_at"],
    )


@refuses("never_activated")
def never_activated(_facts: Facts, say: Speech) -> Html:
    return say(
        "It was made in the admin panel, and under your terms those are never activated. Create "
        "it here: /new"
    )


@refuses("not_settled_so")
def not_settled_so(_facts: Facts, say: Speech) -> Html:
    return say("Your terms do not bill by the month, so this is not how instances are paid for.")


@refuses("terms_changed")
def terms_changed(_facts: Facts, say: Speech) -> Html:
    return say(
        "⚠️ What you were shown is no longer true, so nothing was done. This is how it is now:"
    )


@refuses("amount_refused")
def amount_refused(facts: Facts, say: Speech) -> Html:
    if facts["why"] == "currency":
        return say(
            "This invoice is in {currency}: give the amount in that currency.",
            currency=facts["currency"],
        )
    return say("The amount has to be more than nothing.")


@refuses("reference_taken")
def reference_taken(facts: Facts, say: Speech) -> Html:
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
    return say(
        "This person belongs to the partner {partner} already.", partner=bold(facts["partner"])
    )


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
def wrong_code(_facts: Facts, say: Speech) -> Html:
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
