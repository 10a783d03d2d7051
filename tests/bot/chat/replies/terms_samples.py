"""Facts about a partner's terms: prices, moves, leaving."""

from __future__ import annotations

from tests.bot.chat.replies.samples import AT, DAY, MARCH, NOTHING, NUMBER, PRICE, ZONE, Facts

DONE_BEFORE = [
    {"action": "price", "partner": "NAME", "price": PRICE, "month": MARCH},
    {"action": "move_taken_back", "partner": "NAME"},
    {"action": "leave", "since": AT},
    *(
        {"action": "programme", "partner": "NAME", "programme": "days v1", "waits": waits}
        for waits in (True, False)
    ),
]
MOVES_REFUSED = [
    {"why": "unpaid", "numbers": [NUMBER]},
    {"why": "unpaid", "numbers": [NUMBER] * 30},
    {"why": "credit", "credit": PRICE},
    {"why": "days", "days": 30},
    {"why": "to_bill", "count": 5},
    {"why": "settlement", "count": 1},
]
REFUSALS: dict[str, list[Facts]] = {
    "month_closed": [{"month": MARCH, "earliest": DAY}],
    "move_refused": MOVES_REFUSED,
    "partner_left": [{"since": AT}],
}


def terms(name: str) -> dict[str, list[Facts]]:
    price = {"price": PRICE, "since": DAY, "first": MARCH, "invoiced_on": DAY}
    move = {"programme": "days", "version": 2}
    told = {
        **move,
        "on": DAY,
        "was": "integrator",
        "prices": [PRICE] * 3,
        "agreed": None,
        "zone": ZONE,
    }
    waits = {"partner": name, "was": "integrator", "was_version": 1, **move, "on": DAY}
    return {
        "agreed": [
            {"partner": name, **price, "daily": daily, "since": since}
            for daily in (True, False)
            for since in (DAY, MARCH.day(1))
        ],
        "price_agreed": [{**price, "daily": daily} for daily in (True, False)],
        "moving": [{**waits, "instead_of": before} for before in (None, "integrator 2")],
        "move_planned": [told, {**told, "prices": []}, {**told, "agreed": PRICE}],
        "moved": [told, {**told, "prices": []}, {**told, "agreed": PRICE}],
        "move_called_off": [told],
        "staff_move_refused": [
            {"partner": name, **move, "code": "move_refused", "facts": why} for why in MOVES_REFUSED
        ],
    }


def farewells(name: str, many: int) -> dict[str, list[Facts]]:
    money = {
        "last": MARCH,
        "invoiced_on": DAY,
        "bill": PRICE,
        "credit": PRICE,
        "left": PRICE,
        "unpaid": PRICE,
        "days": 30,
    }
    none = {**money, "last": None, "left": NOTHING, "unpaid": NOTHING, "days": 0}
    row = {"id": "K7Q2M", "name": name, "state": "active", "ends_at": AT, "returns": 0}
    rows = [row, *[{**row, "returns": 17}] * (many - 1)]
    endless = [{**rows[0], "state": "creating", "ends_at": None}]
    asked = {"partner": name, "changed": True, "zone": ZONE, **money}
    done = [
        {"partner": name, "cancelled": many, "deleted": 1, **money},
        {"partner": name, "cancelled": 0, "deleted": 0, **none},
    ]
    return {
        "farewell": [
            {**asked, "cancelled": rows, "deleted": rows, "ending": rows + endless},
            {**asked, **none, "changed": False, "cancelled": [], "deleted": [], "ending": []},
        ],
        "farewell_done": done,
        "partnership_ended": done,
        "staff_left": done,
    }
