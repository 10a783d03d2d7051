"""What an action would mean, before it is done: until when, what it costs, which invoice."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, lines
from bot.chat.replies.progress import FIRST, MANY
from bot.chat.replies.refusals import SENTENCES, left_as_they_are
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, named

ITEMS_ROOM = 1500
REFUSED_ROOM = 1200


@says("confirm")
def confirm(facts: Facts, say: Speech) -> Html:
    """Ask once, with all that would follow; what cannot be done is listed below."""
    return lines(
        SENTENCES["terms_changed"]({}, say) if facts["changed"] else None,
        *_question(facts, say),
        *MEANINGS[facts["operation"]](facts, say),
        *left_as_they_are(facts["refused"], say, room=REFUSED_ROOM),
    )


def _question(facts: Facts, say: Speech) -> list[Html]:
    items, operation = facts["items"], facts["operation"]
    if len(items) == 1:
        one = named(items[0]["name"], items[0]["id"])
        match operation:
            case "subscribe":
                return [say("Subscribe {instance}?", instance=one)]
            case "cancel":
                return [say("Cancel {instance}?", instance=one)]
            case "keep":
                return [say("Keep {instance}, and withdraw its cancellation?", instance=one)]
            case _:
                return [say("Delete {instance}, now and for good?", instance=one)]
    shown = items if len(items) <= MANY else items[:FIRST]
    listed = say.listed(
        (_row(operation, one, say) for one in shown),
        room=ITEMS_ROOM,
        more=len(items) - len(shown),
    )
    return [bold(_question_of_many(operation, len(items), say)), listed, Html()]


def _question_of_many(operation: str, n: int, say: Speech) -> Html:
    match operation:
        case "subscribe":
            return say.plural("Subscribe {n} instance?", "Subscribe {n} instances?", n)
        case "cancel":
            return say.plural("Cancel {n} instance?", "Cancel {n} instances?", n)
        case "keep":
            return say.plural("Keep {n} instance?", "Keep {n} instances?", n)
        case _:
            return say.plural(
                "Delete {n} instance, now and for good?",
                "Delete {n} instances, now and for good?",
                n,
            )


def _row(operation: str, one: dict[str, Any], say: Speech) -> Html:
    told: list[Html] = []
    if operation in {"subscribe", "keep"} and one["price"]:
        told.append(say.money(one["price"]))
    if operation == "cancel":
        told.append(say("runs until {end}", end=say.until(one["service_ends_at"])))
    if operation == "delete" and one["last_month"] is None:
        told.append(say("nothing is owed for it"))
    elif operation == "delete":
        told.append(say("last month billed: {month}", month=one["last_month"]))
    if one["returning"]:
        back = say.plural("{n} day comes back", "{n} days come back", one["returning"])
        told.append(back)
    if operation in {"cancel", "delete"} and one["to_bill"]:
        told.append(say("still to be billed: {amount}", amount=one["to_bill"]))
    return item(named(one["name"], one["id"]), *told)


def _subscribe(facts: Facts, say: Speech) -> list[Html]:
    return [
        item(say("Price: {total} a month", total=bold(say.money(facts["total"])))),
        item(
            say(
                "From now on: the whole month of {month} is billed, no pro rata",
                month=bold(say.month(facts["month"])),
            )
        ),
        item(
            say(
                "First invoice: issued on {issued}, due on {due}",
                issued=_day(facts, "invoiced_on", say),
                due=bold(_day(facts, "due_on", say)),
            )
        ),
        item(say("It goes on each month until you cancel. What is left of the trial is not added")),
    ]


def _cancel(facts: Facts, say: Speech) -> list[Html]:
    items = facts["items"]
    told: list[Html] = []
    if len(items) == 1:
        end = bold(say.until(items[0]["service_ends_at"]))
        told.append(item(say("Last moment of service: {end}", end=end)))
    told += _last_month(facts, say)
    stopped = sum(one["before"] == "overdue" for one in items)
    if stopped:
        told.append(
            item(
                say.plural(
                    "{n} is stopped now, for an unpaid invoice: it cannot be kept until that is "
                    "paid",
                    "{n} are stopped now, for an unpaid invoice: they cannot be kept until that "
                    "is paid",
                    stopped,
                )
            )
        )
    if stopped < len(items):
        told.append(item(say("Until the service ends you can take the cancellation back: Keep")))
    return told


def _last_month(facts: Facts, say: Speech) -> list[Html]:
    months = [one["last_month"] for one in facts["items"] if one["last_month"]]
    if not months:
        return []
    last = max(months)
    told = [
        item(say("Last month billed: {month}, whole, no pro rata", month=bold(say.month(last))))
    ]
    if last == facts["month"]:
        told.append(
            item(
                say(
                    "Its invoice: issued on {issued}, due on {due}",
                    issued=_day(facts, "invoiced_on", say),
                    due=_day(facts, "due_on", say),
                )
            )
        )
    return [*told, _still(facts, say)]


def _still(facts: Facts, say: Speech) -> Html:
    """Say in all what no invoice has yet."""
    amount = bold(say.money(facts["to_bill"]))
    if not facts["to_bill"]:
        return item(say("Nothing more is billed: all of it is on earlier invoices"))
    return item(say("Still to be billed, in all: {amount}", amount=amount))


def _keep(facts: Facts, say: Speech) -> list[Html]:
    told = [item(say("It goes on at {total} a month", total=bold(say.money(facts["total"]))))]
    if facts["to_bill"]:
        left_out = say(
            "Left out by the cancellation, now on the next invoice: {amount} ({months})",
            amount=bold(say.money(facts["to_bill"])),
            months=Html(", ".join(say.month(month) for month in facts["months"])),
        )
        told.append(item(left_out))
    return told


def _delete(facts: Facts, say: Speech) -> list[Html]:
    items = facts["items"]
    lost = say.plural(
        "It stops at once and never comes back", "They stop at once and never come back", len(items)
    )
    told = [item(lost), *_days_back(facts, say)]
    if any(one["settlement"] == "card" and one["before"] == "active" for one in items):
        told.append(item(say("Its card is charged no more; what is paid is not given back")))
    if all(one["last_month"] is None for one in items):
        owed = say.plural("Nothing is owed for it", "Nothing is owed for them", len(items))
        return [*told, item(owed)]
    told += [*_last_month(facts, say), item(say("What was billed before stays owed"))]
    if facts["runs_on"]:
        end = bold(say.until(facts["runs_on"]))
        told.append(item(say("Cancelled instead, it costs the same and runs until {end}", end=end)))
    return told


def _days_back(facts: Facts, say: Speech) -> list[Html]:
    if facts["returning"]:
        told = say.plural(
            "{n} day comes back to your balance",
            "{n} days come back to your balance",
            facts["returning"],
        )
        return [item(bold(told))]
    running = [one for one in facts["items"] if one["before"] == "active"]
    if any(one["settlement"] == "days" for one in running):
        return [item(say("No day comes back: none is left that was not begun"))]
    return []


MEANINGS = {"subscribe": _subscribe, "cancel": _cancel, "keep": _keep, "delete": _delete}


def _day(facts: Facts, name: str, say: Speech) -> Html:
    return say.day(facts[name], zone=facts["zone"])
