"""Facts of what a partner looks at and is asked."""

from __future__ import annotations

from tests.bot.chat.replies.refusal_samples import REFUSALS, refusal_facts
from tests.bot.chat.replies.samples import AT, DAY, MARCH, NOTHING, NUMBER, PRICE, ZONE, Facts

STATES = (
    "creating",
    "trial",
    "stopped",
    "active",
    "cancelled",
    "overdue",
    "ended",
    "deleted",
    "failed",
)


def home(name: str, many: int) -> list[Facts]:
    unpaid = {"number": NUMBER, "owed": PRICE, "due_on": DAY, "last_on": DAY}
    coming = {"month": MARCH, "lines": 0, "total": None, "invoiced_on": DAY, "due_on": DAY}
    empty = {
        "partner": name,
        "programme": "integrator",
        "zone": ZONE,
        "frozen": False,
        "frozen_reason": None,
        "stopped_at": None,
        "counts": {},
        "unpaid": [],
        "owed": NOTHING,
        "credit": NOTHING,
        "next": coming,
        "created": 0,
        "allowed": None,
        "next_trial_end": None,
    }
    full = {
        **empty,
        "frozen": True,
        "frozen_reason": name,
        "stopped_at": AT,
        "counts": dict.fromkeys(STATES, 50),
        "unpaid": [unpaid] * many,
        "owed": PRICE,
        "credit": PRICE,
        "next": {**coming, "lines": 51, "total": PRICE},
        "allowed": 25,
        "next_trial_end": AT,
    }
    stopped = [
        {**full, "counts": {state: 2}, "unpaid": [unpaid], "frozen": False}
        for state in ("overdue", "trial", "deleted")
    ]
    gone = {**empty, "counts": {"deleted": 2}}
    return [empty, full, gone, *stopped, {**full, "unpaid": []}]


def listing(name: str) -> list[Facts]:
    items = [
        {
            "number": number,
            "id": "K7Q2M",
            "name": name,
            "state": state,
            "trial_ends_at": AT if state == "trial" else None,
            "service_ends_at": AT if state == "cancelled" else None,
        }
        for number, state in enumerate(STATES, start=1)
    ]
    facts = {"filter": "all", "page": 1, "pages": 2, "total": 12, "zone": ZONE, "items": items}
    facts |= {"may_begin": True, "unpaid_stopped": 2}
    none = {**facts, "total": 0, "items": []}
    barred = {**none, "may_begin": False}
    return [
        facts,
        {**facts, "pages": 1},
        none,
        barred,
        {**none, "filter": "unpaid"},
        {**facts, "filter": "stopped"},
    ]


def event(name: str, actor: str = "owner:7001 Ana") -> Facts:
    return {
        "at": AT,
        "actor": actor,
        "action": "cancel",
        "kind": "instance",
        "object": "K7Q2M",
        "before": name,
        "after": name,
        "amount": None,
        "outcome": "done",
    }


def instance(name: str) -> list[Facts]:
    actors = (f"owner:7001 {name}", "clock", "platform", "staff", "owner:7001")
    dates = ("subscribed", "cancelled", "stopped", "ended", "deleted")
    return [
        {
            "id": "K7Q2M",
            "name": name,
            "state": state,
            "price": price,
            "connected": connected,
            "has_secret": False,
            "zone": ZONE,
            "created_at": AT,
            "trial_ends_at": AT,
            **{f"{happened}_at": AT if price else None for happened in dates},
            "service_ends_at": AT if price else None,
            "billable_until": None,
            "history": [event(name, actor) for actor in actors] if price else [],
        }
        for state in STATES
        for price, connected in ((PRICE, True), (None, None), (PRICE, False))
    ]


def refused(name: str) -> list[Facts]:
    return [
        {"id": "K7Q2M", "name": name, "state": "trial", "code": code, "facts": facts}
        for code in REFUSALS
        for facts in refusal_facts(code, name)
    ]


def confirm(name: str, many: int) -> list[Facts]:
    def item(operation: str, *, subscribed: bool) -> Facts:
        return {
            "id": "K7Q2M",
            "name": name,
            "before": "trial",
            "after": "active",
            "price": PRICE,
            "trial_ends_at": AT,
            "subscribed": subscribed,
            "service_ends_at": AT if operation == "cancel" else None,
            "last_month": MARCH if subscribed else None,
        }

    # Where every month of service is billed, the last one may be later than this one.
    later = {**item("cancel", subscribed=True), "last_month": MARCH.plus(1)}
    found = [
        {
            "operation": operation,
            "changed": count > 1,
            "month": MARCH,
            "invoiced_on": DAY,
            "due_on": DAY,
            "total": PRICE,
            "zone": zone,
            "items": [item(operation, subscribed=subscribed)] * count,
            "refused": refused(name) if count > 1 else [],
        }
        for operation in ("subscribe", "cancel", "keep", "delete")
        for count in (1, many)
        for subscribed in (True, False)
        for zone in (ZONE, "Asia/Tokyo")
    ]
    return [*found, {**found[0], "operation": "cancel", "items": [later]}]


def questions(name: str) -> list[Facts]:
    whats = (
        *("new", "apply", "apply_edit", "show", "subscribe", "cancel", "keep", "delete", "rename"),
        *("rename_to", "invoice", "pay", "decline", "paid", "hold", "freeze", "halt", "partner"),
        *("unfreeze", "grant", "language", "timezone", "dryrun", "report", "bind", "staff"),
    )
    about = {"name": name, "company": name, "number": NUMBER, "partner": name}
    return [
        {"what": what, "group": group, **facts}
        for what in whats
        for group, facts in ((False, about), (True, {}))
    ]


def account(name: str, many: int) -> dict[str, list[Facts]]:
    near = {"wanted": name, "near": [name]}
    return {
        "home": home(name, many),
        "list": listing(name),
        "instance": instance(name),
        "confirm": confirm(name, many),
        "impossible": [
            {"operation": "cancel", "zone": ZONE, "refused": found}
            for found in (refused(name)[:1], refused(name))
        ],
        "refusal": [
            {"code": code, "facts": facts, "command": None}
            for code in REFUSALS
            for facts in refusal_facts(code, name)
        ],
        "ask": questions(name),
        "did_you_mean": [
            {**near, "what": what, "near": found}
            for what in ("command", "instance", "ambiguous", "timezone")
            for found in ([name], [])
        ],
        "language": [{"language": "en"}, {"language": "pt-br"}],
        "timezone": [{"zone": ZONE}],
    }
