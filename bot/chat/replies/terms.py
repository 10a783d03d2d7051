"""A partner's terms: its own price, the programme that it is moved to."""

from __future__ import annotations

from datetime import date

from billing.calendar import Month
from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.refusals import sentence
from bot.chat.replies.templates import Facts, says


@says("agreed")
def agreed(facts: Facts, say: Speech) -> Html:
    """To staff: which invoice is the first at that price."""
    who = {"partner": bold(facts["partner"]), "price": bold(say.money(facts["price"]))}
    if facts["daily"]:
        return lines(
            say("✅ {partner}: {price} a channel from {day} on.", day=_from(facts), **who),
            say("First for what is requested in {month}.", month=facts["first"]),
        )
    return lines(
        say("✅ {partner}: {price} an instance from {day} on.", day=_from(facts), **who),
        _first(facts, say),
        _kept(facts, say),
        say("What is issued keeps its price. The partner is told."),
    )


def _kept(facts: Facts, say: Speech) -> Html | None:
    """Say of a day within a month, or in the past, that no invoice before is changed."""
    first: Month = facts["first"]
    if facts["since"] == first.day(1):
        return None
    return say(
        "You named {day}: no invoice is changed for it. The price in force on the 1st holds for "
        "the whole month, so {month} and what came before stay as they are.",
        day=bold(say.day(facts["since"])),
        month=say.month(first.plus(-1)),
    )


def _from(facts: Facts) -> date:
    """Return the day from which it counts: who agrees on a day within a month means the next."""
    first: Month = facts["first"]
    return first.day(1)


@says("price_agreed")
def price_agreed(facts: Facts, say: Speech) -> Html:
    """To the partner."""
    price = bold(say.money(facts["price"]))
    if facts["daily"]:
        return lines(
            say("🧾 We have agreed on {price} for a channel.", price=price),
            say("First for what you request in {month}.", month=facts["first"]),
        )
    return lines(
        say("🧾 We have agreed on {price} a month for an instance.", price=price),
        _first(facts, say),
    )


def _first(facts: Facts, say: Speech) -> Html:
    return say(
        "The first invoice at that price is the one of {month}, drawn up on {day}.",
        month=bold(say.month(facts["first"])),
        day=say.day(facts["invoiced_on"]),
    )


@says("moving")
def moving(facts: Facts, say: Speech) -> Html:
    """To staff: a move that waits."""
    return lines(
        say(
            "✅ {partner}: from {was} {was_version} to {programme} {version}, on {day}.",
            partner=bold(facts["partner"]),
            was=code(facts["was"]),
            was_version=facts["was_version"],
            programme=code(facts["programme"]),
            version=facts["version"],
            day=bold(say.day(facts["on"])),
        ),
        say("Instead of {programme}, which waited.", programme=code(facts["instead_of"]))
        if facts["instead_of"]
        else None,
        say(
            "It is looked at again then: something unpaid calls it off. Bands and cancellations "
            "stay as they are. The partner is told."
        ),
    )


@says("move_planned")
def move_planned(facts: Facts, say: Speech) -> Html:
    """To the partner."""
    return lines(
        say(
            "📋 From {day} on your terms are {programme}, version {version}.",
            day=bold(say.day(facts["on"])),
            programme=code(facts["programme"]),
            version=facts["version"],
        ),
        _prices(facts, say),
        say("Until then nothing changes, and what you have cancelled ends as you were told."),
    )


@says("moved")
def moved(facts: Facts, say: Speech) -> Html:
    """To the partner, on the day."""
    return lines(
        say(
            "📋 Your terms are {programme}, version {version}, from now on.",
            programme=code(facts["programme"]),
            version=facts["version"],
        ),
        _prices(facts, say),
        say("Your months begin and end by the clock of {place}.", place=say.place(facts["zone"])),
    )


def _prices(facts: Facts, say: Speech) -> Html | None:
    if facts["agreed"] is not None:
        return say(
            "An instance costs {price} a month, as we have agreed.",
            price=bold(say.money(facts["agreed"])),
        )
    prices = [bold(say.money(price)) for price in facts["prices"]]
    if not prices:
        return None
    return say(
        "An instance costs {prices} a month, unless we agreed otherwise.",
        prices=Html(" / ".join(prices)),
    )


@says("move_called_off")
def move_called_off(facts: Facts, say: Speech) -> Html:
    """To the partner."""
    return say(
        "Your terms stay as they are: you are not moved to {programme}.",
        programme=code(facts["programme"]),
    )


@says("staff_move_refused")
def move_refused(facts: Facts, say: Speech) -> Html:
    """To staff, when its instant has come."""
    return lines(
        say(
            "⚠️ {partner} was not moved to {programme} {version}.",
            partner=bold(facts["partner"]),
            programme=code(facts["programme"]),
            version=facts["version"],
        ),
        sentence(facts, say),
        say("When that is settled, ask for it again: {command}", command=code("/programme")),
    )
