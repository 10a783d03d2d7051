"""Invoices and payments, as a partner sees them."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import run_again


@says("payment_received")
def payment_received(facts: Facts, say: Speech) -> Html:
    if facts["owed"]:
        left = say("Still to pay: {owed}.", owed=bold(say.money(facts["owed"])))
    else:
        left = say("The invoice is paid. Thank you!")
    return lines(
        say(
            "✅ {amount} received for invoice {number}.",
            amount=bold(say.money(facts["amount"])),
            number=code(facts["number"]),
        ),
        left,
        say("{credit} too much: the next invoice uses it.", credit=facts["credit"])
        if facts["credit"]
        else None,
        run_again(facts["restored"], say),
    )


@says("held")
def held(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "⏳ You have more time for invoice {number}: {owed} until the end of {day}.",
            number=code(facts["number"]),
            owed=bold(say.money(facts["owed"])),
            day=bold(say.day(facts["until"])),
        ),
        run_again(facts["restored"], say),
    )
