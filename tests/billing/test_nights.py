"""The hours in which nobody is woken: the usual ones, a partner's own, none."""

from datetime import time, timedelta

import pytest

from billing import nights
from billing.nights import HoursRefused
from billing.notices import awake
from tests.billing.samples import SAO_PAULO, local, there


class TestANight:
    @pytest.mark.parametrize(
        ("hours", "at", "morning", "before"),
        [
            (None, "2026-03-03 22:00", "2026-03-04 08:00", "2026-03-03 21:30"),
            (None, "2026-03-04 07:59", "2026-03-04 08:00", "2026-03-03 21:30"),
            ("23:30-07:15", "2026-03-03 23:30", "2026-03-04 07:15", "2026-03-03 23:00"),
            # One that lies in a single day, and what is before it in the day before.
            ("00:00-06:00", "2026-03-04 00:00", "2026-03-04 06:00", "2026-03-03 23:30"),
            ("01:00-07:00", "2026-03-04 06:59", "2026-03-04 07:00", "2026-03-04 00:30"),
            # One that ends with the day.
            ("18:00-00:00", "2026-03-03 18:00", "2026-03-04 00:00", "2026-03-03 17:30"),
        ],
    )
    def test_is_slept_through_unless_it_would_be_too_late(self, hours, at, morning, before):
        night = nights.written(SAO_PAULO, hours)
        assert there(awake(local(at), night)) == morning
        late = local(morning)
        assert there(awake(local(at), night, deadline=late)) == before
        later = late + timedelta(minutes=1)
        assert there(awake(local(at), night, deadline=later)) == morning

    @pytest.mark.parametrize(
        ("hours", "at"),
        [
            (None, "2026-03-03 08:00"),
            (None, "2026-03-03 21:59"),
            ("23:30-07:15", "2026-03-03 22:00"),
            ("23:30-07:15", "2026-03-03 07:15"),
            ("00:00-06:00", "2026-03-03 23:59"),
            ("01:00-07:00", "2026-03-03 00:59"),
            ("00:00-00:00", "2026-03-03 03:00"),
        ],
    )
    def test_is_not_by_day(self, hours, at):
        night = nights.written(SAO_PAULO, hours)
        assert there(awake(local(at), night)) == at
        assert nights.read(night).around(local(at)) is None

    def test_is_of_its_own_zone(self):
        at = local("2026-03-03 23:00")
        assert awake(at, "Asia/Tokyo") == at
        assert awake(at, "Asia/Tokyo 10:00-12:00") == at + timedelta(hours=1)


class TestHours:
    def test_are_kept_as_clocks_show_them(self):
        assert nights.hours(time(23), time(6, 30)) == "23:00-06:30"
        assert nights.read("UTC 23:00-06:30").lasts == timedelta(hours=7, minutes=30)
        assert nights.read(nights.written("UTC", nights.hours(time(0), time(0)))).lasts == (
            timedelta(0)
        )

    @pytest.mark.parametrize(("begins", "ends"), [(20, 9), (8, 22), (9, 8)])
    def test_are_no_more_than_half_a_day(self, begins, ends):
        with pytest.raises(HoursRefused) as refused:
            nights.hours(time(begins), time(ends))
        assert refused.value.facts == {"most": 12}
        assert nights.hours(time(20), time(8)) == "20:00-08:00"
