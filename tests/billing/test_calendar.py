from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given, strategies

from billing.calendar import BillingCalendar, Month, instant, local_date, zone_named
from tests.billing.samples import SAO_PAULO, ZONES, instants, local, quick, there

# The first instants of days whose 00:00 a clock change removes.
MISSING_MIDNIGHTS = [
    (SAO_PAULO, "2018-11-04", "2018-11-04T03:00+00:00"),
    ("America/Santiago", "2026-09-06", "2026-09-06T04:00+00:00"),
    ("America/Havana", "2026-03-08", "2026-03-08T05:00+00:00"),
    ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00+00:00"),
    ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00+00:00"),
    ("America/Asuncion", "2017-10-01", "2017-10-01T04:00+00:00"),  # the first of a month
]


class TestMonth:
    def test_is_read_and_written_alike(self):
        for text in ("2026-03", "2000-01", "9998-12"):
            assert str(Month.parse(text)) == text

    @pytest.mark.parametrize(
        "text",
        ["", "2026", "2026-3", "26-03", "2026-13", "2026-00", "2026-03-01", "1999-12", "9999-01",
         "2026_03", "２０２６-03", "²026-03", "-026-03"],
    )  # fmt: skip
    def test_that_is_none_is_refused(self, text):
        with pytest.raises(ValueError, match="month"):
            Month.parse(text)

    @pytest.mark.parametrize(
        ("start", "steps", "expected"),
        [
            ("2026-12", 1, "2027-01"),
            ("2026-01", -1, "2025-12"),
            ("2026-05", 0, "2026-05"),
            ("2026-05", 25, "2028-06"),
        ],
    )
    def test_is_followed_by_the_next_also_across_years(self, start, steps, expected):
        assert str(Month.parse(start).plus(steps)) == expected

    @quick
    @given(
        strategies.dates(date(2001, 1, 1), date(2100, 1, 1)),
        strategies.dates(date(2001, 1, 1), date(2100, 1, 1)),
    )
    def test_is_ordered_like_its_days(self, one, other):
        months = Month(one.year, one.month), Month(other.year, other.month)
        assert (months[0] < months[1]) == (one.replace(day=1) < other.replace(day=1))


class TestZone:
    @pytest.mark.parametrize(
        "name", ["", "Nowhere/City", "America", "../etc", "/etc/passwd", "a\0b", "x" * 5000]
    )
    def test_that_is_none_is_refused_as_such(self, name):
        with pytest.raises((ZoneInfoNotFoundError, ValueError)):
            zone_named(name)


class TestInstant:
    @pytest.mark.parametrize(("zone", "day", "expected"), MISSING_MIDNIGHTS)
    def test_of_a_midnight_that_does_not_exist_is_the_first_of_the_day(self, zone, day, expected):
        first = BillingCalendar(zone).midnight(date.fromisoformat(day))
        assert first == datetime.fromisoformat(expected)
        assert there(first, zone) == f"{day} 01:00"
        assert local_date(first - timedelta(microseconds=1), zone) < date.fromisoformat(day)

    @pytest.mark.parametrize(
        ("zone", "day", "at", "expected"),
        [
            ("Europe/Berlin", "2026-03-29", time(2, 17, 33, 5), "2026-03-29T01:00+00:00"),
            ("America/Havana", "2026-03-08", time(0, 59, 59), "2026-03-08T05:00+00:00"),
            ("Australia/Lord_Howe", "2026-10-04", time(2, 10), "2026-10-03T15:30+00:00"),
        ],
    )
    def test_of_a_removed_time_is_the_first_after_the_gap(self, zone, day, at, expected):
        found = instant(date.fromisoformat(day), at, zone)
        assert found == datetime.fromisoformat(expected)

    def test_of_any_time_in_a_gap_is_the_very_same_second(self):
        day = date(2026, 3, 29)
        seconds = range(0, 3600, 7)
        gap = [time(2, second // 60, second % 60, second) for second in seconds]
        assert {instant(day, at, "Europe/Berlin") for at in gap} == {
            datetime(2026, 3, 29, 1, tzinfo=UTC)
        }
        assert all(instant(day, at, "Europe/Berlin").tzinfo is UTC for at in gap)

    @pytest.mark.parametrize(
        ("zone", "day", "at", "expected"),
        [
            ("America/Havana", "2026-11-01", time(0), "2026-11-01T04:00+00:00"),
            ("Europe/Berlin", "2026-10-25", time(2, 30), "2026-10-25T00:30+00:00"),
            (SAO_PAULO, "2018-02-17", time(23, 30), "2018-02-18T01:30+00:00"),
        ],
    )
    def test_of_a_time_that_comes_twice_is_the_first(self, zone, day, at, expected):
        found = instant(date.fromisoformat(day), at, zone)
        assert found == datetime.fromisoformat(expected)

    @quick
    @given(
        strategies.dates(date(2001, 1, 1), date(2036, 1, 1)),
        strategies.times(),
        strategies.sampled_from(ZONES),
    )
    def test_is_what_the_wall_shows_or_the_first_after_a_gap(self, day, at, zone):
        found = instant(day, at, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        wanted = datetime.combine(day, at)
        assert found == wanted or (
            wanted < found <= wanted + timedelta(hours=1) and found.minute == 0
        )


class TestThePostpaidCalendar:
    calendar = BillingCalendar(SAO_PAULO)

    def test_closes_stops_and_deletes_on_the_days_of_the_rules(self):
        may = Month(2026, 5)
        calendar = self.calendar
        assert there(calendar.start(may)) == "2026-05-01 00:00"
        assert there(calendar.end(may)) == "2026-06-01 00:00"
        assert calendar.due_date(may) == date(2026, 6, 5)
        assert calendar.last_date(may) == date(2026, 6, 10)
        assert calendar.delete_date(may) == date(2026, 6, 15)
        assert there(calendar.end_of(calendar.last_date(may))) == "2026-06-11 00:00"
        assert there(calendar.morning(calendar.delete_date(may))) == "2026-06-15 09:00"

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("2026-02-01T02:30+00:00", "2026-01"),  # 23:30 on 31 January, February by UTC
            ("2026-02-01T02:59:59.999999+00:00", "2026-01"),
            ("2026-02-01T03:00+00:00", "2026-02"),
        ],
    )
    def test_goes_by_the_programmes_own_midnight(self, at, expected):
        assert str(self.calendar.month_of(datetime.fromisoformat(at))) == expected

    @quick
    @given(instants(), strategies.sampled_from(ZONES))
    def test_has_every_instant_in_exactly_one_half_open_month(self, at, zone):
        calendar = BillingCalendar(zone)
        month = calendar.month_of(at)
        assert calendar.start(month) <= at < calendar.end(month)
        assert calendar.end(month) == calendar.start(month.plus(1))
        assert calendar.month_of(calendar.start(month)) == month

    @quick
    @given(instants(), strategies.sampled_from(ZONES))
    def test_finds_the_first_morning_not_before_an_instant(self, at, zone):
        calendar = BillingCalendar(zone)
        found = calendar.next_morning(at)
        assert at <= found < at + timedelta(hours=25)
        assert there(found, zone).endswith(" 09:00")


class TestTheSameLocalTimeDaysLater:
    @pytest.mark.parametrize(
        ("zone", "start", "days", "expected"),
        [
            (SAO_PAULO, "2026-03-01 10:00", 30, "2026-03-31 10:00"),
            ("Europe/Berlin", "2026-03-15 10:00", 30, "2026-04-14 10:00"),  # 719 hours
            # Removed by a clock change: the first instant after the gap.
            ("America/Santiago", "2026-08-07 00:30", 30, "2026-09-06 01:00"),
            ("Africa/Cairo", "2026-03-25 00:00", 30, "2026-04-24 01:00"),
            (SAO_PAULO, "2018-10-05 00:15", 30, "2018-11-04 01:00"),
        ],
    )
    def test_is_a_calendar_step(self, zone, start, days, expected):
        later = BillingCalendar(zone).same_time_days_later(local(start, zone), days)
        assert there(later, zone) == expected

    def test_keeps_to_the_second_pass_of_an_hour_that_comes_twice(self):
        havana = BillingCalendar("America/Havana")
        second_pass = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
        later = havana.same_time_days_later(second_pass, 364)
        assert later == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    def test_from_a_second_pass_is_single_where_the_hour_is(self):
        havana = BillingCalendar("America/Havana")
        second_pass = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
        assert there(havana.same_time_days_later(second_pass, 30), havana.zone) == (
            "2025-12-02 00:30"
        )

    @quick
    @given(instants(), strategies.integers(1, 400), strategies.sampled_from(ZONES))
    def test_lies_that_many_days_ahead_whatever_the_clocks_did(self, at, days, zone):
        later = BillingCalendar(zone).same_time_days_later(at, days)
        assert local_date(later, zone) == local_date(at, zone) + timedelta(days=days)
        assert abs(later - at - timedelta(days=days)) <= timedelta(hours=2)
