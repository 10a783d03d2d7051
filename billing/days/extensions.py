"""
Extending in its three forms: by so many days, to so many that remain, until a date.

The preview of an extension says what each instance would get, what the balance lacks, and who
would be left short. Rules: "Days", 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import assert_never

from billing.calendar import BillingCalendar, local_date
from billing.days import allocations, forecasts
from billing.days.allocations import DAY
from billing.days.quotes import DayCountRefused, Funds, whole
from billing.instances import Instance
from billing.programmes import Programme
from billing.refusals import Refusal

# No instance is paid for longer ahead than this.
FURTHEST_DAYS = 3650
# Others who take days by themselves within this time are looked after.
CARE = timedelta(days=30)


class LongEnough(Refusal):
    """It runs that long already: nothing is to be added. Facts: `active_until`."""

    code = "long_enough"


class UntilPast(Refusal):
    """The day until which it should run is over. Facts: `until`, `today`."""

    code = "until_past"


@dataclass(frozen=True, slots=True)
class ByDays:
    """Each instance gets so many days more."""

    days: int | Decimal


@dataclass(frozen=True, slots=True)
class ToRemaining:
    """Each instance has at least so many days left afterwards."""

    days: int | Decimal


@dataclass(frozen=True, slots=True)
class UntilDate:
    """Each instance runs at least until the end of that day, in the partner's zone."""

    date: date


Form = ByDays | ToRemaining | UntilDate


@dataclass(frozen=True, slots=True)
class Item:
    """What one instance would get, or why it can get nothing: then `after` is None."""

    instance: Instance
    after: Instance | None
    days: int = 0
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """
    An extension as it would be.

    `lack` is what the balance and the limit do not reach: then nothing is done, and `uncovered`
    are those for whom there would be nothing, what ends first being served first. `short` are
    others that extend themselves within 30 days and would not find their days any more.
    """

    items: tuple[Item, ...]
    total: int
    funds: Funds
    lack: int
    uncovered: tuple[Instance, ...]
    short: tuple[Instance, ...]

    @property
    def possible(self) -> list[Item]:
        """Those that would get days."""
        return [item for item in self.items if item.after is not None]

    @property
    def left(self) -> int:
        """The balance afterwards."""
        return self.funds.balance - self.total


def checked(form: Form, have: Funds, *, at: datetime, zone: str) -> Form:
    """
    Return the form with its days as a whole number.

    :raises DayCountRefused: no number of days, or too far ahead.
    :raises UntilPast:
    """
    match form:
        case ByDays(days):
            return ByDays(whole(days, have, most=FURTHEST_DAYS))
        case ToRemaining(days):
            return ToRemaining(whole(days, have, most=FURTHEST_DAYS))
        case UntilDate(until):
            today = local_date(at, zone)
            if until < today:
                raise UntilPast(until=until, today=today)
            if (until - today).days > FURTHEST_DAYS:
                raise _too_far(str(until), have)
            return form
        case _:
            assert_never(form)


def needed(form: Form, instance: Instance, *, at: datetime, zone: str) -> int:
    """Return how many days an instance would get: whole ones, rounded up, or none."""
    match form:
        case ByDays(days):
            return int(days)
        case ToRemaining(days):
            until = at + int(days) * DAY
        case UntilDate(day):
            until = BillingCalendar(zone).end_of(day)
        case _:
            assert_never(form)
    return max(0, -((allocations.lasts_until(instance, at) - until) // DAY))


def preview(
    instances: Sequence[Instance],
    form: Form,
    *,
    at: datetime,
    zone: str,
    programme: Programme,
    funds: Funds,
    others: Iterable[Instance] = (),
) -> Preview:
    """
    Say what an extension would mean; `others` are the partner's instances, these among them or not.

    :raises DayCountRefused, UntilPast: for the form; what one instance refuses stands in its item.
    """
    form = checked(form, funds, at=at, zone=zone)
    items = tuple(
        _item(instance, form, at=at, zone=zone, programme=programme, funds=funds)
        for instance in instances
    )
    total = sum(item.days for item in items)
    changed = [item for item in items if item.after is not None]
    return Preview(
        items=items,
        total=total,
        funds=funds,
        lack=funds.lack(total),
        uncovered=_uncovered(changed, funds, at),
        short=_short(changed, list(others), funds.possible, total, at),
    )


def _item(
    instance: Instance, form: Form, *, at: datetime, zone: str, programme: Programme, funds: Funds
) -> Item:
    try:
        allocations.check_extendable(instance, programme)
        days = needed(form, instance, at=at, zone=zone)
        lasts = allocations.lasts_until(instance, at)
        if not days:
            raise LongEnough(active_until=lasts)
        if lasts - at + days * DAY > FURTHEST_DAYS * DAY:
            raise _too_far(str(days), funds)
        after = allocations.extend(instance, days, at=at, programme=programme)
    except Refusal as refusal:
        return Item(instance, None, 0, refusal)
    return Item(instance, after, days)


def _uncovered(items: Iterable[Item], funds: Funds, at: datetime) -> tuple[Instance, ...]:
    left, without = funds.possible, []
    for item in sorted(
        items, key=lambda item: (allocations.lasts_until(item.instance, at), item.instance.id)
    ):
        if item.days > left:
            without.append(item.instance)
        else:
            left -= item.days
    return tuple(without)


def _short(
    items: Iterable[Item], others: list[Instance], available: int, total: int, at: datetime
) -> tuple[Instance, ...]:
    """Return who would have had days without this extension, and would not have them with it."""
    after = {item.instance.id: item.after for item in items if item.after is not None}
    until = at + CARE
    before = forecasts.unreached(others, available, at=at, until=until)
    with_it = [after.get(other.id, other) for other in others]
    then = forecasts.unreached(with_it, max(0, available - total), at=at, until=until)
    return tuple(
        other
        for other in others
        if other.id in then and other.id not in before and other.id not in after
    )


def _too_far(asked: str, have: Funds) -> DayCountRefused:
    return DayCountRefused(why="too_far", asked=asked, balance=have.balance, possible=have.possible)
