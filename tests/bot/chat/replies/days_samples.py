"""Facts of days: bought, allocated, run out, and why not."""

from __future__ import annotations

from tests.bot.chat.replies.samples import AT, DAY, NOTHING, NOW, NUMBER, OVER, PRICE, Facts

DONE_BEFORE = [
    {"action": "buy", "request": "R", "days": 30, "requested_at": OVER, "promised_by": AT},
    *({"action": "day_request", "state": "void", "number": number} for number in (NUMBER, None)),
    {"action": "claim", "by": "NAME", "since": AT},
    {"action": "hand_over"},
    *({"action": "standing_order", "on": on} for on in (True, False)),
    *({"action": "day_limit", "limit": limit} for limit in (None, 300)),
    *({"action": "auto", "days": days} for days in (None, 30)),
]
HAVE = {"balance": 12, "possible": 12}
ARREARS = {"balance": -5, "possible": 295}
REFUSALS: dict[str, list[Facts]] = {
    "days_unclear": [
        {"wanted": "NAME", "why": why, "command": command, **have}
        for why, command, have in (
            ("form", "buy", HAVE),
            ("digits", "extend", ARREARS),
            ("ambiguous", "auto", HAVE),
            ("form", "limit", {}),
        )
    ],
    "day_count_refused": [
        {"why": why, "asked": "-5", "command": command, **have}
        for why in ("not_positive", "fractional", "too_many", "too_few", "too_far")
        for command, have in (("extend", HAVE), (None, ARREARS))
    ],
    "not_enough_days": [
        {"asked": 30, "limit": 0, **HAVE},
        {"asked": 300, "limit": 300, **ARREARS},
    ],
    "limit_refused": [{"why": why, "limit": -1} for why in ("negative", "unpaid", "too_many")],
    "long_enough": [{"active_until": AT}],
    "until_past": [{"until": DAY, "today": DAY}],
    "no_days": [{"programme": "integrator"}, {"programme": "integrator", "staff": True}],
    "buy_changed": [{}],
    "extension_changed": [{}],
    "too_many_requests": [{"waiting": 5, "most": 5}],
    "settled_otherwise": [
        {"action": "extend", "settlement": settlement}
        for settlement in ("postpaid", "card", "days")
    ],
}
STATES = ("waiting", "invoiced", "credited", "withdrawn", "void")


def questions(name: str) -> list[Facts]:
    base = {"group": False, "balance": 12, "count": 3}
    return [
        *({"what": what, **base} for what in ("buy", "extend", "auto", "auto_switch")),
        {"what": "buy", **base, "known": 75},
        *({"what": what, **base, "known": name} for what in ("extend", "auto")),
        *({"what": "extend_by", **base, "asks": asks} for asks in ("days", "date")),
        {"what": "limit", "group": True},
        {"what": "limit", "group": True, "partner": name},
    ]


def balance(**other: object) -> Facts:
    """Return what the cards of a partner tell of days."""
    return {
        "balance": 12,
        "limit": None,
        "held": 30,
        "low": True,
        "standing": True,
        "ends": [{"on": DAY, "count": 12}] * 3,
        "waiting": 2,
        **other,
    }


def card(name: str, many: int) -> list[Facts]:
    instance = {
        "id": "K7Q2M",
        "name": name,
        "state": "trial",
        "until": AT,
        "auto": 30,
        "short_at": AT,
    }
    movement = {"at": AT, "reference": name, "name": name, "days": -30, "balance": 12}
    movement["by_itself"] = False
    kinds = ("credited", "granted", "taken_back", "allocated", "returned")
    request = {"days": 2250, "channels": 75, "since": OVER, "by": NOW}
    unpaid = {"number": NUMBER, "days": 30, "owed": PRICE, "due_on": DAY}
    full = {
        "standing_ended": True,
        **balance(),
        "price": PRICE,
        "channel_days": 30,
        "pool_until": AT,
        "requests": [request] * 5,
        "unpaid": [unpaid] * many,
        "items": [instance, {**instance, "state": "active", "until": NOW, "auto": None}] * 10,
        "more": 30,
        "movements": [{**movement, "kind": f"days_{kind}"} for kind in kinds]
        + [{**movement, "kind": "days_allocated", "by_itself": True}]
        + [{**movement, "kind": "days_credited", "name": None}] * 5,
    }
    empty = balance(limit=0, held=0, low=False, standing=False, ends=[], waiting=0)
    lists: Facts = {key: [] for key in ("requests", "unpaid", "items", "movements")}
    bare = {**full, **empty, **lists, "standing_ended": False, "pool_until": None, "more": 0}
    return [full, bare]


def extensions(name: str, many: int) -> list[Facts]:
    item = {"id": "K7Q2M", "name": name, "state": "active", "days": 30, "active_until": AT}
    facts = {
        "changed": False,
        "form": "by",
        "days": 30,
        "date": None,
        "items": [item],
        "refused": [],
        "total": 30,
        "balance": 100,
        "limit": 0,
        "possible": 100,
        "left": 70,
        "lack": 0,
        "uncovered": [],
        "short": [],
    }
    refused = {"id": "K7Q2M", "name": name, "state": "active", "code": "long_enough"}
    several = {
        **facts,
        "changed": True,
        "items": [item] * many,
        "refused": [{**refused, "facts": {"active_until": AT}}] * many,
        "limit": 300,
        "short": [name] * many,
    }
    until = {**several, "form": "until", "days": None, "date": DAY}
    lacking = {**several, "lack": 20, "left": -20, "uncovered": [name] * many}
    return [facts, {**several, "form": "to"}, until, lacking]


def bought(name: str) -> dict[str, list[Facts]]:
    what = {"days": 2250, "channels": 75, "total": PRICE}
    by_days = {**what, "channels": None}
    quote = {
        **what,
        "changed": False,
        "channel_price": PRICE,
        "channel_days": 30,
        "balance": 0,
        "at_once": False,
        "by": AT,
    }
    asked = [
        {
            "id": "R",
            **what,
            "state": state,
            "requested_at": OVER,
            "promised_by": NOW,
            "claimed_by": person,
            "number": number,
        }
        for state in STATES
        for person, number in ((name, NUMBER), (None, None))
    ]
    request = [
        {**facts, "partner": name, "standing": facts["number"] is None, "claimed_at": AT}
        for facts in asked
    ]
    invoice = {"number": NUMBER, **what, "owed": PRICE, "due_on": DAY, "standing": False}
    return {
        "day_quote": [quote, {**quote, **by_days, "changed": True, "at_once": True}],
        "day_asked": asked,
        "day_request": request,
        "staff_day_request_soon": request,
        "staff_day_request_over": request,
        "day_invoice": [
            invoice,
            {**invoice, **by_days, "standing": True, "total": PRICE + PRICE},
            {**invoice, "owed": NOTHING},
        ],
        "days_credited": [
            {"number": NUMBER, "days": 2250, "balance": balance}
            for balance in (
                2250,
                -5,
            )
        ],
        "day_invoice_lapsed": [
            {"number": NUMBER, **what, "credit": credit} for credit in (PRICE, NOTHING)
        ],
        "notice_day_invoice_unpaid": [{"number": NUMBER, **what, "owed": PRICE, "due_on": DAY}],
    }


def run_out(name: str, many: int) -> dict[str, list[Facts]]:
    instance = {"id": "K7Q2M", "name": name, "active_until": AT, "auto": False}
    doomed = {"id": "K7Q2M", "name": name, "active_until": OVER, "delete_at": AT}
    few = [
        {"instances": found, "balance": have, "delete_days": 30}
        for found, have in (
            ([instance], 12),
            ([instance] * many, 0),
            ([{**instance, "auto": True}] * many, None),
        )
    ]
    deletion = [
        {"instances": found, "balance": have}
        for found, have in (([doomed], 12), ([doomed] * many, None))
    ]
    low = {"balance": 12, "running": 3, "days": 4}
    return {
        **dict.fromkeys(("notice_days_3d", "notice_days_1d", "notice_days_out"), few),
        **dict.fromkeys(("notice_days_deletion_7d", "notice_days_deletion_1d"), deletion),
        "notice_days_deleted": [
            *(
                {"instances": [{"id": "K7Q2M", "name": name, "deleted_at": AT}] * count}
                for count in (1, many)
            ),
            {"instances": [{"id": "K7Q2M", "name": name, "deleted_at": AT, "by_card": True}]},
        ],
        "notice_low_balance": [{**low, "limit": limit} for limit in (0, 300)],
    }


def days(name: str, many: int) -> dict[str, list[Facts]]:
    set_for = {"id": "K7Q2M", "name": name, "until": AT}
    why = {"id": "K7Q2M", "name": name, "state": "stopped", "code": "not_in_this_state"}
    refused = {**why, "facts": {"action": "auto", "state": "stopped"}}
    return {
        **bought(name),
        **run_out(name, many),
        "days": card(name, many),
        "day_extension": extensions(name, many),
        "preview_days": [balance(), balance(standing=False)],
        "whatif_more": [
            {"channels": count, "channel_days": 30, "days": 30 * count, "balance": -5}
            | {"channel_price": PRICE, "total": PRICE}
            for count in (1, many)
        ],
        "whatif_less": [{}],
        "standing_quote": [
            {"at": AT, "channels": 3, "days": 90, "total": PRICE},
            {"at": AT, "channels": 0, "days": 0, "total": None},
        ],
        "limit_agreed": [{"limit": limit, "balance": -5} for limit in (None, 0, 300)],
        "day_limit": [{"partner": name, "limit": limit, "balance": -5} for limit in (None, 0, 300)],
        "auto_set": [
            {"days": 30, "items": [set_for] * many, "refused": [refused]},
            {"days": None, "items": [{**set_for, "until": None}], "refused": []},
            {"days": None, "items": [], "refused": [refused] * many},
        ],
    }
