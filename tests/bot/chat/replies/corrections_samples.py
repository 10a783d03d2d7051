"""Facts about money put right: void invoices, payments taken back, credit, a second person."""

from __future__ import annotations

from tests.bot.chat.replies.samples import AT, DAY, MARCH, NOTHING, NUMBER, PRICE, Facts

TAKEN = {"number": "", "amount": PRICE, "on": DAY, "reference": "NAME"}
DONE_BEFORE = [
    *({"action": "void", "number": NUMBER, "note": note} for note in (NUMBER, None)),
    {"action": "reissue", "number": NUMBER},
    {"action": "refund", **TAKEN},
    {"action": "approval"},
]
REFUSALS: dict[str, list[Facts]] = {
    "void_refused": [
        {"number": NUMBER, "why": why, "paid": PRICE} for why in ("paid", "credit", "credit_note")
    ],
    "nothing_to_reverse": [{"number": NUMBER}],
    "payment_gone": [{"number": NUMBER, "reference": "NAME"}],
    "not_the_newest": [{"number": NUMBER, "wanted": "NAME", "newest": "NAME"}],
    "nothing_to_issue": [{"number": NUMBER, "why": why} for why in ("not_void", "nothing")],
    "credit_too_small": [{"credit": credit, "amount": PRICE} for credit in (PRICE, NOTHING)],
    "days_refused": [
        {"why": why, "most": 365_000}
        for why in ("no_days", "not_positive", "too_many", "not_whole")
    ],
    "count_refused": [
        {"why": why, "most": 3} for why in ("not_positive", "not_whole", "too_many", "no_trials")
    ],
    "approval_changed": [{}],
    "second_person_needed": [{"person": "NAME"}],
}
REVERSAL: Facts = {
    "number": NUMBER,
    "kind": "monthly",
    "amount": PRICE,
    "owed": PRICE,
    "due_on": DAY,
    "last_on": DAY,
    "credit": PRICE,
    "lost": PRICE,
    "days": 30,
    "shortfall": 12,
}
QUESTIONS = ("unpaid", "void", "credit", "refund", "why", "whatif")


def sayings(name: str) -> list[Facts]:
    return [
        {"what": "second_person", "partner": name, "total": PRICE},
        {"what": "approval_dropped", "total": PRICE},
    ]


def approvals(name: str) -> list[Facts]:
    asked = {
        "id": "A" * 22,
        "partner": name,
        "total": PRICE,
        "asked_by": name,
        "since": AT,
        "decided_by": name,
        "number": NUMBER,
        "reference": name,
        "reason": name,
        "days": 30,
        "received_on": DAY,
        "changed": False,
        "terms": "",
    }
    decided = [
        {**asked, "kind": kind, "state": state}
        for kind in ("paid", "unpaid", "credit", "credit_days", "refund")
        for state in ("done", "dropped")
    ]
    waiting = {**asked, "state": "waiting", "owed": PRICE, "invoice": "due", "reversal": None}
    back = {**REVERSAL, "also": [], "reference": name, "reason": name}
    return [
        *decided,
        *({**waiting, "kind": kind} for kind in ("paid", "credit", "credit_days", "refund")),
        *(
            {**waiting, "kind": "paid", "changed": True, "invoice": state}
            for state in ("due", "paid", "void")
        ),
        *({**waiting, "kind": "unpaid", "changed": it, "reversal": back} for it in (True, False)),
        {**waiting, "kind": "unpaid", "changed": True},
    ]


def _without(found: list[Facts], *keys: str) -> list[Facts]:
    return [{key: value for key, value in one.items() if key not in keys} for one in found]


def corrections(name: str, many: int) -> dict[str, list[Facts]]:
    void = {
        "number": NUMBER,
        "note": NUMBER,
        "total": PRICE,
        "period": MARCH,
        "reason": name,
        "partner": name,
    }
    anew = {"number": NUMBER, "instead_of": NUMBER, "period": MARCH, "total": PRICE}
    back = {
        **REVERSAL,
        "reference": name,
        "also": [{"number": NUMBER, "owed": PRICE}] * many,
        "reason": name,
        "partner": name,
    }
    little = {"credit": NOTHING, "lost": NOTHING, "also": [], "owed": NOTHING, "shortfall": 0}
    given = {
        "partner": name,
        "days": 30,
        "credit": PRICE,
        "reason": name,
        "settled": [{"number": NUMBER, "owed": owed} for owed in (NOTHING, PRICE)],
        "restored": [name] * many,
    }
    gifts = [{**given, "amount": PRICE}, {**given, "amount": None, "settled": [], "restored": []}]
    voids = [
        {**void, "kind": kind, "restored": names}
        for kind, names in (("monthly", [name] * many), ("days", []))
    ]
    gone = [back, {**back, **little}, {**back, **little, "days": 0}]
    refunds = [
        {"partner": name, "amount": PRICE, "reference": name, "credit": credit}
        for credit in (PRICE, NOTHING)
    ]
    return {
        "invoice_voided": _without(voids, "partner"),
        "voided": _without(voids, "period", "reason"),
        "voiding": [
            {**one, "settled": settled, "changed": changed}
            for one in _without(voids, "period", "note", "restored")
            for settled, changed in ((NOTHING, False), (PRICE, True))
        ],
        "reissued": [
            {**anew, "owed": owed, "due_on": DAY, "last_on": DAY} for owed in (PRICE, NOTHING)
        ],
        "payment_reversed": _without(gone, "partner"),
        "reversed": gone,
        "reversal": [{**one, "changed": changed} for one in gone for changed in (True, False)],
        "credit_given": _without(gifts, "partner"),
        "given": _without(gifts, "reason"),
        "refunded": _without(refunds, "partner"),
        "paid_back": refunds,
        "approval": approvals(name),
    }
