"""Used days that were not bought before, as lines of a month's invoice."""

import pytest
from hypothesis import given, strategies

from billing.calendar import Month
from billing.days import usage
from billing.days.allocations import DAY, Allocation
from billing.invoices import LineKind
from billing.money import Money
from tests.billing.samples import cancelled, local, on_trial, quick, subscribed

T0 = local("2026-03-01 12:00", "UTC")
MARCH = Month(2026, 3)


def held(instance_id: str, starts_at, days: int) -> Allocation:
    return Allocation(f"{instance_id}{starts_at}", instance_id, "partner", days, starts_at, T0)


def price(minor: int):
    return lambda days: Money(minor, "USD").share(days, 30)


@pytest.mark.parametrize(
    ("used", "bought", "invoiced", "owed"),
    [(40, 0, 0, 40), (40, 30, 0, 10), (40, 30, 10, 0), (40, 100, 0, 0)],
)
def test_what_is_owed_was_neither_bought_nor_invoiced(used, bought, invoiced, owed):
    assert usage.owed_days(used=used, bought=bought, invoiced=invoiced) == owed


def test_the_days_that_are_owed_are_the_last_ones():
    both = [held("A2222", T0, 30), held("B2222", T0 + 10 * DAY, 30)]
    end = T0 + 12 * DAY
    # 12 and 2 days began; of the last five two pairs were side by side.
    assert usage.newest_periods(both, 5, until=end) == {"A2222": 3, "B2222": 2}
    assert usage.newest_periods(both, 99, until=end) == {"A2222": 12, "B2222": 2}
    assert usage.newest_periods(both, 0, until=end) == {}


def test_the_days_that_are_owed_are_those_that_began_last_whoever_was_given_days_last():
    # A's days began at half past each day, up to 4.5; B's at 3 and 4.
    both = [held("A2222", T0 + DAY / 2, 5), held("B2222", T0 + 3 * DAY, 2)]
    assert usage.newest_periods(both, 3, until=T0 + 9 * DAY) == {"A2222": 2, "B2222": 1}
    assert usage.newest_periods(both, 4, until=T0 + 9 * DAY) == {"A2222": 2, "B2222": 2}


def test_a_line_has_its_instances_days_and_share():
    some = [(subscribed(T0, "A2222"), 12), (subscribed(T0, "B2222"), 2)]
    first, second = usage.lines(some, month=MARCH, price=price(3000))
    assert (first.kind, first.days, first.price) == (LineKind.DAYS, 12, Money(1200, "USD"))
    assert (second.instance_id, second.period, second.price.minor) == ("B2222", MARCH, 200)


def test_a_line_keeps_what_it_was_drawn_up_from():
    leaving = cancelled(subscribed(T0, "A2222", band=2), T0 + DAY)
    (line,) = usage.lines([(leaving, 3)], month=MARCH, price=price(3000))
    assert (line.name, line.band, line.subscribed_at) == (leaving.name, 2, T0)
    assert (line.cancelled_at, line.service_ends_at) == (T0 + DAY, leaving.service_ends_at)
    # One that was never subscribed had its days from the beginning.
    (line,) = usage.lines([(on_trial(T0 + DAY), 3)], month=MARCH, price=price(3000))
    assert (line.subscribed_at, line.cancelled_at) == (T0 + DAY, None)


@quick
@given(strategies.lists(strategies.integers(1, 31), max_size=40), strategies.integers(1, 9999))
def test_lines_come_to_the_price_of_all_days_rounded_once(days, minor):
    some = [(subscribed(T0, f"A{at}222"), used) for at, used in enumerate(days)]
    found = usage.lines(some, month=MARCH, price=price(minor))
    assert sum(line.price.minor for line in found) == price(minor)(sum(days)).minor
    for line in found:
        # Each is within a cent of its own share.
        assert abs(line.price.minor - line.days * minor / 30) <= 1
