"""What the bot says unasked: trials, invoices and services that near their end."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import in_all, item, named


@says("notice_trial_24h", "notice_trial_3h")
def trial_ends(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        told = say(
            "⏳ The trial of {instance} ends in {left}: {at}.",
            instance=named(one["name"], one["id"]),
            left=_left(one["trial_ends_at"], say),
            at=bold(say.at(one["trial_ends_at"])),
        )
    else:
        first = min(one["trial_ends_at"] for one in found)
        told = lines(
            say.plural(
                "⏳ {n} trial ends soon, in {left}:",
                "⏳ {n} trials end soon, the first in {left}:",
                len(found),
                left=_left(first, say),
            ),
            _trials(facts, say),
        )
    return lines(
        told,
        Html(),
        _before(len(found), say, in_days=facts["in_days"]),
    )


def _left(ends: datetime, say: Speech) -> Html:
    """Say how long it is until then, in whole hours."""
    hours = round((ends - say.now) / timedelta(hours=1))
    if hours < 1:
        return say("less than an hour")
    return say.plural("{n} hour", "{n} hours", hours)


def _before(count: int, say: Speech, *, in_days: bool) -> Html:
    if in_days:
        return say.plural(
            "Extend it to keep it running: you see what it takes from your balance first. If you "
            "do nothing, it stops and costs you nothing. There is nothing to cancel.",
            "Extend them to keep them running: you see what it takes from your balance first. If "
            "you do nothing, they stop and cost you nothing. There is nothing to cancel.",
            count,
        )
    return say.plural(
        "Subscribe to keep it running: you see the price before you confirm. If you do "
        "nothing, it stops and costs you nothing. There is nothing to cancel.",
        "Subscribe to keep them running: you see the price before you confirm. If you do "
        "nothing, they stop and cost you nothing. There is nothing to cancel.",
        count,
    )


def _after(found: list[Facts], say: Speech, *, in_days: bool) -> Html:
    count = len(found)
    again = (
        say.plural(
            "You owe nothing for it. Extend it and it runs again.",
            "You owe nothing for them. Extend them and they run again.",
            count,
        )
        if in_days
        else say.plural(
            "You owe nothing for it. Subscribe and it runs again.",
            "You owe nothing for them. Subscribe and they run again.",
            count,
        )
    )
    return lines(again, _deletion(found, say))


def _deletion(found: list[Facts], say: Speech) -> Html:
    # Where staff delete by hand nobody knows when; a notice kept from before does not say it.
    known = [at for one in found if (at := one.get("delete_at")) is not None]
    if not known:
        return say.plural(
            "Otherwise it will soon be deleted for good.",
            "Otherwise they will soon be deleted for good.",
            len(found),
        )
    return say.plural(
        "Otherwise it is deleted for good: {at}.",
        "Otherwise they are deleted for good, the first of them {at}.",
        len(found),
        at=bold(say.at(min(known))),
    )


@says("notice_trial_ended")
def trial_ended(facts: Facts, say: Speech) -> Html:
    found = facts["instances"]
    if len(found) == 1:
        (one,) = found
        told = say(
            "⌛ The trial of {instance} is over, and it has stopped.",
            instance=named(one["name"], one["id"]),
        )
    else:
        told = lines(
            say.plural(
                "⌛ {n} trial is over and has stopped:",
                "⌛ {n} trials are over and have stopped:",
                len(found),
            ),
            _trials(facts, say),
        )
    return lines(
        told,
        Html(),
        _after(found, say, in_days=facts["in_days"]),
    )


def _trials(facts: Facts, say: Speech) -> Html:
    return say.listed(
        item(named(one["name"], one["id"]), say.at(one["trial_ends_at"]))
        for one in facts["instances"]
    )


@says("notice_invoice_issued")
def invoice_issued(facts: Facts, say: Speech) -> Html:
    head = say(
        "🧾 Your invoice {number} for {month} is here.",
        number=code(facts["number"]),
        month=facts["period"],
    )
    count = in_all(facts["lines"], facts, say)
    if not facts["owed"]:
        return lines(
            head,
            count,
            say(
                "✅ {paid} is paid already, credit included: there is nothing to do.",
                paid=bold(say.money(facts["total"])),
            ),
        )
    return lines(
        head,
        count,
        _credit_used(facts, say),
        say(
            "Please pay {owed} by {day}.",
            owed=bold(say.money(facts["owed"])),
            day=bold(say.day(facts["due_on"], zone=facts["zone"])),
        ),
        _held(facts, say),
    )


def _held(facts: Facts, say: Speech) -> Html | None:
    """A hold moves the last day, not the due date: both are said."""
    held = facts["held_until"]
    if held is None or held < say.today:
        return None
    return say(
        "You have more time: until the end of {day}.", day=bold(say.day(held, zone=facts["zone"]))
    )


def _credit_used(facts: Facts, say: Speech) -> Html | None:
    if facts["owed"] == facts["total"]:
        return None
    return say("Paid so far, credit included: {paid}.", paid=facts["total"] - facts["owed"])


@says("notice_invoice_due_soon")
def invoice_due_soon(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🧾 Invoice {number}: {owed} is due on {day}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
            day=bold(say.day(facts["due_on"], zone=facts["zone"])),
        ),
        _held(facts, say),
    )


@says("notice_invoice_due")
def invoice_due(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🧾 Invoice {number}: {owed} is due today, {day}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
            day=bold(say.day(facts["due_on"], zone=facts["zone"])),
        ),
        _held(facts, say),
        say("If you have paid it just now, all is well: we book it when it arrives."),
    )


@says("notice_invoice_overdue")
def invoice_overdue(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ Invoice {number} is overdue: {owed} was due on {day}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
            day=say.day(facts["due_on"], zone=facts["zone"]),
        ),
        _held(facts, say),
        _what_follows(facts, say),
    )


@says("notice_stop_soon")
def stop_soon(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ Your instances stop soon: invoice {number} is unpaid, {owed}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
        ),
        _what_follows(facts, say),
    )


@says("notice_last_day")
def last_day(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ Last day: invoice {number} is unpaid, {owed}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
        ),
        _what_follows(facts, say),
    )


def _what_follows(facts: Facts, say: Speech) -> Html:
    return say(
        "Unpaid, your instances stop when {last} is over, and are deleted for good on {delete}.",
        last=bold(say.day(facts["last_on"], zone=facts["zone"])),
        delete=bold(say.at(facts["delete_at"])),
    )


@says("notice_stopped")
def stopped(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⛔ Your instances have stopped: invoice {number} is unpaid, {owed}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
        ),
        say("They run again as soon as nothing overdue is left to pay."),
        say(
            "Unpaid on {delete}, they are deleted for good.",
            delete=bold(say.at(facts["delete_at"])),
        ),
    )


@says("notice_deletion_tomorrow")
def deletion_tomorrow(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⚠️ Last warning: on {delete} your instances are deleted, for good.",
            delete=bold(say.at(facts["delete_at"])),
        ),
        say(
            "Invoice {number} is unpaid, {owed}. A payment that is booked before that saves them.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
        ),
    )


@says("notice_deleted")
def deleted(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🗑 Your instances were deleted: invoice {number} stayed unpaid.",
            number=code(facts["number"]),
        ),
        say(
            "They cannot come back, and {owed} is still owed. Once that is paid you can create "
            "new ones.",
            owed=bold(say.money(facts["owed"])),
        )
        if facts["owed"]
        else None,
    )
