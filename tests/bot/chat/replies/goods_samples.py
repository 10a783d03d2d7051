"""Facts about the partners' own customers, pairing, and many instances at once."""

from __future__ import annotations

from tests.bot.chat.replies.samples import AT, DAY, MARCH, NOTHING, PRICE, Facts

REFUSALS: dict[str, list[Facts]] = {
    "customer_unnamed": [{"instance": "NAME"}],
    "phone_unclear": [{"wanted": "NAME"}],
}


def customers(name: str) -> list[Facts | None]:
    return [
        {"name": name, "price": PRICE, "paid_until": DAY},
        {"name": name, "price": None, "paid_until": None},
        None,
    ]


def margins(name: str, many: int) -> list[Facts]:
    row = {"id": "K7Q2M", "name": name, "state": "active", "customer": name}
    rows = [
        {**row, "cost": PRICE, "earned": PRICE, "margin": -PRICE},
        {**row, "customer": None, "cost": NOTHING, "earned": None, "margin": None},
    ]
    charged = {"id": "K7Q2M", "instance": name, "name": name, "price": PRICE, "paid_until": DAY}
    facts = {
        "month": MARCH,
        "in_days": False,
        "cost": PRICE,
        "earned": PRICE,
        "left": NOTHING,
        "unknown": many,
        "page": 1,
        "pages": 2,
        "rows": rows * 5,
        "to_charge": [charged, {**charged, "price": None}] * 4,
        "more": many,
    }
    quiet = {**facts, "unknown": 0, "pages": 1, "to_charge": [], "more": 0}
    return [facts, {**quiet, "in_days": True}, {**quiet, "rows": []}]


def pairings(name: str) -> list[Facts]:
    facts = {
        "id": "K7Q2M",
        "name": name,
        "state": "awaited",
        "by": "qr",
        "nth": 1,
        "most": 3,
        "until": AT,
        "keys": ["pairing:x"],
        "secrets": ["AB12-CD34"],
    }
    by_code = {**facts, "by": "code", "most": 1}
    ended = [{**facts, "state": state} for state in ("connected", "refused", "over")]
    return [{**facts, "nth": 0}, facts, by_code, {**by_code, "secrets": [None]}, *ended]


def bulks(name: str, many: int) -> list[Facts]:
    used_up = {"allowed": 25, "created": 25, "asked": 1, "next_tier": "second"}
    refused = [
        {"name": name, "code": "name_taken", "facts": {"name": name, "instance": "K7Q2M"}},
        *[{"name": name, "code": "token_used_up", "facts": used_up}] * 3,
        {"name": "", "code": "words_missing", "facts": {"command": "customer", "missing": "name"}},
    ]
    facts = {"count": 12, "names": [name] * 10, "left": 3, "refused": refused * 6, "more": many}
    none = {**facts, "count": 0, "names": []}
    clean = {**facts, "left": None, "refused": [], "more": 0}
    return [
        {**some, "operation": operation}
        for operation in ("create", "customer")
        for some in (facts, none, clean)
    ]


def goods(name: str, many: int) -> dict[str, list[Facts]]:
    about = {"id": "K7Q2M", "name": name}
    return {
        "customer": [
            {**about, "customer": customer, "to_charge": customer is not None}
            for customer in customers(name)
        ],
        "margin": margins(name, many),
        "pairing": pairings(name),
        "bulk": [
            {**one, "changed": changed} for one in bulks(name, many) for changed in (True, False)
        ],
        "bulk_done": [
            one for one in bulks(name, many) if one["refused"] or one["operation"] == "customer"
        ],
    }


def questions(name: str) -> list[Facts]:
    return [
        *(
            {"what": what, "group": group, "count": 3}
            for what in ("customer", "pair")
            for group in (True, False)
        ),
        *_whose(name),
    ]


def _whose(name: str) -> list[Facts]:
    return [
        {"what": "customer_of", "group": group, "name": name, "customer": customer}
        for group in (True, False)
        for customer in customers(name)
    ]
