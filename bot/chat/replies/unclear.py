"""What was said could not be read: each time the form that is wanted, never just "wrong"."""

from __future__ import annotations

from bot.chat.commands import COMMANDS
from bot.chat.formats import Html, Speech, bold, code, mark
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts
from bot.chat.replies.words import FILTERS, word

MISSING = {
    "number": mark("the invoice's number"),
    "amount": mark("the amount"),
    "reference": mark("the payment's reference"),
    "date": mark("the day"),
    "reason": mark("the reason"),
    "partner": mark("the partner"),
    "month": mark("the month"),
    "code": mark("the code"),
    "name": mark("the name"),
    "role": mark("the role"),
    "segment": mark("to whom"),
    "text": mark("the text"),
}


@refuses("wrong_place")
def wrong_place(facts: Facts, say: Speech) -> Html:
    if facts["place"] == "private":
        return say("That is for a private chat: write to me there.")
    return say("That works in the staff group only.")


@refuses("amount_unclear")
def amount_unclear(facts: Facts, say: Speech) -> Html:
    wanted = bold(facts["wanted"])
    forms = {"plain": code(say("59.90")), "large": code(say("1,234.56"))}
    match facts["why"]:
        case "ambiguous":
            return say(
                "{wanted} can be read in two ways. Write the cents too: {plain} or {large}.",
                wanted=wanted,
                **forms,
            )
        case "negative":
            return say(
                "{wanted} is less than nothing. An amount looks like {plain} or {large}.",
                wanted=wanted,
                **forms,
            )
        case "currency":
            return say(
                "{wanted} is in another currency. Write the number alone: {plain} or {large}.",
                wanted=wanted,
                **forms,
            )
        case "digits":
            return say(
                "{wanted} is not written in the digits 0 to 9. An amount looks like {plain} or "
                "{large}.",
                wanted=wanted,
                **forms,
            )
        case "too_large":
            return say("{wanted} is beyond any invoice. Is it right?", wanted=wanted)
        case _:
            return say(
                "{wanted} is no amount. An amount looks like {plain} or {large}.",
                wanted=wanted,
                **forms,
            )


@refuses("date_unclear")
def date_unclear(facts: Facts, say: Speech) -> Html:
    wanted, form = bold(facts["wanted"]), code(say("2026-03-09"))
    match facts["why"]:
        case "ambiguous":
            return say(
                "{wanted} can be read in two ways. Write it like {form}.", wanted=wanted, form=form
            )
        case "digits":
            return say(
                "{wanted} is not written in the digits 0 to 9. Write it like {form}.",
                wanted=wanted,
                form=form,
            )
        case "no_such_day":
            return say("There is no day {wanted}. Write it like {form}.", wanted=wanted, form=form)
        case _:
            return say("{wanted} is no date. Write it like {form}.", wanted=wanted, form=form)


@refuses("month_unclear")
def month_unclear(facts: Facts, say: Speech) -> Html:
    return say(
        "{wanted} is no month. Write its name, or its number like {form}.",
        wanted=bold(facts["wanted"]),
        form=code("2026-03"),
    )


@refuses("words_missing")
def words_missing(facts: Facts, say: Speech) -> Html:
    return say(
        "Something is missing: {what}. {help} shows how it is said.",
        what=word(MISSING, facts["missing"], say),
        help=code(say("/help {command}", command=_called(facts["command"], say))),
    )


@refuses("no_words")
def no_words(facts: Facts, say: Speech) -> Html:
    return say(
        "I do not know {wanted} there: {command} is said alone.",
        wanted=bold(facts["wanted"]),
        command=code(f"/{_called(facts['command'], say)}"),
    )


def _called(command: str, say: Speech) -> str:
    return COMMANDS[command].called_in(say.language) if command in COMMANDS else command


@refuses("not_in_list")
def not_in_list(facts: Facts, say: Speech) -> Html:
    if not facts["count"]:
        return say(
            "Number {wanted} counts in a list, and you were shown none yet: /list",
            wanted=bold(str(facts["wanted"])),
        )
    return say.plural(
        "There is no number {wanted}: the list shown last has {n}. /list shows it anew.",
        "There is no number {wanted}: the list shown last has {n}. /list shows it anew.",
        facts["count"],
        wanted=bold(str(facts["wanted"])),
    )


@refuses("range_unclear")
def range_unclear(facts: Facts, say: Speech) -> Html:
    return say(
        "{wanted} is no range. A range of the list looks like {form}.",
        wanted=bold(facts["wanted"]),
        form=code("4-9"),
    )


@refuses("nothing_named")
def nothing_named(_facts: Facts, say: Speech) -> Html:
    return say("Which instance? Name it by name, id or its number in /list.")


@refuses("nothing_matches")
def nothing_matches(facts: Facts, say: Speech) -> Html:
    return say("You have no instances here: {filter}.", filter=word(FILTERS, facts["filter"], say))


@refuses("no_such_filter")
def no_such_filter(facts: Facts, say: Speech) -> Html:
    return say(
        "A list cannot be narrowed to {wanted}. It can be: {filters}.",
        wanted=bold(facts["wanted"]),
        filters=Html(", ".join(word(FILTERS, name, say) for name in FILTERS)),
    )


@refuses("role_unclear")
def role_unclear(facts: Facts, say: Speech) -> Html:
    return say(
        "{wanted} is no role. There are {roles}.",
        wanted=bold(facts["wanted"]),
        roles=code("admin, finance, support, remove"),
    )


@refuses("unclosed_quote")
def unclosed_quote(facts: Facts, say: Speech) -> Html:
    return say("A quotation mark is opened and not closed: {wanted}", wanted=bold(facts["wanted"]))


@refuses("unknown_name")
def unknown_name(facts: Facts, say: Speech) -> Html:
    wanted = bold(facts["wanted"])
    if facts["several"]:
        return say("More than one instance fits {wanted}. Which one?", wanted=wanted)
    return say("There is no instance {wanted}. /list shows yours.", wanted=wanted)
