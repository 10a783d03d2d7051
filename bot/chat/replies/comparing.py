"""What differs between the desk and a messaging platform, and what is done about it."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.platforms import platform_name
from bot.chat.replies.questions import about
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import STATES, item, named, seen_to, word

# What a platform says of an instance.
THERE = {
    "trial": mark("in trial"),
    "active": mark("active"),
    "cancelled": mark("cancelled"),
    "stopped": mark("stopped"),
    "unknown": mark("unknown"),
}
# What was done about a difference, or asked for.
OUTCOMES = {
    "adopt": mark("adopted"),
    "delete_there": mark("deleted there"),
    "correct_here": mark("corrected here"),
    "create_there": mark("asked for: create it there again"),
    "run_there": mark("asked for: run it there"),
    "stop_there": mark("asked for: stop it there"),
    "cancel_there": mark("asked for: cancel it there"),
    "left": mark("left as it is"),
}
ROOM = 2800


@says("staff_comparison")
def comparison(facts: Facts, say: Speech) -> Html:
    head = say(
        "🔍 Compared with {platform}, {night}: {held} there.",
        platform=bold(platform_name(facts["platform"])),
        night=say.day(facts["night"]),
        held=facts["held"],
    )
    if facts["over"]:
        return lines(head, say("What differs stands on the newer card below."))
    found = [
        item(Html(str(nth)), *_row(one, say))
        for nth, one in enumerate(facts["rows"], facts["first"])
    ]
    return lines(
        head,
        _count(facts, say),
        say.listed(found, room=ROOM) if found else None,
        say("Page {page} of {pages}", page=facts["page"], pages=facts["pages"])
        if facts["pages"] > 1
        else None,
        _days(facts, say),
        *_done(facts, say),
        seen_to(facts, say),
    )


def _count(facts: Facts, say: Speech) -> Html:
    if not facts["count"]:
        return say("✅ Nothing differs any more.")
    return bold(
        say.plural(
            "⚠️ {n} difference. Nothing is changed there or here until one of you says so.",
            "⚠️ {n} differences. Nothing is changed there or here until one of you says so.",
            facts["count"],
        )
    )


def _days(facts: Facts, say: Speech) -> Html | None:
    left, owed = facts["days_left"], facts["days_owed"]
    if left is None or owed is None or left >= owed:
        return None
    return say(
        "⚠️ Your account there has {left} days left, and partners hold {owed}: buy days there.",
        left=bold(str(left)),
        owed=bold(str(owed)),
    )


def _done(facts: Facts, say: Speech) -> list[Html]:
    return [
        say(
            "☑️ {name}: {outcome}, {person}, {at}",
            name=bold(one["name"]),
            outcome=word(OUTCOMES, one["outcome"], say),
            person=one["by"] or "–",
            at=say.clock(one["at"]),
        )
        for one in facts["done"]
    ]


def _row(one: dict[str, Any], say: Speech) -> list[Html | None]:
    return [
        _which(one),
        say.show(one["partner"]) if one["partner"] else None,
        _what(one, say),
        _standing(one, say),
    ]


def _which(one: Facts) -> Html:
    its_id = one["instance"] or one["remote_id"]
    return named(one["name"], its_id) if one["name"] else code(its_id)


def _what(one: Facts, say: Speech) -> Html:
    match one["kind"]:
        case "unknown_there":
            return say("is there, and nobody here knows it")
        case "twice_there":
            return say("a second one is there under its name ({id})", id=code(one["remote_id"]))
        case "gone_there":
            here = word(STATES, one["here"], say)
            return say("is not there any more; here it is {here}", here=here)
        case "shorter_there" | "longer_there":
            return _until(one, say)
        case "state_unknown":
            return say("what it is there nobody can tell; here it is {here}", here=_here(one, say))
        case "other_label":
            return say("goes by another's name there: {label}", label=code(one["label"]))
        case _:
            return _states(one, say)


def _states(one: Facts, say: Speech) -> Html:
    both = {"here": _here(one, say), "there": _there(one, say)}
    match one["kind"]:
        case "lives_on":
            return say("here it is {here}, and lives on there ({there})", **both)
        case "not_running_there":
            return say("here it is {here}, and there it does not run ({there})", **both)
        case "runs_there":
            return say("here it is {here}, and there it runs ({there})", **both)
        case "not_cancelled_there":
            return say("here it is {here}, and there it goes on ({there})", **both)
        case _:
            return say("here it is {here}, and there it is paid for ({there})", **both)


def _until(one: Facts, say: Speech) -> Html:
    both = {"here": say.at(one["until_here"]), "there": say.at(one["until_there"])}
    if one["kind"] == "shorter_there":
        return say("paid there until {there} only, here until {here}", **both)
    return say("paid there until {there}, longer than here: {here}", **both)


def _here(one: Facts, say: Speech) -> Html:
    return bold(word(STATES, one["here"], say))


def _there(one: Facts, say: Speech) -> Html:
    return word(THERE, one["there"], say)


def _standing(one: Facts, say: Speech) -> Html | None:
    if one["standing"] == "asked" and one["error"]:
        return say(
            "⏳ is being deleted there, tried again {at}: {why}",
            at=say.at(one["not_before"]),
            why=one["error"],
        )
    if one["standing"] == "asked":
        return say("⏳ is being deleted there")
    if one["error"]:
        return say("⛔ the platform did not delete it: {why}", why=one["error"])
    return None


@says("difference")
def difference(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🔍 {platform}: {which}",
            platform=bold(platform_name(facts["platform"])),
            which=_which(facts),
        ),
        say("Partner: {partner}", partner=bold(facts["partner"])) if facts["partner"] else None,
        _what(facts, say),
        _standing(facts, say),
        say("First seen {at}.", at=say.at(facts["found_at"])),
        _no_way(facts, say),
    )


def _no_way(facts: Facts, say: Speech) -> Html | None:
    if facts["standing"] == "closed":
        return say("It was seen to.")
    if facts["mends"] or facts["standing"] == "asked":
        return None
    return say("I can do nothing about it from here: look at it in the platform's panel.")


@says("mend_question")
def question(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🔍 {platform}: {which}",
            platform=bold(platform_name(facts["platform"])),
            which=_which(facts),
        ),
        _what(facts, say),
        Html(),
        _asked(facts, say),
    )


def _asked(facts: Facts, say: Speech) -> Html:
    match facts["mend"]:
        case "delete_there":
            return say("Delete it at the platform? It cannot come back, and its number goes off.")
        case "correct_here":
            return _correcting(facts, say)
        case "create_there":
            return say(
                "Create it there again? It is a new one to the platform: it costs as such, and its "
                "number has to be connected again."
            )
        case "run_there":
            return say("Let it run there as it runs here? Where the platform charges, this costs.")
        case "stop_there":
            return say("Stop it there, as it is stopped here?")
        case _:
            return say("Cancel it there, as it is cancelled here?")


def _correcting(facts: Facts, say: Speech) -> Html:
    asked = say("End it here as deleted at the platform? Its partner is told.")
    if not facts["returns"]:
        return asked
    back = say.plural(
        "{n} day comes back to the balance.",
        "{n} days come back to the balance.",
        facts["returns"],
    )
    return lines(asked, back)


@says("mended")
def mended(facts: Facts, say: Speech) -> Html:
    which = _which(facts)
    match facts["mend"]:
        case "adopt":
            return say(
                "✅ {which} belongs to {partner} now.", which=which, partner=facts["partner"]
            )
        case "delete_there":
            return say("⏳ {which} is being deleted there: the card shows when it is.", which=which)
        case "correct_here":
            return say("✅ {which} is deleted here, and its partner is told.", which=which)
        case "left":
            return say("👌 {which} is left as it is.", which=which)
        case _:
            return say(
                "⏳ {which}: the platform is being asked. Should it still differ, the next night's "
                "comparison says so.",
                which=which,
            )


@about("adopt")
def whose(facts: Facts, say: Speech) -> Html:
    return say(
        "Whose is {name}? The partner, and the last day it is paid for if it is not billed by the "
        "month: {example}",
        name=bold(facts["name"]),
        example=code(say("Acme 2026-12-31")),
    )


@says("adoption")
def adoption(facts: Facts, say: Speech) -> Html:
    return lines(
        say("⚠️ What you were shown is no longer true, so nothing was done. This is how it is now:")
        if facts["changed"]
        else None,
        say(
            "{which} of {platform} comes to {partner} as {name}.",
            which=code(facts["remote_id"]),
            platform=bold(platform_name(facts["platform"])),
            partner=bold(facts["partner"]),
            name=named(facts["name"], facts["id"]),
        ),
        say("It is billed by the month, from {at} on.", at=say.at(facts["billed_from"]))
        if facts["settlement"] == "postpaid"
        else say(
            "It runs to the end of {day}, as it is paid for.",
            day=bold(say.day(facts["paid_until"])),
        ),
    )
