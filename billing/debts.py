"""
Debts by their age: how long past its due date an invoice is unpaid.

Rules: "The postpaid calendar". An invoice is overdue from the day after its due date on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.invoices import Invoice
from billing.money import Money


class Age(StrEnum):
    """How old a debt is, in days overdue."""

    NOT_DUE = "not_due"
    TO_5 = "to_5"
    TO_10 = "to_10"
    TO_30 = "to_30"
    OLDER = "older"


# The last day of an age; what is older than all of them is the oldest.
LAST_DAY = {Age.NOT_DUE: 0, Age.TO_5: 5, Age.TO_10: 10, Age.TO_30: 30}


@dataclass(frozen=True, slots=True)
class Debt:
    """An unpaid invoice; `days` overdue, none while its due date is not over."""

    invoice: Invoice
    days: int

    @property
    def age(self) -> Age:
        """Return how old it is."""
        return age(self.days)


def debt(invoice: Invoice, today: date) -> Debt:
    """Return the debt of an unpaid invoice; `today` is a day of its programme's zone."""
    return Debt(invoice, max(0, (today - invoice.due_on).days))


def age(days: int) -> Age:
    """Return the age of what is so many days overdue."""
    return next((age for age, last in LAST_DAY.items() if days <= last), Age.OLDER)


def aged(debts: Iterable[Debt]) -> dict[str, dict[Age, Money]]:
    """Sum up what is owed by currency and age, youngest first; ages without a debt are left out."""
    sums: dict[str, dict[Age, Money]] = {}
    for one in debts:
        owed = one.invoice.owed
        of_currency = sums.setdefault(owed.currency, {})
        before = of_currency.get(one.age)
        of_currency[one.age] = owed if before is None else before + owed
    order = list(Age)
    return {
        currency: dict(sorted(sums[currency].items(), key=lambda item: order.index(item[0])))
        for currency in sorted(sums)
    }
