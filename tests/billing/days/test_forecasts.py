"""Who takes days by itself, and what runs out when."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies

from billing.days import forecasts
from billing.days.allocations import DAY
from billing.days.forecasts import auto_extends_at, forecast, is_low, unreached
from billing.programmes import Settlement
from tests.billing.days.test_allocations import a_trial
from tests.billing.days.test_extensions import HOUR, NOW, active
from tests.billing.samples import DAYS, SAO_PAULO, quick


class TestWhoExtendsItself:
    def test_does_so_a_day_before_it_ends(self):
        assert auto_extends_at(active("A2222", 5 * DAY, auto_extend=30)) == NOW + 4 * DAY
        assert auto_extends_at(active("A2222", 5 * DAY)) is None

    def test_does_so_from_its_trial_too_if_it_was_told_to(self):
        trial = replace(a_trial(NOW), auto_extend=30)
        assert auto_extends_at(trial) == NOW + 4 * DAY

    def test_gets_its_days_in_the_order_of_the_ends_and_never_in_part(self):
        some = [
            active("A2222", 3 * DAY, auto_extend=30),
            active("B2222", 2 * DAY, auto_extend=30),
            active("C2222", 4 * DAY, auto_extend=5),
        ]
        assert unreached(some, 40, at=NOW, until=NOW + 4 * DAY) == {"A2222": NOW + 3 * DAY}
        assert unreached(some, 65, at=NOW, until=NOW + 7 * DAY) == {}
        assert unreached(some, 65, at=NOW, until=NOW + 9 * DAY) == {
            "C2222": NOW + 9 * DAY + 0 * DAY
        }

    def test_that_ends_later_than_is_looked_lacks_nothing_yet(self):
        some = [active("A2222", 5 * DAY, auto_extend=30)]
        assert unreached(some, 0, at=NOW, until=NOW + 4 * DAY - HOUR) == {}
        assert unreached(some, 0, at=NOW, until=NOW + 4 * DAY) == {"A2222": NOW + 5 * DAY}


class TestAForecast:
    def test_says_when_each_ends_and_how_many_end_on_a_day(self):
        some = [active("B2222", 13 * DAY), active("A2222", 13 * DAY), active("C2222", 3 * DAY)]
        shown = forecast(some, 0, at=NOW, zone=SAO_PAULO)
        assert [one.instance.id for one in shown.each] == ["C2222", "A2222", "B2222"]
        assert shown.by_day == ((date(2026, 3, 4), 1), (date(2026, 3, 14), 2))

    def test_counts_what_an_instance_will_take_by_itself(self):
        some = [active("A2222", 5 * DAY, auto_extend=30), active("B2222", 9 * DAY)]
        shown = forecast(some, 70, at=NOW, zone=SAO_PAULO)
        found = {one.instance.id: (one.at, one.short) for one in shown.each}
        assert found == {"A2222": (NOW + 65 * DAY, True), "B2222": (NOW + 9 * DAY, False)}

    def test_goes_on_for_those_that_take_few_when_many_cannot_be_had(self):
        some = [active("A2222", 3 * DAY, auto_extend=30), active("C2222", 4 * DAY, auto_extend=5)]
        shown = forecast(some, 10, at=NOW, zone=SAO_PAULO)
        found = {one.instance.id: (one.at, one.short) for one in shown.each}
        assert found == {"A2222": (NOW + 3 * DAY, True), "C2222": (NOW + 14 * DAY, True)}

    def test_ends_after_a_year(self):
        shown = forecast([active("A2222", 5 * DAY, auto_extend=30)], 9999, at=NOW, zone=SAO_PAULO)
        assert [(one.at, one.short) for one in shown.each] == [(None, False)]
        assert shown.by_day == ()

    def test_has_what_ends_just_a_year_from_now_and_what_ends_later_last(self):
        some = [active("B2222", 367 * DAY), active("A2222", 366 * DAY), active("C2222", 9 * DAY)]
        shown = forecast(some, 0, at=NOW, zone=SAO_PAULO)
        assert [(one.instance.id, one.at) for one in shown.each] == [
            ("C2222", NOW + 9 * DAY), ("A2222", NOW + 366 * DAY), ("B2222", None),
        ]  # fmt: skip

    def test_in_all_is_until_when_the_balance_keeps_all_running(self):
        some = [active(f"A{at}222", at * DAY) for at in (2, 4, 30)]
        # To day 4 the first takes 2; then both take one a day, 5 days each.
        shown = forecast(some, 12, at=NOW, zone=SAO_PAULO)
        assert shown.pool_until == NOW + 9 * DAY
        assert forecast(some, 0, at=NOW, zone=SAO_PAULO).pool_until == NOW + 2 * DAY
        assert forecast([], 12, at=NOW, zone=SAO_PAULO).pool_until is None
        # The last that is foreseen: ten years, of 366 days each.
        alone = [active("A2222", DAY)]
        last = forecast(alone, 3659, at=NOW, zone=SAO_PAULO).pool_until
        assert last == NOW + 3660 * DAY
        assert forecast(alone, 3660, at=NOW, zone=SAO_PAULO).pool_until is None
        for beyond in (10**6, 10**8):
            assert forecast(some, beyond, at=NOW, zone=SAO_PAULO).pool_until is None

    def test_is_not_of_what_is_paid_by_the_month_whatever_days_it_once_had(self):
        monthly = active("A2222", 9 * DAY, settlement=Settlement.POSTPAID)
        assert forecast([monthly], 10, at=NOW, zone=SAO_PAULO).each == ()

    def test_is_of_what_runs_on_days(self):
        assert forecast([a_trial(NOW)], 10, at=NOW, zone=SAO_PAULO).each == ()


class TestALowBalance:
    @pytest.mark.parametrize(("balance", "low"), [(13, True), (14, False), (0, True)])
    def test_lasts_less_than_7_days_at_the_present_use(self, balance, low):
        some = [active("A2222", DAY), active("B2222", DAY), a_trial(NOW)]
        assert is_low(balance, some, DAYS.days) is low

    @pytest.mark.parametrize(("balance", "low"), [(6, True), (7, False)])
    def test_is_of_one_that_runs_alone_too(self, balance, low):
        assert is_low(balance, [active("A2222", DAY)], DAYS.days) is low

    @pytest.mark.parametrize("balance", [0, -5])
    def test_is_none_where_nothing_runs(self, balance):
        assert not is_low(balance, [a_trial(NOW)], DAYS.days)


some_instances = strategies.lists(
    strategies.tuples(
        strategies.integers(0, 20 * 24), strategies.none() | strategies.integers(1, 40)
    ),
    max_size=8,
)


@quick
@given(some_instances, strategies.integers(0, 500))
def test_a_forecast_gives_no_more_than_the_balance_and_uses_the_pool_up(some, balance):
    found = [
        active(f"A{at}222", timedelta(hours=hours), auto_extend=auto)
        for at, (hours, auto) in enumerate(some)
    ]
    ends = forecasts._walk(found, balance, at=NOW, until=NOW + 40 * DAY)
    taken = sum(((end - one.active_until) // DAY for one in found for end, _ in [ends[one.id]]), 0)
    assert 0 <= taken <= balance
    shown = forecast(found, balance, at=NOW, zone=SAO_PAULO)
    if found and shown.pool_until is not None:
        room = sum(
            (max(shown.pool_until - one.active_until, timedelta(0)) for one in found), timedelta(0)
        )
        assert abs(room - balance * DAY) < timedelta(milliseconds=1)
