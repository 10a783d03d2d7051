"""What was done already: how it stands, so that doing it again is not needed."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code
from bot.chat.replies.templates import Facts
from bot.chat.replies.words import ROLES, STATES, TIERS, word


def already_done(facts: Facts, say: Speech) -> Html:
    """Say with what outcome it was done the first time; nothing was changed now."""
    match facts["action"]:
        case "subscribe" | "keep" | "cancel" | "delete":
            return _instance(facts, say)
        case "paid" | "hold":
            return _invoice(facts, say)
        case "token_next" | "grant":
            return _token(facts, say)
        case "freeze" | "unfreeze" | "halt" | "resume" | "staff":
            return _desk(facts, say)
        case _:
            return say("That was done already. Nothing was changed.")


def _instance(facts: Facts, say: Speech) -> Html:
    since = facts.get("since")
    match facts["action"]:
        case "subscribe" if since:
            return say("It is subscribed already, since {since}.", since=since)
        case "subscribe":
            return say("It is subscribed already.")
        case "keep":
            return say("It is subscribed and not cancelled: it goes on as it is.")
        case "cancel" if facts["service_ends_at"]:
            end = say.until(facts["service_ends_at"])
            return say("It is cancelled already and runs until {end}.", end=end)
        case "cancel":
            return say("It is cancelled already.")
        case _ if since:
            return say("It was deleted already, {since}.", since=since)
        case _:
            state = word(STATES, facts.get("state", "deleted"), say)
            return say("That was done already: it is {state}.", state=state)


def _invoice(facts: Facts, say: Speech) -> Html:
    number = code(facts["number"])
    if facts["action"] == "hold":
        return say(
            "Invoice {number} is held until the end of {day} already.",
            number=number,
            day=facts["until"],
        )
    return say(
        "Booked already: {amount} on {on} for invoice {number}, reference {reference}. Nothing was "
        "booked twice.",
        number=number,
        amount=bold(say.money(facts["amount"])),
        on=facts["on"],
        reference=code(facts["reference"]),
    )


def _token(facts: Facts, say: Speech) -> Html:
    tier = word(TIERS, facts["tier"], say)
    if facts["action"] == "grant":
        return say("The partner has the {tier} already.", tier=tier)
    return say("You have asked for the {tier} already: we will answer here.", tier=tier)


def _desk(facts: Facts, say: Speech) -> Html:
    match facts["action"]:
        case "freeze":
            return say(
                "It is frozen already, since {since}: {reason}",
                since=facts["since"],
                reason=facts["reason"] or "",
            )
        case "unfreeze":
            return say("It is not frozen.")
        case "halt":
            return say("Stops and deletions are halted already: {reason}", reason=facts["reason"])
        case "resume":
            return say("Nothing is halted.")
        case _ if facts["role"]:
            role = word(ROLES, facts["role"], say)
            return say("This person has that role already: {role}.", role=role)
        case _:
            return say("This person has no staff role.")
