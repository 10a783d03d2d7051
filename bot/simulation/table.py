"""The months of a simulation as a table in text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from billing.calendar import Month
from bot.simulation.ports import Stretch

HEADS = (
    *("month", "instances", "subscribed", "cancelled", "invoiced", "paid"),
    *("overdue", "stopped", "deleted", "balance"),
)
# Under the days programme to be given the first days, also after they ran out, is to subscribe.
SUBSCRIBED = ("instance.subscribe", "instance.extend", "instance.auto_extend")
STOPPED = ("instance.stop", "instance.days_out")
NOTHING: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class MonthRow:
    """
    One month of the partners of one currency; money in minor units.

    `instances`, `overdue` and `balance` are as the month ends, the others what happened in it.
    """

    month: Month
    instances: int
    subscribed: int
    cancelled: int
    invoiced: int
    paid: int
    overdue: int
    stopped: int
    deleted: int
    balance: int


def rows(months: Sequence[tuple[Month, Mapping[str, Stretch]]], currency: str) -> list[MonthRow]:
    """Return the months of one currency."""
    return [_row(month, found.get(currency)) for month, found in months]


def currencies(months: Sequence[tuple[Month, Mapping[str, Stretch]]]) -> list[str]:
    """Return the currencies that there are, in alphabetical order."""
    return sorted({currency for _, found in months for currency in found})


def lines(found: Sequence[MonthRow], currency: str) -> Iterator[str]:
    """Yield the lines of a table: the amounts in whole units of the currency."""
    yield f"{currency}, amounts in whole units"
    yield _line(HEADS)
    for row in found:
        yield _line(_cells(row))


def _row(month: Month, stretch: Stretch | None) -> MonthRow:
    if stretch is None:
        return MonthRow(month, *[0] * 9)
    done, amounts = stretch.counts, stretch.amounts
    return MonthRow(
        month=month,
        instances=stretch.instances,
        subscribed=sum(done.get(action, 0) for action in SUBSCRIBED),
        cancelled=done.get("instance.cancel", 0),
        invoiced=amounts.get("invoice.invoice", 0),
        paid=amounts.get("invoice.paid", 0),
        overdue=stretch.overdue_minor,
        stopped=sum(done.get(action, 0) for action in STOPPED),
        deleted=done.get("instance.delete", 0),
        balance=stretch.balance_minor,
    )


def _cells(row: MonthRow) -> list[str]:
    month, instances, subscribed, cancelled, *_ = astuple(row)
    del month
    return [
        str(row.month),
        *map(str, (instances, subscribed, cancelled)),
        *map(_whole, (row.invoiced, row.paid, row.overdue)),
        *map(str, (row.stopped, row.deleted)),
        _whole(row.balance),
    ]


def _whole(minor: int) -> str:
    # Money is shown in whole units: what is left of them does not matter in a survey.
    return f"{round(minor / 100):,}"


def _line(cells: Sequence[str]) -> str:
    first, *others = cells
    return f"{first:<7}" + "".join(f"{cell:>12}" for cell in others)
