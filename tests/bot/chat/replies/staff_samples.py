"""Facts of what staff look at: the queue."""

from __future__ import annotations

from itertools import cycle

from billing import catalogue
from billing.debts import Age
from billing.money import Money
from billing.services.desk.settings import told
from bot.chat.replies.health import MENDS, SORTS
from bot.chat.replies.undoing import INSTEAD, UNDONE
from tests.bot.chat.replies import corrections_samples
from tests.bot.chat.replies.books_samples import ENDS
from tests.bot.chat.replies.matching_samples import matching
from tests.bot.chat.replies.samples import AT, DAY, NUMBER, OVER, PRICE, ZONE, Facts


def claim(who: str | None) -> Facts:
    return {"claimed_by": who or None, "claimed_at": AT if who else None}


def queue(name: str) -> list[Facts]:
    call = {
        "operation": "create",
        "instance": "K7Q2M",
        "partner": name,
        "attempts": 3,
        "error": name,
    }
    asked = {"partner": name, "days": 2250, "channels": 75}
    rows = {
        "day_requests": [{**asked, "by": OVER, "claimed_by": name}, {**asked, "by": AT}] * 4,
        "approvals": corrections_samples.approvals(name)[:8],
        "receipts": [
            {"partner": name, "number": NUMBER, "owed": PRICE, "claimed_by": name},
            {"partner": name, "number": NUMBER, "owed": PRICE, "proofs": 3},
        ]
        * 4,
        "stripe": [
            {"partner": name, "why": "amount", "about": "in_1"},
            {"partner": None, "why": "livemode", "about": "sub_1"},
        ]
        * 4,
        "applications": [{"id": "K7Q2M", "company": name}] * 8,
        "token_requests": [{"partner": name, "tier_name": "second", "claimed_by": name}] * 8,
        "by_hand": [
            {"operation": "keep", "platform": "zapi", "id": "K7Q2M", "name": name, "partner": name}
        ]
        * 8,
        "deletions": [{"id": "K7Q2M", "name": name, "partner": name}] * 8,
        "messages": [{"partner": name, "person": name, "text": name}] * 8,
        "calls": [call, {**call, "error": None}] * 4,
    }
    kinds = [
        {
            "kind": kind,
            "count": 50,
            "rows": [{"since": OVER, "by": None, "claimed_by": None, **row} for row in found],
        }
        for kind, found in rows.items()
    ]
    return [
        {"zone": ZONE, "halted": None, "kinds": []},
        {"zone": ZONE, "halted": name, "kinds": kinds},
    ]


def staff(name: str, many: int) -> dict[str, list[Facts]]:
    return {
        **matching(name, many),
        "queue": queue(name),
        "staff_summary": summary(name),
        "debts": debts(name, many),
        "undone": [
            {"action": action, "about": NUMBER, "partner": partner, "amount": PRICE, "at": AT}
            for action in UNDONE
            for partner in (name, None)
        ],
        "health": [{"checks": checks(name)}, {"checks": []}],
        "settings": [
            {"programmes": [told(one) for one in catalogue.load().latest()], "in_group": True}
        ],
        "reopened": [{"company": name}],
        "token_reopened": [{}],
        "price_taken_back": [{"price": PRICE, "since": DAY, "daily": False}],
        "hold_taken_back": [{"number": NUMBER, "owed": PRICE, "last_on": DAY}],
    }


GROUP = {"chat_id": -1001, "status": "member", "title": "<Staff>"}


CARDS: tuple[Facts, ...] = (
    {"live": True, "compared_at": OVER, "failing": 0, "late": 0, "quarantined": 0},
    {"live": False, "compared_at": None, "failing": 1, "late": 2, "quarantined": 3},
)


def checks(name: str) -> list[Facts]:
    found: list[tuple[str, Facts]] = [
        ("part", {"part": "ticker", "seconds": 7}),
        ("database", {"megabytes": 1200}),
        ("disk", {"megabytes": 100}),
        *((line, {"count": 2, "oldest": OVER}) for line in ("inbox", "due", "outbox")),
        ("due", {"count": 0, "oldest": None}),
        ("platform", {"count": 2, "failing": 1, "oldest": OVER}),
        ("platform", {"count": 2, "failing": 0, "oldest": OVER}),
        *(("platform_answers", {"platform": "zapi", "why": why}) for why in (None, name)),
        ("kept_aside", {"count": 1}),
        ("lost", {"count": 1}),
        ("groups", {"count": 0}),
        *(("halted", {"reason": reason}) for reason in (name, None)),
        *(("audit", {"night": night, "found": 2}) for night in (DAY, None)),
        ("telegram", {"why": name}),
        *(("telegram", {"username": username}) for username in ("desk_bot", "")),
        ("webhook", {"why": name}),
        *(
            ("group", {**GROUP, "forum": known, "hears_all": known, "why": why})
            for known, why in ((True, None), (False, name))
        ),
        *(("ways_to_pay", {"unset": unset}) for unset in (["pix"], ["bank", "link", "pix"])),
        *(("issuer", {"unset": unset}) for unset in ([], ["address", "legal_name", "tax_id"])),
        ("sorts", {"sorts": list(SORTS)}),
        ("group", {**GROUP, "title": "", "forum": True, "hears_all": True, "why": None}),
        ("cards", {"set": False}),
        *(("cards", {"set": True, **one}) for one in CARDS),
        ("new", {}),
    ]
    return [
        {"name": check, "level": level, "facts": facts, "mend": None if level == "good" else mend}
        for (check, facts), level, mend in zip(
            found, cycle(("good", "warn", "wrong")), cycle(MENDS), strict=False
        )
    ]


REFUSALS: dict[str, list[Facts]] = {
    "nothing_to_undo": [{"why": why} for why in ("none", "undone", "other")],
    "cannot_undo": [
        {"action": action, "instead": instead, "number": number}
        for action, number in (("approve", None), ("say", None), ("void", "INT-2026-00001"))
        for instead in INSTEAD
    ],
}


def summary(name: str) -> list[Facts]:
    kinds = ("day_requests", "approvals", "applications", "token_requests", "deletions", "calls")
    waits = [{"kind": kind, "count": 7, "since": OVER, "late": late} for kind in kinds
             for late in (0, 2)]  # fmt: skip
    money = {"count": 2, "owed": [PRICE, Money(5000, "USD")]}
    quiet = {
        "day": DAY,
        "halted": None,
        "waits": [],
        "due": None,
        "overdue": None,
        "stops": 0,
        "deletions": 0,
        "audit": None,
    }
    return [
        quiet,
        {
            **quiet,
            "halted": name,
            "waits": waits,
            "due": money,
            "overdue": money,
            "stops": 1,
            "deletions": 3,
            "audit": {"night": DAY, "found": 2},
        },
        {**quiet, "audit": {"night": DAY, "found": 0}},
        {**quiet, "audit": {"night": DAY, "found": 0, **ENDS}},
    ]


def debts(name: str, many: int) -> list[Facts]:
    row = {"partner": name, "number": NUMBER, "owed": PRICE, "due_on": DAY, "held_until": None}
    ages = [{"age": age, "owed": PRICE} for age in Age]
    return [
        {"sums": [], "rows": [], "more": 0},
        {
            "sums": [{"ages": ages, "total": PRICE}] * 2,
            "rows": [{**row, "days": 0}, {**row, "days": 40, "held_until": DAY}] * many,
            "more": 7,
        },
    ]
