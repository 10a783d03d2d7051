"""The audit in people's words: what was done, to what, from what to what."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from billing.calendar import Month
from billing.money import Money
from bot.chat.formats import Html, Speech, bold, code, lines, mark
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import (
    ACTIONS,
    INVOICE_STATES,
    OUTCOMES,
    ROLES,
    STATES,
    TIERS,
    item,
    word,
)

LONGEST = 60
DONE = {
    **ACTIONS,
    "apply": mark("applied"),
    "approve": mark("approved"),
    "decline": mark("declined"),
    "withdraw": mark("withdrawn"),
    "reopen": mark("application opened again"),
    "import": mark("imported"),
    "link": mark("joined"),
    "owner_code": mark("code for an owner"),
    "leave": mark("left"),
    "company": mark("company data"),
    "timezone": mark("time zone"),
    "notices": mark("reminders"),
    "quiet_hours": mark("quiet hours"),
    "team.invite": mark("invited"),
    "team.role": mark("role"),
    "team.remove": mark("removed"),
    "group.invite": mark("own group invited"),
    "group.bind": mark("own group bound"),
    "group.unbind": mark("own group unbound"),
    "token_next": mark("next token asked for"),
    "token_secret": mark("token made"),
    "token_refused": mark("next token declined"),
    "token_reopened": mark("token request opened again"),
    "grant": mark("token granted"),
    "freeze": mark("frozen"),
    "unfreeze": mark("unfrozen"),
    "price": mark("price agreed"),
    "price_taken_back": mark("price taken back"),
    "programme": mark("move to other terms planned"),
    "moved": mark("moved to other terms"),
    "move_taken_back": mark("move to other terms taken back"),
    "move_refused": mark("move to other terms refused"),
    "invoice": mark("invoice issued"),
    "paid": mark("payment booked"),
    "credit_used": mark("credit used"),
    "credit_gone": mark("credit taken back"),
    "unpaid": mark("payment taken back"),
    "hold": mark("more time given"),
    "hold_taken_back": mark("more time taken back"),
    "deletion_put_off": mark("deletion put off"),
    "void": mark("voided"),
    "reissue": mark("issued anew"),
    "lapse": mark("lapsed"),
    "credit_note": mark("credit note"),
    "credit": mark("credit given"),
    "credit_days": mark("days given"),
    "refund": mark("paid back"),
    "second_person": mark("second person"),
    "receipt": mark("proof of payment sent"),
    "receipt_decline": mark("proof of payment declined"),
    "stopped": mark("stopped: unpaid"),
    "days_credited": mark("days credited"),
    "days_taken_back": mark("days taken back"),
    "day_limit": mark("credit limit"),
    "day_request": mark("days asked for"),
    "day_claim": mark("taken on"),
    "day_hand_over": mark("handed over"),
    "day_prepare": mark("invoice prepared"),
    "buy": mark("days asked for"),
    "prepare": mark("invoice prepared"),
    "standing_order": mark("standing order"),
    "claim": mark("taken on"),
    "hand_over": mark("handed over"),
    "bind": mark("group bound"),
    "group_takes": mark("cards for a group"),
    "group_leaves": mark("cards not for a group"),
    "staff": mark("staff role"),
    "halt": mark("stops and deletions halted"),
    "resume": mark("stops and deletions go on"),
    "undo": mark("taken back"),
    "audit": mark("books audited"),
    "card": mark("paid for by card"),
    "card_ended": mark("no longer paid for by card"),
    "looked_at": mark("looked at"),
    "by_hand": mark("done by hand"),
    "compare": mark("compared with the platform"),
    "export": mark("own data sent"),
    "forget": mark("own data removed"),
    **{
        f"platform.{name}": mark("the platform has done it")
        for name in ("subscribe", "cancel", "keep", "stop", "restart", "delete", "extend")
    },
}
KINDS = {
    "partner": mark("partner"),
    "instance": mark("instance"),
    "customer": mark("instance"),
    "link": mark("instance"),
    "invoice": mark("invoice"),
    "days": mark("invoice"),
    "day_request": mark("request for days"),
    "token": mark("token"),
    "token_request": mark("token request"),
    "application": mark("application"),
    "approval": mark("what a second person confirms"),
    "person": mark("person"),
    "group": mark("group"),
    "support": mark("message"),
    "broadcast": mark("message to many"),
    "receipt": mark("proof of payment"),
    "deletion": mark("instance"),
    "deletion_task": mark("instance"),
    "difference": mark("instance"),
}
# What is found again under what people call it; all else is known by an id of chance.
TELLING = frozenset(
    {"instance", "customer", "link", "invoice", "days", "deletion_task", "difference"}
)
VALUES = {
    **STATES,
    **INVOICE_STATES,
    **TIERS,
    **ROLES,
    "open": mark("open"),
    "approved": mark("approved"),
    "declined": mark("declined"),
    "waiting": mark("waits"),
    "invoiced": mark("invoiced"),
    "withdrawn": mark("withdrawn"),
    "dropped": mark("dropped"),
    "done": mark("done"),
    "booked": mark("booked"),
    "closed": mark("closed"),
    "running": mark("running"),
    "on": mark("on"),
    "off": mark("off"),
    "none": mark("none"),
    "applications": mark("Applications"),
    "money": mark("Money"),
    "instances": mark("Tokens and deletions"),
    "messages": mark("Messages"),
    "desk": mark("Summary and faults"),
    "legal_name": mark("Legal name"),
    "tax_id": mark("Tax id"),
    "address": mark("Address"),
    "email": mark("E-mail"),
    "book": mark("payment"),
    "credit": mark("credit"),
    "refund": mark("refund"),
    "unpaid": mark("payment taken back"),
}
WORDS_OF = {"undo": DONE}
# What is written down as how much was found.
COUNTED = frozenset({"audit", "compare"})
MINOR = re.compile(r"(-?\d+) ([A-Z]{3})")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FROM = re.compile(r"from (\d{4}-\d{2}-\d{2})(?:, first for (\d{4}-\d{2}))?")
CHOICE = re.compile(r"\S+ (\w+) (on|off)")


@says("audit")
def audit(facts: Facts, say: Speech) -> Html:
    wanted = facts["wanted"]
    if not facts["rows"]:
        return say("Nothing is written down about {wanted}.", wanted=code(wanted or "–"))
    if wanted:
        head = say("Who did what, newest first: {wanted}", wanted=code(wanted))
    else:
        head = say("Who did what, newest first")
    return lines(head, say.listed((event(row, say) for row in facts["rows"]), room=3500))


def event(row: dict[str, Any], say: Speech) -> Html:
    """Say one row in a line."""
    return item(
        say.at(row["at"]),
        _who(row["actor"], say),
        bold(word(DONE, row["action"], say)),
        _about(row, say),
        _change(row, say),
        say.money(row["amount"]) if row["amount"] else None,
        word(OUTCOMES, row["outcome"][:LONGEST], say) if row["outcome"] != "done" else None,
    )


def _who(actor: str, say: Speech) -> Html:
    """Read `admin:7001 Ana`, or the channel of what nobody did."""
    role, colon, rest = actor.partition(":")
    if not colon:
        return word(CHANNELS, actor, say)
    user_id, _, name = rest.partition(" ")
    who = shortened(name or user_id)
    if role not in ROLES:
        return say.show(who)
    return say("{person} ({role})", person=who, role=word(ROLES, role, say))


CHANNELS = {
    "clock": mark("by itself"),
    "platform": mark("the platform"),
}


def _about(row: dict[str, Any], say: Speech) -> Html | None:
    kind, subject = row["kind"], row["object"]
    name = row.get("name") or ""
    if not kind or kind == "desk":
        return None
    shown = word(KINDS, kind, say)
    if name:
        return Html(f"{shown} {code(shortened(name))}")
    return Html(f"{shown} {code(shortened(subject))}") if kind in TELLING else shown


def _change(row: dict[str, Any], say: Speech) -> Html | None:
    """Say from what to what; what only machines read is left out."""
    before, after = row["before"], row["after"]
    if row["action"] in COUNTED and after.isdigit():
        found = int(after)
        return say.plural("{n} finding", "{n} findings", found) if found else say("nothing found")
    if row["action"] == "undo":
        after = ""
    if row["action"] == "price" and before.isdigit() and row["amount"]:
        before = f"{before} {row['amount'].currency}"
    words = WORDS_OF.get(row["action"], VALUES)
    told = [_value(part, words, say) for part in (before, after) if part]
    return Html(" → ".join(told)) if told else None


def _value(value: str, words: dict[str, str], say: Speech) -> Html:
    """Say a value as people read it: words, amounts, days; parts of it, too."""
    if value in words:
        return say(words[value])
    if (found := FROM.fullmatch(value)) is not None:
        return _from(found, say)
    if (found := CHOICE.fullmatch(value)) is not None:
        return Html(f"{say.show(found[1])} {say(VALUES[found[2]])}")
    if value.endswith((" migrate=yes", " migrate=no")):
        return say.show(shortened(value.rpartition(" ")[0]))
    for between in ("; ", ": "):
        if between in value:
            parts = value.split(between, maxsplit=1 if between == ": " else -1)
            return Html(between.join(_value(part, words, say) for part in parts))
    if DAY.fullmatch(value):
        return say.show(date.fromisoformat(value))
    if (found := MINOR.fullmatch(value)) is not None:
        return say.money(Money(int(found[1]), found[2]))
    return say.show(shortened(value))


def _from(found: re.Match[str], say: Speech) -> Html:
    day = date.fromisoformat(found[1])
    if not found[2]:
        return say("from {day}", day=day)
    return say("from {day}, first in {month}", day=day, month=Month.parse(found[2]))


def shortened(text: str, longest: int = LONGEST) -> str:
    """Cut a text at a word, where it has one."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    at_word = cut.rpartition(" ")[0].rstrip(",;: ")
    return f"{at_word if len(at_word) > longest // 2 else cut}…"
