"""Many instances at once: in counts and first lines, never as a wall."""

from __future__ import annotations

from itertools import groupby

from bot.chat.formats import Html, Speech, bold, lines
from bot.chat.replies.refusals import SENTENCES, sentence
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item

REFUSED_ROOM = 2000
# Refused alike, they are told together.
ALIKE = frozenset({"token_used_up", "too_many_trials"})


@says("bulk")
def bulk(facts: Facts, say: Speech) -> Html:
    """Ask once; what cannot be done is listed below, and holds up nothing."""
    n, create = facts["count"], facts["operation"] == "create"
    if not n:
        head = bold(say("Nothing can be done:"))
    elif create:
        head = bold(say.plural("Create {n} instance?", "Create {n} instances?", n))
    else:
        head = bold(
            say.plural(
                "Note the customer of {n} instance?", "Note the customers of {n} instances?", n
            )
        )
    return lines(
        SENTENCES["terms_changed"]({}, say) if facts["changed"] else None,
        head,
        _names(facts, say) if n else None,
        say("The trial costs nothing and ends by itself.") if n and create else None,
        _left(facts["left"], say) if n and create else None,
        *_refused(facts, say),
    )


@says("bulk_done")
def bulk_done(facts: Facts, say: Speech) -> Html:
    n = facts["count"]
    if facts["operation"] == "create":
        return lines(*_refused(facts, say))
    return lines(
        say.plural(
            "✅ The customer of {n} instance is noted.",
            "✅ The customers of {n} instances are noted.",
            n,
        )
        if n
        else None,
        *_refused(facts, say),
    )


def _names(facts: Facts, say: Speech) -> Html:
    return say.names(facts["names"] + [""] * (facts["count"] - len(facts["names"])), most=10)


def _left(left: int | None, say: Speech) -> Html | None:
    if left is None:
        return None
    return say.plural(
        "Your token allows {n} more instance then.",
        "Your token allows {n} more instances then.",
        left,
    )


def _refused(facts: Facts, say: Speech) -> list[Html]:
    if not facts["refused"]:
        return []
    groups = [
        list(group)
        for _, group in groupby(
            facts["refused"],
            key=lambda one: one["code"] if one["code"] in ALIKE else id(one),
        )
    ]
    rows = [
        item(say.names([one["name"] or "–" for one in group], most=3), sentence(group[0], say))
        for group in groups
    ]
    return [
        bold(say("Left out:")),
        say.listed(rows, room=REFUSED_ROOM, more=facts["more"]),
    ]
