"""
Partners: their people, what each may do, their prices.

Rules: "Words", "Enrolment and tokens", "Frozen, leaving, stopping everything"; rights as in
the tables of the commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.calendar import Month
from billing.money import Money
from billing.programmes import Programme
from billing.refusals import Refusal


class Right(StrEnum):
    """What a command asks of whoever gives it."""

    ANYONE = "anyone"
    # Of a partner's members.
    VIEW = "view"
    OPERATE = "operate"
    PAY = "pay"
    OWN = "own"
    # Of the staff.
    SERVE = "serve"
    BOOK = "book"
    ADMINISTER = "administer"


class Role(StrEnum):
    """What a member is to its partner."""

    VIEWER = "viewer"
    MANAGER = "manager"
    FINANCE = "finance"
    OWNER = "owner"


class StaffRole(StrEnum):
    """What a person is to the operator."""

    SUPPORT = "support"
    FINANCE = "finance"
    ADMIN = "admin"


MEMBER_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.ANYONE, Right.VIEW}),
    Role.MANAGER: frozenset({Right.ANYONE, Right.VIEW, Right.OPERATE}),
    Role.FINANCE: frozenset({Right.ANYONE, Right.VIEW, Right.PAY}),
    Role.OWNER: frozenset({Right.ANYONE, Right.VIEW, Right.OPERATE, Right.PAY, Right.OWN}),
}
STAFF_RIGHTS: dict[StaffRole, frozenset[Right]] = {
    StaffRole.SUPPORT: frozenset({Right.ANYONE, Right.SERVE}),
    StaffRole.FINANCE: frozenset({Right.ANYONE, Right.SERVE, Right.BOOK}),
    StaffRole.ADMIN: frozenset({Right.ANYONE, Right.SERVE, Right.BOOK, Right.ADMINISTER}),
}
STRANGERS_RIGHTS = frozenset({Right.ANYONE})


class NameRefused(Refusal):
    """
    A name cannot be taken. Facts: `name`, `why`.

    `why` is one of empty, too_long, control, number, id, filter.
    """

    code = "name_refused"


class PartnerFrozen(Refusal):
    """Staff have frozen the partner. Facts: `reason`."""

    code = "partner_frozen"


class PartnerStopped(Refusal):
    """Service is stopped for an unpaid invoice. Facts: `since`."""

    code = "partner_stopped"


@dataclass(frozen=True, slots=True)
class Partner:
    """A company that resells; `stopped_at` is set from an overdue stop to the payment."""

    id: str
    name: str
    programme: str
    programme_version: int
    currency: str
    zone: str
    created_at: datetime
    frozen_at: datetime | None = None
    frozen_reason: str | None = None
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A partner's own price of an instance, in force from an instant on."""

    price: Money
    since: datetime


LONGEST_NAME = 64


def checked_name(name: str) -> str:
    """
    Return the name with its outer and doubled spaces gone.

    :raises NameRefused: if it is empty, longer than 64 characters or holds control signs.
    """
    tidy = " ".join(name.split())
    if not tidy:
        raise NameRefused(why="empty", name="")
    if len(tidy) > LONGEST_NAME:
        raise NameRefused(why="too_long", name=tidy[:LONGEST_NAME])
    if not tidy.isprintable():
        raise NameRefused(why="control", name="".join(c for c in tidy if c.isprintable()))
    return tidy


def check_may_begin(partner: Partner) -> None:
    """
    Refuse what begins something new (rules, "Frozen…", and "From the stop on…").

    :raises PartnerFrozen:
    :raises PartnerStopped:
    """
    if partner.frozen_at is not None:
        raise PartnerFrozen(reason=partner.frozen_reason)
    check_not_stopped(partner)


def check_not_stopped(partner: Partner) -> None:
    """
    Refuse what a partner whose service is stopped cannot do.

    :raises PartnerStopped:
    """
    if partner.stopped_at is not None:
        raise PartnerStopped(since=partner.stopped_at)


def price(
    programme: Programme, agreements: Sequence[Agreement], *, band: int, month: Month
) -> Money:
    """
    Return what an instance of that band costs for all of `month`.

    The agreement in force on the 1st, 00:00, the latest if there are several, overrides the
    programme's price; of two from the same instant the one given last. This is the one
    pricing of quotes, previews and closes.
    """
    start = programme.calendar.start(month)
    in_force = [agreement for agreement in agreements if agreement.since <= start]
    if in_force:
        return max(reversed(in_force), key=lambda agreement: agreement.since).price
    return programme.price(band)
