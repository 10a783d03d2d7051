"""
What is coming: who takes days by itself, until when the balance lasts, what runs out when.

Rules: "Days", 6; "What the bot says unasked".
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.calendar import local_date
from billing.days.allocations import DAY, lasts_until
from billing.instances import Instance, State
from billing.programmes import DayTerms, Settlement

# An instance that extends itself does so with less than this left.
AUTO_AHEAD = DAY
# What lies farther ahead is no forecast.
HORIZON = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class RunsOut:
    """
    Until when one instance runs, by itself and with what it takes from the balance.

    `at` None is beyond a year. `short` says that the balance will not reach for it.
    """

    instance: Instance
    at: datetime | None
    short: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """
    What a partner's instances run out of, and when.

    `each` is by what ends first; `by_day` the days of the partner's zone on which so many end.
    `pool_until` is how long the balance would last if it kept all of them running; None without
    an instance, or beyond what dates reach.
    """

    each: tuple[RunsOut, ...]
    by_day: tuple[tuple[date, int], ...]
    pool_until: datetime | None


def in_days(instance: Instance) -> bool:
    """Whether an instance runs on days, or is on trial and will take some by itself."""
    if instance.state is State.ACTIVE:
        return instance.settlement is Settlement.DAYS and instance.active_until is not None
    return instance.state is State.TRIAL and instance.auto_extend is not None


def auto_extends_at(instance: Instance) -> datetime | None:
    """Return when an instance takes days by itself: with less than a day left."""
    if instance.auto_extend is None or not in_days(instance):
        return None
    ends = instance.active_until or instance.trial_ends_at
    return None if ends is None else ends - AUTO_AHEAD


def unreached(
    instances: Iterable[Instance], available: int, *, at: datetime, until: datetime
) -> dict[str, datetime]:
    """
    Return the instances that will not get the days that they would take by `until`, never in part.

    By id, with the instant at which each of them ends. Who takes days first gets them first.
    """
    ends = _walk(instances, available, at=at, until=until)
    return {instance_id: end for instance_id, (end, short) in ends.items() if short}


def _walk(
    instances: Iterable[Instance], available: int, *, at: datetime, until: datetime
) -> dict[str, tuple[datetime, bool]]:
    """Let the time pass; return where each instance ends, and whether for want of days."""
    found = {instance.id: instance for instance in instances if in_days(instance)}
    ends = {
        instance_id: (lasts_until(instance, at), False) for instance_id, instance in found.items()
    }
    queue = [
        (lasts_until(instance, at) - AUTO_AHEAD, instance_id, instance.auto_extend)
        for instance_id, instance in found.items()
        if instance.auto_extend is not None
    ]
    heapq.heapify(queue)
    while queue and queue[0][0] <= until:
        takes_at, instance_id, days = heapq.heappop(queue)
        end = takes_at + AUTO_AHEAD
        if days > available:
            ends[instance_id] = (end, True)
            continue
        available -= days
        ends[instance_id] = (end + days * DAY, False)
        heapq.heappush(queue, (takes_at + days * DAY, instance_id, days))
    return ends


def forecast(instances: Sequence[Instance], available: int, *, at: datetime, zone: str) -> Forecast:
    """Say what runs out when, as things stand and if nobody does anything."""
    horizon = at + HORIZON
    ends = _walk(instances, available, at=at, until=horizon)
    each = [
        RunsOut(instance, end if end <= horizon else None, short)
        for instance in instances
        if instance.id in ends
        for end, short in [ends[instance.id]]
    ]
    each.sort(key=lambda one: (one.at or horizon + DAY, one.instance.name, one.instance.id))
    days = Counter(local_date(one.at, zone) for one in each if one.at is not None)
    pool_until = _pool([lasts_until(one.instance, at) for one in each], available, at)
    return Forecast(tuple(each), tuple(sorted(days.items())), pool_until)


def _pool(ends: Sequence[datetime], available: int, at: datetime) -> datetime | None:
    """Fill all up to one instant that the balance reaches, and return it."""
    rising = sorted(ends)
    if not rising:
        return None
    level, count, left = rising[0], 1, available * DAY
    for following in rising[1:]:
        room = (following - level) * count
        if room >= left:
            break
        level, count, left = following, count + 1, left - room
    # Compared as a span: what lies beyond the last date cannot be added up.
    lasts = level - at + left / count
    return at + lasts if lasts <= 10 * HORIZON else None


def is_low(available: int, instances: Iterable[Instance], terms: DayTerms) -> bool:
    """Whether the balance lasts less than its days at the present use: one a day for each."""
    running = sum(
        instance.state is State.ACTIVE and instance.settlement is Settlement.DAYS
        for instance in instances
    )
    return running > 0 and available < terms.low_balance_days * running
