"""How far something is that the messaging platform has to do."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.platforms import reason
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, named

# Of more than these the first are enough.
MANY, FIRST = 20, 10
UNDER_WAY = frozenset({"open", "waiting", "queued", "by_hand"})


@says("progress")
def progress(facts: Facts, say: Speech) -> Html:
    """Say what was done, what waits, what was refused; for each instance until when it runs."""
    operation, items = facts["operation"], facts["items"]
    done = sum(one["at_platform"] == "done" for one in items)
    in_days = any(one["settlement"] == "days" for one in items)
    advice = _advice(operation, say, in_days=in_days) if done else None
    shown = _first(items)
    return lines(
        _head(operation, items, done, say),
        _left(items, done, say) if len(shown) < len(items) else None,
        say.listed((_item(operation, one, say) for one in shown), more=len(items) - len(shown)),
        None if advice is None else lines(Html(), advice),
        _quota(facts, say) if operation == "create" else None,
        _names_with_blanks(items, say) if operation == "create" else None,
    )


def _first(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those that are shown: of many the first, what the platform refused leading."""
    if len(items) <= MANY:
        return items
    refused = [one for one in items if one["at_platform"] == "refused"]
    return [*refused, *(one for one in items if one["at_platform"] != "refused")][:FIRST]


def _left(items: list[dict[str, Any]], done: int, say: Speech) -> Html | None:
    """Say of many how many are not done yet, and how many never will be."""
    refused = sum(one["at_platform"] == "refused" for one in items)
    waiting = sum(one["at_platform"] in UNDER_WAY for one in items) if done else 0
    told = (
        say.plural("⏳ {n} is under way", "⏳ {n} are under way", waiting) if waiting else None,
        say.plural("⚠️ {n} was refused", "⚠️ {n} were refused", refused) if refused else None,
    )
    parts = [part for part in told if part]
    return Html(" · ".join(parts)) if parts else None


def _names_with_blanks(items: list[dict[str, Any]], say: Speech) -> Html | None:
    """Where each of several names is a mere word, they may have been meant as one name."""
    if not 2 <= len(items) <= MANY or not all(one["name"].isalpha() for one in items):
        return None
    return say(
        "Was one name with blanks meant? Put it in quotation marks, or separate names by commas "
        "or lines: {example}",
        example=code(say('/new "shop south"')),
    )


def _head(operation: str, items: list[dict[str, Any]], done: int, say: Speech) -> Html:
    if not done:
        n = len(items)
        if all(one["at_platform"] == "refused" for one in items):
            return say.plural(
                "⚠️ The platform refused {n} instance.", "⚠️ The platform refused {n} instances.", n
            )
        return say.plural("⏳ {n} instance is under way.", "⏳ {n} instances are under way.", n)
    match operation:
        case "create":
            return say.plural("✅ {n} instance created.", "✅ {n} instances created.", done)
        case "subscribe":
            return say.plural("✅ {n} instance subscribed.", "✅ {n} instances subscribed.", done)
        case "cancel":
            return say.plural("✅ {n} instance cancelled.", "✅ {n} instances cancelled.", done)
        case "keep":
            return say.plural("✅ {n} instance goes on.", "✅ {n} instances go on.", done)
        case "extend":
            return say.plural("✅ {n} instance extended.", "✅ {n} instances extended.", done)
        case _:
            return say.plural("🗑 {n} instance deleted.", "🗑 {n} instances deleted.", done)


def _item(operation: str, one: dict[str, Any], say: Speech) -> Html:
    instance = named(one["name"], one["id"])
    match one["at_platform"]:
        case "waiting":
            return item(instance, say("waits for the platform: it will be done when it answers"))
        case "queued":
            return item(
                instance,
                say("waits for the platform: tried again {at}", at=say.clock(one["queued_until"])),
            )
        case "by_hand":
            return item(instance, say("our team does it at the platform"))
        case "refused":
            why = reason(one["why"] or "", say)
            return item(instance, say("⚠️ refused by the platform: {why}", why=why))
        case "void":
            return item(instance, say("no longer needed"))
        case "open" if operation == "create":
            return item(instance, say("being created…"))
        case "open":
            return item(instance, say("under way…"))
        case _:
            return item(instance, _outcome(operation, one, say))


def _outcome(operation: str, one: dict[str, Any], say: Speech) -> Html | None:
    if operation == "create" and one["trial_ends_at"] is not None:
        return say("trial until {at}", at=one["trial_ends_at"])
    if operation == "cancel" and one["service_ends_at"] is not None:
        return say("runs until {end}", end=say.until(one["service_ends_at"]))
    if operation == "extend" and one["active_until"] is not None:
        return say("runs until {end}", end=bold(say.at(one["active_until"])))
    return None


def _advice(operation: str, say: Speech, *, in_days: bool) -> Html | None:
    match operation:
        case "create" if in_days:
            return say(
                "The trial costs nothing and need not be cancelled. To go on after it, extend: you "
                "see first what it takes from your balance."
            )
        case "create":
            return say(
                "The trial costs nothing and need not be cancelled. To go on after it, subscribe: "
                "you see the price first."
            )
        case "subscribe":
            return say(
                "Billed from this month on, whole months, no pro rata: /preview shows the "
                "coming invoice."
            )
        case "cancel":
            return say("Changed your mind? Keep works until the service ends.")
        case _:
            return None


def _quota(facts: Facts, say: Speech) -> Html | None:
    if facts["unlimited"] or facts["left"] is None:
        return None
    if not facts["left"]:
        return say("Your token allows no more instances: ask for the next one with /token.")
    return say.plural(
        "Your token allows {n} more instance.",
        "Your token allows {n} more instances.",
        facts["left"],
    )
