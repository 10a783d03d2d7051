from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pytest
from hypothesis import given, strategies

from billing.money import LARGEST_MINOR, CurrencyMismatch, Money, total, zero
from tests.billing.samples import brl, quick

amounts = strategies.integers(-(10**12), 10**12).map(brl)


class TestAnAmount:
    def test_counts_minor_units(self):
        assert brl(5990) + brl(10) - brl(1000) == brl(5000)
        assert -brl(7) == brl(-7)
        assert brl(5990).times(51) == brl(305_490)

    @pytest.mark.parametrize("minor", [True, 59.9, "5990", None])
    def test_is_a_whole_number_and_no_flag(self, minor):
        with pytest.raises(TypeError, match="minor units must be int"):
            Money(minor, "BRL")

    @pytest.mark.parametrize("currency", ["GBP", "brl", ""])
    def test_is_in_a_currency_that_programmes_may_use(self, currency):
        with pytest.raises(ValueError, match="unknown currency"):
            Money(1, currency)

    @pytest.mark.parametrize("minor", [LARGEST_MINOR + 1, -LARGEST_MINOR - 1])
    def test_beyond_all_reason_is_refused(self, minor):
        with pytest.raises(ValueError, match="beyond all reason"):
            brl(minor)
        assert brl(LARGEST_MINOR) == -brl(-LARGEST_MINOR)

    def test_is_true_unless_it_is_nothing(self):
        assert brl(1)
        assert brl(-1)
        assert not zero("BRL")

    def test_is_ordered_within_its_currency(self):
        assert brl(1) < brl(2) <= brl(2)
        assert not brl(2) < brl(2)
        assert max(brl(1), brl(2)) == brl(2)

    @pytest.mark.parametrize(
        "combine",
        [
            lambda a, b: a + b,
            lambda a, b: a - b,
            lambda a, b: a < b,
            lambda a, b: a <= b,
            lambda a, b: total([a, b], "BRL"),
        ],
    )
    def test_never_meets_one_of_another_currency(self, combine):
        with pytest.raises(CurrencyMismatch, match=r"^[A-Z]{3} and [A-Z]{3}$"):
            combine(brl(1), Money(1, "USD"))


class TestShare:
    @pytest.mark.parametrize(
        ("minor", "part", "whole", "expected"),
        [
            (3000, 7, 30, 700),  # 7 days of a channel of 30.00
            (5, 1, 2, 2),  # a half goes to the even neighbour, downwards
            (7, 1, 2, 4),  # and upwards
            (-5, 1, 2, -2),
            (3001, 1, 30, 100),
            (3000, 2250, 30, 225_000),  # 75 channels
        ],
    )
    def test_rounds_half_to_even_once(self, minor, part, whole, expected):
        assert brl(minor).share(part, whole) == brl(expected)

    @quick
    @given(amounts, strategies.integers(0, 100_000), strategies.integers(1, 1_000))
    def test_agrees_with_decimal_arithmetic(self, amount, part, whole):
        with localcontext(prec=60):
            exact = Decimal(amount.minor * part) / whole
            rounded = exact.quantize(Decimal(1), ROUND_HALF_EVEN)
        if abs(rounded) <= LARGEST_MINOR:
            assert amount.share(part, whole) == brl(int(rounded))


@quick
@given(strategies.lists(amounts, max_size=20))
def test_a_total_is_the_sum_in_any_order(some):
    expected = brl(sum(amount.minor for amount in some))
    assert total(some, "BRL") == total(reversed(some), "BRL") == expected
