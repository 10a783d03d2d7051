"""Asking for days: what they cost, and what is no number of them."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies

from billing.days import quotes
from billing.days.quotes import DayCountRefused, Funds, LimitRefused, NotEnoughDays
from billing.money import Money
from billing.programmes import DayMode
from tests.billing.samples import DAYS, quick

PRICE = Money(3000, "USD")
HAVE = Funds(40)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


class TestAQuote:
    def test_of_channels_is_whole_channels_at_the_agreed_price(self):
        quote = quotes.of_channels(75, PRICE, DAYS.days, HAVE)
        assert (quote.days, quote.channels, quote.total) == (2250, 75, usd(225_000))
        assert (quote.channel_price, quote.channel_days) == (PRICE, 30)

    def test_of_channels_is_of_no_more_days_than_there_may_be(self):
        assert quotes.of_channels(33_333, PRICE, DAYS.days, HAVE).days == 999_990
        with pytest.raises(DayCountRefused) as refused:
            quotes.of_channels(33_334, PRICE, DAYS.days, HAVE)
        assert refused.value.facts["why"] == "too_many"

    @pytest.mark.parametrize(
        ("asked", "minor"),
        [
            (2250, 225_000),  # the days of 75 channels cost what the channels do
            (7, 700),
            (1, 100),
        ],
    )
    def test_of_days_is_their_share_of_a_channel(self, asked, minor):
        quote = quotes.of_days(asked, PRICE, DAYS.days, HAVE)
        assert (quote.days, quote.channels, quote.total) == (asked, None, usd(minor))
        assert (quote.channel_price, quote.channel_days) == (PRICE, 30)

    @pytest.mark.parametrize(
        ("price", "asked", "minor"),
        [
            (2999, 45, 4498),  # 4498.5 goes to the even neighbour below
            (3001, 45, 4502),  # 4501.5 to the even one above
            (2999, 1, 100),  # each day by itself would round up: 45 × 100 is not 4498
        ],
    )
    def test_rounds_once_on_the_total(self, price, asked, minor):
        assert quotes.of_days(asked, usd(price), DAYS.days, HAVE).total == usd(minor)

    @pytest.mark.parametrize(
        ("asked", "why"),
        [
            (0, "not_positive"),
            (-3, "not_positive"),
            (Decimal("-0.5"), "not_positive"),
            (Decimal("2.5"), "fractional"),
            (Decimal("1e-7"), "fractional"),
            (1_000_001, "too_many"),
            (Decimal("Infinity"), "too_many"),
            (Decimal("NaN"), "too_many"),
        ],
    )
    def test_of_what_is_no_number_of_days_says_the_balance_and_what_is_possible(self, asked, why):
        for of in (quotes.of_days, quotes.of_channels):
            with pytest.raises(DayCountRefused) as refused:
                of(asked, PRICE, DAYS.days, HAVE)
            assert refused.value.facts == {
                "why": why, "asked": str(asked), "balance": 40, "possible": 40,
            }  # fmt: skip

    def test_of_days_that_would_cost_nothing_is_refused(self):
        with pytest.raises(DayCountRefused) as refused:
            quotes.of_days(1, usd(15), DAYS.days, HAVE)
        assert refused.value.facts == {
            "why": "too_few", "asked": "1", "balance": 40, "possible": 40,
        }  # fmt: skip
        assert quotes.of_days(2, usd(15), DAYS.days, HAVE).total == usd(1)

    def test_says_what_was_asked_cut_off_where_nobody_reads_on(self):
        long = Decimal("1." + 50 * "0")
        with pytest.raises(DayCountRefused) as refused:
            quotes.of_days(long, usd(1), DAYS.days, HAVE)
        assert refused.value.facts["asked"] == "1." + 38 * "0"
        with pytest.raises(DayCountRefused) as refused:
            quotes.of_days(Decimal("1.5" + 50 * "0"), usd(1), DAYS.days, HAVE)
        assert refused.value.facts["asked"] == "1.5" + 37 * "0"

    def test_takes_a_whole_number_that_is_written_with_a_fraction(self):
        assert quotes.of_days(Decimal("7.0"), PRICE, DAYS.days, HAVE).days == 7

    @quick
    @given(strategies.integers(1, 33_333), strategies.integers(1, 10**6))
    def test_of_channels_costs_what_their_days_cost(self, channels, minor):
        whole = quotes.of_channels(channels, usd(minor), DAYS.days, HAVE)
        assert quotes.of_days(whole.days, usd(minor), DAYS.days, HAVE).total == whole.total


class TestFunds:
    def test_in_advance_hold_what_the_balance_holds(self):
        have = quotes.funds(DAYS.days, balance=40, limit=None)
        assert (have.mode, have.possible, have.floor) == (DayMode.ADVANCE, 40, 0)

    def test_in_arrears_reach_down_to_the_limit(self):
        have = quotes.funds(DAYS.days, balance=-20, limit=100)
        assert (have.mode, have.possible, have.floor) == (DayMode.ARREARS, 80, -100)

    def test_in_arrears_hold_nothing_more_unless_a_limit_was_agreed(self):
        terms = DAYS.days.model_copy(update={"mode": DayMode.ARREARS})
        have = quotes.funds(terms, balance=3, limit=None)
        assert (have.mode, have.possible) == (DayMode.ARREARS, 3)

    def test_below_the_limit_leave_nothing(self):
        # A payment that was taken back leads there.
        assert quotes.funds(DAYS.days, balance=-7, limit=None).possible == 0

    @quick
    @given(
        strategies.integers(-1000, 1000), strategies.integers(0, 500), strategies.integers(1, 2000)
    )
    def test_never_lead_below_the_limit(self, balance, limit, asked):
        have = Funds(balance, DayMode.ARREARS, limit)
        if balance - asked >= have.floor:
            have.check(asked)
            assert have.lack(asked) == 0
            return
        with pytest.raises(NotEnoughDays) as refused:
            have.check(asked)
        assert refused.value.facts == {
            "asked": asked, "balance": balance, "possible": have.possible, "limit": limit,
        }  # fmt: skip
        assert have.lack(asked) == asked - have.possible


@pytest.mark.parametrize(("limit", "why"), [(-1, "negative"), (1_000_001, "too_many")])
def test_a_limit_is_neither_negative_nor_beyond_reason(limit, why):
    with pytest.raises(LimitRefused) as refused:
        quotes.checked_limit(limit)
    assert refused.value.facts == {"why": why, "limit": limit}
    assert quotes.checked_limit(0) == 0
    assert quotes.checked_limit(1_000_000) == 1_000_000
