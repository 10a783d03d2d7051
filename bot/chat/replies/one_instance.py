"""One instance as its partner sees it: state, dates, price, what happened."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, lines
from bot.chat.replies.card_payments import of_instance as of_card
from bot.chat.replies.customers import of_instance
from bot.chat.replies.days import in_days
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ACTIONS, item, named, state_of, word


@says("instance")
def instance(facts: Facts, say: Speech) -> Html:
    return lines(
        named(facts["name"], facts["id"]),
        say("State: {state}", state=bold(state_of(facts, say))),
        *(of_card(facts["by_card"], say) if facts.get("by_card") else _dates(facts, say)),
        say("Price: {price} for each whole month, no pro rata", price=facts["price"])
        if facts["price"] and facts["state"] not in {"deleted", "failed", "ended"}
        else None,
        _connection(facts, say),
        say("Customer: {customer}", customer=of_instance(facts["customer"], say))
        if facts["customer"]
        else None,
        *_history(facts, say),
    )


def _dates(facts: Facts, say: Speech) -> list[Html]:
    told = []
    state = facts["state"]
    if facts["settlement"] == "days" and state not in {"deleted", "failed"}:
        told += in_days(facts, say)
    elif state == "trial" and facts["trial_ends_at"]:
        told.append(
            say(
                "Free until {at}; then it stops unless you subscribe. Nothing to cancel.",
                at=bold(say.at(facts["trial_ends_at"])),
            )
        )
    elif state == "stopped" and facts["settlement"] == "card":
        told.append(say("Pay for it again, or extend it, and it runs; otherwise it is deleted."))
    elif state == "stopped":
        told.append(say("Nothing is owed. Subscribe and it runs again; otherwise it is deleted."))
    if facts["subscribed_at"] and facts["settlement"] != "days":
        told.append(say("Subscribed: {at}", at=facts["subscribed_at"]))
    if facts["cancelled_at"]:
        told.append(say("Cancelled: {at}", at=facts["cancelled_at"]))
    if facts["service_ends_at"] and state in {"cancelled", "overdue"}:
        told.append(
            say(
                "Runs until {end}; until then you can keep it.",
                end=bold(say.until(facts["service_ends_at"])),
            )
            if state == "cancelled"
            else say("Its service ends {end}.", end=say.until(facts["service_ends_at"]))
        )
    if facts["ended_at"]:
        told.append(say("Ended: {at}", at=facts["ended_at"]))
    if facts["deleted_at"]:
        told.append(say("Deleted: {at}", at=facts["deleted_at"]))
    return told


def _connection(facts: Facts, say: Speech) -> Html | None:
    if facts["connected"] is None or facts["state"] in {"deleted", "failed"}:
        return None
    since = facts.get("link_since")
    if since is None:
        return say("📱 Connected") if facts["connected"] else say("📵 Not connected")
    at = say.at(since)
    if facts["connected"]:
        return say("📱 Connected since {at}", at=at)
    return say("📵 Not connected since {at}", at=at)


def _history(facts: Facts, say: Speech) -> list[Html]:
    if not facts["history"]:
        return []
    rows = [
        item(say.at(row["at"]), word(ACTIONS, row["action"], say), actor(row["actor"], say))
        for row in facts["history"]
    ]
    return [Html(), say("What happened:"), say.listed(rows, room=900)]


def actor(who: str, say: Speech) -> Html | None:
    """Say who did something: of `owner:7001 Ana` of the audit the name is enough."""
    role, _, name = who.partition(" ")
    if role == "clock":
        return say("by itself")
    if role == "platform":
        return say("the platform")
    if role == "staff":
        return say("our staff")
    return say.show(name) if name else None
