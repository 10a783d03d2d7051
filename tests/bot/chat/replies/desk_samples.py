"""Facts of what staff see, and of short confirmations."""

from __future__ import annotations

from bot.chat.commands import TABLE
from bot.chat.replies.manual import MANUALS
from tests.bot.chat.replies import (
    corrections_samples,
    days_samples,
    document_samples,
    explaining_samples,
    goods_samples,
    staff_samples,
    support_samples,
    team_samples,
)
from tests.bot.chat.replies.account_samples import STATES, account, event
from tests.bot.chat.replies.books_samples import books
from tests.bot.chat.replies.card_samples import card_payments
from tests.bot.chat.replies.comparing_samples import comparing
from tests.bot.chat.replies.days_samples import days
from tests.bot.chat.replies.import_samples import imports
from tests.bot.chat.replies.platform_samples import platforms
from tests.bot.chat.replies.samples import (
    AT,
    DAY,
    MARCH,
    NOTHING,
    NUMBER,
    PRICE,
    ZONE,
    Facts,
    enrolment,
    invoice_row,
    money,
    notice_of_invoice,
    notices,
    progress,
    tokens,
)
from tests.bot.chat.replies.staff_samples import claim
from tests.bot.chat.replies.terms_samples import farewells, terms


def standing(name: str) -> list[Facts]:
    return [
        notice_of_invoice(partner=name, state=state, held_until=DAY, by=by)
        for state in ("due", "held", "paid", "void")
        for by in (name, "")
    ]


def warnings(name: str, many: int) -> dict[str, list[Facts]]:
    task = {"id": "K7Q2M", "name": name, "partner": name, "trial_ends_at": AT, **claim(None)}
    request = {
        "partner": name,
        "tier": "second",
        "created": 25,
        "granted": None,
        "decided_by": None,
        "created_at": AT,
        "decided_at": AT,
        "reason": "",
        **claim(None),
    }
    return {
        "platform_trouble": [
            {
                "operation": "create",
                "instance": "K7Q2M",
                "name": name,
                "partner": name,
                "why": name,
            }
        ],
        "staff_deleted": [
            {"partner": name, "number": NUMBER, "owed": PRICE, "count": count} for count in (1, 50)
        ],
        "staff_overdue": standing(name),
        "staff_deletions": [
            {"day": DAY, "invoices": [{**row, "deleted": deleted}] * 20}
            for row in standing(name)
            for deleted in (0, 3)
        ],
        "staff_unreachable": [
            {"partner": name, "person": name, "why": name, "notice": "trial_24h", "instead": other}
            for other in (None, name)
        ],
        "staff_nobody_linked": [{"partner": name, "delete_at": AT}],
        "staff_clock_jumped": [{"hours": -7}],
        **books(name),
        "staff_delete_task": [
            {**task, **claim(by), "state": state, "by": by}
            for state in ("stopped", "deleted")
            for by in ("", name)
        ],
        "staff_unreadable": [{"update_id": 7, "why": name}],
        "staff_closing": [
            {"done": done, "of": 10_000, "over": over}
            for done, over in ((3_000, False), (9_999, True), (10_000, True))
        ],
        "staff_due_failed": [{"key": name, "why": name}],
        "token_request": [
            request,
            {**request, "granted": True, "decided_by": name},
            {**request, "granted": False, "decided_by": name},
            {**request, "granted": False, "decided_by": name, "reason": name},
            {**request, **claim(name)},
        ],
    }


def partner(name: str, many: int) -> list[Facts]:
    facts = {
        "id": "K7Q2M",
        "partner": name,
        "legal_name": None,
        "tax_id": None,
        "programme": "integrator",
        "version": 1,
        "zone": ZONE,
        "since": AT,
        "frozen_at": None,
        "frozen_reason": None,
        "stopped_at": None,
        "members": [{"user_id": 7001, "name": "", "role": "owner", "blocked": False}],
        "counts": {},
        "unpaid": [],
        "credit": NOTHING,
        "old_credit": [],
        "tier": None,
        "created": 0,
        "allowed": None,
        "request": None,
        "move": None,
        "left_at": None,
        "days": None,
    }
    member = {"user_id": 7001, "name": name, "role": "manager", "blocked": True}
    return [
        facts,
        {**facts, "tier": "definitive"},
        {
            **facts,
            "frozen_at": AT,
            "frozen_reason": name,
            "stopped_at": AT,
            "members": [member] * many,
            "counts": dict.fromkeys(STATES, 50),
            "unpaid": [invoice_row()] * many,
            "credit": PRICE,
            "old_credit": [PRICE],
            "tier": "first",
            "allowed": 25,
            "request": "second",
            "move": {"programme": "days", "version": 2, "at": AT},
            "left_at": AT,
            "days": days_samples.balance(),
        },
    ]


def figures(name: str, many: int) -> dict[str, list[Facts]]:
    report = {
        "month": MARCH,
        "zone": ZONE,
        "invoices": 3,
        "invoiced": [PRICE],
        "received": [],
        "by_card": [PRICE] if many else [],
        "owed": [PRICE],
        **dict.fromkeys(("created", "converted", "subscribed", "cancelled", "deleted"), 5),
        "running": 1000,
    }
    rows = [
        {"partner": name, "lines": 51, "total": PRICE, "before": before}
        for before in (NOTHING, PRICE)
    ]
    totals = [{"total": PRICE, "before": NOTHING, "partners": 2}]
    told = [event(name, f"admin:1 {name}"), {**event(name), "amount": PRICE, "outcome": "denied"}]
    return {
        "report": [report],
        "dryrun": [
            {"month": MARCH, "when": when, **drawn}
            for when in ("open", "closed", "later")
            for drawn in (
                {"rows": rows * many, "more": 5, "totals": totals},
                {"rows": [], "more": 0, "totals": []},
            )
        ],
        "audit": [
            {"wanted": wanted, "zone": ZONE, "rows": found}
            for wanted in (None, name)
            for found in ([], told * 10, kept(name))
        ],
    }


def kept(name: str) -> list[Facts]:
    """Return rows of the audit with each sort of value that is written down."""
    values = (
        ("", "trial"), ("5990", "from 2026-03-10, first for 2026-04"), ("due: why not", "void"),
        ("Zé; 4000 BRL; until 2026-03-09", "-"), ("7001 trials on", "7001 trials off"),
        ("tax_id: 12.345.678/0001-95; address: " + "a word " * 20, "x" * 90),
        ("Padaria migrate=yes", "approved: integrator v3"), ("on", "off"),
    )  # fmt: skip
    rows = [
        {**event(name), "action": "price", "before": before, "after": after, "amount": PRICE}
        for before, after in values
    ]
    actors = ("clock", "platform", "person:7 ", f"owner:7 {name} for P1AAA", "stripe")
    rows += [{**event(name), "actor": actor, "kind": "token", "name": None} for actor in actors]
    undone = {**event(name), "action": "undo", "before": "hold", "after": "update:7"}
    return [*rows, {**undone, "kind": "invoice", "name": name}, {**event(name), "kind": "desk"}]


def sayings(name: str) -> list[Facts]:
    granted = {"what": "granted", "partner": name}
    return [
        {"what": "month_to_come", "month": MARCH},
        *({"what": what} for what in ("question_left", "question_closed", "nothing_asked")),
        *({"what": "question_of", "person": person} for person in (name, "")),
        *({"what": what} for what in ("edited", "forwarded")),
        *({"what": what} for what in ("write_as_yourself", "no_files", "resumed")),
        {"what": "nothing_to_show"},
        {"what": "receipt_declined"},
        {"what": "bound", "again": True},
        {"what": "bound", "again": False},
        {"what": "renamed", "id": "K7Q2M", "before": name, "name": name},
        {"what": "spoken", "language": "pt_BR"},
        {"what": "zone_set", "zone": ZONE},
        {"what": "token_requested", "tier": "second"},
        {
            "what": "hold_set",
            "number": NUMBER,
            "partner": name,
            "until": DAY,
            "reason": name,
            "owed": PRICE,
            "delete_on": DAY,
        },
        {**granted, "tier": "definitive", "allowed": None},
        {**granted, "tier": "second", "allowed": 25},
        {"what": "request_refused", "partner": name},
        {"what": "frozen", "partner": name, "reason": name},
        {"what": "unfrozen", "partner": name},
        {"what": "halted", "reason": name},
        {"what": "staff_set", "user_id": 7, "person": name, "role": "support"},
        {"what": "staff_set", "user_id": 7, "person": "", "role": "support"},
        {"what": "staff_set", "user_id": 7, "person": "", "role": None},
        {"what": "deletion_done", "id": "K7Q2M", "name": name},
        {"what": "by_hand_done", "id": "K7Q2M", "name": name},
        {"what": "declined", "company": name},
        {"what": "mistake", "reference": "12345"},
        *corrections_samples.sayings(name),
        *team_samples.sayings(name),
        *support_samples.sayings(name),
    ]


def desk(name: str, many: int) -> dict[str, list[Facts]]:
    booked = {
        "number": NUMBER,
        "partner": name,
        "amount": PRICE,
        "reference": name,
        "owed": PRICE,
        "credit": PRICE,
        "also": [],
        "restored": [name] * many,
    }
    also = [{"number": NUMBER, "owed": left} for left in (NOTHING, PRICE)]
    commands = [command.name for command in TABLE]
    return {
        **warnings(name, many),
        **figures(name, many),
        "partner": partner(name, many),
        "partner_choice": [{"wanted": name, "partners": [{"id": "K7Q2M", "name": name}] * 20}],
        "person_choice": [
            {"wanted": name, "people": [{"user_id": 7001, "name": who, "role": role}] * 8}
            for who, role in ((name, "admin"), ("", None))
        ],
        "instance_choice": [
            {
                "wanted": name,
                "instances": [{"id": "K7Q2M", "name": name, "partner": name}] * many,
            }
        ],
        "paid_again": [{key: booked[key] for key in ("number", "partner", "amount", "reference")}],
        "booked": [
            booked,
            {**booked, "owed": NOTHING, "credit": NOTHING, "restored": [], "also": also},
            {**booked, "owed": NOTHING},
        ],
        "staff_list": [{"staff": [{"user_id": 7, "name": name, "role": "admin"}] * many}],
        "said": sayings(name),
        "staff_greeting": [
            {"role": "admin", "here": here, "bound": bound}
            for here, bound in ((True, True), (False, True), (False, False))
        ],
        "bind_hint": [
            *({"first": first, "leaves": None} for first in (True, False)),
            *({"first": False, "leaves": when} for when in ("now", "later")),
        ],
        "help": [
            {"commands": commands, "who": who, "in_days": in_days}
            for who in ("stranger", "partner", "staff", "staff_private")
            for in_days in (False, True)
        ],
        "help_command": [
            {"command": command, "aliases": ["criar"] if command == "new" else []}
            for command in MANUALS
        ],
    }


def samples(name: str = "Loja", many: int = 3) -> dict[str, list[Facts]]:
    """Return facts by kind; persons and companies are called `name`, lists have `many` rows."""
    return {
        "progress": progress(name, many),
        **notices(name, many),
        **enrolment(name),
        **tokens(name, many),
        **money(name, many),
        **account(name, many),
        **desk(name, many),
        **platforms(name),
        **comparing(name),
        **card_payments(name),
        **terms(name),
        **farewells(name, many),
        **imports(name, many),
        **days(name, many),
        **corrections_samples.corrections(name, many),
        **explaining_samples.explaining(name, many),
        **staff_samples.staff(name, many),
        **document_samples.documents(name, many),
        **team_samples.team(name, many),
        **support_samples.support(name, many),
        **goods_samples.goods(name, many),
    }
