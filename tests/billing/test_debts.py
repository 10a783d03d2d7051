"""How old a debt is, and what is owed by age."""

from dataclasses import replace
from datetime import date

import pytest

from billing.debts import Age, aged, debt
from billing.money import Money
from tests.billing.samples import invoice

DUE = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("today", "days", "age"),
    [
        (date(2026, 3, 1), 0, Age.NOT_DUE),
        (date(2026, 3, 5), 0, Age.NOT_DUE),  # until its end it is paid on time
        (date(2026, 3, 6), 1, Age.TO_5),
        (date(2026, 3, 10), 5, Age.TO_5),  # the last day of service
        (date(2026, 3, 11), 6, Age.TO_10),
        (date(2026, 3, 15), 10, Age.TO_10),  # the day of the deletion
        (date(2026, 3, 16), 11, Age.TO_30),
        (date(2026, 4, 4), 30, Age.TO_30),
        (date(2026, 4, 5), 31, Age.OLDER),
    ],
)
def test_a_debt_ages_from_the_day_after_its_due_date(today, days, age):
    found = debt(replace(invoice(), due_on=DUE), today)
    assert (found.days, found.age) == (days, age)


def test_debts_are_summed_by_currency_and_age_the_youngest_first():
    def owing(minor: int, currency: str, due_on: date):
        total = Money(minor, currency)
        return debt(
            replace(invoice(), total=total, settled=Money(0, currency), due_on=due_on),
            date(2026, 4, 5),
        )

    sums = aged(
        [
            owing(500, "USD", DUE),
            owing(50, "USD", date(2026, 4, 1)),
            owing(300, "BRL", DUE),
            owing(200, "BRL", date(2026, 4, 5)),
            owing(100, "BRL", DUE),
        ]
    )
    assert [(currency, list(ages.items())) for currency, ages in sums.items()] == [
        ("BRL", [(Age.NOT_DUE, Money(200, "BRL")), (Age.OLDER, Money(400, "BRL"))]),
        ("USD", [(Age.TO_5, Money(50, "USD")), (Age.OLDER, Money(500, "USD"))]),
    ]
    assert aged([]) == {}
