"""Why days cannot be bought or allocated so, what there is, and the form that is wanted."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.buying import in_balance
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts


@refuses("days_unclear")
def days_unclear(facts: Facts, say: Speech) -> Html:
    wanted = code(facts["wanted"])
    match facts["why"]:
        case "digits":
            told = say("{wanted}: please write the number with the digits 0 to 9.", wanted=wanted)
        case "ambiguous":
            told = say(
                "{wanted} could be thousands or a fraction: please write it without a sign "
                "between the digits.",
                wanted=wanted,
            )
        case "switch":
            form = code(say("/buy monthly on · /buy monthly off"))
            told = say("{wanted}: every month, or no longer? {form}", wanted=wanted, form=form)
            return lines(told, *_what_there_is(facts, say))
        case _:
            told = say("I do not find a number of days in {wanted}.", wanted=wanted)
    return lines(told, *_what_there_is(facts, say), _form(facts, say))


@refuses("day_count_refused")
def day_count_refused(facts: Facts, say: Speech) -> Html:
    asked = code(facts["asked"])
    match facts["why"]:
        case "not_positive":
            told = say("{asked}: the number has to be 1 or more.", asked=asked)
        case "fractional":
            told = say("{asked}: days and channels are whole numbers.", asked=asked)
        case "too_few":
            told = say("{asked} days would cost nothing: take more.", asked=asked)
        case "too_far":
            told = say("{asked} is too far ahead: up to ten years.", asked=asked)
        case _:
            told = say("{asked} is more than can be asked for at once.", asked=asked)
    return lines(told, *_what_there_is(facts, say), _form(facts, say))


def _what_there_is(facts: Facts, say: Speech) -> list[Html]:
    if facts.get("balance") is None:
        return []
    balance = say("Your balance: {days}", days=in_balance(facts["balance"], say))
    if facts.get("command") == "buy":
        # What can be bought is not bounded by what there is.
        return [balance]
    return [
        balance,
        say("Possible now: {possible}.", possible=bold(say.show(facts["possible"]))),
    ]


def _form(facts: Facts, say: Speech) -> Html | None:
    match facts.get("command"):
        case "buy":
            form = say("/buy 75 channels · /buy 2250 days")
        case "extend":
            form = say("/extend shop-1 30 · /extend all to 30 · /extend all until 2026-03-14")
        case "auto":
            form = say("/auto all on 30 · /auto shop-1 off")
        case "limit":
            form = say("/limit PARTNER 300 · /limit PARTNER off")
        case _:
            return None
    return say("Write it like {form}", form=code(form))


@refuses("not_enough_days")
def not_enough_days(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "{asked} days are more than there are. Your balance: {days}.",
            asked=facts["asked"],
            days=in_balance(facts["balance"], say),
        ),
        say("It may go {n} below nothing.", n=facts["limit"]) if facts["limit"] else None,
        say("Possible now: {possible}.", possible=bold(say.show(facts["possible"]))),
        say("More days: {command}", command=code(say("/buy 10 channels"))),
    )


@refuses("limit_refused")
def limit_refused(facts: Facts, say: Speech) -> Html:
    match facts["why"]:
        case "negative":
            return say("A limit is 0 or more: so many days the balance may go below nothing.")
        case "unpaid":
            return say(
                "Used days are still owed for. The limit can be taken away when they are paid."
            )
        case _:
            return say("That is more than can be agreed.")


@refuses("long_enough")
def long_enough(facts: Facts, say: Speech) -> Html:
    return say("it runs that long already, until {at}", at=facts["active_until"])


@refuses("until_past")
def until_past(facts: Facts, say: Speech) -> Html:
    return say(
        "{until} is over: today is {today}. Name today or a later day.",
        until=facts["until"],
        today=facts["today"],
    )


@refuses("no_days")
def no_days(facts: Facts, say: Speech) -> Html:
    if facts.get("staff"):
        return say(
            "This partner is billed by the month ({programme}): it has no days.",
            programme=code(facts["programme"]),
        )
    return say(
        "Your terms bill by the month, not in days. To go on after a trial: {command}",
        command=code(say("/subscribe shop-1")),
    )


@refuses("buy_changed")
def buy_changed(_facts: Facts, say: Speech) -> Html:
    return say("The price has changed, so nothing was asked for. Please begin anew.")


@refuses("extension_changed")
def extension_changed(_facts: Facts, say: Speech) -> Html:
    return say("What you were shown is no longer true, so nothing was done. Please begin anew.")


@refuses("too_many_requests")
def too_many_requests(facts: Facts, say: Speech) -> Html:
    return say.plural(
        "{n} request for days waits already: please wait for its invoice, or withdraw it.",
        "{n} requests for days wait already: please wait for their invoices, or withdraw one.",
        facts["waiting"],
    )
