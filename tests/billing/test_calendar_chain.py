"""A calendar that follows others: the months of a partner that was moved."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies

from billing.calendar import BillingCalendar, Earlier, Month
from tests.billing.samples import SAO_PAULO, ZONES, instants, local, months, quick

INSTANT = timedelta(microseconds=1)
# Half a world apart, midnights that are skipped, and clocks put back over midnight.
MORE_ZONES = (*ZONES, "America/St_Johns", "Pacific/Pago_Pago", "Asia/Tokyo", "Etc/GMT+12")


@strategies.composite
def chains(draw, first: int = 2004, last: int = 2033) -> BillingCalendar:
    """Return the calendar of a partner that was moved in these years, up to four times."""
    calendar = BillingCalendar(zone=draw(strategies.sampled_from(MORE_ZONES)))
    moves = draw(strategies.lists(instants(f"{first}-01-01", f"{last}-12-31"), max_size=4))
    for at in sorted(moves):
        until = calendar.end(calendar.month_of(at))
        zone = draw(strategies.sampled_from(MORE_ZONES))
        calendar = BillingCalendar(zone=zone, earlier=Earlier(calendar, until))
    return calendar


def moved(*, to: str, on: str = "2026-04-01", zone: str = SAO_PAULO) -> BillingCalendar:
    before = BillingCalendar(zone=zone)
    return BillingCalendar(zone=to, earlier=Earlier(before, local(on, zone)))


class TestChain:
    @quick
    @given(chains(), instants("2003-06-01", "2034-06-01"))
    def test_gives_every_instant_exactly_one_month(self, calendar, at):
        month = calendar.month_of(at)
        assert calendar.start(month) <= at < calendar.end(month)

    @quick
    @given(strategies.data(), strategies.integers(2004, 2030))
    def test_leaves_no_gap_and_no_overlap_between_its_months(self, data, year):
        calendar = data.draw(chains(year, year + 3))
        month = Month(year - 1, 1)
        while month < Month(year + 5, 1):
            assert calendar.start(month) < calendar.end(month) == calendar.start(month.plus(1))
            assert calendar.month_of(calendar.start(month)) == month
            assert calendar.month_of(calendar.end(month) - INSTANT) == month
            month = month.plus(1)

    @quick
    @given(chains(), instants("2003-06-01", "2034-06-01"), strategies.integers(0, 10**13))
    def test_never_goes_back_to_a_month_that_is_over(self, calendar, at, later):
        following = min(at + later * INSTANT, datetime(2034, 11, 1, tzinfo=UTC))
        if at <= following:
            assert calendar.month_of(at) <= calendar.month_of(following)


class TestMove:
    def test_leaves_the_months_before_it_as_they_were(self):
        assert moved(to="UTC").start(Month(2026, 3)) == local("2026-03-01")
        assert moved(to="UTC").end(Month(2026, 3)) == local("2026-04-01")

    def test_begins_its_first_month_where_the_last_one_ended_and_ends_it_by_its_own_midnight(self):
        calendar = moved(to="UTC")
        assert calendar.start(Month(2026, 4)) == local("2026-04-01")
        assert calendar.end(Month(2026, 4)) == local("2026-05-01", "UTC")

    def test_to_the_west_does_not_fall_back_into_the_month_that_was_closed(self):
        calendar = moved(to="America/Los_Angeles", zone="Asia/Tokyo")
        in_tokyo_already_april = local("2026-04-01 00:30", "Asia/Tokyo")
        assert [calendar.month_of(in_tokyo_already_april)] == months("2026-04")

    def test_is_refused_within_a_month(self):
        with pytest.raises(ValueError, match="no month begins"):
            moved(to="UTC", on="2026-04-01 00:00:01")

    def test_over_midnight_back_does_not_begin_a_month_twice(self):
        calendar = BillingCalendar(zone="America/St_Johns")
        # At 00:01 of 1 November 2009 the clocks went back to 23:01 of October.
        again_october_there = datetime(2009, 11, 1, 3, 0, tzinfo=UTC)
        assert [calendar.month_of(again_october_there)] == months("2009-11")
