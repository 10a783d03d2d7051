"""Facts of every kind of message, as whoever says them gives them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from billing import catalogue
from billing.calendar import Month
from billing.money import Money
from billing.services.desk.settings import told

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
AT = datetime(2026, 3, 5, 12, tzinfo=UTC)
OVER = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 5)
PAST = date(2026, 3, 1)
MARCH = Month(2026, 3)
ZONE = "America/Sao_Paulo"
PRICE = Money(5990, "BRL")
NOTHING = Money(0, "BRL")
NUMBER = "INT-2026-00001"
SECRET = "pd_live_K7Q2M_" + "x" * 43

Facts = dict[str, Any]


def progress_item(name: str, at_platform: str = "done", why: str | None = None) -> Facts:
    return {
        "id": "K7Q2M",
        "name": name,
        "state": "trial",
        "settlement": "postpaid",
        "at_platform": at_platform,
        "queued_until": AT if at_platform == "queued" else None,
        "why": why,
        "trial_ends_at": AT,
        "service_ends_at": AT,
        "subscribed_at": None,
        "active_until": AT,
        "billable_until": None,
    }


def progress(name: str, many: int) -> list[Facts]:
    states = ("done", "waiting", "refused", "open", "void", "queued", "by_hand")
    facts = {"left": 7, "unlimited": False}
    found = [
        {"operation": operation, "items": [progress_item(name)] * count, **facts}
        for operation in ("create", "subscribe", "cancel", "keep", "delete", "extend")
        for count in (1, many, 50)
    ]
    words = [progress_item("Loja"), progress_item("Centro")]
    mixed = [progress_item(name, state, name) for state in states]
    none = [progress_item(name, "open")]
    refused = [progress_item(name, "refused", name)]
    by_days = [{**progress_item(name), "settlement": "days"}]
    return [
        *found,
        *(
            {"operation": "create", "items": items, "left": None, "unlimited": True}
            for items in (mixed, none, refused, by_days, words, mixed * 10, none * 50)
        ),
    ]


def invoice_row(**other: Any) -> Facts:
    return {
        "number": NUMBER,
        "period": MARCH,
        "total": PRICE,
        "owed": PRICE,
        "state": "due",
        "due_on": DAY,
        "last_on": DAY,
        "held_until": None,
        "kind": "monthly",
        "days": 0,
        "channels": None,
        "corrects": None,
        **other,
    }


def notice_of_invoice(**other: Any) -> Facts:
    return {
        "number": NUMBER,
        "period": MARCH,
        "total": PRICE,
        "owed": PRICE,
        "due_on": DAY,
        "last_on": DAY,
        "held_until": None,
        "delete_on": DAY,
        "delete_at": AT,
        "zone": ZONE,
        **other,
    }


def notices(name: str, many: int) -> dict[str, list[Facts]]:
    trial = {"id": "K7Q2M", "name": name, "trial_ends_at": AT}
    trials: list[Facts] = [
        {"instances": [trial] * count, "in_days": in_days}
        for count in (1, many)
        for in_days in (False, True)
    ]
    service = {"id": "K7Q2M", "name": name, "service_ends_at": AT}
    services: list[Facts] = [
        {"instances": [service] * count, "days": 10, "left": left}
        for count in (1, many)
        for left in (False, True)
    ]
    gone = {"id": "K7Q2M", "name": name, "deleted_at": AT}
    counts = {"lines": 1, "days": 0}
    reminder = notice_of_invoice(lines=51, days=0)
    used = notice_of_invoice(lines=3, days=93)
    elsewhere = notice_of_invoice(**counts, zone="Asia/Tokyo")
    paid = notice_of_invoice(**counts, owed=NOTHING)
    partly = notice_of_invoice(**counts, owed=Money(1, "BRL"))
    held = notice_of_invoice(**counts, held_until=DAY)
    reminders = ("due_soon", "due", "overdue", "issued")
    later = ("stop_soon", "last_day", "deletion_tomorrow")
    return {
        "notice_trial_24h": trials,
        "notice_trial_3h": trials,
        "notice_trial_ended": [*trials, {**trials[0], "instances": [{**trial, "delete_at": AT}]}],
        **{
            f"notice_{kind}_deleted": [{"instances": [gone] * count} for count in (1, many)]
            for kind in ("trial", "service")
        },
        **{
            f"notice_invoice_{kind}": [reminder, used, elsewhere, paid, partly, held]
            for kind in reminders
        },
        **{f"notice_{kind}": [reminder, elsewhere] for kind in later},
        "notice_stopped": [notice_of_invoice()],
        "notice_deleted": [notice_of_invoice(), notice_of_invoice(owed=NOTHING)],
        "notice_service_ends_soon": services,
        "notice_service_ended": services,
    }


def enrolment(name: str) -> dict[str, list[Facts]]:
    application = {
        "claimed_by": None,
        "claimed_at": None,
        "id": "K7Q2M",
        "company": name,
        "person": name,
        "user_id": 7001,
        "migrate": True,
        "state": "open",
        "programme": None,
        "reason": None,
        "decided_by": None,
        "decided_at": None,
        "created_at": AT,
        "choosing": False,
    }
    decided = {"decided_by": name, "decided_at": AT}
    approved = {
        "company": name,
        "programme": "integrator",
        "prices": [PRICE],
        "channel": None,
        "trial_hours": 48,
        "tier": "first",
        "allowed": 25,
        "due_day": 5,
        "last_day": 10,
        "delete_day": 15,
        "zone": ZONE,
    }
    return {
        "application": [
            application,
            {**application, "choosing": True, "migrate": False},
            {
                **application,
                "choosing": True,
                "offered": [told(one) for one in catalogue.load().latest()],
            },
            {**application, "claimed_by": name, "claimed_at": AT},
            {**application, **decided, "state": "approved", "programme": "integrator"},
            {**application, **decided, "state": "declined", "reason": name},
        ],
        "approved": [
            approved,
            {**approved, "prices": [PRICE] * 3, "allowed": None},
            {**approved, "prices": [], "channel": {"price": PRICE, "days": 30}},
        ],
        "declined": [{"company": name, "reason": name}, {"company": name, "reason": ""}],
        "applied": [
            {"company": name, "migrate": migrate, "edited": edited, **where}
            for migrate in (True, False)
            for edited in (True, False)
            for where in (
                {"state": "open", "reason": None, "claimed_by": None},
                {"state": "open", "reason": None, "claimed_by": name},
                {"state": "approved", "reason": None, "claimed_by": None},
                {"state": "declined", "reason": name, "claimed_by": None},
                {"state": "declined", "reason": "", "claimed_by": None},
            )
        ],
        "partner_freeze": [{"reason": name}],
        "partner_unfreeze": [{"reason": ""}],
        "greeting": [{"applied": True}, {"applied": False}],
    }


def tokens(name: str, many: int) -> dict[str, list[Facts]]:
    used = {"created": 20, "allowed": 25, "next_tier": "second"}
    token = {
        "tier": "first",
        "created": 10,
        "allowed": 25,
        "left": 15,
        "next_tier": "second",
        "next_from": 10,
        "can_request": False,
        "requested": False,
        "has_secret": False,
        "unsaved": False,
        "owner": True,
    }
    unlimited = {"allowed": None, "left": None, "next_tier": None, "next_from": None}
    keys = [f"instance:{at}" for at in range(many)]
    return {
        "token_nearly_used": [used, {**used, "next_tier": None}],
        "token_used_up": [used],
        "token_granted": [
            {"tier": "definitive", "allowed": None},
            {"tier": "second", "allowed": 1},
        ],
        "token_refused": [{"reason": ""}, {"reason": name}],
        "token": [
            token,
            {**token, "can_request": True, "has_secret": True},
            {**token, "requested": True, "unsaved": True},
            {**token, **unlimited, "tier": "definitive", "owner": False},
        ],
        "responsibility": [{"version": "2026-01", "rotate": rotate} for rotate in (True, False)],
        "token_saved": [{}],
        "secret": [
            {"keys": ["token:1"], "names": [], "secrets": [SECRET]},
            {"keys": ["token:1"], "names": [], "secrets": [None]},
            {"keys": keys, "names": [name] * many, "secrets": [SECRET] * many},
        ],
        "secret_saved": [{"count": 1}],
        "no_secrets": [{"names": [name] * count} for count in (1, many)],
    }


def money(name: str, many: int) -> dict[str, list[Facts]]:
    line = {"id": "K7Q2M", "name": name, "period": MARCH, "price": PRICE, "days": None}
    in_days = {"kind": "days", "days": 2250, "channels": 75}
    payment = {"amount": PRICE, "reference": name, "on": DAY, "reversed": False}
    note = invoice_row(state="paid", kind="credit_note", corrects=NUMBER)
    received = {
        "number": NUMBER,
        "amount": PRICE,
        "owed": PRICE,
        "credit": NOTHING,
        "restored": [],
        "also": [],
    }
    preview = {
        "month": MARCH,
        "lines": [line] * 30,
        "more": 20,
        "count": 50,
        "days": 0,
        "total": PRICE,
        "credit_used": PRICE,
        "owed": NOTHING,
        "credit": PRICE,
        "invoiced_on": DAY,
        "due_on": DAY,
    }
    pay = invoice_row(payee=name, bank=name, pix=name, brcode=name, link=name, delete_on=DAY)
    return {
        "payment_received": [
            received,
            {**received, "owed": NOTHING, "credit": PRICE},
            {
                **received,
                "amount": PRICE + PRICE,
                "owed": NOTHING,
                "credit": PRICE,
                "restored": [name] * many,
                "also": [NUMBER] * many,
            },
        ],
        "held": [{"number": NUMBER, "owed": PRICE, "until": DAY, "restored": [name]}],
        "invoices": [
            {"invoices": [], "total": 0, "in_days": False},
            {"invoices": [], "total": 0, "in_days": True},
            {
                "invoices": [invoice_row(), invoice_row(state="paid"), note],
                "total": 3,
                "in_days": False,
            },
            {
                "invoices": [invoice_row(**in_days), invoice_row(**in_days, state="void")],
                "total": 2,
                "in_days": True,
            },
        ],
        "unpaid": [
            {"invoices": [], "owed": NOTHING},
            {"invoices": [invoice_row()] * many, "owed": PRICE},
        ],
        "invoice": [
            {
                **invoice_row(state=state, last_on=last, **kind),
                "partner": name,
                "staff": staff,
                "issued_on": DAY,
                "delete_on": DAY,
                "held_until": DAY if staff else None,
                "hold_reason": name if staff else None,
                "lines": [line, {**line, "days": 31}] * 15,
                "more": 20,
                "count": 50,
                "payments": [payment, {**payment, "reversed": True}] * (many if staff else 0),
            }
            for state in ("due", "paid", "void")
            for staff in (True, False)
            for last in (DAY, PAST)
            for kind in ({}, in_days)
        ]
        + [{**note, "partner": name, "staff": staff, "issued_on": DAY} for staff in (True, False)],
        "preview": [
            preview,
            {**preview, "days": 93},
            {**preview, "total": None},
            {**preview, "credit_used": NOTHING},
        ],
        "pay": [
            pay,
            {**pay, "payee": None, "bank": None, "pix": None},
            {**pay, "bank": None, "pix": None, "brcode": None, "link": None},
            {**pay, "last_on": PAST},
            {**pay, **in_days},
            {**pay, "last_on": PAST, "delete_on": PAST},
            {**pay, "owed": NOTHING, "state": "paid"},
        ],
    }
