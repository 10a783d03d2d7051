"""Facts about a bank's statement: what it would be booked as, and what came of it."""

from __future__ import annotations

from billing.money import Money
from bot.chat.replies.matching import WHYS
from tests.bot.chat.replies.samples import DAY, NOTHING, NUMBER, PRICE, Facts


def matching(name: str, many: int) -> dict[str, list[Facts]]:
    text = (name * 60)[:60]
    row = {
        "line": 2,
        "on": DAY,
        "amount": PRICE,
        "reference": text,
        "number": NUMBER,
        "partner": name,
        "owed": PRICE,
        "by": "number",
        "waits": False,
    }
    rows = [
        row,
        {**row, "owed": Money(1, "BRL"), "waits": True},
        {**row, "owed": NOTHING},
        {**row, "owed": PRICE + PRICE, "by": "sum"},
    ]
    hand = {"line": 3, "on": DAY, "minor": 5990, "reference": text, "text": text}
    unmatched = [{**hand, "currency": "BRL", "why": why} for why in WHYS]
    bare = {**hand, "currency": None, "reference": "", "text": "", "why": "no_reference"}
    unclear = {"code": "amount_unclear", "facts": {"wanted": name[:64], "why": "form"}}
    refusal = {"code": "amount_refused", "facts": {"why": "not_positive", "currency": "BRL"}}
    left = {
        "unmatched": [*unmatched, bare, bare, bare, bare],
        "unmatched_count": 10 + many,
        "unread": [{"line": 4, "refusal": unclear}],
        "unread_count": many,
    }
    none = {"unmatched": [], "unmatched_count": 0, "unread": [], "unread_count": 0}
    known = {"line": 5, "reference": text, "amount": PRICE, "number": NUMBER}
    preview = {
        "changed": True,
        "rows": (rows * 4)[:10],
        "count": 10 + many,
        "totals": [PRICE, NOTHING],
        "known": [known] * 10,
        "knowns": 10 + many,
        "others": many,
    }
    nothing = {"rows": [], "totals": [], "known": [], "knowns": 0, "others": 0, "changed": False}
    came = [
        {**row, "came": came, "refusal": refusal if came == "refused" else None}
        for came in ("refused", "already", "waits", "booked")
    ]
    return {
        "matching": [
            {**preview, **left},
            {**preview, **none, "rows": [row], "count": 1, "totals": [PRICE]},
            {**nothing, **left, "count": 0},
        ],
        "matched": [
            {"rows": (came * 3)[:10], "more": many, "booked": many, "totals": [PRICE], **left},
            {"rows": came[:3], "more": 0, "booked": 0, "totals": [], **none},
        ],
    }
