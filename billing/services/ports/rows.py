"""Rows that are no aggregates: what the repositories hand out beside the core's own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing.money import Money


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A partner asks for the next tier; `decided_at` None while it waits."""

    id: str
    partner_id: str
    tier: int
    user_id: int
    created_at: datetime
    granted: bool | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Instances in a span of time; `converted` of the `created` ones were subscribed since."""

    created: int
    converted: int
    subscribed: int
    cancelled: int
    deleted: int
    running: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in for an invoice; the reference is unique among all payments."""

    id: str
    invoice_id: str
    partner_id: str
    amount: Money
    reference: str
    received_at: datetime
    booked_by: int
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the audit."""

    at: datetime
    actor: str
    action: str
    kind: str
    object_id: str
    partner_id: str | None
    before: str
    after: str
    amount: Money | None
    outcome: str
    cause: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done or said when its instant has come."""

    key: str
    kind: str
    subject: str
    partner_id: str | None
    at: datetime
    useful_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A call to the messaging platform that was promised together with its cause."""

    id: str
    instance_id: str
    partner_id: str
    operation: str
    message_key: str | None
    attempts: int
    created_at: datetime
    not_before: datetime
    state: str = "open"
    error: str | None = None
