"""Rows that are no aggregates: what the repositories hand out beside the core's own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from billing.money import Money
from billing.partners import Role
from billing.services.people import Actor


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
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody of the staff sees to a card, named by its kind and what it is about."""

    kind: str
    subject: str
    claimed_by: int
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """A partner is to be under other terms from an instant on: the beginning of a month."""

    id: str
    partner_id: str
    since: datetime
    programme: str
    version: int
    was_programme: str
    was_version: int
    asked_by: int | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class LinkCode:
    """
    A one-time code of a partner; of the code only its hash.

    It makes a person a member with that role; without a role it binds the partner's own group.
    """

    hashed: str
    partner_id: str
    role: Role | None
    made_by: int
    made_at: datetime
    ends_at: datetime
    used_by: int | None = None
    used_at: datetime | None = None


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
    """
    Money that came in for an invoice; the reference is unique among all payments.

    `used` of it settled the invoice, the rest became credit. One that turned out to be none is
    reversed, and its reference stays taken.
    """

    id: str
    invoice_id: str
    partner_id: str
    amount: Money
    reference: str
    received_at: datetime
    booked_by: int
    booked_at: datetime
    used: Money
    reversed_at: datetime | None = None
    reversed_by: int | None = None
    reversal_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Credit that was paid back outside; the reference is unique among all refunds."""

    id: str
    partner_id: str
    amount: Money
    reference: str
    booked_by: int
    booked_at: datetime


class ApprovalState(StrEnum):
    """Whether a second person has looked at it."""

    WAITING = "waiting"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Approval:
    """
    What staff want to book, give or pay back, and a second person has to confirm.

    `terms` stand for what it would have done when it was asked for.
    """

    id: str
    kind: str
    args: dict[str, Any]
    terms: str
    partner_id: str
    amount: Money
    asked_by: int
    asked_at: datetime
    state: ApprovalState = ApprovalState.WAITING
    decided_by: int | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """
    What moved a day balance: `days` more, or fewer when negative; `kind` is the entry's.

    `by_clock`: nobody did it, it happened because its instant had come.
    """

    at: datetime
    kind: str
    reference: str
    days: int
    balance: int
    by_clock: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """
    An entry as it moved some accounts together: by `amount`, to `balance`.

    `gross` is what it moved on one of them at most: of what goes from one to the other, all of it.
    """

    at: datetime
    kind: str
    reference: str
    amount: int
    gross: int
    balance: int


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did or was refused, for the audit."""

    actor: Actor
    action: str
    kind: str = ""
    object_id: str = ""
    partner_id: str | None = None
    before: str = ""
    after: str = ""
    amount: Money | None = None
    outcome: str = "done"


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


class PairingState(StrEnum):
    """Whether a number is still waited for; `over`: nobody connected it in time."""

    AWAITED = "awaited"
    CONNECTED = "connected"
    REFUSED = "refused"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Pairing:
    """
    A number that is being connected: by QR codes, or by a code for that `phone`.

    So many were `shown`; the last one is of use `until` then.
    """

    message_key: str
    instance_id: str
    partner_id: str
    chat_id: int
    user_id: int
    phone: str | None
    begun_at: datetime
    shown: int = 0
    until: datetime | None = None
    state: PairingState = PairingState.AWAITED


@dataclass(frozen=True, slots=True)
class Account:
    """
    What a platform made of an instance: its token there, encrypted, its id and its address.

    `confirmed_until`: until then it runs there on days, as far as the platform has confirmed.
    """

    token: str | None = None
    remote_id: str | None = None
    address: str | None = None
    confirmed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """
    A call to the messaging platform that was promised together with its cause.

    `queued_until`: the platform wants not to be asked before; `by_hand_since`: a person does it.
    """

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
    queued_until: datetime | None = None
    by_hand_since: datetime | None = None
