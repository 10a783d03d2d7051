"""Why something is on an invoice, and what something would cost."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.one_instance import actor
from bot.chat.replies.refusals import refused_items
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ACTIONS, item, named, word


@says("why")
def why(facts: Facts, say: Speech) -> Html:
    head = say(
        "❓ Invoice {number}, {total}, issued on {day}",
        number=code(facts["number"]),
        total=bold(say.money(facts["total"])),
        day=say.day(facts["issued_on"], zone=facts["zone"]),
    )
    if facts["corrects"]:
        voids = say("It voids invoice {number}.", number=code(facts["corrects"]))
        return lines(head, voids, _rule(say("An issued invoice is never edited"), say))
    if facts["kind"] == "days":
        bought = say.plural("{n} day was bought.", "{n} days were bought.", facts["days"])
        return lines(head, bought, _rule(say("Days"), say))
    if not facts["reasons"]:
        return lines(head, *_whole(facts, say))
    return lines(head, *(part for one in facts["reasons"] for part in _line(one, facts, say)))


def _whole(facts: Facts, say: Speech) -> list[Html]:
    ask = say("Which instance? {command}", command=code(say("/why NUMBER INSTANCE")))
    if facts["days"]:
        return [
            say.plural(
                "{n} day that was used up to the end of {month} and had not been bought is billed.",
                "{n} days that were used up to the end of {month} and had not been bought are "
                "billed.",
                facts["days"],
                month=bold(say.month(facts["period"])),
            ),
            _rule(say("Days, 4"), say),
            ask,
        ]
    return [
        say.plural(
            "{n} line: every instance that was billable at any instant of {month}, at its full "
            "price.",
            "{n} lines: every instance that was billable at any instant of {month}, at its full "
            "price.",
            facts["count"],
            month=bold(say.month(facts["period"])),
        ),
        _rule(say("The postpaid calendar"), say),
        ask,
    ]


def _line(one: dict[str, Any], facts: Facts, say: Speech) -> list[Html]:
    told = [
        Html(),
        item(
            named(one["name"], one["id"]),
            bold(say.month(one["period"])),
            bold(say.money(one["price"])),
        ),
        _because(one, say),
        _rule(say("Days, 4") if one["why"] == "days" else say("The postpaid calendar"), say),
        say(
            "{month} is from {first} on and before {after}, at 00:00.",
            month=say.month(one["period"]),
            first=say.day(one["starts"], zone=facts["zone"]),
            after=say.day(one["ends"], zone=facts["zone"]),
        ),
        say("Subscribed: {at}", at=one["subscribed_at"]),
    ]
    if one["cancelled_at"]:
        told.append(say("Cancelled: {at}", at=one["cancelled_at"]))
    if one["service_ends_at"]:
        told.append(say("Its service ends {end}.", end=say.until(one["service_ends_at"])))
    told.append(_price(one, say))
    if one["acts"]:
        acts = [
            item(say.at(row["at"]), word(ACTIONS, row["action"], say), actor(row["actor"], say))
            for row in one["acts"]
        ]
        told += [say("Who did it:"), say.listed(acts, room=700)]
    return told


def _because(one: dict[str, Any], say: Speech) -> Html:
    month = say.month(one["period"])
    match one["why"]:
        case "subscribed":
            return say(
                "It was subscribed in {month}: a month that it was billable in, however short, is "
                "billed whole.",
                month=month,
            )
        case "cancelled":
            return say(
                "It was cancelled in {month}: the month of the cancellation is the last one that "
                "is billed.",
                month=month,
            )
        case "served":
            return say(
                "It was cancelled before, and its service touches {month}: your terms bill every "
                "month of service.",
                month=month,
            )
        case "caught_up":
            return say("{month} was on no invoice before, so this one has it.", month=month)
        case "days":
            return _used(one, say)
        case _:
            return say("It was subscribed all through {month}.", month=month)


def _used(one: dict[str, Any], say: Speech) -> Html:
    month, billed, used = say.month(one["period"]), one["days"], one["used"]
    if billed > used:
        return say.plural(
            "{n} day is billed: of {month}, and of before that was on no invoice.",
            "{n} days are billed: of {month}, and of before that were on no invoice.",
            billed,
            month=month,
        )
    return say(
        "Used in {month}: {used}. Covered by the balance: {covered}. Billed: {billed}.",
        month=month,
        used=say.plural("{n} day", "{n} days", used),
        covered=used - billed,
        billed=billed,
    )


def _price(one: dict[str, Any], say: Speech) -> Html:
    if one["agreed_since"]:
        return say("The price is the one agreed on, since {day}.", day=one["agreed_since"])
    programme = say(
        "{programme}, version {version}", programme=one["programme"], version=one["version"]
    )
    if one["band"]:
        return say(
            "The price is that of band {band} of the terms: {programme}.",
            band=one["band"],
            programme=programme,
        )
    return say("The price is that of the terms: {programme}.", programme=programme)


def _rule(name: Html, say: Speech) -> Html:
    # As docs/rules.md names it.
    return say("The rule: “{name}”", name=name)


@says("whatif")
def whatif(facts: Facts, say: Speech) -> Html:
    refused = refused_items(facts["refused"], say, room=900) if facts["refused"] else None
    if not facts["count"]:
        return lines(bold(say("Nothing would come of it:")), refused)
    return lines(
        bold(_head(facts, say)),
        *_dates(facts, say),
        *(_coming(one, say) for one in facts["coming"]),
        refused,
        say("Nothing was changed."),
    )


def _head(facts: Facts, say: Speech) -> Html:
    n = facts["count"]
    match facts["what"]:
        case "cancel":
            return say.plural(
                "If you cancelled {n} instance now:", "If you cancelled {n} instances now:", n
            )
        case "add":
            return say.plural(
                "If you created {n} instance and subscribed it now:",
                "If you created {n} instances and subscribed them now:",
                n,
            )
        case _:
            return say.plural(
                "If you subscribed {n} instance of those in trial now:",
                "If you subscribed {n} instances of those in trial now:",
                n,
            )


def _dates(facts: Facts, say: Speech) -> list[Html]:
    told = []
    if facts["what"] == "cancel":
        rows = [
            item(
                named(one["name"], one["id"]),
                say("runs until {end}", end=say.until(one["service_ends_at"])),
            )
            for one in facts["instances"]
            if one["service_ends_at"]
        ]
        told.append(say.listed(rows, room=900, more=facts["count"] - len(rows)))
    if facts["trial_ends_at"]:
        told.append(say("In trial until {at} they would cost nothing.", at=facts["trial_ends_at"]))
    if facts["left"] is not None and facts["left"] < facts["count"]:
        told.append(
            say.plural(
                "Your token has {n} creation left: the next one is needed first.",
                "Your token has {n} creations left: the next one is needed first.",
                facts["left"],
            )
        )
    return told


def _coming(one: dict[str, Any], say: Speech) -> Html:
    return lines(
        Html(),
        say(
            "🧾 Invoice for {month}, issued on {issued}, due on {due}",
            month=bold(say.month(one["month"])),
            issued=one["invoiced_on"],
            due=one["due_on"],
        ),
        say("As it is: {drawn}", drawn=_drawn(one["as_is"], say)),
        say("As it would be: {drawn}", drawn=bold(_drawn(one["would_be"], say))),
        _difference(one, say),
    )


def _drawn(draft: dict[str, Any] | None, say: Speech) -> Html:
    if draft is None:
        return say("no invoice")
    told = say.plural(
        "{n} line, {total}", "{n} lines, {total}", draft["count"], total=draft["total"]
    )
    if draft["owed"] == draft["total"]:
        return told
    return say("{drawn}, to pay {owed}", drawn=told, owed=draft["owed"])


def _difference(one: dict[str, Any], say: Speech) -> Html | None:
    before, after = one["as_is"], one["would_be"]
    if before is None and after is None:
        return None
    if before is None:
        difference = after["total"]
    else:
        difference = (after["total"] - before["total"]) if after else -before["total"]
    if not difference:
        return say("No difference.")
    sign = "+" if difference.minor > 0 else ""
    return say("Difference: {amount}", amount=Html(f"{sign}{say.money(difference)}"))
