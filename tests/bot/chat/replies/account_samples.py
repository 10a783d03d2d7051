"""Facts of what a partner looks at and is asked."""

from __future__ import annotations

from tests.bot.chat.replies import (
    corrections_samples,
    days_samples,
    document_samples,
    goods_samples,
    support_samples,
)
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
    unpaid = {
        "number": NUMBER,
        "owed": PRICE,
        "due_on": DAY,
        "last_on": DAY,
        "held_until": DAY,
    }
    coming = {"month": MARCH, "lines": 0, "total": None, "invoiced_on": DAY, "due_on": DAY}
    empty = {
        "partner": name,
        "programme": "integrator",
        "zone": ZONE,
        "frozen": False,
        "frozen_reason": None,
        "stopped_at": None,
        "left_at": None,
        "counts": {},
        "unpaid": [],
        "owed": NOTHING,
        "credit": NOTHING,
        "old_credit": [],
        "next": coming,
        "created": 0,
        "allowed": None,
        "next_trial_end": None,
        "days": None,
    }
    full = {
        **empty,
        "frozen": True,
        "frozen_reason": name,
        "stopped_at": AT,
        "left_at": AT,
        "counts": dict.fromkeys(STATES, 50),
        "unpaid": [unpaid] * many,
        "owed": PRICE,
        "credit": PRICE,
        "old_credit": [PRICE],
        "next": {**coming, "lines": 51, "total": PRICE},
        "allowed": 25,
        "next_trial_end": AT,
        "days": days_samples.balance(limit=300),
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
            "settlement": "days" if number % 2 else "postpaid",
            "active_until": AT,
            "auto": 30 if number % 2 else None,
            "customer": name if number % 2 else None,
            "connected": (None, True, False)[number % 3],
            "link_since": AT if number % 2 else None,
        }
        for number, state in enumerate(STATES, start=1)
    ]
    facts = {"filter": "all", "page": 1, "pages": 2, "total": 12, "zone": ZONE, "items": items}
    facts |= {"may_begin": True, "unpaid_stopped": 2, "deleted": 2}
    none = {**facts, "total": 0, "items": []}
    barred = {**none, "may_begin": False}
    return [
        facts,
        {**facts, "pages": 1},
        none,
        barred,
        {**none, "filter": "unpaid"},
        {**facts, "filter": "stopped"},
        {**facts, "filter": "ended"},
        {**none, "filter": "ended"},
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
            "link_since": until,
            "has_secret": False,
            "zone": ZONE,
            "created_at": AT,
            "trial_ends_at": AT,
            **{f"{happened}_at": AT if price else None for happened in dates},
            "service_ends_at": AT if price else None,
            "billable_until": None,
            "settlement": "days" if price is None else "postpaid",
            "active_until": until,
            "auto": 30 if until else None,
            "returning": 12,
            "customer": customer,
            "history": [event(name, actor) for actor in actors] if price else [],
        }
        for until in (AT, None)
        for state in STATES
        for price, connected, customer in (
            (PRICE, True, goods_samples.customers(name)[0]),
            (None, None, None),
            (PRICE, False, None),
        )
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
            "settlement": "postpaid" if subscribed else "days",
            "returning": 0,
            "to_bill": PRICE if subscribed else NOTHING,
        }

    # Where every month of service is billed, the last one may be later than this one.
    later = {**item("cancel", subscribed=True), "last_month": MARCH.plus(1)}
    found = [
        {
            "operation": operation,
            "changed": count > 1,
            "runs_on": AT if count == 1 else None,
            "month": MARCH,
            "invoiced_on": DAY,
            "due_on": DAY,
            "total": PRICE,
            "to_bill": PRICE if subscribed else NOTHING,
            "months": [MARCH, MARCH.plus(1)] if subscribed else [],
            "returning": 0,
            "zone": zone,
            "items": [item(operation, subscribed=subscribed)] * count,
            "refused": refused(name) if count > 1 else [],
        }
        for operation in ("subscribe", "cancel", "keep", "delete")
        for count in (1, many)
        for subscribed in (True, False)
        for zone in (ZONE, "Asia/Tokyo")
    ]
    back = {**item("delete", subscribed=False), "before": "active", "returning": 17}
    none = {**back, "returning": 0}
    return [
        *found,
        {**found[0], "operation": "cancel", "items": [later]},
        {**found[-1], "items": [none]},
        *({**found[-1], "items": [back] * count, "returning": 17 * count} for count in (1, many)),
    ]


def questions(name: str) -> list[Facts]:
    whats = (
        *("new", "apply", "apply_edit", "show", "subscribe", "cancel", "keep", "delete", "rename"),
        *("rename_to", "invoice", "pay", "decline", "paid", "hold", "freeze", "halt", "partner"),
        *corrections_samples.QUESTIONS,
        *(
            "price",
            "broadcast",
            "programme",
            "import",
            "unfreeze",
            "grant",
            "language",
            "timezone",
            "dryrun",
            "report",
            "bind",
            "staff",
        ),
    )
    known = [
        {"what": what, "group": True, "number": NUMBER, "partner": name, "known": name}
        for what in (
            *("paid", "hold", "credit", "refund", "token_decline"),
            *("price", "broadcast"),
        )
    ]
    about = {"name": name, "company": name, "number": NUMBER, "partner": name}
    about |= {"amount": PRICE, "reference": name}
    return [
        *known,
        {"what": "whatif", "group": True, "whose": True},
        *days_samples.questions(name),
        *(
            {"what": what, "group": group, **facts}
            for what in whats
            for group, facts in ((False, about), (True, {}))
        ),
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
        "ask": [
            *questions(name),
            *document_samples.questions(name),
            *support_samples.asked(name),
            *goods_samples.questions(name),
            {"what": "adopt", "group": True, "name": name},
        ],
        "was_deleted": [{"id": "K7Q2M", "name": name, "deleted_at": AT}],
        "did_you_mean": [
            {**near, "what": what, "near": found}
            for what in ("command", "instance", "ambiguous", "timezone")
            for found in ([name], [])
        ],
        "not_understood": [{}],
        "perhaps_answered": [{"asked": {"what": "support"}, "words": name}],
        "language": [
            {"language": "en", "wanted": ""},
            {"language": "pt-br", "wanted": name},
        ],
        "timezone": [{"zone": ZONE}],
    }
