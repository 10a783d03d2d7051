"""What a partner sees of its account: where it stands, its instances, one of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.days import auto, balance
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import (
    FILTERS,
    STATES,
    due,
    item,
    more_time,
    named,
    so_many,
    state_of,
    word,
)


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
        *(balance(facts["days"], say) if facts["days"] else ()),
        _to_pay(facts, say),
        say("Credit for the next invoice: {credit}.", credit=facts["credit"])
        if facts["credit"]
        else None,
        *(
            say(
                "Credit from before your programme changed: {credit}. Our staff pay it back.",
                credit=credit,
            )
            for credit in facts["old_credit"]
        ),
        _next_invoice(facts["next"], say),
        _creations(facts, say),
    )


def _trouble(facts: Facts, say: Speech) -> list[Html]:
    told = []
    if facts["left_at"]:
        told.append(say("The partnership was ended {at}.", at=facts["left_at"]))
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
        return say(
            "⛔ Stopped since {since}. All is paid: everything runs again as soon as our staff end "
            "the freeze. You are told here.",
            since=since,
        )
    if counts.get("overdue"):
        return say(
            "⛔ Stopped since {since}: an invoice is unpaid. Everything runs again as soon as "
            "it is paid; until then nothing new can be created.",
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
    counts = counted(facts["counts"], say, in_days=facts["days"] is not None)
    if counts is None and (facts["stopped_at"] or facts["frozen"] or facts["left_at"]):
        return None
    if counts is None and facts["counts"].get("deleted"):
        return say("No instance now. {command} creates one.", command=code(say("/new shop-1")))
    if counts is None:
        return say(
            "No instance yet. {command} creates one: the trial is free and ends by itself.",
            command=code(say("/new shop-1")),
        )
    return say("Instances: {counts}", counts=counts)


def counted(counts: dict[str, int], say: Speech, *, in_days: bool = False) -> Html | None:
    """Say how many instances are in which state, without those that are gone."""
    living = [
        so_many(counts[state], state, say, in_days=in_days)
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
        return lines(
            say(
                "🧾 To pay: {owed}, invoice {number}, {due}; {service}.",
                owed=bold(say.money(one["owed"])),
                number=code(one["number"]),
                due=due(one["due_on"], say),
                service=_service(one["last_on"], say),
            ),
            more_time(one["held_until"], say),
        )
    return lines(
        say("🧾 To pay: {owed}", owed=bold(say.money(facts["owed"]))),
        say.listed(
            (
                item(
                    code(one["number"]),
                    say.money(one["owed"]),
                    due(one["due_on"], say),
                    more_time(one["held_until"], say),
                )
                for one in unpaid
            ),
            room=600,
        ),
    )


def _service(last: date, say: Speech) -> Html:
    if last < say.today:
        return say("service ended on {last}", last=last)
    return say("last day of service {last}", last=last)


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


def _creations(facts: Facts, say: Speech) -> Html | None:
    if facts["left_at"] or facts["stopped_at"] or facts["frozen"]:
        # What hinders it stands above.
        return None
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
            say("No instances here: {filter}.", filter=chosen),
            _stopped_unpaid(facts, say),
            _deleted(facts, say),
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
        _deleted(facts, say),
        Html(),
        say("Name them by name, id or number: {example}", example=code(_example(facts, say))),
    )


def _example(facts: Facts, say: Speech) -> Html:
    in_days = facts["items"][0]["settlement"] == "days"
    return say("/extend 1 3-5 30") if in_days else say("/subscribe 1 3-5")


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


def _deleted(facts: Facts, say: Speech) -> Html | None:
    """Who looks for what is over may look for what is gone."""
    if facts["filter"] != "ended" or not facts["deleted"]:
        return None
    return say.plural(
        "{n} deleted instance is not listed. Look at it by its name or id: {command}",
        "{n} deleted instances are not listed. Look at each by its name or id: {command}",
        facts["deleted"],
        command=code(say("/show shop-1")),
    )


def _link(one: dict[str, Any], say: Speech) -> Html | None:
    if one.get("connected") is None:
        return None
    if one["connected"]:
        return Html("📱")
    return say("📵 since {at}", at=say.at(one["link_since"])) if one["link_since"] else Html("📵")


def _row(one: dict[str, Any], say: Speech) -> Html:
    number = Html(f"{one['number']}.")
    until: Html | None = None
    if one["trial_ends_at"]:
        until = say("until {at}", at=one["trial_ends_at"])
    elif one["service_ends_at"] and one["state"] in {"cancelled", "overdue"}:
        until = say("until {at}", at=say.until(one["service_ends_at"]))
    elif one["active_until"] and one["state"] == "active":
        until = say("until {at}", at=one["active_until"])
    whose = say("for {customer}", customer=one["customer"]) if one["customer"] else None
    name, state = named(one["name"], one["id"]), state_of(one, say)
    parts = (name, state, until, auto(one["auto"], say), _link(one, say))
    return Html(f"{number} " + " · ".join(part for part in (*parts, whose) if part))
