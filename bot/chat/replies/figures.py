"""Figures for staff: a month's report, the debts, the dry run of a close."""

from __future__ import annotations

from typing import Any

from billing.money import Money
from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item

AGES = {
    "not_due": mark("not due yet"),
    "to_5": mark("1–5 days overdue"),
    "to_10": mark("6–10 days overdue"),
    "to_30": mark("11–30 days overdue"),
    "older": mark("31 days and more overdue"),
}


@says("report")
def report(facts: Facts, say: Speech) -> Html:
    created, converted = facts["created"], facts["converted"]
    by_card = facts["by_card"]
    return lines(
        say("📊 Report, {month}", month=bold(say.month(facts["month"]))),
        say(
            "Invoices issued: {n}, {amounts}",
            n=facts["invoices"],
            amounts=_amounts(facts["invoiced"], say),
        ),
        say("Received: {amounts}", amounts=_amounts(facts["received"], say)),
        say("Of this by card, for instances paid so: {amounts}", amounts=_amounts(by_card, say))
        if by_card
        else None,
        say("Owed now, of all months: {amounts}", amounts=_amounts(facts["owed"], say)),
        Html(),
        say(
            "Instances created: {created}, of these subscribed so far: {converted}",
            created=created,
            converted=converted,
        ),
        say("Subscribed in the month: {n}", n=facts["subscribed"]),
        say("Cancelled in the month: {n}", n=facts["cancelled"]),
        say("Deleted in the month: {n}", n=facts["deleted"]),
        say("Running now: {n}", n=facts["running"]),
    )


@says("debts")
def debts(facts: Facts, say: Speech) -> Html:
    if not facts["rows"]:
        return say("✅ Nobody owes anything.")
    return lines(
        *(_ageing(one, say) for one in facts["sums"]),
        Html(),
        bold(say("Oldest first")),
        say.listed((_debt(one, say) for one in facts["rows"]), more=facts["more"]),
    )


def _ageing(one: dict[str, Any], say: Speech) -> Html:
    """Say what is owed in one currency, by how many days it is overdue."""
    return lines(
        say("💰 Owed: {total}", total=bold(say.money(one["total"]))),
        *(item(say(AGES[row["age"]]), bold(say.money(row["owed"]))) for row in one["ages"]),
    )


def _debt(one: dict[str, Any], say: Speech) -> Html:
    if one["days"]:
        clock = say.plural("{n} day overdue", "{n} days overdue", one["days"])
    else:
        clock = say("due on {day}", day=one["due_on"])
    return item(
        bold(one["partner"]),
        code(one["number"]),
        bold(say.money(one["owed"])),
        clock,
        say("⏳ held until {day}", day=one["held_until"]) if one["held_until"] else None,
    )


def _amounts(amounts: list[Money], say: Speech) -> Html:
    return Html(", ".join(bold(say.money(amount)) for amount in amounts) or "–")


@says("dryrun")
def dryrun(facts: Facts, say: Speech) -> Html:
    month, closed = bold(say.month(facts["month"])), facts["when"] == "closed"
    if not facts["rows"]:
        if closed:
            return say("{month} is closed already: no invoice was drawn up.", month=month)
        return say("The close of {month} would draw up no invoice.", month=month)
    return lines(
        say("{month} is closed already. This was drawn up:", month=month)
        if closed
        else say("The close of {month} would draw up, as of now:", month=month),
        say("Months before it that are not billed yet are included.")
        if facts["when"] == "later"
        else None,
        say.listed((_drawn(one, say) for one in facts["rows"]), more=facts["more"]),
        *(
            say.plural(
                "In all, {n} partner: {total} (month before: {before})",
                "In all, {n} partners: {total} (month before: {before})",
                one["partners"],
                total=bold(say.money(one["total"])),
                before=one["before"],
            )
            for one in facts["totals"]
        ),
        None if closed else say("Nothing was changed."),
    )


def _drawn(one: dict[str, Any], say: Speech) -> Html:
    difference = one["total"] - one["before"]
    sign = "+" if difference.minor > 0 else ""
    return item(
        bold(one["partner"]),
        say.plural("{n} line", "{n} lines", one["lines"]),
        bold(say.money(one["total"])),
        Html(f"({sign}{say.money(difference)})") if difference else None,
    )
