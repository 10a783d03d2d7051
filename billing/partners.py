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

from billing import nights
from billing.calendar import Month
from billing.money import Money
from billing.programmes import DayTerms, Programme
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


class PartnerLeft(Refusal):
    """The partner has ended the partnership. Facts: `since`."""

    code = "partner_left"


@dataclass(frozen=True, slots=True)
class Past:
    """Terms that a partner was under, until an instant that is the beginning of a month."""

    programme: str
    version: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Partner:
    """
    A company that resells; `stopped_at` is set from an overdue stop to the payment.

    `past` are the terms it was under before the present ones, oldest first. A `day_limit` that
    was agreed means `arrears`: so far below nothing the day balance may go. With a
    `standing_order` it buys days for its live channels on the 1st of each month. `migrates` is
    what it chose for its prepaid instances when it applied. `quiet` are hours of its own in which
    nobody is woken (`nights.hours`); None: the usual ones.
    """

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
    left_at: datetime | None = None
    past: tuple[Past, ...] = ()
    day_limit: int | None = None
    standing_order: bool = False
    migrates: bool | None = None
    quiet: str | None = None

    @property
    def night(self) -> str:
        """When nobody is woken, as `nights` writes it."""
        return nights.written(self.zone, self.quiet)


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

    :raises PartnerLeft:
    :raises PartnerFrozen:
    :raises PartnerStopped:
    """
    check_not_left(partner)
    if partner.frozen_at is not None:
        raise PartnerFrozen(reason=partner.frozen_reason)
    check_not_stopped(partner)


def check_not_left(partner: Partner) -> None:
    """
    Refuse what a partner that has left cannot do.

    :raises PartnerLeft:
    """
    if partner.left_at is not None:
        raise PartnerLeft(since=partner.left_at)


def check_not_stopped(partner: Partner) -> None:
    """
    Refuse what a partner that has left, or whose service is stopped, cannot do.

    :raises PartnerLeft:
    :raises PartnerStopped:
    """
    check_not_left(partner)
    if partner.stopped_at is not None:
        raise PartnerStopped(since=partner.stopped_at)


def price(
    programme: Programme, agreements: Sequence[Agreement], *, band: int, month: Month
) -> Money:
    """
    Return what an instance of that band costs for all of `month`.

    The agreement in force on the 1st, 00:00, the latest if there are several, overrides the
    programme's price; of two from the same instant the one given last. One in another currency
    was agreed under other terms. This is the one pricing of quotes, previews and closes.
    """
    found = agreed(programme, agreements, month)
    return found.price if found else programme.price(band)


def channel_price(
    programme: Programme, terms: DayTerms, agreements: Sequence[Agreement], *, month: Month
) -> Money:
    """Return what a channel's days cost in `month`: as agreed, or as the programme has it."""
    found = agreed(programme, agreements, month)
    return found.price if found else Money(terms.channel_price_minor, programme.currency)


def agreed(programme: Programme, agreements: Sequence[Agreement], month: Month) -> Agreement | None:
    """Return the agreement whose price holds in `month`; None: the programme's own does."""
    start = programme.calendar.start(month)
    in_force = [
        agreement
        for agreement in agreements
        if agreement.since <= start and agreement.price.currency == programme.currency
    ]
    if not in_force:
        return None
    return max(reversed(in_force), key=lambda agreement: agreement.since)
