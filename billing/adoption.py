"""
Instances that come from elsewhere, paid there up to a date.

Migrated, an instance is billed by the month from the month of that date on, in band 1 and with no
use of a token. Not migrated, it runs to that date as before, then stops. Which of the two is
chosen when it comes, and never later. Rules: "Enrolment and tokens".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from billing.calendar import BillingCalendar
from billing.instances import Instance, Origin, State
from billing.programmes import Programme, Settlement
from billing.refusals import Refusal

BAND = 1


class AdoptionRefused(Refusal):
    """
    An instance cannot come so. Facts: `why`, `name`.

    `why` is one of paid_until_missing (what is not billed by the month runs to a date),
    paid_until_past, not_monthly (the programme bills no months), chosen (whether to migrate was
    decided at enrolment).
    """

    code = "adoption_refused"


@dataclass(frozen=True, slots=True)
class Arriving:
    """What is known of an instance that comes; `paid_until` is a day that is paid whole."""

    instance_id: str
    partner_id: str
    name: str
    paid_until: date | None
    migrate: bool
    origin: Origin = Origin.API


def adopt(arriving: Arriving, *, at: datetime, programme: Programme) -> Instance:
    """
    Return the instance as it runs from now on.

    :raises AdoptionRefused:
    """
    calendar = programme.calendar
    paid_until = None if arriving.paid_until is None else calendar.end_of(arriving.paid_until)
    if paid_until is not None and paid_until <= at:
        raise AdoptionRefused(why="paid_until_past", name=arriving.name)
    if arriving.migrate and not programme.postpaid:
        raise AdoptionRefused(why="not_monthly", name=arriving.name)
    if not arriving.migrate and paid_until is None:
        raise AdoptionRefused(why="paid_until_missing", name=arriving.name)
    return Instance(
        id=arriving.instance_id,
        partner_id=arriving.partner_id,
        name=arriving.name,
        state=State.ACTIVE,
        settlement=Settlement.POSTPAID if arriving.migrate else Settlement.DAYS,
        origin=arriving.origin,
        band=BAND,
        created_at=at,
        # Of one that is migrated this is in its first billed month, which may be yet to come.
        subscribed_at=_billed_from(arriving, calendar, at) if arriving.migrate else at,
        active_until=None if arriving.migrate else paid_until,
        paid_until=paid_until,
    )


def _billed_from(arriving: Arriving, calendar: BillingCalendar, at: datetime) -> datetime:
    if arriving.paid_until is None:
        return at
    return max(at, calendar.midnight(arriving.paid_until))
