"""Facts about what is brought in from another system, and about codes for owners."""

from __future__ import annotations

from tests.bot.chat.replies.samples import AT, DAY, MARCH, PRICE, SECRET, Facts

CODE = SECRET[:22]
REFUSALS: dict[str, list[Facts]] = {
    "import_refused": [
        {"why": why, "wanted": "NAME"}
        for why in (
            *("partner_missing", "several", "programme_missing", "programme_differs"),
            *("balance_known", "instance_missing", "id_form", "id_taken", "nothing"),
        )
    ],
    "adoption_refused": [
        {"why": why, "name": "NAME"}
        for why in ("paid_until_missing", "paid_until_past", "not_monthly", "chosen")
    ],
    "table_unclear": [
        {"why": why, "most": 500}
        for why in ("empty", "too_many", "columns", "statement", "amounts")
    ],
    "cell_unclear": [{"column": column, "wanted": "NAME"} for column in ("migrate", "origin")],
    "file_refused": [{"why": why} for why in ("too_big", "not_fetched", "no_text")],
    "code_refused": [{}],
}


def imports(name: str, many: int) -> dict[str, list[Facts]]:
    row = {
        "line": 1,
        "partner": name,
        "made": True,
        "programme": "integrator",
        "name": name,
        "id": "K7Q2M",
        "monthly": True,
        "billed_from": MARCH,
        "paid_until": DAY,
        "price": PRICE,
        "credit": PRICE,
        "days": 0,
        "waits": True,
        "refusal": None,
    }
    prepaid = {**row, "monthly": False, "billed_from": None, "days": 90, "credit": None, "id": ""}
    bare = {**prepaid, "name": "", "made": False, "price": None, "days": 0, "waits": False}
    refusal = {"code": "import_refused", "facts": {"why": "nothing", "wanted": name}}
    rows = [
        row,
        {**row, "billed_from": None},
        prepaid,
        bare,
        {**bare, "refusal": refusal},
        {**row, "refusal": refusal},
    ]
    told = {"rows": rows * many, "more": 5, "partners": 2, "instances": 1, "refused": 1}
    few = {"rows": [row], "more": 0, "partners": 1, "instances": 2, "refused": 0}
    codes = {"keys": ["owner:1"] * many, "owners": [name] * many, "secrets": [CODE] * many}
    none = {"keys": [], "owners": [], "secrets": [], "more_owners": 0, "ends_at": None}
    linked = {"partner": name, "person": name, "role": "owner"}
    return {
        "import": [{**told, "changed": True}, {**few, "changed": False}],
        "imported": [{**told, **codes, "more_owners": 3, "ends_at": AT}, {**few, **none}],
        "owner_code": [
            {"partner": name, "keys": ["owner:1"], "secrets": [secret], "ends_at": AT}
            for secret in (CODE, None)
        ],
        "linked": [{**linked, "you": you} for you in (True, False)],
        "staff_linked": [{**linked, "user_id": 7001}],
    }
