"""What staff look up: one partner, colleagues, a booking."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, escaped, lines
from bot.chat.replies.account import counted
from bot.chat.replies.days import balance
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ROLES, TIERS, item, named, run_again, word

ROOM = 700


@says("partner")
def partner(facts: Facts, say: Speech) -> Html:
    return lines(
        Html(f"{bold(facts['partner'])} {code(facts['id'])}"),
        _company(facts, say),
        say(
            "Programme {programme}, version {version}; time zone {zone}; since {at}",
            programme=code(facts["programme"]),
            version=facts["version"],
            zone=facts["zone"],
            at=facts["since"],
        ),
        say("❄️ Frozen since {at}: {reason}", at=facts["frozen_at"], reason=facts["frozen_reason"])
        if facts["frozen_at"]
        else None,
        say("⛔ Stopped since {at}: unpaid", at=facts["stopped_at"])
        if facts["stopped_at"]
        else None,
        say("Left {at}", at=facts["left_at"]) if facts["left_at"] else None,
        _move(facts["move"], say),
        say(
            "Instances: {counts}",
            counts=counted(facts["counts"], say, in_days=facts["days"] is not None) or say("none"),
        ),
        *(balance(facts["days"], say, to_staff=True) if facts["days"] else ()),
        *_day_requests(facts["days"], say),
        *_money(facts, say),
        _token(facts, say),
        say("People:"),
        say.listed((_member(one, say) for one in facts["members"]), room=ROOM),
    )


def _company(facts: Facts, say: Speech) -> Html | None:
    """Say as whom the partner is billed, as far as it has told."""
    tax_id = facts.get("tax_id")
    told = [
        escaped(facts["legal_name"]) if facts.get("legal_name") else None,
        say("Tax id: {number}", number=code(tax_id)) if tax_id else None,
    ]
    return Html(" · ".join(part for part in told if part)) or None


def _day_requests(facts: Facts | None, say: Speech) -> list[Html]:
    if facts is None:
        return []
    told = [say("🔁 Standing order: on the 1st of each month.")] if facts["standing"] else []
    if facts["waiting"]:
        told.append(
            say.plural(
                "📨 {n} request for days waits: /queue",
                "📨 {n} requests for days wait: /queue",
                facts["waiting"],
            )
        )
    return told


def _move(waiting: Facts | None, say: Speech) -> Html | None:
    if waiting is None:
        return None
    return say(
        "Moves to {programme}, version {version}: {at}",
        programme=code(waiting["programme"]),
        version=waiting["version"],
        at=waiting["at"],
    )


def _money(facts: Facts, say: Speech) -> list[Html]:
    told = []
    if facts["unpaid"]:
        rows = [
            item(
                code(one["number"]),
                bold(say.money(one["owed"])),
                say("due on {day}", day=one["due_on"]),
                # What nobody pays of a day invoice lapses on the day on which it is due.
                say("last day {day}", day=one["last_on"])
                if one["kind"] == "monthly"
                else say.plural("{n} day", "{n} days", one["days"]),
            )
            for one in facts["unpaid"]
        ]
        told += [say("Unpaid:"), say.listed(rows, room=ROOM)]
    else:
        told.append(say("Nothing unpaid."))
    if facts["credit"]:
        told.append(say("Credit: {credit}", credit=facts["credit"]))
    told += [
        say("Credit from before the programme changed: {credit}", credit=credit)
        for credit in facts["old_credit"]
    ]
    return told


def _token(facts: Facts, say: Speech) -> Html | None:
    if facts["tier"] is None:
        return None
    tier = word(TIERS, facts["tier"], say)
    if facts["allowed"] is None:
        told = say("🔑 {tier}: {created} creations", tier=tier, created=facts["created"])
    else:
        told = say(
            "🔑 {tier}: {created} of {allowed} creations",
            tier=tier,
            created=facts["created"],
            allowed=facts["allowed"],
        )
    if facts["request"] is None:
        return told
    return lines(told, say("Asks for the {tier}.", tier=word(TIERS, facts["request"], say)))


def _member(one: dict[str, Any], say: Speech) -> Html:
    return item(
        bold(one["name"] or "–"),
        code(str(one["user_id"])),
        word(ROLES, one["role"], say),
        say("has blocked the bot") if one["blocked"] else None,
    )


@says("partner_choice")
def partner_choice(facts: Facts, say: Speech) -> Html:
    wanted = bold(facts["wanted"])
    return lines(
        say("More than one partner fits {wanted}. Which one?", wanted=wanted),
        say.listed(item(bold(one["name"]), code(one["id"])) for one in facts["partners"]),
    )


@says("person_choice")
def person_choice(facts: Facts, say: Speech) -> Html:
    return lines(
        say("Whom do you mean by {wanted}?", wanted=bold(facts["wanted"])),
        say.listed(
            item(
                bold(one["name"] or "–"),
                code(str(one["user_id"])),
                word(ROLES, one["role"], say) if one["role"] else None,
            )
            for one in facts["people"]
        ),
        say("Anybody can call themselves so: compare the id before you choose."),
    )


@says("instance_choice")
def instance_choice(facts: Facts, say: Speech) -> Html:
    return lines(
        say("Several partners have an instance {wanted}. Whose?", wanted=bold(facts["wanted"])),
        say.listed(
            item(named(one["name"], one["id"]), say.show(one["partner"]))
            for one in facts["instances"]
        ),
    )


@says("paid_again")
def paid_again(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ Invoice {number} of {partner} is paid already. Book {amount}, reference "
            "{reference}, all the same?",
            number=code(facts["number"]),
            partner=bold(facts["partner"]),
            amount=bold(say.money(facts["amount"])),
            reference=code(facts["reference"]),
        ),
        say("It pays what else is owed, oldest first; the rest becomes credit."),
    )


@says("booked")
def booked(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "✅ Booked: {amount} for invoice {number} of {partner}, reference {reference}",
            amount=bold(say.money(facts["amount"])),
            number=code(facts["number"]),
            partner=bold(facts["partner"]),
            reference=code(facts["reference"]),
        ),
        _now(facts, say),
        *(_went_to(other, say) for other in facts["also"]),
        say("Too much, kept as credit: {credit}", credit=facts["credit"])
        if facts["credit"]
        else None,
        run_again(facts["restored"], say),
    )


def _now(facts: Facts, say: Speech) -> Html:
    if facts["owed"]:
        return say("Still owed: {owed}", owed=bold(say.money(facts["owed"])))
    if facts["credit"] == facts["amount"]:
        return say("The invoice was paid already.")
    return say("The invoice is paid.")


def _went_to(other: dict[str, Any], say: Speech) -> Html:
    number = code(other["number"])
    if not other["owed"]:
        return say("The rest went to invoice {number}, which is paid now.", number=number)
    return say(
        "The rest went to invoice {number}, of which {owed} is still owed.",
        number=number,
        owed=other["owed"],
    )


@says("staff_list")
def staff_list(facts: Facts, say: Speech) -> Html:
    return lines(
        bold(say("Staff")),
        say.listed(
            item(
                bold(one["name"] or "–"),
                code(str(one["user_id"])),
                word(ROLES, one["role"], say),
            )
            for one in facts["staff"]
        ),
        Html(),
        say(
            "A role is given with {command}.", command=code(say("/staff ID admin|finance|support"))
        ),
    )
