"""
Months and the instants that follow from them, in a programme's time zone.

A civil date and its zone decide; the instants that come out are UTC, so that they can be
stored, compared and waited for. Rules: "The postpaid calendar".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# From this day on the next month may begin before the clock says so.
LATE_IN_A_MONTH = 28


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 2000 <= self.year <= 9998):
            raise ValueError(f"no month: {self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `2026-03`; anything else is a ValueError."""
        year, dash, month = text.partition("-")
        plain = (year + month).isascii() and (year + month).isdigit()
        if not (dash and plain and len(year) == 4 and len(month) == 2):
            raise ValueError(f"not a month: {text!r}")
        return cls(int(year), int(month))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> Month:
        """Return the month that many months later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def day(self, number: int) -> date:
        """Return a day of this month."""
        return date(self.year, self.month, number)


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone; raises ZoneInfoNotFoundError or ValueError for a name that is none."""
    try:
        return ZoneInfo(name)
    except OSError:
        # A folder of zones ("America") and a name too long for a file are no zones either.
        raise ZoneInfoNotFoundError(f"no time zone: {name[:80]!r}") from None


# The instants of a month are asked for again and again: for every invoice and its reminders.
@lru_cache(maxsize=4096)
def instant(day: date, at: time, zone: str) -> datetime:
    """
    Return the instant, in UTC, of a local date and time.

    A time that a clock change removes becomes the first instant after the gap; of a time
    that comes twice the first one is meant.
    """
    tz = zone_named(zone)
    local = datetime.combine(day, at, tzinfo=tz)
    there = local.astimezone(UTC)
    if there.astimezone(tz).replace(tzinfo=None) == local.replace(tzinfo=None):
        return there
    return _end_of_gap(local, tz)


def _end_of_gap(local: datetime, tz: ZoneInfo) -> datetime:
    """Return the first instant after the gap in which `local` lies."""
    # fold=0 reads a time in the gap by the offset before it, fold=1 by the one after:
    # the change lies between the two readings.
    late, early = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    offset_after = late.astimezone(tz).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(tz).utcoffset() == offset_after:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)


def local_date(at: datetime, zone: str) -> date:
    """Return the civil date at that instant."""
    return at.astimezone(zone_named(zone)).date()


@dataclass(frozen=True, slots=True)
class Earlier:
    """The calendar that held before an instant, which is the beginning of one of its months."""

    calendar: BillingCalendar
    until: datetime

    @property
    def last(self) -> Month:
        """The last month that is the earlier calendar's."""
        return self.calendar.month_of(self.until).plus(-1)


@dataclass(frozen=True, slots=True)
class BillingCalendar:
    """
    When a month closes, is due, stops and deletes, in one time zone.

    `due_day`, `last_day` and `delete_day` are days of the month after the one billed:
    paid by the end of `due_day` is on time, `last_day` is the last day of service while
    unpaid, and on `delete_day` at `day_hour` the instances are deleted.

    Months before `earlier.until` are the earlier calendar's. The first one of this calendar
    begins exactly there, whatever its zone: between the two nothing is left out or twice.
    """

    zone: str
    due_day: int = 5
    last_day: int = 10
    delete_day: int = 15
    day_hour: int = 9
    days_from_last_day_to_deletion: int = 5
    earlier: Earlier | None = None

    def __post_init__(self) -> None:
        if self.earlier is None:
            return
        before, until = self.earlier.calendar, self.earlier.until
        if before.start(before.month_of(until)) != until:
            raise ValueError(f"no month begins at {until} in {before.zone}")

    def month_of(self, at: datetime) -> Month:
        """Return the month in which that instant falls, by the programme's own midnight."""
        if self.earlier is not None and at < self.earlier.until:
            return self.earlier.calendar.month_of(at)
        local = at.astimezone(zone_named(self.zone))
        month = Month(local.year, local.month)
        # A clock may be put back over midnight: a month that has begun does not end again.
        if local.day >= LATE_IN_A_MONTH and at >= self.midnight(month.plus(1).day(1)):
            month = month.plus(1)
        if self.earlier is not None:
            # To the west of the earlier zone it is still the day before.
            month = max(month, self.earlier.last.plus(1))
        return month

    def midnight(self, day: date) -> datetime:
        """Return the first instant of a local day, also where its 00:00 does not exist."""
        return instant(day, time(0), self.zone)

    def morning(self, day: date) -> datetime:
        """Return the hour of that day at which people are told and instances deleted."""
        return instant(day, time(self.day_hour), self.zone)

    def start(self, month: Month) -> datetime:
        """Return the first instant of a month."""
        if self.earlier is not None and month <= self.earlier.last.plus(1):
            before = month <= self.earlier.last
            return self.earlier.calendar.start(month) if before else self.earlier.until
        return self.midnight(month.day(1))

    def end(self, month: Month) -> datetime:
        """Return the first instant after a month, which is also when it closes."""
        return self.start(month.plus(1))

    def due_date(self, month: Month) -> date:
        """Return the day by whose end the invoice of `month` is paid on time."""
        return month.plus(1).day(self.due_day)

    def last_date(self, month: Month) -> date:
        """Return the last day of service while the invoice of `month` is unpaid."""
        return month.plus(1).day(self.last_day)

    def delete_date(self, month: Month) -> date:
        """Return the day on which instances are deleted for the invoice of `month`."""
        return month.plus(1).day(self.delete_day)

    def end_of(self, day: date) -> datetime:
        """Return the first instant after a local day."""
        return self.midnight(day + timedelta(days=1))

    def same_time_days_later(self, at: datetime, days: int) -> datetime:
        """
        Return the same local time that many calendar days later.

        Where a clock change removes that time, the first instant after the gap.
        """
        local = at.astimezone(zone_named(self.zone))
        then = (local + timedelta(days=days)).replace(tzinfo=None)
        found = instant(then.date(), then.time(), self.zone)
        # Of a time that comes twice the one with the fold of the start is meant.
        if local.fold:
            second = datetime.combine(then.date(), then.time(), zone_named(self.zone))
            return max(found, second.replace(fold=1).astimezone(UTC))
        return found

    def next_morning(self, at: datetime) -> datetime:
        """Return the first morning hour at or after an instant."""
        day = local_date(at, self.zone)
        today = self.morning(day)
        return today if today >= at else self.morning(day + timedelta(days=1))
