"""Whose an instance is; what instances cost and earn, and whom to charge."""

from __future__ import annotations

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.questions import about
from bot.chat.replies.refusals import refuses
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, named

ROWS_ROOM, CHARGED_ROOM = 1900, 1300


@says("customer")
def customer(facts: Facts, say: Speech) -> Html:
    one = named(facts["name"], facts["id"])
    if facts["customer"] is None:
        return say("{instance} has no customer.", instance=one)
    return lines(
        say(
            "👤 {instance}: {customer}", instance=one, customer=of_instance(facts["customer"], say)
        ),
        say("It is time to charge.") if facts["to_charge"] else None,
    )


def of_instance(customer: Facts, say: Speech) -> Html:
    """Say who it is, what is paid a month, and until when."""
    price, until = customer["price"], customer["paid_until"]
    told = (
        bold(customer["name"]),
        say("{price} a month", price=price) if price else None,
        say("paid until {day}", day=until) if until else None,
    )
    return Html(" · ".join(part for part in told if part))


@about("customer_of")
def whose(facts: Facts, say: Speech) -> Html:
    example = code(say("Bakery 59.90 paid until {day}", day=say("2026-03-09")))
    known = facts["customer"]
    return lines(
        say("Whose is {name}, and what do you charge a month?", name=bold(facts["name"])),
        say("So far: {customer}", customer=of_instance(known, say)) if known else None,
        say("{example}: price and day may be left out.", example=example),
    )


@refuses("customer_unnamed")
def customer_unnamed(facts: Facts, say: Speech) -> Html:
    return say(
        "{instance} has no customer yet. Begin with the name: {example}",
        instance=bold(facts["instance"]),
        example=code(say("/customer shop-1 Bakery 59.90")),
    )


@says("margin")
def margin(facts: Facts, say: Speech) -> Html:
    month = bold(say.month(facts["month"]))
    if not facts["rows"]:
        return say("Nothing costs or earns anything in {month}.", month=month)
    head = (
        say("📊 Margin, {month}: days used so far, and what customers pay", month=month)
        if facts["in_days"]
        else say("📊 Margin, {month}: whole months, and what customers pay", month=month)
    )
    page = say("Page {page} of {pages}", page=facts["page"], pages=facts["pages"])
    return lines(
        head,
        say("Costs: {amount}", amount=facts["cost"]),
        say("Customers pay: {amount}", amount=facts["earned"]),
        say("Left: {amount}", amount=bold(say.money(facts["left"]))),
        _unknown(facts["unknown"], say),
        Html(),
        say.listed((_row(one, say) for one in facts["rows"]), room=ROWS_ROOM),
        page if facts["pages"] > 1 else None,
        *_to_charge(facts, say),
    )


def _unknown(n: int, say: Speech) -> Html | None:
    if not n:
        return None
    return say.plural(
        "Of {n} instance it is not known what it earns: {command}",
        "Of {n} instances it is not known what they earn: {command}",
        n,
        command=code(say("/customer shop-1 Bakery 59.90")),
    )


def _row(one: Facts, say: Speech) -> Html:
    margin = one["margin"]
    return item(
        named(one["name"], one["id"]),
        say.show(one["customer"]) if one["customer"] else None,
        say("costs {amount}", amount=one["cost"]),
        None if margin is None else say("earns {amount}", amount=one["earned"]),
        None if margin is None else say("leaves {amount}", amount=bold(say.money(margin))),
    )


def _to_charge(facts: Facts, say: Speech) -> list[Html]:
    if not facts["to_charge"]:
        return []
    rows = [
        item(
            bold(one["name"]),
            say.show(one["instance"]),
            say.money(one["price"]) if one["price"] else None,
            say("paid until {day}", day=one["paid_until"]),
        )
        for one in facts["to_charge"]
    ]
    return [
        Html(),
        bold(say("To charge this week")),
        say.listed(rows, room=CHARGED_ROOM, more=facts["more"]),
    ]
