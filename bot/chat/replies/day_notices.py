"""What the bot says unasked about days that run out."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, lines, mark
from bot.chat.replies.buying import in_balance
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, named

# By whether it was paid for by card.
IS_DELETED = {
    False: mark("⚠️ {instance} is deleted {at}, for good: its days are used up."),
    True: mark("⚠️ {instance} is deleted {at}, for good: its card is charged no more."),
}
WAS_DELETED = {
    False: mark(
        "🗑 {instance} was deleted, for good: its days were used up, and nobody extended it."
    ),
    True: mark("🗑 {instance} was deleted, for good: its card was charged no more."),
}


@says("notice_days_3d")
def three_days(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        head = say(
            "⏳ The days of {instance} run out {at}.",
            instance=named(one["name"], one["id"]),
            at=bold(say.at(one["active_until"])),
        )
    else:
        head = lines(
            say.plural(
                "⏳ The days of {n} instance run out soon:",
                "⏳ The days of {n} instances run out soon:",
                len(found),
            ),
            _listed(found, "active_until", say),
        )
    return _with_what_to_do(head, facts, say)


@says("notice_days_1d")
def one_day(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        head = say(
            "⚠️ Last day: the days of {instance} run out {at}.",
            instance=named(one["name"], one["id"]),
            at=bold(say.at(one["active_until"])),
        )
    else:
        head = lines(
            say.plural(
                "⚠️ Last day: the days of {n} instance run out.",
                "⚠️ Last day: the days of {n} instances run out.",
                len(found),
            ),
            _listed(found, "active_until", say),
        )
    return _with_what_to_do(head, facts, say)


def _with_what_to_do(head: Html, facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    return lines(
        head, _not_by_itself(found, say), *_balance(facts, say), Html(), _otherwise(found, say)
    )


def _otherwise(found: list[dict[str, Any]], say: Speech) -> Html:
    return say.plural(
        "Extend it and it goes on; you see what it takes from your balance first. Otherwise it "
        "stops then.",
        "Extend them and they go on; you see what it takes from your balance first. Otherwise they "
        "stop then.",
        len(found),
    )


def _not_by_itself(found: list[dict[str, Any]], say: Speech) -> Html | None:
    """Who relied on it has to hear that it does not work."""
    names = [one["name"] for one in found if one["auto"]]
    if not names:
        return None
    return say(
        "⚠️ Your balance does not reach for {names} to extend by themselves.",
        names=say.names(names),
    )


@says("notice_days_out")
def run_out(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        head = say(
            "⌛ The days of {instance} are used up, and it has stopped.",
            instance=named(one["name"], one["id"]),
        )
    else:
        head = lines(
            say.plural(
                "⌛ The days of {n} instance are used up, and it has stopped:",
                "⌛ The days of {n} instances are used up, and they have stopped:",
                len(found),
            ),
            _listed(found, "active_until", say),
        )
    return lines(
        head,
        _not_by_itself(found, say),
        *_balance(facts, say),
        Html(),
        say.plural(
            "Extended, what has stopped runs again at once. Otherwise it is deleted in {n} day, "
            "for good.",
            "Extended, what has stopped runs again at once. Otherwise it is deleted in {n} days, "
            "for good.",
            facts["delete_days"],
        ),
    )


@says("notice_days_deletion_7d", "notice_days_deletion_1d")
def deletion(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        head = say(
            IS_DELETED[bool(one.get("by_card"))],
            instance=named(one["name"], one["id"]),
            at=bold(say.at(one["delete_at"])),
        )
    else:
        head = lines(
            say.plural(
                "⚠️ {n} instance whose days are used up is deleted, for good:",
                "⚠️ {n} instances whose days are used up are deleted, for good:",
                len(found),
            ),
            _listed(found, "delete_at", say),
        )
    return lines(head, *_balance(facts, say), say("Extended before that, they run again."))


@says("notice_days_deleted")
def deleted(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        return say(
            WAS_DELETED[bool(one.get("by_card"))],
            instance=named(one["name"], one["id"]),
        )
    return lines(
        say.plural(
            "🗑 {n} instance was deleted, for good: its days were used up, and nobody extended it.",
            "🗑 {n} instances were deleted, for good: their days were used up, and nobody extended "
            "them.",
            len(found),
        ),
        _listed(found, "deleted_at", say),
    )


@says("notice_low_balance")
def low_balance(facts: Facts, say: Speech) -> Html:
    return lines(
        say("⚠️ Your balance of days is low: {days}.", days=in_balance(facts["balance"], say)),
        say.plural(
            "It may go {n} day below nothing.", "It may go {n} days below nothing.", facts["limit"]
        )
        if facts["limit"]
        else None,
        _lasts(facts, say),
    )


def _lasts(facts: Facts, say: Speech) -> Html:
    running = say.plural("{n} running instance", "{n} running instances", facts["running"])
    return say.plural(
        "For {running} that is less than {n} day each.",
        "For {running} that is less than {n} days each.",
        facts["days"] + 1,
        running=running,
    )


def _balance(facts: Facts, say: Speech) -> list[Html]:
    if facts["balance"] is None:
        return []
    return [say("Your balance: {days}", days=in_balance(facts["balance"], say))]


def _listed(found: list[dict[str, Any]], when: str, say: Speech) -> Html:
    return say.listed(item(named(one["name"], one["id"]), say.at(one[when])) for one in found)
