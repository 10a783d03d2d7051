"""Used days that were not bought before, as lines of a month's invoice."""

import pytest
from hypothesis import given, strategies

from billing.calendar import Month
from billing.days import usage
from billing.days.allocations import DAY, Allocation
from billing.invoices import LineKind
from billing.money import Money
from tests.billing.samples import local, quick, subscribed

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


def test_a_line_has_its_instances_days_and_share():
    some = [(subscribed(T0, "A2222"), 12), (subscribed(T0, "B2222"), 2)]
    first, second = usage.lines(some, month=MARCH, price=price(3000))
    assert (first.kind, first.days, first.price) == (LineKind.DAYS, 12, Money(1200, "USD"))
    assert (second.instance_id, second.period, second.price.minor) == ("B2222", MARCH, 200)


@quick
@given(strategies.lists(strategies.integers(1, 31), max_size=40), strategies.integers(1, 9999))
def test_lines_come_to_the_price_of_all_days_rounded_once(days, minor):
    some = [(subscribed(T0, f"A{at}222"), used) for at, used in enumerate(days)]
    found = usage.lines(some, month=MARCH, price=price(minor))
    assert sum(line.price.minor for line in found) == price(minor)(sum(days)).minor
    for line in found:
        # Each is within a cent of its own share.
        assert abs(line.price.minor - line.days * minor / 30) <= 1
