"""Days for instances: what an extension would mean, who extends itself."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.buying import in_balance
from bot.chat.replies.progress import FIRST, MANY
from bot.chat.replies.refusals import SENTENCES, left_as_they_are, refused_items
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, named

ITEMS_ROOM = 1300
REFUSED_ROOM = 700


@says("day_extension")
def day_extension(facts: Facts, say: Speech) -> Html:
    """Ask once: totals first, then what each would get, who would be left short."""
    items = facts["items"]
    shown = items if len(items) <= MANY else items[:FIRST]
    return lines(
        SENTENCES["terms_changed"]({}, say) if facts["changed"] else None,
        bold(_question(facts, say)),
        item(
            say.plural(
                "{n} day of your balance of {balance}",
                "{n} days of your balance of {balance}",
                facts["total"],
                balance=facts["balance"],
            )
        ),
        *_after(facts, say),
        *_short(facts, say),
        Html(),
        say.listed(
            (_item(one, say) for one in shown), room=ITEMS_ROOM, more=len(items) - len(shown)
        ),
        *left_as_they_are(facts["refused"], say, room=REFUSED_ROOM),
    )


def _question(facts: Facts, say: Speech) -> Html:
    count = len(facts["items"])
    match facts["form"]:
        case "by":
            days = say.plural("{n} day", "{n} days", facts["days"])
            return say.plural(
                "Extend {n} instance by {days}?",
                "Extend {n} instances by {days} each?",
                count,
                days=days,
            )
        case "to":
            days = say.plural("{n} day", "{n} days", facts["days"])
            return say.plural(
                "Extend {n} instance, so that it has {days} left?",
                "Extend {n} instances, so that each has {days} left?",
                count,
                days=days,
            )
        case _:
            return say.plural(
                "Extend {n} instance, so that it runs until the end of {day}?",
                "Extend {n} instances, so that each runs until the end of {day}?",
                count,
                day=facts["date"],
            )


def _after(facts: Facts, say: Speech) -> list[Html]:
    if not facts["lack"]:
        left = say("Left then: {days}", days=in_balance(facts["left"], say))
        return [item(left), *_limit(facts, say)]
    told = [
        item(
            say.plural(
                "⚠️ {n} day is missing: {possible} can be allocated now",
                "⚠️ {n} days are missing: {possible} can be allocated now",
                facts["lack"],
                possible=facts["possible"],
            )
        ),
        *_limit(facts, say),
    ]
    if facts["uncovered"]:
        told.append(
            item(
                say("Not reached: {names}", names=say.names(facts["uncovered"])),
            )
        )
    return [*told, say("Nothing is done: buy days, or extend fewer or by less.")]


def _limit(facts: Facts, say: Speech) -> list[Html]:
    if not facts["limit"]:
        return []
    return [item(say("Your balance may go down to {n} days", n=-facts["limit"]))]


def _short(facts: Facts, say: Speech) -> list[Html]:
    if not facts["short"]:
        return []
    return [
        item(
            say(
                "⚠️ Left short: {names} would no longer find days to extend themselves with",
                names=say.names(facts["short"]),
            )
        )
    ]


def _item(one: dict[str, Any], say: Speech) -> Html:
    days = say.plural("{n} day", "{n} days", one["days"])
    return item(
        named(one["name"], one["id"]),
        Html(f"+{days}"),
        say("until {at}", at=one["active_until"]),
    )


@says("auto_set")
def auto_set(facts: Facts, say: Speech) -> Html:
    """Say who takes days by itself from now on, or who does no more."""
    items = facts["items"]
    if not items:
        return lines(say("Nothing was changed:"), refused_items(facts["refused"], say))
    if facts["days"] is None:
        head = say.plural(
            "✅ {n} instance no longer extends itself.",
            "✅ {n} instances no longer extend themselves.",
            len(items),
        )
        advice = say("They stop when their days are used: you are told 3 days and 1 day before.")
    else:
        days = say.plural("{n} day", "{n} days", facts["days"])
        head = say.plural(
            "✅ {n} instance extends itself by {days}.",
            "✅ {n} instances extend themselves by {days}.",
            len(items),
            days=bold(days),
        )
        advice = say(
            "With less than a day left the days are taken from your balance, all or none. If it "
            "does not reach, you hear of it 3 days and 1 day before. {command} ends it.",
            command=code(say("/auto all off")),
        )
    rows = (item(named(one["name"], one["id"]), _until(one, say)) for one in items)
    return lines(
        head,
        say.listed(rows, room=ITEMS_ROOM),
        *left_as_they_are(facts["refused"], say, room=REFUSED_ROOM),
        Html(),
        advice,
    )


def _until(one: dict[str, Any], say: Speech) -> Html | None:
    return say("until {at}", at=one["until"]) if one["until"] else None
