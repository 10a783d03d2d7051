"""Facts about files, and about what goes with them."""

from __future__ import annotations

from bot.chat.replies.documents import CAPTIONS
from tests.bot.chat.replies.samples import AT, DAY, MARCH, NOTHING, NUMBER, PRICE, Facts

REFUSALS: dict[str, list[Facts]] = {
    "company_refused": [
        {"field": "tax_id", "why": why, "most": 120}
        for why in ("empty", "too_long", "control", "digits", "email")
    ],
    "company_unclear": [{"wanted": "NAME"}],
}


def company(name: str) -> list[Facts]:
    told = {"legal_name": name, "tax_id": name[:32], "address": name * 3, "email": name}
    nothing = dict.fromkeys(told)
    return [
        {"partner": name, "changed": True, **told},
        {"partner": name, "changed": False, **nothing},
    ]


def statement(name: str, many: int) -> list[Facts]:
    kinds = ("invoice_issued", "credit_used", "payment_booked", "payment_reversed")
    of_days = (
        "days_credited",
        "days_granted",
        "days_taken_back",
        "days_allocated",
        "days_returned",
    )
    row = {"on": DAY, "reference": NUMBER, "name": name}
    rows = [
        {**row, "kind": kind, "amount": PRICE, "gross": PRICE, "balance": amount}
        for kind in (*kinds, "invoice_voided", "credit_given", "refunded")
        for amount in (PRICE, -PRICE, NOTHING)
    ]
    days = [
        {**row, "kind": kind, "amount": amount, "gross": 30, "balance": 30}
        for kind in of_days
        for amount in (30, -30)
    ]
    money = {"opening": -PRICE, "closing": PRICE, "rows": rows, "before": many}
    none = {"opening": NOTHING, "closing": NOTHING, "rows": [], "before": 0}
    in_days = {"opening": 0, "closing": 30, "rows": days, "before": 0}
    about = {"partner": name, "month": MARCH}
    return [
        {**about, "money": money, "days": in_days},
        {**about, "money": none, "days": None},
    ]


def receipts(name: str) -> dict[str, list[Facts]]:
    about = {"partner": name, "number": NUMBER}
    card = {
        **about,
        "receipt": "x" * 22,
        "person": name,
        "owed": PRICE,
        "due_on": DAY,
        "nth": 1,
        "sent_at": AT,
        "said": "",
        "state": "waiting",
        "reason": None,
        "decided_by": None,
        "decided_at": None,
        "claimed_by": None,
        "claimed_at": None,
    }
    decided = {**card, "owed": NOTHING, "decided_by": name, "decided_at": AT, "nth": 3}
    return {
        "staff_receipt": [
            card,
            {**card, "said": name},
            {
                **card,
                "more": [{"person": name, "sent_at": AT, "said": said} for said in (name, "")],
            },
            {**card, "claimed_by": name, "claimed_at": AT},
            {**decided, "state": "booked"},
            {**decided, "state": "declined", "reason": name},
            {**decided, "state": "closed", "decided_by": None},
        ],
        "receipt_file": [{**about, "copies": [1, 2]}],
        "receipt_sent": [{"number": NUMBER, "owed": PRICE}],
        "receipt_which": [{"count": 1}, {"count": 7}],
        "receipt_declined": [
            {"number": NUMBER, "owed": owed, "reason": name} for owed in (PRICE, NOTHING)
        ],
    }


def documents(name: str, many: int) -> dict[str, list[Facts]]:
    about = {"number": NUMBER, "month": MARCH, "partner": name}
    return {
        "document": [{"document": {"what": what, **about}} for what in CAPTIONS],
        "company": company(name),
        "company_asking": [
            {"changes": [{"field": "legal_name", "before": before, "after": after}]}
            for before, after in ((name, name), (name, None))
        ],
        "statement": statement(name, many),
        **receipts(name),
    }


def questions(name: str) -> list[Facts]:
    decline = {"what": "receipt_decline", "partner": name, "number": NUMBER}
    company = [
        {"what": "company_field", "group": False, "field": field, "present": present, **of}
        for field in ("legal_name", "tax_id", "address", "email")
        for present in (name, None)
        for of in ({"currency": "BRL"}, {"currency": "USD"})
    ]
    return [*company, *({**decline, "group": group} for group in (True, False))]
