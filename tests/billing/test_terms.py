"""Which terms a partner is under in a month, and what an instance costs by them."""

from dataclasses import replace

import pytest

from billing import terms
from billing.calendar import Month
from billing.catalogue import Programmes
from billing.partners import Partner, Past
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


class TestTheTermsOfAPartner:
    def test_that_never_had_others_are_those_it_enrolled_under(self):
        second = replace(PARTNER, programme="integrator-classic", programme_version=2)
        for partner, programme in ((PARTNER, INTEGRATOR), (second, IN_DOLLARS)):
            assert terms.present(TERMS, partner) is programme
            assert terms.in_month(TERMS, partner, APRIL) is programme

    def test_end_where_the_next_ones_begin_in_whatever_zone(self):
        # Sao Paulo's April begins three hours into UTC's.
        begins = CLASSIC.calendar.start(APRIL)
        now_in_days = replace(
            PARTNER, programme="days", past=(Past("integrator-classic", 1, begins),)
        )
        present = terms.present(TERMS, now_in_days)
        assert present.id == "days"
        assert present.calendar.start(APRIL) == begins
        assert present.calendar.start(MARCH) == CLASSIC.calendar.start(MARCH)
        assert present.calendar.start(Month(2026, 5)) == local("2026-05-01", "UTC")
        assert terms.in_month(TERMS, now_in_days, MARCH).id == "integrator-classic"

    def test_are_one_after_the_other_however_often_it_moved(self):
        may = Month(2026, 5)
        first = Past("integrator-classic", 1, CLASSIC.calendar.start(APRIL))
        second = Past("days", 1, DAYS.calendar.start(may))
        often = replace(PARTNER, past=(first, second))
        found = [terms.in_month(TERMS, often, month) for month in (MARCH, APRIL, may)]
        assert [programme.id for programme in found] == ["integrator-classic", "days", "integrator"]
        # The middle ones began where the first ended, and the last where they did.
        assert found[1].calendar.start(APRIL) == first.until
        assert found[2].calendar.start(APRIL) == first.until
        assert found[2].calendar.start(may) == second.until
