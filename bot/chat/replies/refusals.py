"""A sentence for every refusal: what is not possible, and what to do instead."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.formats import LIST_ROOM, Html, Speech, bold, code, lines, mark
from bot.chat.replies import repetitions
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ROLES, item, named, word

Sentence = Callable[[Facts, Speech], Html]

SENTENCES: dict[str, Sentence] = {"already_done": repetitions.already_done}


def refuses(name: str) -> Callable[[Sentence], Sentence]:
    """Let a function explain the refusals of that code."""

    def register(sentence: Sentence) -> Sentence:
        assert name not in SENTENCES, f"{name} is explained twice"
        SENTENCES[name] = sentence
        return sentence

    return register


def sentence(refusal: Facts, say: Speech) -> Html:
    """Explain a refusal, given as its `code` and its `facts`."""
    return SENTENCES[refusal["code"]](refusal["facts"], say)


@says("refusal")
def refused(facts: Facts, say: Speech) -> Html:
    return sentence(facts, say)


@says("impossible")
def impossible(facts: Facts, say: Speech) -> Html:
    """Nothing can be done with any of the instances that were named."""
    if len(facts["refused"]) == 1:
        (one,) = facts["refused"]
        return lines(named(one["name"], one["id"]), sentence(one, say))
    return lines(say("Nothing was changed:"), refused_items(facts["refused"], say))


def refused_items(found: list[Facts], say: Speech, *, room: int = LIST_ROOM) -> Html:
    """List instances that stay as they are, each with the reason."""
    return say.listed(
        (item(named(one["name"], one["id"]), sentence(one, say)) for one in found), room=room
    )


def left_as_they_are(found: list[Facts], say: Speech, *, room: int) -> list[Html]:
    """Return the last lines of a card of many: those that cannot be changed, if there are any."""
    if not found:
        return []
    return [
        Html(),
        say("Not possible, and left as they are:"),
        refused_items(found, say, room=room),
    ]


@refuses("no_right")
def no_right(facts: Facts, say: Speech) -> Html:
    match facts["right"]:
        case "serve" | "book" | "administer":
            return say("⛔ That needs a staff right that you do not have, in the staff group.")
        case _:
            return lines(say("⛔ Your role does not allow that."), _who_may(facts, say))


def _who_may(facts: Facts, say: Speech) -> Html | None:
    people = [
        say("{person} ({role})", person=bold(one["name"]), role=word(ROLES, one["role"], say))
        for one in facts.get("who", ())
    ]
    return say("Who may: {people}.", people=Html(", ".join(people))) if people else None


NO_SUCH = mark("There is no {wanted}.")
NOT_THERE = {
    "line": mark("{wanted} is not on that invoice."),
    "partner": mark("There is no partner {wanted}. Try the beginning of the name."),
    "request": mark("There is no such request for days."),
    "member": mark("Nobody called {wanted} acts for you. /team shows who does."),
    "group": mark("No group of yours is bound."),
    "receipt": mark("There is no such proof of payment."),
}


@refuses("not_found")
def not_found(facts: Facts, say: Speech) -> Html:
    wanted = code(facts["wanted"])
    staff = facts.get("staff", False)
    match facts["what"]:
        case "instance" if staff:
            return say("There is no instance {wanted}.", wanted=wanted)
        case "invoice" if staff:
            return say(
                "There is no invoice {wanted}. A partner's unpaid ones stand on its card: "
                "{command}",
                wanted=wanted,
                command=code(say("/partner NAME")),
            )
        case "instance":
            return say("There is no instance {wanted}. /list shows yours.", wanted=wanted)
        case "invoice":
            return say("There is no invoice {wanted}. /invoices shows yours.", wanted=wanted)
        case "tier":
            return say(
                "There is no token tier {wanted}. There are {tiers}.",
                wanted=wanted,
                tiers=code("first, second, third, definitive"),
            )
        case "person":
            return say(
                "I know nobody called {wanted}; user names are not told to me. Reply to a message "
                "of that person with {command}, or give the id.",
                wanted=wanted,
                command=code(say("/staff support")),
            )
        case "application":
            return say(
                "No application of yours is open. Apply with {command}.",
                command=code(say("/apply")),
            )
        case _:
            return say(NOT_THERE.get(facts["what"], NO_SUCH), wanted=wanted)


@refuses("no_partner")
def no_partner(_facts: Facts, say: Speech) -> Html:
    return say(
        "You are not a partner yet. Apply with {command} and the name of your company.",
        command=code(say("/apply")),
    )


@refuses("partner_frozen")
def partner_frozen(facts: Facts, say: Speech) -> Html:
    return say(
        "❄️ Your account is frozen ({reason}): nothing new can begin. What runs goes on, and you "
        "can pay, cancel and delete. When our staff end the freeze, you are told here.",
        reason=facts["reason"] or "",
    )


@refuses("partner_stopped")
def partner_stopped(facts: Facts, say: Speech) -> Html:
    return say(
        "⛔ Service is stopped since {since}, for an unpaid invoice. Pay it, and this works "
        "again: /invoices",
        since=facts["since"],
    )


@refuses("terms_changed")
def terms_changed(_facts: Facts, say: Speech) -> Html:
    return say(
        "⚠️ What you were shown is no longer true, so nothing was done. This is how it is now:"
    )


@refuses("not_settled_so")
def not_settled_so(_facts: Facts, say: Speech) -> Html:
    return say("Your terms do not bill by the month, so this is not how instances are paid for.")
