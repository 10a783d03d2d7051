"""
The postpaid calendar against a second implementation that only walks.

It goes on by hours and quarters of an hour, asks the zone what the wall shows, and never adds,
subtracts or compares months.
"""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.calendar import Month
from tests.billing.samples import INTEGRATOR, billed, cancelled, subscribed, terms, there

CASES_PER_ZONE = 40
HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)
ZONES = (
    "America/Sao_Paulo",
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Europe/Berlin",
)


def wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def walk_to_the_next_day(at: datetime, zone: str) -> datetime:
    """Return the first quarter of an hour that is on the day after `at`."""
    today, minute = wall(at, zone).date(), at.minute - at.minute % 15
    at = at.replace(minute=minute, second=0, microsecond=0)
    while wall(at + HOUR, zone).date() == today:
        at += HOUR
    while wall(at, zone).date() == today:
        at += QUARTER
    return at


def walk_days(at: datetime, days: int, zone: str) -> datetime:
    """Return the first instant, that many days on, at which the wall shows the time of `at`."""
    time_of_day = wall(at, zone).time()
    for _ in range(days):
        at = walk_to_the_next_day(at, zone)
    while wall(at, zone).time() < time_of_day:
        at += QUARTER
    return at


def walk_months(start: datetime, until: datetime, zone: str) -> list[str]:
    """Return every month that is on the wall from `start` on and before `until`."""
    seen = []
    while True:
        month = f"{wall(start, zone):%Y-%m}"
        if month not in seen:
            seen.append(month)
        start = walk_to_the_next_day(start, zone)
        if start >= until:
            return seen


def walk_out_of_the_month(at: datetime, zone: str) -> datetime:
    month = wall(at, zone).month
    while wall(at, zone).month == month:
        at = walk_to_the_next_day(at, zone)
    return at


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("bill", ["month_of_cancellation", "every_month_of_service"])
def test_bills_and_ends_as_a_day_by_day_walk_does(zone, bill):
    chance = random.Random(f"{zone} {bill}")
    programme = terms(INTEGRATOR, zone=zone, bill=bill)
    for _ in range(CASES_PER_ZONE):
        quarters = chance.randrange(12 * 365 * 96)
        start = datetime(2024, 1, 1, tzinfo=UTC) + quarters * QUARTER
        at = start + chance.randrange(90 * 96) * QUARTER
        instance = cancelled(subscribed(start), at, programme)
        assert instance.service_ends_at is not None
        ends = walk_days(at, 30, zone)
        # A second pass through an hour that comes twice counts as the first there.
        assert there(instance.service_ends_at, zone) == there(ends, zone), (start, at)
        until = ends if bill == "every_month_of_service" else walk_out_of_the_month(at, zone)
        through = str(Month.parse("2036-12"))
        found = [str(month) for month in billed(instance, through, programme)]
        assert found == walk_months(start, until, zone), (start, at)
