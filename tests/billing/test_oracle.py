"""The calendar against its second implementation, which walks from day to day (oracle.py).

In the long run every subscription day of 2024 to 2035 meets every cancellation day up to 90 days
later under every rule and bill, in five zones: 12,171,150 cases.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import product
from typing import Any

import pytest

from billing import subscriptions
from billing.billable import billable_months
from billing.calendar import BillingCalendar, Month
from billing.instances import Instance
from billing.programmes import Cancellation, CancellationBill, CancellationRule
from tests.billing import oracle, samples
from tests.billing.oracle import ONE_DAY, Terms, YearMonth
from tests.billing.samples import SAO_PAULO

FIRST, LAST = date(2024, 1, 1), date(2035, 12, 31)
LONGEST = 90  # days from the subscription to the cancellation

# Havana has midnights that come twice, on 1 November 2026 that of a month; Santiago has Saturdays
# with 23:00 twice and Sundays without a midnight, on 6 September 2026 the end of a due date.
ZONES = (SAO_PAULO, "UTC", "Europe/Lisbon", "America/Santiago", "America/Havana")
FURTHER_ZONES = (
    "Africa/Cairo",
    "America/Nuuk",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
)
# Years with a delicate day of theirs, a leap day, or neither.
SAMPLE = list(zip(ZONES, (2027, 2024, 2028, 2026, 2026), strict=True))
# On the days on which clocks change some of these lie in a gap and some come twice.
TIMES = (
    time(0),
    time(0, 30),
    time(1, 30),
    time(2, 15),
    time(10),
    time(23, 30),
    time(23, 59, 59, 999999),
)

# What cancellations change in an instance, and under which terms.
Written = list[tuple[dict[str, Any], list[Terms]]]


def days(first: date, last: date, step: int = 1) -> Iterator[date]:
    while first <= last:
        yield first
        first += step * ONE_DAY


@cache
def instants(zone: str, day: date) -> tuple[datetime, ...]:
    """Return the instants of that day's times: both if one comes twice, the gap's end if none."""
    return tuple(
        dict.fromkeys(
            instant
            for at in TIMES
            for instant in oracle.showings(zone, day, at) or [oracle.first_showing(zone, day, at)]
        )
    )


def is_edge(day: date) -> bool:
    return day.day == 1 or (day + ONE_DAY).day == 1


def moments(zone: str, first: date, after: int) -> list[tuple[datetime, datetime]]:
    """Return from when to when: one pair of times of day, in turn; at the edges of months more."""
    day = first + timedelta(days=after)
    begin, end = instants(zone, first), instants(zone, day)
    turn = first.toordinal()
    pairs = [(begin[turn % len(begin)], end[(turn // len(begin) + after) % len(end)])]
    if is_edge(first) and is_edge(day):
        pairs += product((begin[0], begin[-1]), (end[0], end[-1]))
    return [(min(pair), max(pair)) for pair in pairs]


@cache
def as_months(months: tuple[YearMonth, ...]) -> list[Month]:
    return [Month(*month) for month in months]


@cache
def well_after(day: date) -> YearMonth:
    """Return a month of which no service is left after a cancellation on that day."""
    for _ in range(3):
        day = oracle.next_month(day)
    return day.year, day.month


@lru_cache(maxsize=4096)
def running_since(begin: datetime) -> Instance:
    return samples.subscribed(begin)


def values(instance: Instance) -> dict[str, Any]:
    return {field.name: getattr(instance, field.name) for field in fields(instance)}


@lru_cache(maxsize=4096)
def values_since(begin: datetime) -> dict[str, Any]:
    return values(running_since(begin))


class Comparison:
    """Compares under every rule and bill, counts the cases, and stops at the first difference."""

    def __init__(self, zone: str) -> None:
        self.cases = 0
        self.zone = zone
        self.calendar = BillingCalendar(zone=zone)
        self.terms = {
            Terms(zone, rule.value, bill.value): Cancellation(rule=rule, bill=bill)
            for rule, bill in product(CancellationRule, CancellationBill)
        }

    def cancellations(self, day: date, subscribed: Iterable[date]) -> None:
        """Cancel on that day what was subscribed on those."""
        through = well_after(day)
        written: dict[datetime, Written] = {}
        for first in subscribed:
            for begin, end in moments(self.zone, first, (day - first).days):
                if end not in written:
                    written[end] = self.written(begin, end)
                self.pair(begin, end, written[end], through)

    def cancel(self, begin: datetime, end: datetime, walked: Terms) -> Instance:
        return subscriptions.cancel(
            running_since(begin), at=end, terms=self.terms[walked], calendar=self.calendar
        )

    def written(self, begin: datetime, end: datetime) -> Written:
        """Return what a cancellation writes, and under which terms it writes just that."""
        found: Written = []
        before = values_since(begin)
        for walked in self.terms:
            after = self.cancel(begin, end, walked)
            served = oracle.service_end(self.zone, walked.rule, end)
            assert after.service_ends_at == served, (walked, end)
            changes = {name: at for name, at in values(after).items() if at != before[name]}
            alike = next((terms for known, terms in found if known == changes), None)
            if alike is None:
                found.append((changes, [walked]))
            else:
                alike.append(walked)
        return found

    def pair(self, begin: datetime, end: datetime, written: Written, through: YearMonth) -> None:
        """
        Compare one subscription and one cancellation.

        A cancellation takes as long as all the rest. What it writes is therefore taken over from
        another subscription; under one of the terms, in turn, it is made and has to be the same.
        """
        before, last = values_since(begin), Month(*through)
        turn = (begin.toordinal() + end.toordinal()) // 2
        for place, (changes, terms) in enumerate(written):
            ended = Instance(**before | changes)
            if place == turn % len(written):
                assert ended == self.cancel(begin, end, terms[turn % len(terms)])
            found = billable_months(ended, self.calendar, through=last)
            for walked in terms:
                wanted = as_months(oracle.months_billed(walked, begin, end, through=through))
                if found != wanted:
                    pytest.fail(f"{walked}: {begin} to {end}: {wanted} walked, {found} computed")
                self.cases += 1

    def service_ends(self, day: date) -> None:
        for at, walked in product(instants(self.zone, day), list(self.terms)[::2]):
            computed = subscriptions.service_end(self.terms[walked], at, self.calendar)
            assert computed == oracle.service_end(self.zone, walked.rule, at), (walked, at)
            self.cases += 1

    def running(self, first: date, through: YearMonth) -> None:
        terms = next(iter(self.terms))
        for begin in instants(self.zone, first):
            wanted = as_months(oracle.months_billed(terms, begin, None, through=through))
            instance = samples.subscribed(begin)
            found = billable_months(instance, self.calendar, through=Month(*through))
            assert found == wanted, (self.zone, begin, through)
            self.cases += 1

    def deadlines(self, month: YearMonth) -> None:
        calendar, real = self.calendar, Month(*month)
        assert oracle.deadlines(self.zone, month) == oracle.Deadlines(
            closes=calendar.end(real),
            due_ends=calendar.end_of(calendar.due_date(real)),
            stops=calendar.end_of(calendar.last_date(real)),
            deletes=calendar.morning(calendar.delete_date(real)),
        ), (self.zone, month)
        self.cases += 1


def all_months() -> Iterator[YearMonth]:
    return product(range(FIRST.year, LAST.year + 1), range(1, 13))


@pytest.mark.parametrize("zone", ZONES + FURTHER_ZONES)
def test_every_month_closes_falls_due_stops_and_deletes_when_the_walk_says(zone: str) -> None:
    compared = Comparison(zone)
    for year, month in all_months():
        # In the ordinary run two years of each zone, others for others.
        if (year - FIRST.year) // 2 == len(zone) % 6:
            compared.deadlines((year, month))
    assert compared.cases == 24


@pytest.mark.parametrize(("zone", "year"), SAMPLE)
def test_a_sample_of_cancellations_ends_and_is_billed_as_the_walk_says(
    zone: str, year: int
) -> None:
    compared = Comparison(zone)
    for day in days(date(year, 1, 1), date(year, 12, 31), step=25):
        compared.cancellations(day, days(day - LONGEST * ONE_DAY, day))
        compared.service_ends(day)
        compared.running(day, well_after(day))
    assert compared.cases > 15 * 91 * 6


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("zone", ZONES)
def test_every_cancellation_of_twelve_years_ends_and_is_billed_as_the_walk_says(
    zone: str, record_property: Callable[[str, object], None]
) -> None:
    compared = Comparison(zone)
    for day in days(FIRST, LAST + LONGEST * ONE_DAY):
        compared.cancellations(day, days(max(FIRST, day - LONGEST * ONE_DAY), min(LAST, day)))
    record_property("cases", compared.cases)
    assert compared.cases == 2_434_230


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("zone", ZONES + FURTHER_ZONES)
def test_every_service_end_and_running_month_of_twelve_years_is_the_walked_one(
    zone: str, record_property: Callable[[str, object], None]
) -> None:
    compared = Comparison(zone)
    for month in all_months():
        compared.deadlines(month)
    for first in days(FIRST, LAST):
        compared.service_ends(first)
        compared.running(first, (first.year, first.month))
        compared.running(first, well_after(first))
    record_property("cases", compared.cases)
    assert compared.cases > 4_383 * 7 * 5
