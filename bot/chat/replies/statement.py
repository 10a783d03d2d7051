"""A month of the account, movement by movement."""

from __future__ import annotations

from typing import Any

from billing.money import Money
from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.days import what_moved
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item

ROOM = 1500


@says("statement")
def statement(facts: Facts, say: Speech) -> Html:
    """Money, and days where there are any."""
    money, days = facts["money"], facts["days"]
    return lines(
        say(
            "📒 {partner}, {month}",
            partner=bold(facts["partner"]),
            month=bold(say.month(facts["month"])),
        ),
        say("At the beginning: {balance}", balance=_owed(money["opening"], say)),
        _rows(money, _money, say),
        say("At the end: {balance}", balance=bold(_owed(money["closing"], say))),
        *(_days(days, say) if days else ()),
    )


def _days(days: Facts, say: Speech) -> list[Html | None]:
    return [
        Html(),
        bold(say("Days")),
        say("At the beginning: {balance}", balance=_so_many(days["opening"], say)),
        _rows(days, _day, say),
        say("At the end: {balance}", balance=bold(_so_many(days["closing"], say))),
    ]


def _rows(account: Facts, row: Any, say: Speech) -> Html | None:
    if not account["rows"]:
        return say("Nothing moved.")
    # The newest are of use; what was before them stands in the file.
    before = None
    if account["before"]:
        before = say.plural("… {n} movement before", "… {n} movements before", account["before"])
    return lines(before, say.listed((row(one, say) for one in account["rows"]), room=ROOM))


def _money(one: Facts, say: Speech) -> Html:
    amount = one["amount"]
    return item(
        say.day(one["on"]),
        what_money_moved(one, say),
        bold(_signed(amount, say)) if amount else None,
        say("then {balance}", balance=_owed(one["balance"], say)),
    )


def _day(one: Facts, say: Speech) -> Html:
    return item(
        say.day(one["on"]),
        what_moved(one, say),
        bold(Html(("+" if one["amount"] >= 0 else "−") + say.show(abs(one["amount"])))),
        say("then {balance}", balance=one["balance"]),
    )


def what_money_moved(one: Facts, say: Speech) -> Html:
    """Say what an entry of the books was, as a partner calls it."""
    number = code(one["reference"])
    match one["kind"]:
        case "invoice_issued":
            return say("invoice {number}", number=number)
        case "credit_used":
            return say("{amount} of credit used for {number}", amount=one["gross"], number=number)
        case "payment_booked":
            return say("payment {reference} for {number}", reference=one["name"], number=number)
        case "payment_reversed":
            return say("payment for {number} taken back", number=number)
        case "invoice_voided":
            return say("invoice {number} is void", number=number)
        case "credit_given":
            return say("credit: {reference}", reference=one["reference"])
        case _:
            return say("refund {reference}", reference=one["reference"])


def _signed(amount: Money, say: Speech) -> Html:
    sign = "+" if amount.minor > 0 else "−"
    return Html(sign + say.money(Money(abs(amount.minor), amount.currency)))


def _owed(balance: Money, say: Speech) -> Html:
    """Say what a balance is to a partner."""
    if balance.minor > 0:
        return say("{amount} to pay", amount=balance)
    if balance.minor < 0:
        return say("{amount} of credit", amount=-balance)
    return say("nothing to pay")


def _so_many(days: int, say: Speech) -> Html:
    return say.plural("{n} day", "{n} days", days)
