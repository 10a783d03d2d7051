"""
What each instance of a partner costs in a month, and what its customer pays for it.

Costs are those of the invoice: a whole month at its price, or the days that were used.
Rules: "Partner's own customers".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from billing import billable
from billing.calendar import BillingCalendar, Month
from billing.customers import Customer
from billing.days import usage
from billing.days.allocations import Allocation
from billing.instances import GONE, Instance
from billing.money import Money, total, zero


@dataclass(frozen=True, slots=True)
class Row:
    """
    One instance in one month: what it costs the partner and what it earns.

    `earned` None: nobody said what its customer pays, or that is in another currency.
    """

    instance: Instance
    customer: Customer | None
    cost: Money
    earned: Money | None

    @property
    def margin(self) -> Money | None:
        """What is left of it."""
        return None if self.earned is None else self.earned - self.cost


@dataclass(frozen=True, slots=True)
class Margin:
    """A month of all instances, in the order in which they were given."""

    rows: tuple[Row, ...]
    cost: Money
    earned: Money

    @property
    def left(self) -> Money:
        """What is left in all."""
        return self.earned - self.cost


def month_costs(
    instances: Iterable[Instance],
    calendar: BillingCalendar,
    month: Month,
    price: Callable[[int, Month], Money],
) -> dict[str, Money]:
    """Return what a month of those costs that are billed by months for it, by id."""
    return {
        it.id: price(it.band, month)
        for it in instances
        if month in billable.billable_months(it, calendar, through=month)
    }


def days_used(
    allocations: Iterable[Allocation], start: datetime, until: datetime
) -> dict[str, int]:
    """Return how many days began from `start` on and before `until`, by the instance's id."""
    found: Counter[str] = Counter()
    for one in allocations:
        found[one.instance_id] += one.started(until) - one.started(start)
    return dict(+found)


def day_costs(
    instances: Sequence[Instance],
    used: Mapping[str, int],
    month: Month,
    price: Callable[[int], Money],
) -> dict[str, Money]:
    """Return what used days cost, by id; `price` is that of so many, rounded once in all."""
    days = [(it, used[it.id]) for it in instances if used.get(it.id)]
    return {line.instance_id: line.price for line in usage.lines(days, month=month, price=price)}


def margin(
    instances: Iterable[Instance],
    customers: Mapping[str, Customer],
    costs: Mapping[str, Money],
    currency: str,
) -> Margin:
    """Return the margin of those that live, and of those that are gone and cost something still."""
    rows = tuple(
        _row(it, customers.get(it.id), costs.get(it.id, zero(currency)))
        for it in instances
        if it.state not in GONE or it.id in costs
    )
    return Margin(
        rows=rows,
        cost=total((row.cost for row in rows), currency),
        earned=total((row.earned for row in rows if row.earned is not None), currency),
    )


def _row(instance: Instance, customer: Customer | None, cost: Money) -> Row:
    # Of one that is gone nobody pays any more.
    price = customer.price if customer and instance.state not in GONE else None
    if price is not None and price.currency != cost.currency:
        price = None
    return Row(instance, customer, cost, price)
