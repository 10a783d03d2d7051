"""What the bot says unasked about cancelled instances, as their service nears its end."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, lines
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, named


@says("notice_service_ends_soon")
def service_ends_soon(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        told = say(
            "⏳ {instance} is cancelled and runs until {end}.",
            instance=named(one["name"], one["id"]),
            end=bold(say.until(one["service_ends_at"])),
        )
    else:
        told = lines(
            say.plural(
                "⏳ {n} instance is cancelled and runs until:",
                "⏳ {n} instances are cancelled and run until:",
                len(found),
            ),
            _services(facts, say),
        )
    if facts["left"]:
        return told
    return lines(told, say("Keep what you want to go on; after that it is too late."))


@says("notice_service_ended")
def service_ended(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        told = say(
            "⌛ {instance} was cancelled, and its service has ended.",
            instance=named(one["name"], one["id"]),
        )
    else:
        told = lines(
            say.plural(
                "⌛ {n} instance was cancelled, and its service has ended:",
                "⌛ {n} instances were cancelled, and their service has ended:",
                len(found),
            ),
            _services(facts, say),
        )
    days = say.plural("{n} day", "{n} days", facts["days"])
    return lines(
        told,
        say.plural(
            "It is deleted in {days}, unless you delete it before. It costs nothing more.",
            "They are deleted in {days}, unless you delete them before. They cost nothing more.",
            len(found),
            days=days,
        ),
    )


def _services(facts: Facts, say: Speech) -> Html:
    return say.listed(
        item(named(one["name"], one["id"]), say.until(one["service_ends_at"]))
        for one in facts["instances"]
    )


@says("notice_trial_deleted")
def trial_deleted(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        return say(
            "🗑 {instance} was deleted, for good: its trial was over. You owe nothing for it.",
            instance=_one(found),
        )
    return lines(
        say.plural(
            "🗑 {n} instance was deleted, for good: its trial was over. You owe nothing for it.",
            "🗑 {n} instances were deleted, for good: their trials were over. You owe nothing for "
            "them.",
            len(found),
        ),
        _deleted(found, say),
    )


@says("notice_service_deleted")
def service_deleted(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        return say(
            "🗑 {instance} was deleted, for good: its service had ended. It costs nothing more.",
            instance=_one(found),
        )
    return lines(
        say.plural(
            "🗑 {n} instance was deleted, for good: its service had ended. It costs nothing more.",
            "🗑 {n} instances were deleted, for good: their service had ended. They cost nothing "
            "more.",
            len(found),
        ),
        _deleted(found, say),
    )


def _one(found: list[Facts]) -> Html:
    (one,) = found
    return named(one["name"], one["id"])


def _deleted(found: list[Facts], say: Speech) -> Html:
    return say.listed(
        item(named(one["name"], one["id"]), say.at(one["deleted_at"])) for one in found
    )
