"""Which terms a partner is under in a month, and what an instance costs by them."""

from dataclasses import replace

import pytest

from billing import terms
from billing.calendar import Month
from billing.partners import Partner, Past
from billing.programmes import Programmes
from tests.billing.samples import CLASSIC, DAYS, INTEGRATOR, SAO_PAULO, brl, local

IN_REAIS = DAYS.model_copy(update={"version": 2, "currency": "BRL"})
IN_DOLLARS = CLASSIC.model_copy(update={"version": 2, "currency": "USD"})
TERMS = Programmes([INTEGRATOR, CLASSIC, IN_DOLLARS, DAYS, IN_REAIS])
MARCH, APRIL = Month(2026, 3), Month(2026, 4)
PARTNER = Partner(
    id="partner",
    name="Padaria São João",
    programme="integrator",
    programme_version=1,
    currency="BRL",
    zone=SAO_PAULO,
    created_at=local("2026-01-01 12:00"),
)


def moved(programme, version=1):
    """Return a partner that was under other terms until the first of April."""
    until = TERMS.get(programme, version).calendar.start(APRIL)
    return replace(PARTNER, past=(Past(programme, version, until),))


def test_a_month_is_of_the_terms_that_held_in_it():
    partner = moved("integrator-classic")
    found = [terms.in_month(TERMS, partner, month).id for month in (Month(2020, 1), MARCH, APRIL)]
    assert found == ["integrator-classic", "integrator-classic", "integrator"]
    assert terms.present(TERMS, partner).id == "integrator"


class TestThePriceOfAMonth:
    def price(self, partner):
        return terms.pricing(TERMS, partner, [], terms.present(TERMS, partner))

    def test_is_by_the_terms_of_then(self):
        price = self.price(moved("integrator-classic"))
        assert [price(2, month) for month in (MARCH, APRIL)] == [brl(5000), brl(5990)]

    @pytest.mark.parametrize(
        ("programme", "version"), [("integrator-classic", 2), ("days", 1), ("days", 2)]
    )
    def test_is_by_those_of_the_invoice_where_then_was_another_currency_or_no_price(
        self, programme, version
    ):
        price = self.price(moved(programme, version))
        assert [price(1, month) for month in (MARCH, APRIL)] == [brl(5990), brl(5990)]
