"""What is said of days before they run out, and before what ran out is deleted."""

from datetime import timedelta

import pytest

from billing.days import notices
from billing.days.allocations import DAY
from billing.notices import NoticeKind
from tests.billing.days.test_allocations import a_trial
from tests.billing.days.test_extensions import NOW, active
from tests.billing.samples import SAO_PAULO, there


def said(found):
    return [(notice.kind, there(notice.at)) for notice in found]


class TestOfAnInstanceOnDays:
    def test_are_three_days_and_one_day_before_they_run_out_each_until_the_next(self):
        found = notices.of_days(active("A2222", 10 * DAY), SAO_PAULO, since=NOW)
        assert said(found) == [
            (NoticeKind.DAYS_3D, "2026-03-08 12:00"),
            (NoticeKind.DAYS_1D, "2026-03-10 12:00"),
        ]
        assert [there(notice.useful_until) for notice in found] == [
            "2026-03-10 12:00", "2026-03-11 12:00",
        ]  # fmt: skip

    @pytest.mark.parametrize(("days", "count"), [(4, 2), (3, 1), (2, 1), (1, 0)])
    def test_are_those_that_lie_ahead_of_it(self, days, count):
        found = notices.of_days(active("A2222", days * DAY), SAO_PAULO, since=NOW)
        assert len(found) == count

    def test_are_none_while_it_was_given_no_days(self):
        assert notices.of_days(a_trial(NOW), SAO_PAULO, since=NOW) == []

    def test_are_about_another_end_once_it_is_extended(self):
        first, second = (active("A2222", days * DAY) for days in (10, 40))
        assert notices.end_subject(first) != notices.end_subject(second)


class TestOfADeletion:
    def test_are_seven_days_and_one_day_before_it(self):
        found = notices.of_deletion("partner", NOW + 30 * DAY, SAO_PAULO, since=NOW)
        assert said(found) == [
            (NoticeKind.DAYS_DELETION_7D, "2026-03-24 12:00"),
            (NoticeKind.DAYS_DELETION_1D, "2026-03-30 12:00"),
        ]

    def test_of_one_day_are_one(self):
        at = NOW + 30 * DAY
        one, other = (
            notices.deletion_subject("partner", when, SAO_PAULO)
            for when in (at, at + timedelta(hours=1))
        )
        assert one == other
