"""What waits for staff, oldest first, with clocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.chat.formats import Html, Speech, bold, code, escaped, lines, mark
from bot.chat.replies.approving import changed, what_waits
from bot.chat.replies.buying import so_many as days_asked
from bot.chat.replies.card_payments import MISMATCHES
from bot.chat.replies.platforms import platform_name
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import OPERATIONS, TIERS, item, named, word

Row = Callable[[dict[str, Any], Speech], list[Html | None]]
ROOM = 700


@says("queue")
def queue(facts: Facts, say: Speech) -> Html:
    halted = (
        say("⛔ Stops and deletions are halted: {reason}", reason=facts["halted"])
        if facts["halted"]
        else None
    )
    if not facts["kinds"]:
        return lines(halted, say("✅ Nothing waits."))
    room = min(ROOM, 3600 // len(facts["kinds"]))
    return lines(halted, *(_section(one, say, room) for one in facts["kinds"]))


def _section(kind: dict[str, Any], say: Speech, room: int) -> Html:
    title, told = KINDS[kind["kind"]]
    return lines(
        say("{what}: {n}", what=bold(say(title)), n=kind["count"]),
        say.listed(
            (item(*told(row, say), *_clock(row, say)) for row in kind["rows"]),
            room=room,
            more=kind["count"] - len(kind["rows"]),
        ),
    )


def _clock(one: dict[str, Any], say: Speech) -> list[Html]:
    """Say what is left of what was promised, or for how long it waits; and who sees to it."""
    minutes = int((say.now - one["since"]).total_seconds() // 60)
    told = [
        *(_promised(one, say) if one["by"] else ()),
        say("⏱ {span}, since {at}", span=span(minutes, say), at=say.clock(one["since"])),
    ]
    if one["claimed_by"]:
        told.append(say("👤 {person}", person=one["claimed_by"]))
    return told


def _promised(one: dict[str, Any], say: Speech) -> list[Html]:
    left = int((one["by"] - say.now).total_seconds() // 60)
    if left < 0:
        clock = say("⛔ over by {span}", span=span(-left, say))
    else:
        clock = say.plural("⏳ {n} minute left", "⏳ {n} minutes left", left)
    return [bold(clock), say("promised by {at}", at=say.clock(one["by"]))]


def span(minutes: int, say: Speech) -> Html:
    """Say a span in the largest unit of which it has two."""
    if minutes < 2 * 60:
        return say.plural("{n} minute", "{n} minutes", minutes)
    if minutes < 2 * 24 * 60:
        return say.plural("{n} hour", "{n} hours", minutes // 60)
    return say.plural("{n} day", "{n} days", minutes // (24 * 60))


def _day_request(one: dict[str, Any], say: Speech) -> list[Html | None]:
    return [bold(one["partner"]), days_asked(one, say)]


def _approval(one: dict[str, Any], say: Speech) -> list[Html | None]:
    return [what_waits(one, say), changed(one, say), say.show(one["asked_by"])]


def _receipt(one: dict[str, Any], say: Speech) -> list[Html | None]:
    proofs = one.get("proofs", 1)
    more = say.plural("{n} file", "{n} files", proofs) if proofs > 1 else None
    return [bold(one["partner"]), code(one["number"]), say.money(one["owed"]), more]


def _application(one: dict[str, Any], say: Speech) -> list[Html | None]:
    del say
    return [bold(one["company"])]


def _request(one: dict[str, Any], say: Speech) -> list[Html | None]:
    return [bold(one["partner"]), word(TIERS, one["tier_name"], say)]


def _deletion(one: dict[str, Any], say: Speech) -> list[Html | None]:
    return [named(one["name"], one["id"]), say.show(one["partner"])]


def _by_hand(one: dict[str, Any], say: Speech) -> list[Html | None]:
    return [
        word(OPERATIONS, one["operation"], say),
        named(one["name"], one["id"]),
        say.show(one["partner"]),
        platform_name(one["platform"]),
    ]


def _message(one: dict[str, Any], say: Speech) -> list[Html | None]:
    del say
    return [bold(one["partner"]), escaped(one["person"]), escaped(one["text"])]


def _stripe(one: dict[str, Any], say: Speech) -> list[Html | None]:
    partner = say.show(one["partner"]) if one["partner"] else None
    return [partner, word(MISMATCHES, one["why"], say), code(one["about"])]


def _call(one: dict[str, Any], say: Speech) -> list[Html | None]:
    return [
        word(OPERATIONS, one["operation"], say),
        code(one["instance"]),
        say.show(one["partner"]),
        say.show((one["error"] or "")[:80]),
    ]


def _differences(one: dict[str, Any], say: Speech) -> list[Html | None]:
    count = say.plural("{n} difference", "{n} differences", one["count"])
    return [bold(platform_name(one["platform"])), count]


# A kind of `billing/services/desk/waiting.py`: what it is called, and how a row of it reads.
KINDS: dict[str, tuple[str, Row]] = {
    "day_requests": (mark("Requests for days"), _day_request),
    "approvals": (mark("For a second person"), _approval),
    "receipts": (mark("Proofs of payment"), _receipt),
    "stripe": (mark("Stripe disagrees"), _stripe),
    "applications": (mark("Applications"), _application),
    "token_requests": (mark("Token requests"), _request),
    "deletions": (mark("Instances to delete"), _deletion),
    "messages": (mark("Messages unanswered"), _message),
    "by_hand": (mark("To be done at the platform"), _by_hand),
    "calls": (mark("Waiting for the platform"), _call),
    "differences": (mark("Differ at the platform"), _differences),
}
