"""Extending in its three forms, and what the preview of it says."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies

from billing import instances
from billing.days import allocations, extensions
from billing.days.allocations import DAY
from billing.days.extensions import ByDays, LongEnough, ToRemaining, UntilDate, UntilPast
from billing.days.quotes import DayCountRefused, Funds
from billing.instances import NotInThisState
from billing.programmes import Settlement
from tests.billing.samples import DAYS, SAO_PAULO, creating, local, quick

NOW = local("2026-03-01 12:00")
HOUR = timedelta(hours=1)


def active(instance_id: str, left: timedelta, **how):
    """Return an instance that runs so long."""
    made = replace(creating(instance_id), settlement=Settlement.DAYS)
    trial = instances.created(made, at=NOW - 20 * DAY, trial=DAYS.trial)
    runs = allocations.extend(trial, 30, at=NOW - 19 * DAY, programme=DAYS)
    return replace(runs, active_until=NOW + left, **how)


def preview(some, form, balance=1000, others=(), at=NOW):
    return extensions.preview(
        some, form, at=at, zone=SAO_PAULO, programme=DAYS, funds=Funds(balance), others=others
    )


def days_of(shown):
    return [item.days for item in shown.items]


class TestTheForms:
    def test_by_days_gives_each_so_many(self):
        shown = preview([active("A2222", 3 * DAY), active("B2222", 9 * DAY)], ByDays(30))
        assert (days_of(shown), shown.total, shown.left) == ([30, 30], 60, 940)

    def test_to_remaining_gives_whole_days_rounded_up(self):
        some = [
            active("A2222", 3 * DAY + HOUR),
            active("B2222", 3 * DAY),
            active("C2222", 29 * DAY),
        ]
        assert days_of(preview(some, ToRemaining(30))) == [27, 27, 1]

    def test_to_remaining_gives_nothing_to_what_has_them(self):
        shown = preview([active("A2222", 30 * DAY), active("B2222", DAY)], ToRemaining(30))
        assert isinstance(shown.items[0].refusal, LongEnough)
        assert shown.items[0].refusal.facts == {"active_until": NOW + 30 * DAY}
        assert days_of(shown) == [0, 29]

    def test_until_a_date_is_until_its_end_where_the_partner_is(self):
        some = [active("A2222", DAY + 11 * HOUR), active("B2222", DAY + 13 * HOUR)]
        shown = preview(some, UntilDate(date(2026, 3, 5)))
        # The 5th ends 3 days and 13, or 11, hours after these.
        assert days_of(shown) == [4, 3]
        for item in shown.possible:
            assert item.after.active_until >= local("2026-03-06 00:00")

    def test_until_today_is_possible_and_until_yesterday_not(self):
        assert days_of(preview([active("A2222", HOUR)], UntilDate(date(2026, 3, 1)))) == [1]
        with pytest.raises(UntilPast) as refused:
            preview([active("A2222", HOUR)], UntilDate(date(2026, 2, 28)))
        assert refused.value.facts == {"until": date(2026, 2, 28), "today": date(2026, 3, 1)}

    @pytest.mark.parametrize("form", [ByDays, ToRemaining])
    @pytest.mark.parametrize(
        ("asked", "why"),
        [(0, "not_positive"), (-5, "not_positive"), (Decimal("1.5"), "fractional"),
         (3651, "too_many")],
    )  # fmt: skip
    def test_are_of_whole_positive_numbers_of_days(self, form, asked, why):
        with pytest.raises(DayCountRefused) as refused:
            preview([active("A2222", DAY)], form(asked), balance=7)
        assert refused.value.facts == {
            "why": why, "asked": str(asked), "balance": 7, "possible": 7,
        }  # fmt: skip

    def test_lead_no_farther_than_ten_years(self):
        shown = preview([active("A2222", 300 * DAY)], ByDays(3500), balance=9999)
        refusal = shown.items[0].refusal
        assert isinstance(refusal, DayCountRefused)
        assert refusal.facts == {
            "why": "too_far", "asked": "3500", "balance": 9999, "possible": 9999,
        }  # fmt: skip
        with pytest.raises(DayCountRefused) as refused:
            preview([active("A2222", DAY)], UntilDate(date(9999, 1, 1)), balance=-7)
        assert refused.value.facts == {
            "why": "too_far", "asked": "9999-01-01", "balance": -7, "possible": 0,
        }  # fmt: skip

    def test_lead_just_as_far_as_ten_years(self):
        shown = preview([active("A2222", 150 * DAY)], ByDays(3500), balance=9999)
        assert days_of(shown) == [3500]
        assert preview([active("A2222", 151 * DAY)], ByDays(3500), balance=9999).possible == []

    def test_until_a_date_lead_to_the_day_before_ten_years_are_over(self):
        today, a_day = date(2026, 3, 1), [active("A2222", DAY)]
        assert days_of(preview(a_day, UntilDate(today + 3648 * DAY))) == [3648]
        # On the last one ten years end before the day does: none can be extended so far.
        assert preview(a_day, UntilDate(today + 3650 * DAY)).possible == []
        with pytest.raises(DayCountRefused):
            preview(a_day, UntilDate(today + 3651 * DAY))


class TestAPreview:
    def test_says_of_each_why_it_cannot_be(self):
        gone = instances.delete(active("A2222", DAY), at=NOW)
        shown = preview([gone, active("B2222", DAY)], ByDays(3))
        assert isinstance(shown.items[0].refusal, NotInThisState)
        assert shown.items[0].instance == gone
        assert (len(shown.possible), shown.total) == (1, 3)

    def test_says_what_the_balance_lacks_and_for_whom(self):
        some = [active("C2222", 3 * DAY), active("A2222", DAY), active("B2222", 2 * DAY)]
        shown = preview(some, ByDays(30), balance=70)
        assert (shown.total, shown.lack, shown.left) == (90, 20, -20)
        assert [one.id for one in shown.uncovered] == ["C2222"]

    def test_that_the_balance_reaches_lacks_nothing(self):
        shown = preview([active("A2222", DAY)], ByDays(30), balance=30)
        assert (shown.lack, shown.uncovered, shown.left) == (0, (), 0)

    def test_says_who_else_would_be_left_short(self):
        mine = active("A2222", DAY)
        auto = active("B2222", 10 * DAY, auto_extend=30)
        poor = active("C2222", 12 * DAY, auto_extend=30)
        calm = active("D2222", 90 * DAY, auto_extend=30)
        others = [mine, auto, poor, calm, active("E2222", DAY)]
        # 50 days reach for one of the two anyway; C would have gone without.
        shown = preview([mine], ByDays(30), balance=50, others=others)
        assert [one.id for one in shown.short] == ["B2222"]
        assert preview([mine], ByDays(20), balance=50, others=others).short == ()

    def test_does_not_count_what_an_extended_one_need_not_take_any_more(self):
        mine = active("A2222", 2 * DAY, auto_extend=30)
        other = active("B2222", 10 * DAY, auto_extend=30)
        assert preview([mine], ByDays(30), balance=60, others=[mine, other]).short == ()

    def test_that_cannot_be_leaves_nothing_for_others(self):
        # It takes a day once in the thirty that are looked at.
        other = active("B2222", 30 * DAY + 12 * HOUR, auto_extend=1)
        shown = preview([active("A2222", DAY)], ByDays(60), balance=50, others=[other])
        assert (shown.lack, shown.short) == (10, (other,))

    def test_of_one_that_extends_itself_does_not_call_itself_short(self):
        mine = active("A2222", 2 * DAY, auto_extend=30)
        assert preview([mine], ByDays(20), balance=40, others=[mine]).short == ()


lefts = strategies.integers(0, 24 * 60).map(lambda hours: hours * HOUR)


@quick
@given(
    strategies.lists(lefts, min_size=1, max_size=6),
    strategies.integers(0, 400),
    strategies.one_of(
        strategies.integers(1, 90).map(ByDays),
        strategies.integers(1, 90).map(ToRemaining),
        strategies.dates(date(2026, 3, 1), date(2026, 6, 30)).map(UntilDate),
    ),
)
def test_a_preview_adds_up_and_gives_no_day_more_than_is_needed(some, balance, form):
    found = [active(f"A{at}222", left) for at, left in enumerate(some)]
    shown = preview(found, form, balance=balance)
    assert shown.total == sum(item.days for item in shown.items)
    assert shown.lack == max(0, shown.total - balance)
    assert bool(shown.uncovered) == bool(shown.lack)
    for item in shown.possible:
        assert item.after.active_until == item.instance.active_until + item.days * DAY
        less = item.after.active_until - DAY
        if isinstance(form, ToRemaining):
            assert less < NOW + form.days * DAY <= item.after.active_until
        elif isinstance(form, UntilDate):
            end = local(f"{form.date} 00:00") + DAY
            assert less < end <= item.after.active_until
