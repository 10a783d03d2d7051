"""What a partner sees of its account: where it stands, its instances, one of them."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ACTIONS, FILTERS, STATES, item, named, word


@says("home")
def home(facts: Facts, say: Speech) -> Html:
    return lines(
        say("🏠 {partner}", partner=bold(facts["partner"])),
        *_trouble(facts, say),
        Html(),
        _instances(facts, say),
        say("⏳ The next trial ends {at}.", at=facts["next_trial_end"])
        if facts["next_trial_end"]
        else None,
        _to_pay(facts, say),
        say("Credit for the next invoice: {credit}.", credit=facts["credit"])
        if facts["credit"]
        else None,
        _next_invoice(facts["next"], say),
        _creations(facts, say),
    )


def _trouble(facts: Facts, say: Speech) -> list[Html]:
    told = []
    if facts["stopped_at"]:
        told.append(_stopped(facts, say))
    if facts["frozen"]:
        told.append(
            say(
                "❄️ Frozen: {reason}. Nothing new can begin; what runs goes on.",
                reason=facts["frozen_reason"] or "–",
            )
        )
    return told


def _stopped(facts: Facts, say: Speech) -> Html:
    """Promise that all runs again only where something waits for that."""
    since, counts = facts["stopped_at"], facts["counts"]
    if not facts["unpaid"]:
        # What was paid while staff had frozen the account.
        return say("⛔ Stopped since {since}. All is paid: please speak to us.", since=since)
    if counts.get("overdue"):
        return say(
            "⛔ Stopped since {since}: an invoice is unpaid. Everything runs again as soon as "
            "it is paid.",
            since=since,
        )
    if counts.get("deleted") and counted(counts, say) is None:
        return say(
            "⛔ Stopped since {since}: an invoice stayed unpaid. Your instances were deleted and "
            "{owed} is still owed; once it is paid you can create new ones.",
            since=since,
            owed=bold(say.money(facts["owed"])),
        )
    return say(
        "⛔ Stopped since {since}: an invoice is unpaid. Nothing new can begin until it is paid.",
        since=since,
    )


def _instances(facts: Facts, say: Speech) -> Html | None:
    counts = counted(facts["counts"], say)
    if counts is None and (facts["stopped_at"] or facts["frozen"]):
        return None
    if counts is None and facts["counts"].get("deleted"):
        return say("No instance now. {command} creates one.", command=code(say("/new shop-1")))
    if counts is None:
        return say(
            "No instance yet. {command} creates one: the trial is free and ends by itself.",
            command=code(say("/new shop-1")),
        )
    return say("Instances: {counts}", counts=counts)


def counted(counts: dict[str, int], say: Speech) -> Html | None:
    """Say how many instances are in which state, without those that are gone."""
    living = [
        say("{n} × {state}", n=counts[state], state=word(STATES, state, say))
        for state in STATES
        if counts.get(state) and state not in {"deleted", "failed"}
    ]
    return Html(", ".join(living)) if living else None


def _to_pay(facts: Facts, say: Speech) -> Html:
    unpaid = facts["unpaid"]
    if not unpaid:
        return say("✅ Nothing to pay now.")
    if len(unpaid) == 1:
        (one,) = unpaid
        return say(
            "🧾 To pay: {owed}, invoice {number}, due on {day}; last day of service {last}.",
            owed=bold(say.money(one["owed"])),
            number=code(one["number"]),
            day=one["due_on"],
            last=one["last_on"],
        )
    return lines(
        say("🧾 To pay: {owed}", owed=bold(say.money(facts["owed"]))),
        say.listed(
            (
                item(
                    code(one["number"]),
                    say.money(one["owed"]),
                    say("due on {day}", day=one["due_on"]),
                )
                for one in unpaid
            ),
            room=600,
        ),
    )


def _next_invoice(coming: dict[str, Any], say: Speech) -> Html | None:
    if not coming["lines"]:
        return None
    return say.plural(
        "Next invoice, {month}: {total} so far ({n} line), issued on {issued}, due on {due}.",
        "Next invoice, {month}: {total} so far ({n} lines), issued on {issued}, due on {due}.",
        coming["lines"],
        month=coming["month"],
        total=bold(say.money(coming["total"])),
        issued=coming["invoiced_on"],
        due=coming["due_on"],
    )


def _creations(facts: Facts, say: Speech) -> Html:
    if facts["allowed"] is None:
        return say("🔑 Your token creates as many instances as you like.")
    return say(
        "🔑 Token: {created} of {allowed} creations used.",
        created=facts["created"],
        allowed=facts["allowed"],
    )


@says("list")
def listing(facts: Facts, say: Speech) -> Html:
    chosen = word(FILTERS, facts["filter"], say)
    if not facts["total"]:
        if facts["filter"] == "all" and not facts["may_begin"]:
            return say("You have no instances.")
        if facts["filter"] == "all":
            return say(
                "You have no instances. {command} creates one: the trial is free.",
                command=code(say("/new shop-1")),
            )
        return lines(
            say("No instances here: {filter}.", filter=chosen), _stopped_unpaid(facts, say)
        )
    head = say.plural(
        "{n} instance: {filter}", "{n} instances: {filter}", facts["total"], filter=chosen
    )
    page = say("Page {page} of {pages}", page=facts["page"], pages=facts["pages"])
    return lines(
        bold(head),
        say.listed(_row(one, say) for one in facts["items"]),
        page if facts["pages"] > 1 else None,
        _stopped_unpaid(facts, say),
        Html(),
        say("Name them by name, id or number: {example}", example=code(say("/subscribe 1 3-5"))),
    )


def _stopped_unpaid(facts: Facts, say: Speech) -> Html | None:
    """Who looks for what stands still looks for this, too."""
    if facts["filter"] != "stopped" or not facts["unpaid_stopped"]:
        return None
    return say.plural(
        "{n} more is stopped for an unpaid invoice: {command}",
        "{n} more are stopped for an unpaid invoice: {command}",
        facts["unpaid_stopped"],
        command=code(say("/list overdue")),
    )


def _row(one: dict[str, Any], say: Speech) -> Html:
    number = Html(f"{one['number']}.")
    until: Html | None = None
    if one["trial_ends_at"]:
        until = say("until {at}", at=one["trial_ends_at"])
    elif one["service_ends_at"] and one["state"] in {"cancelled", "overdue"}:
        until = say("until {at}", at=say.until(one["service_ends_at"]))
    state = word(STATES, one["state"], say)
    parts = [named(one["name"], one["id"]), state, until]
    return Html(f"{number} " + " · ".join(part for part in parts if part))


@says("instance")
def instance(facts: Facts, say: Speech) -> Html:
    return lines(
        named(facts["name"], facts["id"]),
        say("State: {state}", state=bold(word(STATES, facts["state"], say))),
        *_dates(facts, say),
        say("Price: {price} for each whole month, no pro rata", price=facts["price"])
        if facts["price"] and facts["state"] not in {"deleted", "failed", "ended"}
        else None,
        _connection(facts, say),
        *_history(facts, say),
    )


def _dates(facts: Facts, say: Speech) -> list[Html]:
    told = []
    state = facts["state"]
    if state == "trial" and facts["trial_ends_at"]:
        told.append(
            say(
                "Free until {at}; then it stops unless you subscribe. Nothing to cancel.",
                at=bold(say.at(facts["trial_ends_at"])),
            )
        )
    if state == "stopped":
        told.append(say("Nothing is owed. Subscribe and it runs again; otherwise it is deleted."))
    if facts["subscribed_at"]:
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
    return say("📱 Connected") if facts["connected"] else say("📵 Not connected")


def _history(facts: Facts, say: Speech) -> list[Html]:
    if not facts["history"]:
        return []
    rows = [
        item(say.at(row["at"]), word(ACTIONS, row["action"], say), _actor(row["actor"], say))
        for row in facts["history"]
    ]
    return [Html(), say("What happened:"), say.listed(rows, room=900)]


def _actor(actor: str, say: Speech) -> Html | None:
    # `owner:7001 Ana` of the audit: to a partner the name is enough.
    role, _, name = actor.partition(" ")
    if role == "clock":
        return say("by itself")
    if role == "platform":
        return say("the platform")
    if role == "staff":
        return say("our staff")
    return say.show(name) if name else None
