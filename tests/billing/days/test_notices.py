"""What is said of days before they run out, and before what ran out is deleted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies

from billing.days import notices
from billing.days.allocations import DAY
from billing.invoices import InvoiceKind
from billing.notices import Notice, NoticeKind
from tests.billing.days.test_allocations import a_trial
from tests.billing.days.test_extensions import NOW, active
from tests.billing.samples import (
    DAYS,
    INTEGRATOR,
    SAO_PAULO,
    creating,
    instants,
    invoice,
    local,
    quick,
    there,
)
from tests.billing.test_notices import check_in_order_and_by_day, zones


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
        assert {notice.subject for notice in notices.of_days(first, SAO_PAULO, since=NOW)} == {
            notices.end_subject(first)
        }

    def test_are_about_the_end_of_a_trial_while_it_lasts(self):
        trial = a_trial(NOW)
        assert notices.ends_at(trial) == NOW + 5 * DAY
        # It extends itself: these days come after the trial, which ends first.
        assert notices.ends_at(replace(trial, active_until=NOW + 9 * DAY)) == NOW + 5 * DAY
        assert notices.end_subject(trial) == f"K7Q2M:{int((NOW + 5 * DAY).timestamp())}"
        assert notices.end_subject(creating()) == "K7Q2M:0"

    def test_wait_for_the_morning_which_is_early_enough_for_them(self):
        # It ends at 02:00 of the 5th, and a day before that all sleep.
        runs = active("A2222", 3 * DAY + timedelta(hours=14))
        assert said(notices.of_days(runs, SAO_PAULO, since=NOW)) == [
            (NoticeKind.DAYS_3D, "2026-03-02 08:00"),
            (NoticeKind.DAYS_1D, "2026-03-04 08:00"),
        ]

    def test_are_none_at_the_instant_at_which_the_days_were_given(self):
        assert notices.of_days(active("A2222", DAY), SAO_PAULO, since=NOW) == []


class TestOfADeletion:
    def test_are_seven_days_and_one_day_before_it(self):
        found = notices.of_deletion("partner", NOW + 30 * DAY, SAO_PAULO, since=NOW)
        assert {notice.subject for notice in found} == {"partner:2026-03-31"}
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


@quick
@given(instants(), zones, strategies.timedeltas(timedelta(0), timedelta(days=12)))
def test_are_useful_each_until_the_next_or_the_end_and_by_day(since, zone, left):
    runs = replace(active("A2222", DAY), active_until=since + left)
    for found in (
        notices.of_days(runs, zone, since=since),
        notices.of_deletion("partner", since + left, zone, since=since),
    ):
        check_in_order_and_by_day(found, zone)
        following = [*(notice.at for notice in found[1:]), since + left]
        assert [notice.useful_until for notice in found] == following[: len(found)]
        assert all(since < notice.at for notice in found)


def test_of_a_day_invoice_is_three_days_after_it_in_the_morning_where_the_partner_is():
    issued = local("2026-02-20 23:30", "UTC")
    unpaid = replace(invoice(at=issued, programme=INTEGRATOR), kind=InvoiceKind.DAYS)
    # Where the programme is, it is the 20th; in Tokyo it was the 21st already.
    for zone, morning in (("UTC", "2026-02-23 09:00"), ("Asia/Tokyo", "2026-02-24 09:00")):
        assert notices.of_day_invoice(unpaid, DAYS.days, zone, DAYS.calendar) == Notice(
            NoticeKind.DAY_INVOICE_UNPAID, unpaid.id, local(morning, zone), unpaid.due_until
        )
