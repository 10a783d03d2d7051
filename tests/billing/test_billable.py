from datetime import timedelta

import pytest
from hypothesis import given, strategies

from billing import instances, subscriptions
from billing.billable import Billed
from billing.calendar import Month
from billing.programmes import CancellationBill, CancellationRule
from tests.billing.samples import (
    CLASSIC,
    INTEGRATOR,
    ZONES,
    Books,
    billed,
    cancelled,
    instants,
    local,
    months,
    on_trial,
    quick,
    subscribed,
    terms,
)

FAR = "2036-12"
lasting = strategies.timedeltas(timedelta(0), timedelta(days=200))
every_terms = strategies.builds(
    lambda rule, bill, zone: terms(INTEGRATOR, zone=zone, rule=rule, bill=bill),
    strategies.sampled_from(CancellationRule),
    strategies.sampled_from(CancellationBill),
    strategies.sampled_from(ZONES),
)


class TestBillableMonths:
    def test_begin_with_the_month_of_the_subscription_and_go_on(self):
        instance = subscribed(local("2026-01-31 23:30"))
        assert billed(instance, "2026-03") == months("2026-01 2026-02 2026-03")
        assert billed(instance, "2025-12") == []

    def test_of_a_trial_are_none(self):
        assert billed(on_trial(local("2026-01-31 23:30")), "2026-03") == []

    def test_of_an_instance_paid_otherwise_are_none(self):
        instance = subscribed(local("2026-01-31 23:30"))
        assert billed(instances.replace(instance, settlement="days"), "2026-03") == []

    @pytest.mark.parametrize(
        ("deleted", "expected"),
        [
            ("2026-01-05 10:00", "2026-01"),  # in the minute of the subscription
            ("2026-02-28 23:59", "2026-01 2026-02"),
            ("2026-03-01 00:00", "2026-01 2026-02"),  # half-open
            ("2026-03-01 00:01", "2026-01 2026-02 2026-03"),
        ],
    )
    def test_end_with_the_month_of_the_deletion(self, deleted, expected):
        instance = instances.delete(subscribed(local("2026-01-05 10:00")), at=local(deleted))
        assert billed(instance, FAR) == months(expected)

    def test_count_the_subscription_at_the_very_start_of_a_month_deleted_at_once(self):
        start = local("2026-03-01 00:00")
        gone = instances.delete(subscribed(start), at=start)
        assert billed(gone, FAR) == months("2026-03")

    def test_go_on_while_it_is_stopped_as_overdue(self):
        # Deleted on 15 February after serving 1-10 February means a line for February.
        instance = subscribed(local("2026-01-05 10:00"))
        stopped = subscriptions.stop_unpaid(instance, at=local("2026-02-11 00:00"))
        gone = instances.delete(stopped, at=local("2026-02-15 09:00"))
        assert billed(gone, FAR) == months("2026-01 2026-02")

    @pytest.mark.parametrize(
        ("cancelled_at", "deleted", "expected"),
        [
            ("2026-02-10 10:00", "2026-03-05 10:00", "2026-01 2026-02"),
            ("2026-02-10 10:00", "2026-02-11 10:00", "2026-01 2026-02"),
        ],
    )
    def test_of_a_cancelled_one_are_not_more_for_its_deletion(
        self, cancelled_at, deleted, expected
    ):
        instance = cancelled(subscribed(local("2026-01-05 10:00")), local(cancelled_at))
        assert billed(instances.delete(instance, at=local(deleted)), FAR) == months(expected)

    def test_with_every_month_of_service_end_with_a_deletion_before_the_service_does(self):
        programme = terms(INTEGRATOR, bill="every_month_of_service")
        instance = subscribed(local("2026-01-05 10:00"))
        instance = cancelled(instance, local("2026-02-10 10:00"), programme)
        assert billed(instance, FAR) == months("2026-01 2026-02 2026-03")
        gone = instances.delete(instance, at=local("2026-02-20 10:00"))
        assert billed(gone, FAR) == months("2026-01 2026-02")

    def test_with_notice_shorter_than_the_month_are_the_month_of_the_cancellation(self):
        programme = terms(INTEGRATOR, days=5)
        instance = cancelled(subscribed(local("2026-01-05 10:00")), local("2026-01-06 10:00"),
                             programme)  # fmt: skip
        assert billed(instance, FAR) == months("2026-01")


class TestBilledMonths:
    def test_are_all_before_one_and_single_ones_after_it(self):
        billed_ = Billed(Month(2026, 3), frozenset(months("2026-05")))
        asked = months("2020-01 2026-02 2026-03 2026-04 2026-05 2026-06")
        assert [month for month in asked if month in billed_] == months("2020-01 2026-02 2026-05")
        assert "2020-01" not in billed_

    def test_without_any_before_are_the_single_ones(self):
        billed_ = Billed().plus(Month(2026, 5)).plus(Month(2026, 3))
        asked = months("2026-02 2026-03 2026-04 2026-05")
        assert [month for month in asked if month in billed_] == months("2026-03 2026-05")

    def test_stay_what_they_were_when_one_is_added(self):
        before = Billed(Month(2026, 3))
        assert before.plus(Month(2026, 3)) == Billed(Month(2026, 3), frozenset({Month(2026, 3)}))
        assert Month(2026, 3) not in before


class TestMonthsInGeneral:
    @quick
    @given(instants(), lasting, lasting, every_terms)
    def test_are_gapless_and_contain_the_month_of_the_subscription(
        self, start, until_cancelled, until_deleted, programme
    ):
        instance = cancelled(subscribed(start), start + until_cancelled, programme)
        gone = instances.delete(instance, at=start + until_cancelled + until_deleted)
        calendar = programme.calendar
        for case in (instance, gone):
            found = billed(case, FAR, programme)
            assert found[0] == calendar.month_of(start)
            assert found == [found[0].plus(step) for step in range(len(found))]
            assert case.billable_until <= case.service_ends_at
        assert set(billed(gone, FAR, programme)) <= set(billed(instance, FAR, programme))

    @quick
    @given(instants(), lasting, every_terms)
    def test_of_a_cancelled_one_reach_exactly_to_the_month_the_rule_names(
        self, start, until_cancelled, programme
    ):
        at = start + until_cancelled
        instance = cancelled(subscribed(start), at, programme)
        calendar = programme.calendar
        last = billed(instance, FAR, programme)[-1]
        if programme.cancellation.bill is CancellationBill.MONTH_OF_CANCELLATION:
            assert last == calendar.month_of(at)
        else:
            assert calendar.start(last) < instance.service_ends_at <= calendar.end(last)

    @quick
    @given(instants(), lasting, strategies.sampled_from(CancellationRule))
    def test_put_a_cancelled_one_on_exactly_one_more_invoice(self, start, until_cancelled, rule):
        programme = terms(CLASSIC, rule=rule)
        at = start + until_cancelled
        books, running = Books(programme), subscribed(start)
        month, month_of_cancellation = (
            programme.calendar.month_of(moment) for moment in (start, at)
        )
        while month < month_of_cancellation:
            assert books.close(str(month), [running]) is not None
            month = month.plus(1)
        leaving = cancelled(running, at, programme)
        after = [books.close(str(month.plus(step)), [leaving]) for step in range(6)]
        assert [draft is not None for draft in after] == [True] + [False] * 5
        assert [line.period for line in after[0].lines] == [month_of_cancellation]

    @quick
    @given(
        strategies.lists(strategies.tuples(instants("2026-01-01", "2026-05-31"), lasting)),
        strategies.lists(strategies.integers(1, 9), min_size=1),
    )
    def test_are_on_invoices_once_however_often_and_in_whatever_order_they_are_drawn_up(
        self, stays, closes
    ):
        books = Books(INTEGRATOR)
        running = [
            cancelled(subscribed(start, str(number)), start + stay)
            for number, (start, stay) in enumerate(stays)
        ]
        for number in (*closes, 12):
            month = str(Month(2026, number))
            books.close(month, running)
            assert books.close(month, running) is None
        for instance in running:
            found = books.lines.get(instance.id, [])
            assert sorted(found) == sorted(set(found)) == billed(instance, "2026-12")
