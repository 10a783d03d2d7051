"""Which months an instance is billed for (rules, "The postpaid calendar")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from billing.calendar import BillingCalendar, Month
from billing.instances import Instance
from billing.programmes import Settlement

# Half-open months: what ends at 00:00 of the 1st still belongs to the month before.
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Billed:
    """The months of an instance that are on invoices: all `before` one, and single ones."""

    before: Month | None = None
    months: frozenset[Month] = frozenset()

    def __contains__(self, month: object) -> bool:
        if isinstance(month, Month) and self.before is not None and month < self.before:
            return True
        return month in self.months

    def plus(self, month: Month) -> Billed:
        """Return it with one month more."""
        return replace(self, months=self.months | {month})


def billable_months(
    instance: Instance, calendar: BillingCalendar, *, through: Month
) -> list[Month]:
    """
    Return the months up to `through` that the instance is billed for, oldest first.

    The month of the subscription always counts, however short it lasted; of one that was paid for
    elsewhere and went before that date, none.
    """
    if instance.subscribed_at is None or instance.settlement is not Settlement.POSTPAID:
        return []
    until = instance.billable_until
    if instance.paid_until and until and until <= instance.subscribed_at:
        return []
    first = calendar.month_of(instance.subscribed_at)
    last = through
    if instance.billable_until is not None:
        last = min(through, max(first, calendar.month_of(instance.billable_until - INSTANT)))
    months = []
    month = first
    while month <= last:
        months.append(month)
        month = month.plus(1)
    return months
