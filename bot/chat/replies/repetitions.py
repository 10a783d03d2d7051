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
        case "card_cancel" | "card_keep" | "looked_at":
            return _card(facts, say)
        case "void" | "reissue" | "refund" | "approval":
            return _correction(facts, say)
        case "paid" | "hold":
            return _invoice(facts, say)
        case "token_next" | "grant":
            return _token(facts, say)
        case "price" | "programme" | "move_taken_back" | "leave":
            return _terms(facts, say)
        case "buy" | "day_request" | "claim" | "hand_over":
            return _request(facts, say)
        case "standing_order" | "day_limit" | "auto":
            return _as_it_is(facts, say)
        case "team_role":
            role = word(ROLES, facts["role"], say)
            return say("{person} is {role} already.", person=bold(facts["person"]), role=role)
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


def _card(facts: Facts, say: Speech) -> Html:
    match facts["action"]:
        case "card_cancel":
            return say("It ends {until} already.", until=bold(say.at(facts["until"])))
        case "card_keep":
            return say("It goes on already, until it is ended.")
        case _:
            return say("{person} has looked at it already.", person=bold(facts["by"] or ""))


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


def _correction(facts: Facts, say: Speech) -> Html:
    match facts["action"]:
        case "void" if facts["note"]:
            return say(
                "Invoice {number} is void already; the credit note is {note}.",
                number=code(facts["number"]),
                note=code(facts["note"]),
            )
        case "void":
            return say("Invoice {number} is void already.", number=code(facts["number"]))
        case "reissue":
            return say("It was issued anew already: {number}.", number=code(facts["number"]))
        case "refund":
            return say(
                "Booked already: a refund of {amount} on {on}, reference {reference}. Nothing was "
                "booked twice.",
                amount=bold(say.money(facts["amount"])),
                on=facts["on"],
                reference=code(facts["reference"]),
            )
        case _:
            return say("A colleague has decided that already. Nothing was changed.")


def _token(facts: Facts, say: Speech) -> Html:
    tier = word(TIERS, facts["tier"], say)
    if facts["action"] == "grant":
        return say("The partner has the {tier} already.", tier=tier)
    return say("You have asked for the {tier} already: we will answer here.", tier=tier)


def _terms(facts: Facts, say: Speech) -> Html:
    match facts["action"]:
        case "leave":
            return say("You have left already, {since}.", since=facts["since"])
        case "move_taken_back":
            return say("No move of {partner} waits.", partner=bold(facts["partner"]))
        case "price":
            return say(
                "{price} is agreed with {partner} already, first for {month}.",
                price=bold(say.money(facts["price"])),
                partner=bold(facts["partner"]),
                month=facts["month"],
            )
        case _ if facts["waits"]:
            return say(
                "{partner} is to be moved to {programme} already.",
                partner=bold(facts["partner"]),
                programme=code(facts["programme"]),
            )
        case _:
            return say(
                "{partner} is under {programme} already.",
                partner=bold(facts["partner"]),
                programme=code(facts["programme"]),
            )


def _request(facts: Facts, say: Speech) -> Html:
    match facts["action"]:
        case "buy":
            return say(
                "You asked for that already, {at}: the invoice is here by {by}.",
                at=say.clock(facts["requested_at"]),
                by=bold(say.clock(facts["promised_by"])),
            )
        case "claim":
            return say("{person} sees to it already.", person=bold(facts["by"]))
        case "hand_over":
            return say("Nobody has claimed it.")
        case _ if facts["number"]:
            return say("Its invoice is there: {number}.", number=code(facts["number"]))
        case _:
            return say("It was withdrawn.")


def _as_it_is(facts: Facts, say: Speech) -> Html:
    match facts["action"]:
        case "standing_order" if facts["on"]:
            return say("Days are bought every month already.")
        case "standing_order":
            return say("No days are bought by themselves.")
        case "day_limit" if facts["limit"] is None:
            return say("Days are paid for in advance already.")
        case "day_limit":
            return say.plural(
                "The limit is {n} day already.", "The limit is {n} days already.", facts["limit"]
            )
        case _ if facts["days"] is None:
            return say("It does not extend itself.")
        case _:
            return say.plural(
                "It extends itself by {n} day already.",
                "It extends itself by {n} days already.",
                facts["days"],
            )


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
