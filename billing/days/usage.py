"""
Used days that were not bought before: what a month's invoice has of them in `arrears`.

Rules: "Days", 4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from billing.calendar import Month
from billing.days.allocations import DAY, Allocation
from billing.instances import Instance
from billing.invoices import Line, LineKind
from billing.money import Money


def owed_days(*, used: int, bought: int, invoiced: int) -> int:
    """
    Return the days to invoice: used, neither bought nor on an invoice that is still to be paid.

    All three are counted from the beginning, so that what a void invoice had comes again.
    """
    return max(0, used - bought - invoiced)


def newest_periods(
    allocations: Iterable[Allocation], count: int, *, until: datetime
) -> dict[str, int]:
    """
    Return whose the last `count` periods before an instant were, by the instance's id.

    What was bought covers what was used first; so the last ones are those that are owed.
    """
    periods = [
        (allocation.starts_at + number * DAY, allocation.instance_id)
        for allocation in allocations
        for number in _last(allocation.started(until), count)
    ]
    periods.sort(reverse=True)
    return dict(Counter(instance_id for _, instance_id in periods[:count]))


def _last(started: int, count: int) -> range:
    return range(max(0, started - count), started)


def lines(
    days: Iterable[tuple[Instance, int]],
    *,
    month: Month,
    price: Callable[[int], Money],
) -> tuple[Line, ...]:
    """
    Return a line for each instance with its days; together they come to the price of all days.

    `price` is what so many days cost, rounded once; each line has what it adds to those before.
    """
    found, counted = [], 0
    for instance, used in days:
        amount = price(counted + used) - price(counted)
        counted += used
        found.append(_line(instance, used, month, amount))
    return tuple(found)


def _line(instance: Instance, days: int, month: Month, amount: Money) -> Line:
    return Line(
        instance_id=instance.id,
        name=instance.name,
        period=month,
        price=amount,
        band=instance.band,
        subscribed_at=instance.subscribed_at or instance.created_at,
        cancelled_at=instance.cancelled_at,
        service_ends_at=instance.service_ends_at,
        kind=LineKind.DAYS,
        days=days,
    )
