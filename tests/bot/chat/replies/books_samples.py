"""Facts of what the nightly audit says."""

from __future__ import annotations

from bot.chat.replies.books import WHY, WRONG
from tests.bot.chat.replies.samples import DAY, Facts

HASH = "5f" * 32
ENDS = {"entries": 1234, "entries_head": HASH, "audit": 1, "audit_head": HASH}


def books(name: str) -> dict[str, list[Facts]]:
    ends = {**ENDS, "partners": 7}
    rows = [
        *({"check": "chain_broken", "subject": "entries 7", "found": why} for why in WHY),
        *({"check": check, "subject": "K7Q2M", "partner": name} for check in WRONG),
        {"check": "invoice_wrong", "subject": name, "expected": "5", "found": name},
        {"check": "card_wrong", "subject": "USD", "expected": "5", "found": "6"},
        {"check": "head_differs", "subject": "audit 7", "expected": HASH, "found": ""},
        {"check": "call_stuck", "subject": name, "found": "stop"},
    ]
    whole = [{"expected": "", "found": "", "partner": "", **row} for row in rows]
    return {
        "staff_books": [{"day": DAY, **ends, "found": found} for found in (0, 1, 30)],
        "staff_findings": [
            {"day": DAY, "findings": whole[start : start + 20], "more": more}
            for start in (0, 5)
            for more in (0, 30)
        ],
    }
