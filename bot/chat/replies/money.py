"""Invoices and payments, as a partner sees them."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.buying import so_many
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import (
    INVOICE_STATES,
    due,
    item,
    more_time,
    named,
    run_again,
    word,
)


@says("payment_received")
def payment_received(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "✅ {amount} received for invoice {number}.",
            amount=bold(say.money(facts["amount"])),
            number=code(facts["number"]),
        ),
        *_used_for(facts, say),
        run_again(facts["restored"], say),
    )


def _used_for(facts: Facts, say: Speech) -> list[Html]:
    """Say where the money went: this invoice, others that were owed, credit."""
    if facts["owed"]:
        return [say("Still to pay: {owed}.", owed=bold(say.money(facts["owed"])))]
    if facts["credit"] == facts["amount"]:
        return [
            say("The invoice was paid already: all of it is credit, and the next invoice uses it.")
        ]
    told = [say("The invoice is paid. Thank you!")]
    told += [
        say("The rest went to invoice {number}.", number=code(number)) for number in facts["also"]
    ]
    if facts["credit"]:
        told.append(say("{credit} too much: the next invoice uses it.", credit=facts["credit"]))
    return told


@says("held")
def held(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⏳ Invoice {number}, {owed}: you have until the end of {day} to pay.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
            day=bold(say.day(facts["until"])),
        ),
        run_again(facts["restored"], say),
    )


@says("invoices")
def invoices(facts: Facts, say: Speech) -> Html:
    if not facts["invoices"] and facts["in_days"]:
        return say("No invoice yet. Days are bought with {command}", command=code(say("/buy")))
    if not facts["invoices"]:
        return say(
            "No invoice yet. One is issued on the 1st for the month before, if anything was "
            "subscribed: /preview shows it as it grows."
        )
    return lines(
        bold(say("Your invoices, newest first")),
        say.listed(_row(one, say) for one in facts["invoices"]),
    )


def _row(one: dict[str, Any], say: Speech) -> Html:
    state = word(INVOICE_STATES, one["state"], say)
    about = so_many(one, say) if one["kind"] == "days" else say.month(one["period"])
    if one["corrects"]:
        voids = say("credit note for {number}", number=code(one["corrects"]))
        return item(code(one["number"]), say.money(one["total"]), voids)
    if one["state"] != "due":
        return item(code(one["number"]), about, say.money(one["total"]), state)
    return item(
        code(one["number"]),
        about,
        bold(say.money(one["owed"])),
        say("{state}, {due}", state=state, due=due(one["due_on"], say)),
        more_time(one["held_until"], say),
    )


@says("unpaid")
def unpaid(facts: Facts, say: Speech) -> Html:
    if not facts["invoices"]:
        return say("✅ Nothing to pay now.")
    return lines(
        say(
            "Which invoice do you want to pay? In all {owed}.", owed=bold(say.money(facts["owed"]))
        ),
        say.listed(_row(one, say) for one in facts["invoices"]),
    )


@says("invoice")
def invoice(facts: Facts, say: Speech) -> Html:
    if facts["corrects"]:
        return _credit_note(facts, say)
    if facts["kind"] == "days":
        return _day_invoice(facts, say)
    return lines(
        say(
            "🧾 Invoice {number}, {month}",
            number=code(facts["number"]),
            month=bold(say.month(facts["period"])),
        ),
        say("Partner: {partner}", partner=bold(facts["partner"])) if facts["staff"] else None,
        say("Issued on {day}", day=facts["issued_on"]),
        say.plural(
            "{n} line, {total} in all",
            "{n} lines, {total} in all",
            facts["count"],
            total=bold(say.money(facts["total"])),
        ),
        *_what_is_open(facts, say),
        *_payments(facts, say),
        Html(),
        invoice_lines(facts, say),
    )


def _day_invoice(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🧾 Invoice {number} for days: {what}",
            number=code(facts["number"]),
            what=bold(so_many(facts, say)),
        ),
        say("Partner: {partner}", partner=bold(facts["partner"])) if facts["staff"] else None,
        say("Issued on {day}", day=facts["issued_on"]),
        say("In all: {total}", total=bold(say.money(facts["total"]))),
        *_what_is_open(facts, say),
        *_payments(facts, say),
    )


def _credit_note(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🧾 Credit note {number}, {total}",
            number=code(facts["number"]),
            total=bold(say.money(facts["total"])),
        ),
        say("Partner: {partner}", partner=bold(facts["partner"])) if facts["staff"] else None,
        say("Issued on {day}", day=facts["issued_on"]),
        say("It voids invoice {number}: nothing is owed.", number=code(facts["corrects"])),
    )


def _what_is_open(facts: Facts, say: Speech) -> list[Html]:
    if facts["state"] == "paid":
        return [say("✅ Paid. Nothing is owed.")]
    if facts["state"] == "void":
        return [say("Void: nothing is owed.")]
    told = []
    if facts["owed"] != facts["total"]:
        paid = facts["total"] - facts["owed"]
        told.append(say("Paid so far, credit included: {paid}.", paid=paid))
    told += [_by_when(facts, say), *_unless_paid(facts, say)]
    if facts["held_until"] and facts["staff"]:
        told.append(say("⏳ Held until {day}.", day=facts["held_until"]))
        if facts["hold_reason"]:
            told.append(say("The reason: {reason}", reason=facts["hold_reason"]))
    elif facts["held_until"]:
        told += [more for more in (more_time(facts["held_until"], say),) if more]
    return told


def _by_when(facts: Facts, say: Speech) -> Html:
    owed, day = bold(say.money(facts["owed"])), bold(say.day(facts["due_on"]))
    if facts["due_on"] < say.today:
        return say("To pay: {owed}; it was due on {due}", owed=owed, due=day)
    return say("To pay: {owed} by {due}", owed=owed, due=day)


def _unless_paid(facts: Facts, say: Speech) -> list[Html]:
    """Say what an unpaid invoice still leads to: nothing that has happened already."""
    last, delete = facts["last_on"], facts["delete_on"]
    if delete < say.today:
        return []
    if facts["kind"] == "days":
        told = say("The days come when it is paid, whole. Unpaid, it lapses after {day}.", day=last)
        return [told]
    match last < say.today, bool(facts.get("staff")):
        case True, True:
            return [say("Unpaid, what is stopped is deleted on {delete}.", delete=delete)]
        case True, False:
            return [say("Unpaid, your stopped instances are deleted on {delete}.", delete=delete)]
        case False, True:
            return [
                say(
                    "Unpaid, the partner's instances stop when {last} is over and are deleted on "
                    "{delete}.",
                    last=last,
                    delete=delete,
                )
            ]
        case _:
            return [
                say(
                    "Unpaid, your instances stop when {last} is over and are deleted on {delete}.",
                    last=last,
                    delete=delete,
                )
            ]


def _payments(facts: Facts, say: Speech) -> list[Html]:
    if not facts["payments"]:
        return []
    rows = [
        item(
            say.money(one["amount"]),
            say.day(one["on"]),
            code(one["reference"]),
            say("taken back") if one["reversed"] else None,
        )
        for one in facts["payments"]
    ]
    return [say("Payments:"), say.listed(rows, room=500)]


def invoice_lines(facts: Facts, say: Speech) -> Html:
    """List what is billed; whole months, each at its price."""
    rows = [
        item(
            named(one["name"], one["id"]),
            say.month(one["period"]),
            say.plural("{n} day", "{n} days", one["days"]) if one["days"] else None,
            say.money(one["price"]),
        )
        for one in facts["lines"]
    ]
    return say.listed(rows, room=2000, more=facts["more"])


def _ask_for_ways(payee: str | None, say: Speech) -> Html:
    if payee is not None:
        return say("Please ask {payee} for the bank details.", payee=payee)
    return say("Our staff send you the bank details: ask them here.")


@says("pay")
def pay(facts: Facts, say: Speech) -> Html:
    number = code(facts["number"])
    if not facts["owed"]:
        return say("✅ Invoice {number} is paid: nothing is owed.", number=number)
    ways = [
        say("Bank transfer: {bank}", bank=code(facts["bank"])) if facts["bank"] else None,
        say("PIX key: {pix}", pix=code(facts["pix"])) if facts["pix"] else None,
        # One touch copies it.
        say("PIX copy and paste: {code}", code=code(facts["brcode"])) if facts["brcode"] else None,
        say("Online: {link}", link=facts["link"]) if facts["link"] else None,
    ]
    return lines(
        say(
            "🧾 Invoice {number}: {owed}, {due}",
            number=number,
            owed=bold(say.money(facts["owed"])),
            due=due(facts["due_on"], say),
        ),
        more_time(facts["held_until"], say),
        say("To: {payee}", payee=facts["payee"]) if facts["payee"] else None,
        *ways,
        None if any(ways) else _ask_for_ways(facts["payee"], say),
        say("Write {number} as the purpose, so that we find it.", number=number),
        say("We book it when it arrives, and you hear of it here. You can pay in parts."),
        say("📎 You can send the proof of a transfer here, as a photo or a file."),
        *_unless_paid(facts, say),
    )
