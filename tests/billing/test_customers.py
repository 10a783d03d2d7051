"""What a partner may charge its customer, and when it is time to."""

from datetime import date, timedelta

import pytest

from billing.customers import Customer, checked_price, is_to_charge
from billing.invoices import AmountRefused
from billing.money import Money
from tests.billing.samples import brl

TODAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("days", "time_to"),
    [(-30, True), (0, True), (7, True), (8, False), (None, False)],
)
def test_a_customer_is_charged_a_week_before_its_month_is_over(days, time_to):
    until = None if days is None else TODAY + timedelta(days=days)
    assert is_to_charge(Customer("Bakery", brl(5990), until), TODAY) is time_to


@pytest.mark.parametrize(
    ("price", "why"),
    [(Money(5990, "USD"), "currency"), (brl(0), "not_positive"), (brl(-1), "not_positive")],
)
def test_a_price_is_in_the_partners_currency_and_more_than_nothing(price, why):
    with pytest.raises(AmountRefused) as refused:
        checked_price(price, "BRL")
    assert refused.value.facts == {"why": why, "currency": "BRL"}


def test_any_other_price_is_the_partners_own_business():
    assert checked_price(brl(1), "BRL") == brl(1)
