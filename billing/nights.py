"""
The hours in which nobody is woken: 22:00 to 08:00 of a partner's zone, or as it chose.

A night is written as its zone, and other hours than the usual ones behind it:
`America/Sao_Paulo 23:00-07:00`; from an hour to the same hour there is none. Rules: "What the
bot says unasked".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache

from billing.calendar import instant, zone_named
from billing.refusals import Refusal

BEGINS = time(22)
ENDS = time(8)
LONGEST = timedelta(hours=12)
# Before a night goes out what would be too late after it.
AHEAD = timedelta(minutes=30)
DAY = timedelta(days=1)


class HoursRefused(Refusal):
    """These cannot be quiet hours: more than half a day. Facts: `most`, in hours."""

    code = "hours_refused"


@dataclass(frozen=True, slots=True)
class Night:
    """A zone's quiet hours; `begins` and `ends` are the zone's own clock."""

    zone: str
    begins: time = BEGINS
    ends: time = ENDS

    @property
    def lasts(self) -> timedelta:
        """How long it is; nothing: nobody sleeps."""
        return (_at(self.ends) - _at(self.begins)) % DAY

    def around(self, at: datetime) -> tuple[datetime, datetime] | None:
        """Return the last instant before the night that `at` is in, and its end; None by day."""
        local = at.astimezone(zone_named(self.zone))
        clock = local.time()
        if self.begins <= self.ends:
            asleep = self.begins <= clock < self.ends
        else:
            asleep = clock >= self.begins or clock < self.ends
        if not asleep:
            return None
        evening = local.date()
        if clock < self.begins:
            evening -= DAY
        morning = evening if self.ends > self.begins else evening + DAY
        ahead = datetime.combine(evening, self.begins) - AHEAD
        return (
            instant(ahead.date(), ahead.time(), self.zone),
            instant(morning, self.ends, self.zone),
        )


def hours(begins: time, ends: time) -> str:
    """
    Return quiet hours as they are kept.

    :raises HoursRefused: if there are more than twelve.
    """
    if Night("UTC", begins, ends).lasts > LONGEST:
        raise HoursRefused(most=LONGEST // timedelta(hours=1))
    return f"{begins:%H:%M}-{ends:%H:%M}"


def written(zone: str, chosen: str | None) -> str:
    """Return the night of a zone with the hours that were chosen; None: the usual ones."""
    return zone if chosen is None else f"{zone} {chosen}"


@lru_cache(maxsize=1024)
def read(night: str) -> Night:
    """Return the night that was written so."""
    zone, _, chosen = night.partition(" ")
    if not chosen:
        return Night(zone)
    begins, ends = (time.fromisoformat(part) for part in chosen.split("-"))
    return Night(zone, begins, ends)


def _at(clock: time) -> timedelta:
    return timedelta(
        hours=clock.hour,
        minutes=clock.minute,
        seconds=clock.second,
        microseconds=clock.microsecond,
    )
