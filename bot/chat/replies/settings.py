"""The terms that are in force, for whoever runs the desk."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import TIERS, item, word

AFTERWARDS = {
    "delete": mark("then it stops, and is deleted {n} h later"),
    "staff_task": mark("then it stops, and staff delete it"),
}
CANCELLATION = {
    "thirty_days": mark("Cancelled: runs on for {n} days, on one more invoice"),
    "until_expiry": mark("Cancelled: runs until its expiry date, on one more invoice"),
    "end_of_cycle": mark("Cancelled: runs until the end of the month"),
}


@says("settings")
def settings(facts: Facts, say: Speech) -> Html:
    return lines(
        bold(say("⚙️ The terms in force")),
        *(_programme(one, say) for one in facts["programmes"]),
        Html(),
        say(
            "To change them: a copy of the file with a higher version, then a restart. New "
            "partners come under it, the others when you move them: {command}",
            command=code(say("/programme PARTNER NAME")),
        ),
        say(
            "A partner's own price: {command}", command=code(say("/price PARTNER PRICE from DATE"))
        ),
        say("Which cards come into this group: choose below. What no group takes comes to all.")
        if facts.get("in_group")
        else None,
        say("Everything else is set in the environment; partnerdesk doctor looks at it."),
    )


def _programme(one: dict[str, Any], say: Speech) -> Html:
    return lines(
        Html(),
        say(
            "{programme}, version {version} · {zone}",
            programme=bold(one["id"]),
            version=one["version"],
            zone=one["zone"],
        ),
        *_prices(one, say),
        _trial(one, say),
        *_month(one, say),
        item(say("Tokens: {tiers}", tiers=_tiers(one, say))),
        item(say("A second person above {amount}", amount=one["second_person"])),
        item(code(one["file"]), say.show(one["document"])),
    )


def _prices(one: dict[str, Any], say: Speech) -> list[Html]:
    found = []
    if one["prices"]:
        prices = Html(" / ".join(bold(say.money(price)) for price in one["prices"]))
        found.append(item(say("An instance: {prices} a month", prices=prices)))
    if one["channel"]:
        found.append(
            item(
                say(
                    "A channel of {n} days: {price}",
                    n=one["channel_days"],
                    price=bold(say.money(one["channel"])),
                ),
                say("invoice within {n} minutes", n=one["within"]),
            )
        )
    return found


def _trial(one: dict[str, Any], say: Speech) -> Html:
    after = say(AFTERWARDS[one["afterwards"]], n=one["delete_after_hours"])
    return item(say("Trial: {n} h", n=one["trial_hours"]), after)


def _month(one: dict[str, Any], say: Speech) -> list[Html]:
    if not one["postpaid"]:
        return []
    found = [
        item(
            say(
                "Invoice on the 1st, due on day {due}, last day {last}, deletion on day {delete}, "
                "{hour}:00",
                due=one["due_day"],
                last=one["last_day"],
                delete=one["delete_day"],
                hour=f"{one['day_hour']:02d}",
            )
        )
    ]
    if one["cancellation"]:
        found.append(item(say(CANCELLATION[one["cancellation"]], n=one["cancellation_days"])))
    return found


def _tiers(one: dict[str, Any], say: Speech) -> Html:
    return Html(
        ", ".join(
            f"{word(TIERS, tier['name'], say)} {say.show(tier['allowed'] or '∞')}"
            for tier in one["tiers"]
        )
    )
