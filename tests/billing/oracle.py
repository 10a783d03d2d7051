"""The postpaid calendar a second time: a walk from day to day, told by the clock on the wall.

Written from the rules and not from billing/, of which nothing is imported: where the two
disagree, one of them has misread the rules. There are no closed formulas here. Clocks are read
every quarter of an hour (they change at whole quarters), months are found by counting days.

A wanted time that a clock change leaves out is the first instant after the gap; one that comes
twice is the first of the two. So a day begins at its first instant, midnight or not.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
# No clock is further from UTC than this.
FURTHEST = timedelta(hours=15)

RULES = ("thirty_days", "until_expiry", "end_of_cycle")
BILLS = ("month_of_cancellation", "every_month_of_service")

YearMonth = tuple[int, int]


class Terms(NamedTuple):
    zone: str
    rule: str
    bill: str = "month_of_cancellation"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What becomes of the invoice for one month; every instant is the first that is too late."""

    closes: datetime
    due_ends: datetime
    stops: datetime
    deletes: datetime


@lru_cache(maxsize=512)
def readings(zone: str, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """Return the quarters of an hour in which the wall shows that date: the instant, the wall."""
    tz = ZoneInfo(zone)
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - FURTHEST
    end = instant + FURTHEST + ONE_DAY + FURTHEST
    found = []
    while instant < end:
        wall = instant.astimezone(tz).replace(tzinfo=None)
        if wall.date() == day:
            found.append((instant, wall))
        instant += QUARTER
    return tuple(found)


def showings(zone: str, day: date, at: time) -> list[datetime]:
    """Return the instants at which the wall shows that: none in a gap, two if it comes twice."""
    wanted = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    return [
        instant + (wanted - wall)
        for instant, wall in readings(zone, day)
        if wall <= wanted < wall + QUARTER
    ]


def first_showing(zone: str, day: date, at: time) -> datetime:
    """Return the first instant of that day at which the wall shows that time or a later one."""
    wanted = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    for instant, wall in readings(zone, day):
        if wall >= wanted:
            return instant
        if wanted < wall + QUARTER:
            return instant + (wanted - wall)
    return day_begins(zone, day + ONE_DAY)


@cache
def day_begins(zone: str, day: date) -> datetime:
    shown = readings(zone, day)
    return shown[0][0] if shown else day_begins(zone, day + ONE_DAY)


@cache
def next_month(day: date) -> date:
    """Walk to the first day of the month after the one in which the day lies."""
    month = day.month
    while day.month == month:
        day += ONE_DAY
    return day


@cache
def after_the(number: int, first: date) -> date:
    """Walk from the first of a month to the day that follows the one of that number."""
    day = first
    while day.day != number:
        day += ONE_DAY
    return day + ONE_DAY


@cache
def thirty_days_on(day: date) -> date:
    for _ in range(30):
        day += ONE_DAY
    return day


@lru_cache(maxsize=4096)
def wall_date(zone: str, at: datetime) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


@cache
def deadlines(zone: str, month: YearMonth) -> Deadlines:
    """Return when the month closes and what follows in the month after it."""
    following = next_month(date(*month, 1))
    return Deadlines(
        closes=day_begins(zone, following),
        due_ends=day_begins(zone, after_the(5, following)),
        stops=day_begins(zone, after_the(10, following)),
        deletes=first_showing(zone, after_the(14, following), time(9)),
    )


@lru_cache(maxsize=4096)
def service_end(zone: str, rule: str, cancelled: datetime) -> datetime:
    wall = cancelled.astimezone(ZoneInfo(zone))
    match rule:
        case "thirty_days":
            return first_showing(zone, thirty_days_on(wall.date()), wall.time())
        case "until_expiry":
            return day_begins(zone, after_the(10, next_month(wall.date())))
        case "end_of_cycle":
            return day_begins(zone, next_month(wall.date()))
    raise ValueError(rule)


@lru_cache(maxsize=4096)
def billing_ends(terms: Terms, cancelled: datetime) -> datetime:
    """Return the first instant for which nothing is owed any more."""
    served = service_end(terms.zone, terms.rule, cancelled)
    if terms.bill == "every_month_of_service":
        return served
    return min(served, day_begins(terms.zone, next_month(wall_date(terms.zone, cancelled))))


def months_billed(
    terms: Terms, subscribed: datetime, cancelled: datetime | None, *, through: YearMonth
) -> tuple[YearMonth, ...]:
    """Return the months on whose invoice the instance has a line, up to a month and with it."""
    zone = terms.zone
    end = deadlines(zone, through).closes
    if cancelled is not None:
        end = min(end, billing_ends(terms, cancelled))
    return months_walked(zone, wall_date(zone, subscribed), end) if subscribed < end else ()


@lru_cache(maxsize=4096)
def months_walked(zone: str, day: date, end: datetime) -> tuple[YearMonth, ...]:
    """Walk from a day on through the months that begin before the end."""
    found = [(day.year, day.month)]
    while day_begins(zone, day := next_month(day)) < end:
        found.append((day.year, day.month))
    return tuple(found)
