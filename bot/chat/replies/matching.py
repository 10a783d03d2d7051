"""A bank's statement: what it would be booked as, what came of it, what is left for the hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from billing.money import MINOR_PER_MAJOR, Money
from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.refusals import SENTENCES, sentence
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import item, word

ROWS_ROOM, LEFT_ROOM, KNOWN_ROOM = 1500, 1000, 500
WHYS = {
    "no_reference": mark("no reference"),
    "reference_twice": mark("another row has its reference"),
    "nothing": mark("no open invoice of that sum"),
    "several": mark("it could be several invoices'"),
    "currency": mark("another currency than the invoice's"),
    "settled": mark("nothing is owed on its invoice"),
}


@says("matching")
def matching(facts: Facts, say: Speech) -> Html:
    """Ask once; what nobody is found for is listed, and holds up nothing."""
    n = facts["count"]
    head = say.plural(
        "Book {n} payment, {sum}?", "Book {n} payments, {sum}?", n, sum=_sums(facts, say)
    )
    return lines(
        SENTENCES["terms_changed"]({}, say) if facts["changed"] else None,
        bold(head) if n else bold(say("Nothing of it can be booked by itself.")),
        _listed([_row(one, say) for one in facts["rows"]], n, say, room=ROWS_ROOM),
        *_by_hand(facts, say),
        *_known(facts, say),
        say.plural(
            "{n} row is no money that came in.",
            "{n} rows are no money that came in.",
            facts["others"],
        )
        if facts["others"]
        else None,
    )


@says("matched")
def matched(facts: Facts, say: Speech) -> Html:
    n = facts["booked"]
    head = say.plural(
        "✅ {n} payment is booked, {sum}.",
        "✅ {n} payments are booked, {sum}.",
        n,
        sum=_sums(facts, say),
    )
    count = len(facts["rows"]) + facts["more"]
    return lines(
        bold(head) if n else bold(say("Nothing was booked.")),
        _listed([_came(one, say) for one in facts["rows"]], count, say, room=ROWS_ROOM),
        *_by_hand(facts, say),
    )


def _sums(facts: Facts, say: Speech) -> Html:
    return Html(" + ".join(say.money(total) for total in facts["totals"]))


def _listed(items: list[Html], count: int, say: Speech, *, room: int) -> Html | None:
    return say.listed(items, room=room, more=count - len(items)) if items else None


def _row(one: dict[str, Any], say: Speech) -> Html:
    return item(*_head(one, say), *_notes(one, say))


def _came(one: dict[str, Any], say: Speech) -> Html:
    came = one["came"]
    if came == "refused":
        told = sentence(one["refusal"], say)
    elif came == "already":
        told = say("was booked already")
    elif came == "waits":
        told = say("waits for a second person")
    else:
        told = say("booked")
    return item(*_head(one, say), told)


def _head(one: dict[str, Any], say: Speech) -> list[Html]:
    about = say("{line}. {partner}", line=str(one["line"]), partner=bold(one["partner"]))
    return [about, code(one["number"]), say.money(one["amount"]), code(one["reference"])]


def _notes(one: dict[str, Any], say: Speech) -> list[Html]:
    told = []
    amount, owed = one["amount"], one["owed"]
    if one["by"] == "sum":
        told.append(say("by its sum alone"))
    if not owed:
        told.append(word(WHYS, "settled", say))
    elif amount.minor < owed.minor:
        told.append(say("a part of {owed}", owed=owed))
    elif amount.minor > owed.minor:
        told.append(say("more than the {owed} that is owed", owed=owed))
    if one["waits"]:
        told.append(say("which waits for a second person"))
    return told


def _by_hand(facts: Facts, say: Speech) -> list[Html]:
    unread = [
        item(say("Row {line}", line=str(one["line"])), sentence(one["refusal"], say))
        for one in facts["unread"]
    ]
    told = [_unmatched(one, say) for one in facts["unmatched"]] + unread
    count = facts["unmatched_count"] + facts["unread_count"]
    if not count:
        return []
    head = say.plural(
        "{n} row is to be booked by hand:", "{n} rows are to be booked by hand:", count
    )
    return [bold(head), say.listed(told, room=LEFT_ROOM, more=count - len(told))]


def _unmatched(one: dict[str, Any], say: Speech) -> Html:
    text = [say.show(one["text"])] if one["text"] else []
    return item(
        say("{line}. {day}", line=str(one["line"]), day=one["on"]),
        _amount(one, say),
        code(one["reference"]) if one["reference"] else None,
        *text,
        word(WHYS, one["why"], say),
    )


def _amount(one: dict[str, Any], say: Speech) -> Html:
    """Show an amount; of which currency it is a statement need not say."""
    if one["currency"]:
        return say.money(Money(one["minor"], one["currency"]))
    major = Decimal(one["minor"]) / MINOR_PER_MAJOR
    return say.show(format_decimal(major, "#,##0.00", locale=say.language))


def _known(facts: Facts, say: Speech) -> list[Html]:
    n = facts["knowns"]
    if not n:
        return []
    told = [
        item(
            say("{line}. {number}", line=str(one["line"]), number=code(one["number"])),
            say.money(one["amount"]),
            code(one["reference"]),
        )
        for one in facts["known"]
    ]
    head = say.plural("{n} row is booked already:", "{n} rows are booked already:", n)
    return [bold(head), say.listed(told, room=KNOWN_ROOM, more=n - len(told))]
