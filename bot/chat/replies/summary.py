"""The staff's morning: what waits, what is due, overdue, to be stopped and deleted."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, lines
from bot.chat.replies import books
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.waiting import KINDS, span
from bot.chat.replies.words import item

# What there can be beside the audit.
SAID = ("halted", "waits", "due", "overdue", "stops", "deletions")


@says("staff_summary")
def summary(facts: Facts, say: Speech) -> Html:
    return lines(
        bold(say("☀️ {day}: what the day brings", day=facts["day"])),
        say("⛔ Stops and deletions are halted: {reason}", reason=facts["halted"])
        if facts["halted"]
        else None,
        None if any(facts[name] for name in SAID) else say("✅ Nothing waits."),
        *([say("What waits:")] if facts["waits"] else ()),
        *(_waits(one, say) for one in facts["waits"]),
        _money(facts["due"], say, overdue=False),
        _money(facts["overdue"], say, overdue=True),
        _stops(facts["stops"], say),
        _deletions(facts["deletions"], say),
        _audit(facts["audit"], say),
    )


def _waits(one: dict[str, Any], say: Speech) -> Html:
    minutes = int((say.now - one["since"]).total_seconds() // 60)
    return item(
        say("{what}: {n}", what=say(KINDS[one["kind"]][0]), n=one["count"]),
        say("the oldest for {span}", span=span(minutes, say)),
        bold(say("⛔ {n} over time", n=one["late"])) if one["late"] else None,
    )


def _money(found: Facts | None, say: Speech, *, overdue: bool) -> Html | None:
    if found is None:
        return None
    amounts = Html(", ".join(bold(say.money(amount)) for amount in found["owed"]))
    if overdue:
        return say.plural(
            "⚠️ Overdue: {n} invoice, {amounts}",
            "⚠️ Overdue: {n} invoices, {amounts}",
            found["count"],
            amounts=amounts,
        )
    return say.plural(
        "🧾 Due today: {n} invoice, {amounts}",
        "🧾 Due today: {n} invoices, {amounts}",
        found["count"],
        amounts=amounts,
    )


def _stops(count: int, say: Speech) -> Html | None:
    if not count:
        return None
    return say.plural(
        "⛔ {n} partner is stopped within 24 hours, unless it pays.",
        "⛔ {n} partners are stopped within 24 hours, unless they pay.",
        count,
    )


def _deletions(count: int, say: Speech) -> Html | None:
    if not count:
        return None
    return say.plural(
        "🗑 {n} partner's instances are deleted within 24 hours, unless it pays.",
        "🗑 {n} partners' instances are deleted within 24 hours, unless they pay.",
        count,
    )


def _audit(found: Facts | None, say: Speech) -> Html | None:
    if found is None:
        return None
    if not found["found"]:
        well = say("📒 The books of {night} agree.", night=found["night"])
        return lines(well, books.ends(found, say)) if "entries" in found else well
    return say.plural(
        "⚠️ The audit of {night} found {n} contradiction.",
        "⚠️ The audit of {night} found {n} contradictions.",
        found["found"],
        night=found["night"],
    )
