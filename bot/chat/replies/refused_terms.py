"""Why a partner's terms cannot be changed so, and what has to happen before."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, code
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts


@refuses("month_closed")
def month_closed(facts: Facts, say: Speech) -> Html:
    return say(
        "{month} is closed, and what was issued keeps its price. The earliest possible: {day}",
        month=facts["month"],
        day=facts["earliest"],
    )


@refuses("partner_left")
def partner_left(facts: Facts, say: Speech) -> Html:
    return say(
        "The partnership was ended {since}: nothing new can begin. Invoices can still be read and "
        "paid.",
        since=facts["since"],
    )


@refuses("move_refused")
def move_refused(facts: Facts, say: Speech) -> Html:
    match facts["why"]:
        case "unpaid":
            return say.plural(
                "{n} invoice is unpaid: {numbers}. A partner is moved when nothing is.",
                "{n} invoices are unpaid: {numbers}. A partner is moved when nothing is.",
                len(facts["numbers"]),
                numbers=Html(", ".join(code(number) for number in facts["numbers"][:10])),
            )
        case "credit":
            return say(
                "A credit of {credit} remains, and the other programme has another currency. "
                "Refund it first.",
                credit=facts["credit"],
            )
        case "days":
            return say.plural(
                "{n} day remains, and the other programme has another currency.",
                "{n} days remain, and the other programme has another currency.",
                facts["days"],
            )
        case "to_bill":
            return say.plural(
                "{n} instance is still to be billed, and the other programme has another "
                "currency. Move it when the last invoice is paid.",
                "{n} instances are still to be billed, and the other programme has another "
                "currency. Move it when the last invoice is paid.",
                facts["count"],
            )
        case _:
            return say.plural(
                "{n} instance is billed by the month, which the other programme does not do. "
                "Cancel it first.",
                "{n} instances are billed by the month, which the other programme does not do. "
                "Cancel them first.",
                facts["count"],
            )
