"""What the staff are told: money that is late, instances to delete, a platform in trouble."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import OPERATIONS, STATES, TIERS, item, named, seen_to, word

# Twenty rows of the longest names; a message holds 4096.
WHOLE_CARD = 3900
LONGEST_PERSON = 32
# Nothing is owed any more.
OVER = frozenset({"paid", "void"})


@says("platform_trouble")
def platform_trouble(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ The messaging platform: “{operation}” of {instance} ({partner}) does not succeed.",
            operation=word(OPERATIONS, facts["operation"], say),
            instance=named(facts["name"], facts["instance"]),
            partner=facts["partner"],
        ),
        say("It says: {why}", why=facts["why"]),
    )


@says("staff_deleted")
def deleted(facts: Facts, say: Speech) -> Html:
    return say.plural(
        "🗑 {partner}: {n} instance deleted, invoice {number} unpaid, {owed} still owed.",
        "🗑 {partner}: {n} instances deleted, invoice {number} unpaid, {owed} still owed.",
        facts["count"],
        partner=bold(facts["partner"]),
        number=code(facts["number"]),
        owed=facts["owed"],
    )


@says("staff_overdue")
def overdue(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ {partner}: invoice {number} is overdue, {owed}, due on {day}.",
            partner=bold(facts["partner"]),
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
            day=say.day(facts["due_on"], zone=facts["zone"]),
        )
        if facts["state"] not in OVER
        else say(
            "{partner}: invoice {number} was overdue, due on {day}.",
            partner=bold(facts["partner"]),
            number=code(facts["number"]),
            day=say.day(facts["due_on"], zone=facts["zone"]),
        ),
        _since_then(facts, say),
        None
        if facts["state"] in OVER
        else say(
            "Its instances stop when {last} is over, and are deleted on {delete}.",
            last=say.day(facts["last_on"], zone=facts["zone"]),
            delete=facts["delete_at"],
        ),
    )


@says("staff_deletions")
def deletions(facts: Facts, say: Speech) -> Html:
    """The list of the day before, with a button to hold each that is due still."""
    day = bold(say.day(facts["day"]))
    if any(row["state"] == "due" and not row["deleted"] for row in facts["invoices"]):
        head = say("⚠️ Deletions on {day}, unless paid or held before:", day=day)
    elif any(row["deleted"] for row in facts["invoices"]):
        head = say("🗑 Deletions on {day}:", day=day)
    else:
        head = say("✅ No deletions on {day}: all are paid or held.", day=day)
    return lines(
        head,
        say.listed((_threatened(row, say) for row in facts["invoices"]), room=WHOLE_CARD),
    )


def _threatened(row: dict[str, Any], say: Speech) -> Html:
    number, partner = code(row["number"]), bold(row["partner"])
    if row["deleted"]:
        gone = say.plural("🗑 {n} instance deleted", "🗑 {n} instances deleted", row["deleted"])
        return item(number, partner, gone, _since_then(row, say) or say.money(row["owed"]))
    if row["state"] == "due":
        return item(number, partner, say.money(row["owed"]), say.at(row["delete_at"]))
    return item(number, partner, _since_then(row, say))


def _since_then(facts: Facts, say: Speech) -> Html | None:
    """Say what somebody did about an invoice that was overdue."""
    by = facts["by"][:LONGEST_PERSON]
    match facts["state"], bool(by):
        case "paid", True:
            return say("✅ paid, booked by {person}", person=by)
        case "paid", False:
            return say("✅ paid")
        case "void", _:
            return say("✅ void, by {person}", person=by or "–")
        case "held", True:
            return say("⏳ held until {day} by {person}", day=facts["held_until"], person=by)
        case "held", False:
            return say("⏳ held until {day}", day=facts["held_until"])
        case _:
            return None


def cannot_be_reached(facts: Facts, say: Speech) -> Html:
    """Say who cannot be told anything, and why."""
    return say(
        "⚠️ {person} of {partner} cannot be reached: {why}",
        person=bold(facts["person"]),
        partner=bold(facts["partner"]),
        why=facts["why"],
    )


@says("staff_unreachable")
def unreachable(facts: Facts, say: Speech) -> Html:
    return lines(
        cannot_be_reached(facts, say),
        say("What could not be said: {notice}", notice=code(facts["notice"])),
        say("{person} was told instead.", person=bold(facts["instead"]))
        if facts["instead"]
        else None,
    )


@says("staff_nobody_linked")
def nobody_linked(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ Nobody of {partner} is linked: nobody reads that its instances are deleted {at}.",
            partner=bold(facts["partner"]),
            at=bold(say.at(facts["delete_at"])),
        ),
        say("An owner code links somebody who can do something about it."),
    )


@says("staff_clock_jumped")
def clock_jumped(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⛔ The clock jumped by {hours} h: every stop and deletion is halted.",
            hours=f"{facts['hours']:+d}",
        ),
        say("Check the server's time; then an admin says {command}.", command=code(say("/resume"))),
    )


@says("staff_delete_task")
def delete_task(facts: Facts, say: Speech) -> Html:
    """Where a programme leaves the deletion of a trial to the staff."""
    told = say(
        "🗑 {instance} of {partner}: its trial ended {at}.",
        instance=named(facts["name"], facts["id"]),
        partner=bold(facts["partner"]),
        at=facts["trial_ends_at"],
    )
    if facts["state"] == "stopped":
        waits = say("To be deleted, unless it is subscribed before.")
        return lines(told, waits, seen_to(facts, say))
    state = word(STATES, facts["state"], say)
    if facts["by"]:
        return lines(told, say("Now: {state}, by {person}", state=state, person=facts["by"]))
    return lines(told, say("Now: {state}", state=state))


@says("token_request")
def token_request(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🔑 {partner} asks for the {tier}.",
            partner=bold(facts["partner"]),
            tier=bold(word(TIERS, facts["tier"], say)),
        ),
        # Once it is granted the present token is the new one, of which nothing is used.
        say("Asked {at}.", at=facts["created_at"])
        if facts["granted"]
        else say.plural(
            "Asked {at}; {n} creation on the present token.",
            "Asked {at}; {n} creations on the present token.",
            facts["created"],
            at=facts["created_at"],
        ),
        _granted(facts, say),
    )


def _granted(facts: Facts, say: Speech) -> Html | None:
    if facts["granted"] is None:
        return seen_to(facts, say)
    who = {"person": facts["decided_by"] or "–", "at": facts["decided_at"]}
    if facts["granted"]:
        return say("✅ Granted by {person}, {at}", **who)
    if not facts["reason"]:
        return say("❌ Declined by {person}, {at}", **who)
    return say("❌ Declined by {person}, {at}: {reason}", reason=facts["reason"], **who)


@says("staff_unreadable")
def unreadable(facts: Facts, say: Speech) -> Html:
    return say(
        "⚠️ Update {update_id} could not be read and was kept aside: {why}",
        update_id=code(str(facts["update_id"])),
        why=facts["why"],
    )


@says("staff_closing")
def closing(facts: Facts, say: Speech) -> Html:
    done, of = facts["done"], facts["of"]
    if not facts["over"]:
        return say("🧾 The month is being closed: {done} of {of} partners.", done=done, of=of)
    if done < of:
        return say(
            "⚠️ The month is closed for {done} of {of} partners; the others are tried again.",
            done=done,
            of=of,
        )
    return say.plural(
        "🧾 The month is closed: {n} partner.", "🧾 The month is closed: {n} partners.", of
    )


@says("staff_due_failed")
def due_failed(facts: Facts, say: Speech) -> Html:
    return lines(
        say("⚠️ Something that was due could not be done: {key}", key=code(facts["key"])),
        say("{why}. It is tried again.", why=facts["why"]),
    )
