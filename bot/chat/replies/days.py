"""Days as a partner has them: the balance, what each instance has left, what moved."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.buying import in_balance, so_many
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, named

ROOM = 1500
# What the books call what moved a balance.
MOVEMENTS_ROOM = 900


@says("days")
def days(facts: Facts, say: Speech) -> Html:
    return lines(
        say("✅ The standing order has ended: days are no longer bought by themselves.")
        if facts["standing_ended"]
        else None,
        *balance(facts, say),
        say(
            "A channel of {n} days costs {price}.",
            n=facts["channel_days"],
            price=facts["price"],
        ),
        *_pool(facts, say),
        *_requests(facts, say),
        *_instances(facts, say),
        *_movements(facts, say),
    )


def balance(facts: Facts | dict[str, Any], say: Speech, *, to_staff: bool = False) -> list[Html]:
    """Say how many days there are, and when instances run out of theirs."""
    told = [say("📅 Balance: {days}", days=in_balance(facts["balance"], say))]
    if facts["limit"] is not None:
        told.append(_limit(facts["limit"], say, to_staff=to_staff))
    if facts["held"]:
        told.append(_held(facts["held"], say, to_staff=to_staff))
    if facts["low"]:
        told.append(say("⚠️ That is little for what runs."))
    return [*told, *_ends(facts, say)]


def _limit(days: int, say: Speech, *, to_staff: bool) -> Html:
    if to_staff:
        return say.plural(
            "It pays afterwards: the balance may go {n} day below nothing.",
            "It pays afterwards: the balance may go {n} days below nothing.",
            days,
        )
    return say.plural(
        "You pay afterwards: the balance may go {n} day below nothing.",
        "You pay afterwards: the balance may go {n} days below nothing.",
        days,
    )


def _held(days: int, say: Speech, *, to_staff: bool) -> Html:
    if to_staff:
        return say.plural(
            "{n} more day is on its instances.", "{n} more days are on its instances.", days
        )
    return say.plural(
        "{n} more day is on your instances.", "{n} more days are on your instances.", days
    )


def _ends(facts: Facts | dict[str, Any], say: Speech) -> list[Html]:
    return [
        say.plural(
            "⏳ Runs out on {day} for {n} instance.",
            "⏳ Runs out on {day} for {n} instances.",
            one["count"],
            day=bold(say.day(one["on"])),
        )
        for one in facts["ends"]
    ]


def _pool(facts: Facts, say: Speech) -> list[Html]:
    told = []
    if facts["pool_until"] and facts["items"]:
        told.append(
            say(
                "Spread over all instances, it lasts until {at}.",
                at=say.at(facts["pool_until"]),
            )
        )
    if facts["standing"]:
        told.append(standing(say))
    return told


def standing(say: Speech) -> Html:
    """Say that days are bought each month, and how that ends."""
    return say(
        "🔁 On the 1st of each month days are bought for every running instance: {command} "
        "ends it.",
        command=code(say("/buy monthly off")),
    )


def _requests(facts: Facts, say: Speech) -> list[Html]:
    told = [
        say(
            "📨 {what}: received {at}, the invoice is here by {by}.",
            what=so_many(one, say),
            at=say.clock(one["since"]),
            by=say.clock(one["by"]),
        )
        for one in facts["requests"]
    ]
    told += [
        say.plural(
            "🧾 {number}, {n} day: {owed} to pay by {day}.",
            "🧾 {number}, {n} days: {owed} to pay by {day}.",
            one["days"],
            number=code(one["number"]),
            owed=say.money(one["owed"]),
            day=one["due_on"],
        )
        for one in facts["unpaid"]
    ]
    return [say.listed(told, room=600)] if told else []


def _instances(facts: Facts, say: Speech) -> list[Html]:
    if not facts["items"]:
        return []
    rows = (_instance(one, say) for one in facts["items"])
    return [
        Html(),
        bold(say("What each has left")),
        say.listed(rows, room=ROOM, more=facts["more"]),
    ]


def _instance(one: dict[str, Any], say: Speech) -> Html:
    left = until(one["until"], say)
    trial = say("trial") if one["state"] == "trial" else None
    return item(
        named(one["name"], one["id"]), left, trial, auto(one["auto"], say), _short(one, say)
    )


def until(at: Any, say: Speech) -> Html:
    """Say until when an instance runs, and how many days that is."""
    left = max(0, (at - say.now).days)
    if left:
        return say.plural("{n} day, until {at}", "{n} days, until {at}", left, at=at)
    return say("less than a day, until {at}", at=at)


def in_days(facts: Facts, say: Speech) -> list[Html]:
    """Say until when one instance runs, what comes back of it, and how it goes on."""
    ends = facts["active_until"]
    if facts["state"] == "trial":
        return [
            say(
                "Free until {at}; then it stops unless you extend it. What is left of the trial is "
                "kept.",
                at=bold(say.at(facts["trial_ends_at"])),
            ),
            *_by_itself(facts, say),
        ]
    if facts["state"] == "stopped":
        over = say("Nothing is owed. Extend it and it runs again; otherwise it is deleted.")
        return [over, *_by_itself(facts, say)]
    if ends is None:
        return []
    told = [say("Left: {left}", left=bold(until(ends, say)))]
    if facts["returning"]:
        told.append(
            say.plural(
                "Deleted now, {n} day comes back to your balance.",
                "Deleted now, {n} days come back to your balance.",
                facts["returning"],
            )
        )
    return [*told, *_by_itself(facts, say)]


def _by_itself(facts: Facts, say: Speech) -> list[Html]:
    if not facts["auto"]:
        return []
    return [
        say.plural(
            "🔁 It extends itself by {n} day, with less than a day left.",
            "🔁 It extends itself by {n} days, with less than a day left.",
            facts["auto"],
        )
    ]


def auto(days: int | None, say: Speech) -> Html | None:
    """Say that an instance takes days by itself."""
    return say("🔁 +{n}", n=days) if days else None


def _short(one: dict[str, Any], say: Speech) -> Html | None:
    if one["short_at"] is None:
        return None
    return say("⚠️ the balance reaches until {at}", at=one["short_at"])


def _movements(facts: Facts, say: Speech) -> list[Html]:
    if not facts["movements"]:
        return []
    rows = (_movement(one, say) for one in facts["movements"])
    return [Html(), bold(say("What moved the balance")), say.listed(rows, room=MOVEMENTS_ROOM)]


def _movement(one: dict[str, Any], say: Speech) -> Html:
    sign = "+" if one["days"] >= 0 else "−"
    moved = Html(f"{sign}{say.show(abs(one['days']))}")
    return item(
        say.at(one["at"]),
        bold(moved),
        what_moved(one, say),
        say("extended by itself") if one["by_itself"] else None,
        say("then {balance}", balance=one["balance"]),
    )


def what_moved(one: Facts, say: Speech) -> Html:
    """Say what moved the days, as a partner calls it."""
    about = bold(one["name"]) if one["name"] else code(one["reference"])
    match one["kind"]:
        case "days_credited":
            return say("paid, {about}", about=about)
        case "days_granted":
            return say("given by our staff: {about}", about=say.show(one["reference"]))
        case "days_taken_back":
            return say("the payment was taken back, {about}", about=about)
        case "days_allocated":
            return say("for {about}", about=about)
        case _:
            return say("back from {about}", about=about)


@says("limit_agreed")
def limit_agreed(facts: Facts, say: Speech) -> Html:
    """To the partner."""
    if facts["limit"] is None:
        told = say("🧾 We have agreed that you pay for days in advance.")
    else:
        told = say.plural(
            "🧾 We have agreed that you pay for days afterwards, by the month's invoice: the "
            "balance may go {n} day below nothing.",
            "🧾 We have agreed that you pay for days afterwards, by the month's invoice: the "
            "balance may go {n} days below nothing.",
            facts["limit"],
        )
    return lines(told, say("Your balance: {days}", days=in_balance(facts["balance"], say)))


@says("day_limit")
def day_limit(facts: Facts, say: Speech) -> Html:
    """To staff."""
    partner = bold(facts["partner"])
    if facts["limit"] is None:
        told = say("✅ {partner} pays for days in advance.", partner=partner)
    else:
        told = say.plural(
            "✅ {partner} pays for days afterwards: the balance may go {n} day below nothing.",
            "✅ {partner} pays for days afterwards: the balance may go {n} days below nothing.",
            facts["limit"],
            partner=partner,
        )
    return lines(told, say("Balance: {days}", days=in_balance(facts["balance"], say)))
