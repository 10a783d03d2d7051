"""What is to come: the next invoice, and what more instances take that are paid for in days."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.buying import in_balance, price_of_days
from bot.chat.replies.days import balance, standing
from bot.chat.replies.money import invoice_lines
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import in_all, item


@says("preview")
def preview(facts: Facts, say: Speech) -> Html:
    month = bold(say.month(facts["month"]))
    if facts["total"] is None:
        return say("As of now there is nothing to bill for {month}: no invoice.", month=month)
    return lines(
        say("🧾 The coming invoice, {month}, as of now", month=month),
        in_all(facts["count"], facts, say),
        say("Your credit covers {credit} of it.", credit=facts["credit_used"])
        if facts["credit_used"]
        else None,
        say(
            "To pay: {owed}. Issued on {issued}, due on {due}.",
            owed=bold(say.money(facts["owed"])),
            issued=facts["invoiced_on"],
            due=bold(say.day(facts["due_on"])),
        ),
        Html(),
        invoice_lines(facts, say),
    )


@says("preview_days")
def preview_days(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "You pay for days before you use them, so no invoice grows by itself: each one is for "
            "the days that you buy."
        ),
        *balance(facts, say),
        standing(say) if facts["standing"] else None,
    )


@says("whatif_more")
def more(facts: Facts, say: Speech) -> Html:
    return lines(
        bold(
            say.plural(
                "If you ran {n} more instance for {days} days:",
                "If you ran {n} more instances for {days} days each:",
                facts["channels"],
                days=facts["channel_days"],
            )
        ),
        item(say("It takes {days} of your balance", days=in_balance(facts["days"], say))),
        item(say("You have {days} now", days=in_balance(facts["balance"], say))),
        item(price_of_days(facts, say)),
        say("A trial takes no days. Nothing was changed."),
    )


@says("whatif_less")
def less(_facts: Facts, say: Speech) -> Html:
    return say(
        "An instance paid for in days needs no cancelling: it stops when its days are used up, "
        "and nothing is owed for it. {command} says how many unused days come back, before you "
        "confirm.",
        command=code(say("/delete shop-1")),
    )
