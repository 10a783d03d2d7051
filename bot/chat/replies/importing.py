"""What another system's table brings, row by row; codes for owners."""

from __future__ import annotations

from typing import Any

from bot.chat.formats import Html, Speech, bold, code, lines
from bot.chat.replies.refusals import SENTENCES, sentence
from bot.chat.replies.templates import Facts, says
from bot.chat.replies.words import ROLES, item, word

ROOM = 2600
CODES_ROOM = 1000


@says("import")
def preview(facts: Facts, say: Speech) -> Html:
    """Ask once, with the result of every row."""
    return lines(
        SENTENCES["terms_changed"]({}, say) if facts["changed"] else None,
        bold(say("This would be brought in:")),
        *_sums(facts, say),
        say.listed((_row(one, say) for one in facts["rows"]), room=ROOM, more=facts["more"]),
    )


@says("imported")
def imported(facts: Facts, say: Speech) -> Html:
    """What came of every row, and the code for the owner of each partner that was made."""
    return lines(
        bold(say("✅ Brought in:")),
        *_sums(facts, say),
        *_codes(facts, say),
        say.listed(
            (_row(one, say) for one in facts["rows"]),
            room=ROOM - CODES_ROOM,
            more=facts["more"],
        ),
    )


def _sums(facts: Facts, say: Speech) -> list[Html]:
    told = [
        item(say.plural("{n} partner", "{n} partners", facts["partners"])),
        item(say.plural("{n} instance", "{n} instances", facts["instances"])),
    ]
    if facts["refused"]:
        told.append(
            item(say.plural("{n} row is left out", "{n} rows are left out", facts["refused"]))
        )
    return told


def _row(one: dict[str, Any], say: Speech) -> Html:
    head = say("{line}. {partner}", line=str(one["line"]), partner=bold(one["partner"] or "–"))
    if one["refusal"] is not None:
        name = [bold(one["name"])] if one["name"] else []
        return item(Html("❌ " + head), *name, sentence(one["refusal"], say))
    told = [say("new, under {programme}", programme=code(one["programme"]))] if one["made"] else []
    return item(head, *told, *_instance(one, say), *_money(one, say))


def _instance(one: dict[str, Any], say: Speech) -> list[Html]:
    if not one["name"]:
        return []
    told = [bold(one["name"])]
    if one["id"]:
        told.append(code(one["id"]))
    if one["monthly"] and one["billed_from"] is not None:
        told.append(say("billed from {month} on", month=one["billed_from"]))
    elif one["monthly"]:
        told.append(say("billed from this month on"))
    else:
        told.append(say("runs to the end of {day}, then stops", day=one["paid_until"]))
    return told


def _money(one: dict[str, Any], say: Speech) -> list[Html]:
    told = []
    if one["price"]:
        told.append(say("price {price}", price=one["price"]))
    if one["credit"]:
        told.append(say("credit {credit}", credit=one["credit"]))
    if one["days"]:
        told.append(say.plural("{n} day", "{n} days", one["days"]))
    if one["waits"]:
        told.append(say("which waits for a second person"))
    return told


def _codes(facts: Facts, say: Speech) -> list[Html]:
    if not facts["keys"]:
        return []
    shown = [
        item(bold(name), _code(secret, say))
        for name, secret in zip(facts["owners"], facts["secrets"], strict=True)
    ]
    return [
        _what_codes_are(facts, say),
        say.listed(shown, room=CODES_ROOM, more=facts["more_owners"]),
    ]


def _what_codes_are(facts: Facts, say: Speech) -> Html:
    return say(
        "For the owner, to send me in private until {at}, once. A new one is on the partner's "
        "card.",
        at=facts["ends_at"],
    )


def _code(secret: str | None, say: Speech) -> Html:
    return say("used or over") if secret is None else code(f"/start {secret}")


@says("owner_code")
def owner_code(facts: Facts, say: Speech) -> Html:
    return lines(
        say(
            "🔑 {partner}: {code}",
            partner=bold(facts["partner"]),
            code=_code(facts["secrets"][0], say),
        ),
        _what_codes_are(facts, say),
    )


@says("linked")
def linked(facts: Facts, say: Speech) -> Html:
    """To all members; `you`: to the new one."""
    if facts.get("you"):
        return say(
            "👥 You act for {partner} from now on, as {role}.",
            partner=bold(facts["partner"]),
            role=word(ROLES, facts["role"], say),
        )
    return say(
        "👥 {person} acts for {partner} from now on, as {role}.",
        person=bold(facts["person"] or "–"),
        partner=bold(facts["partner"]),
        role=word(ROLES, facts["role"], say),
    )


@says("staff_linked")
def staff_linked(facts: Facts, say: Speech) -> Html:
    return say(
        "👥 {person} ({user_id}) is linked to {partner}, as owner.",
        person=bold(facts["person"] or "–"),
        user_id=code(str(facts["user_id"])),
        partner=bold(facts["partner"]),
    )
