"""Questions about days: how many, for whom, on or off."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.buying import in_balance
from bot.chat.replies.questions import about
from bot.chat.replies.templates import Facts


@about("buy")
def buy(facts: Facts, say: Speech) -> Html:
    if facts.get("known"):
        return say("Is {n} a number of channels or of days?", n=bold(say.show(facts["known"])))
    return lines(
        say("How many channels or days do you want to buy?"),
        _balance(facts, say),
        say("Write it like {form}", form=code(say("75 channels · 2250 days · monthly on"))),
    )


@about("extend")
def extend(facts: Facts, say: Speech) -> Html:
    if facts.get("known"):
        told = say("Which instances get that: {form}?", form=bold(facts["known"]))
        forms = say(
            "By name, id, number in /list, or kind: {forms}",
            forms=code(say("shop-1 · K7Q2M · 3 · 4-9 · all")),
        )
        return lines(told, _balance(facts, say), forms)
    return lines(
        say("Which instances do you want to extend, and by how many days?"),
        _balance(facts, say),
        say(
            "Write it like {form}",
            form=code(say("shop-1 30 · 4-9 30 · all to 30 · all until 2026-03-14")),
        ),
    )


@about("extend_by")
def extend_by(facts: Facts, say: Speech) -> Html:
    if facts["asks"] == "date":
        told = say.plural(
            "Until which day is {n} instance extended? Like {form}",
            "Until which day are {n} instances extended? Like {form}",
            facts["count"],
            form=code("2026-03-14"),
        )
        return lines(told, _balance(facts, say))
    told = say.plural(
        "By how many days is {n} instance extended?",
        "By how many days are {n} instances extended?",
        facts["count"],
    )
    form = say("Or {form}", form=code(say("to 30 · until 2026-03-14")))
    return lines(told, _balance(facts, say), form)


@about("auto")
def auto(facts: Facts, say: Speech) -> Html:
    if facts.get("known"):
        return lines(
            say("For which instances: {form}?", form=bold(facts["known"])),
            say(
                "By name, id, number in /list, or kind: {forms}",
                forms=code(say("shop-1 · K7Q2M · 3 · 4-9 · all")),
            ),
        )
    return lines(
        say("Which instances shall extend themselves, or no longer?"),
        _balance(facts, say),
        say("Write it like {form}", form=code(say("all on · shop-1 on 30 · 4-9 off"))),
    )


@about("auto_switch")
def auto_switch(facts: Facts, say: Speech) -> Html:
    told = say.plural(
        "Shall {n} instance extend itself? {form}",
        "Shall {n} instances extend themselves? {form}",
        facts["count"],
        form=code(say("on · on 30 · off")),
    )
    return lines(told, _balance(facts, say))


@about("limit")
def limit(facts: Facts, say: Speech) -> Html:
    if facts.get("partner"):
        return say(
            "How many days may the balance of {partner} go below nothing? {form}",
            partner=bold(facts["partner"]),
            form=code(say("300 · off")),
        )
    return say(
        "Which partner, and how many days may its balance go below nothing? {form}",
        form=code(say("NAME 300 · NAME off")),
    )


def _balance(facts: Facts, say: Speech) -> Html:
    return say("Your balance: {days}", days=in_balance(facts["balance"], say))
