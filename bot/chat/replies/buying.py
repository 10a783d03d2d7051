"""Buying days: what they cost, how a request goes on, the invoice, the days when it is paid."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.refusals import SENTENCES
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, seen_to


def so_many(facts: Facts | dict[str, Any], say: Speech) -> Html:
    """Say `75 channels, 2,250 days`, or the days alone."""
    days = say.plural("{n} day", "{n} days", facts["days"])
    if not facts["channels"]:
        return days
    return say.plural("{n} channel, {days}", "{n} channels, {days}", facts["channels"], days=days)


@says("day_quote")
def day_quote(facts: Facts, say: Speech) -> Html:
    """Ask once, with the price, and when the invoice is there."""
    return lines(
        SENTENCES["terms_changed"]({}, say) if facts["changed"] else None,
        say("Buy {what}?", what=bold(so_many(facts, say))),
        item(price_of_days(facts, say)),
        item(say("You have {days} now", days=in_balance(facts["balance"], say))),
        item(_promise(facts, say)),
        item(say("The days come into your balance when the invoice is paid, whole. They stay")),
    )


@says("standing_quote")
def standing_quote(facts: Facts, say: Speech) -> Html:
    """Ask once, with what it comes to at the present number of channels."""
    if facts["total"] is None:
        costs = say("Nothing runs now that days would be bought for")
    else:
        costs = say(
            "For what runs now: {what}, {total}",
            what=so_many(facts, say),
            total=bold(say.money(facts["total"])),
        )
    return lines(
        say("Buy days every month, for every running instance?"),
        item(say("First on {at}, then on the 1st of each month", at=bold(say.at(facts["at"])))),
        item(costs),
        item(say("Each time you get an invoice; unpaid, it lapses, and nothing is bought")),
        item(say("To end it: {command}", command=code(say("/buy monthly off")))),
    )


def price_of_days(facts: Facts, say: Speech) -> Html:
    """Say what days cost, and what that is a channel."""
    total = bold(say.money(facts["total"]))
    if not facts["channels"]:
        return say(
            "Price: {total} ({n} days cost {price})",
            total=total,
            n=facts["channel_days"],
            price=facts["channel_price"],
        )
    return say(
        "Price: {total} ({price} a channel of {n} days)",
        total=total,
        price=facts["channel_price"],
        n=facts["channel_days"],
    )


def _promise(facts: Facts, say: Speech) -> Html:
    if facts["at_once"]:
        return say("The invoice is here at once")
    return say("The invoice is here by {at} if you confirm now", at=say.clock(facts["by"]))


def in_balance(balance: int, say: Speech) -> Html:
    """Say how many days a balance has."""
    return bold(say.plural("{n} day", "{n} days", abs(balance), n=balance))


@says("day_asked")
def day_asked(facts: Facts, say: Speech) -> Html:
    """To who asked: the same card goes on until the days are there."""
    return lines(
        say(
            "📨 {what} for {total}: received {at}.",
            what=bold(so_many(facts, say)),
            total=bold(say.money(facts["total"])),
            at=say.clock(facts["requested_at"]),
        ),
        *_course(facts, say),
    )


def _course(facts: Facts, say: Speech) -> list[Html]:
    number = code(facts["number"]) if facts["number"] else Html()
    match facts["state"]:
        case "waiting":
            by = bold(say.clock(facts["promised_by"]))
            told = [say("⏳ The invoice is here by {at}.", at=by)]
            if facts["claimed_by"]:
                told.append(say("👤 {person} sees to it.", person=facts["claimed_by"]))
            return told
        case "invoiced":
            here = say("🧾 Invoice {number} is here. Paid, the days are yours.", number=number)
            return [here]
        case "credited":
            return [say("✅ Invoice {number} is paid: the days are yours.", number=number)]
        case "withdrawn":
            return [say("❌ Withdrawn: there is no invoice, and nothing is owed.")]
        case _ if facts["number"]:
            return [say("❌ Invoice {number} is void: nothing is owed.", number=number)]
        case _:
            return [say("❌ Void: nothing is owed.")]


@says("day_request")
def day_request(facts: Facts, say: Speech) -> Html:
    """To staff: a request and its clock, who sees to it, what became of it."""
    return lines(
        say(
            "📨 {partner} asks for {what}, {total}",
            partner=bold(facts["partner"]),
            what=bold(so_many(facts, say)),
            total=bold(say.money(facts["total"])),
        ),
        say("By the standing order.") if facts["standing"] else None,
        *_state(facts, say),
    )


def _state(facts: Facts, say: Speech) -> list[Html]:
    who = facts["claimed_by"]
    number = code(facts["number"]) if facts["number"] else Html()
    match facts["state"]:
        case "waiting":
            told = [
                say(
                    "⏳ Received {at}, promised by {by}.",
                    at=say.clock(facts["requested_at"]),
                    by=bold(say.clock(facts["promised_by"])),
                )
            ]
            seen = seen_to(facts, say)
            return [*told, seen] if seen else told
        case "invoiced" if who:
            return [
                say("🧾 Invoice {number}, by {person}. Not paid yet.", number=number, person=who)
            ]
        case "invoiced":
            return [say("🧾 Invoice {number}. Not paid yet.", number=number)]
        case "credited":
            return [say("✅ Invoice {number} is paid, and the days are credited.", number=number)]
        case "withdrawn":
            return [say("❌ Withdrawn by the partner.")]
        case _ if facts["number"]:
            return [say("❌ Invoice {number} is void.", number=number)]
        case _:
            return [say("❌ Void.")]


@says("staff_day_request_soon")
def soon(facts: Facts, say: Speech) -> Html:
    by = bold(say.clock(facts["promised_by"]))
    if facts["state"] != "waiting":
        return day_request(facts, say)
    return lines(
        say("⚠️ An invoice for days is promised by {at}, and is not there yet.", at=by),
        day_request(facts, say),
    )


@says("staff_day_request_over")
def over(facts: Facts, say: Speech) -> Html:
    by = bold(say.clock(facts["promised_by"]))
    if facts["state"] != "waiting":
        return day_request(facts, say)
    return lines(
        say("⛔ The time is over: an invoice for days was promised by {at}.", at=by),
        day_request(facts, say),
    )


@says("day_invoice")
def day_invoice(facts: Facts, say: Speech) -> Html:
    """To the partner, when it is issued."""
    head = say(
        "🧾 Invoice {number} for {what} is here: {total}.",
        number=code(facts["number"]),
        what=bold(so_many(facts, say)),
        total=bold(say.money(facts["total"])),
    )
    standing = say("By your standing order: /days") if facts["standing"] else None
    if not facts["owed"]:
        return lines(head, standing, say("✅ Your credit has paid it: there is nothing to do."))
    partly = None
    if facts["owed"] != facts["total"]:
        partly = say("Paid so far, credit included: {paid}.", paid=facts["total"] - facts["owed"])
    return lines(
        head,
        standing,
        partly,
        say(
            "Please pay {owed} by {day}; then the days are yours. Unpaid, it lapses after that.",
            owed=bold(say.money(facts["owed"])),
            day=bold(say.day(facts["due_on"])),
        ),
    )


@says("days_credited")
def days_credited(facts: Facts, say: Speech) -> Html:
    return say(
        "✅ Invoice {number} is paid: {days} credited. Your balance: {balance}.",
        number=code(facts["number"]),
        days=bold(say.plural("{n} day", "{n} days", facts["days"])),
        balance=in_balance(facts["balance"], say),
    )


@says("day_invoice_lapsed")
def day_invoice_lapsed(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⌛ Invoice {number} for {what} was not paid in time and is void: nothing is owed.",
            number=code(facts["number"]),
            what=so_many(facts, say),
        ),
        say("What you had paid of it, {credit}, is credit now.", credit=facts["credit"])
        if facts["credit"]
        else None,
        say("If you still want the days, buy them anew."),
    )


@says("notice_day_invoice_unpaid")
def day_invoice_unpaid(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🧾 Invoice {number} for {what} is unpaid: {owed}.",
            number=code(facts["number"]),
            what=so_many(facts, say),
            owed=bold(say.money(facts["owed"])),
        ),
        say(
            "The days are yours when it is paid. It lapses when {day} is over.",
            day=bold(say.day(facts["due_on"])),
        ),
    )
