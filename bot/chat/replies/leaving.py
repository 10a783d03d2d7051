"""The end of a partnership: what it means, and that it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.chat.formats import Html, Speech, bold, lines
from bot.chat.replies.refusals import SENTENCES
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import STATES, item, named, word

ROOM = 900

Row = Callable[[dict[str, Any], Speech], Html]


@says("farewell")
def farewell(facts: Facts, say: Speech) -> Html:
    """Ask once, with all that would follow."""
    return lines(
        SENTENCES["terms_changed"]({}, say) if facts["changed"] else None,
        bold(say("End the partnership of {partner}?", partner=facts["partner"])),
        *_group(say("Cancelled, each with its last day:"), facts["cancelled"], _until, say),
        *_group(say("Deleted, now and for good:"), facts["deleted"], _name, say),
        *_group(say("As before:"), facts["ending"], _state, say),
        *_money(facts, say),
        say(
            "Nothing new can be begun afterwards. You can go on reading and paying here. This "
            "cannot be taken back."
        ),
    )


def _group(head: Html, rows: list[dict[str, Any]], row: Row, say: Speech) -> list[Html]:
    if not rows:
        return []
    return [head, say.listed((row(one, say) for one in rows), room=ROOM)]


def _until(one: dict[str, Any], say: Speech) -> Html:
    return item(
        named(one["name"], one["id"]), say("runs until {end}", end=say.until(one["ends_at"]))
    )


def _name(one: dict[str, Any], say: Speech) -> Html:
    shown = named(one["name"], one["id"])
    if not one["returns"]:
        return item(shown)
    return item(shown, say.plural("{n} day comes back", "{n} days come back", one["returns"]))


def _state(one: dict[str, Any], say: Speech) -> Html:
    state = word(STATES, one["state"], say)
    if one["ends_at"] is None:
        return item(named(one["name"], one["id"]), state)
    return item(
        named(one["name"], one["id"]),
        state,
        say("runs until {end}", end=say.until(one["ends_at"])),
    )


def _money(facts: Facts, say: Speech) -> list[Html]:
    told = []
    if facts["last"] is None:
        told.append(say("No further invoice comes."))
    else:
        told.append(
            say(
                "Still to be billed: {bill}. The last invoice is that of {month}, drawn up on "
                "{day}.",
                bill=bold(say.money(facts["bill"])),
                month=facts["last"],
                day=facts["invoiced_on"],
            )
        )
    if facts["unpaid"]:
        told.append(say("Unpaid until now: {owed}", owed=bold(say.money(facts["unpaid"]))))
    if facts["left"]:
        told.append(
            say(
                "Of the credit {left} is left then, to be refunded.",
                left=bold(say.money(facts["left"])),
            )
        )
    if facts["days"] > 0:
        told.append(
            say.plural(
                "{n} day of the balance is not used any more.",
                "{n} days of the balance are not used any more.",
                facts["days"],
            )
        )
    return told


@says("farewell_done", "partnership_ended")
def done(facts: Facts, say: Speech) -> Html:
    return lines(
        say("The partnership is ended. Thank you for the time together."),
        *_counts(facts, say),
        *_money(facts, say),
    )


@says("staff_left")
def staff_left(facts: Facts, say: Speech) -> Html:
    return lines(
        say("📋 {partner} has ended the partnership.", partner=bold(facts["partner"])),
        *_counts(facts, say),
        *_money(facts, say),
    )


def _counts(facts: Facts, say: Speech) -> list[Html]:
    told = []
    if facts["cancelled"]:
        told.append(
            say.plural("{n} instance cancelled.", "{n} instances cancelled.", facts["cancelled"])
        )
    if facts["deleted"]:
        told.append(say.plural("{n} instance deleted.", "{n} instances deleted.", facts["deleted"]))
    return told
