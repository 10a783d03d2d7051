"""The months of a simulation as a picture: plain shapes and text, set by Typst."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import typst

from billing.calendar import Month
from bot.simulation import table
from bot.simulation.ports import Stretch
from bot.simulation.table import MonthRow

BLUE, GREEN, ORANGE, RED = "#2563eb", "#16a34a", "#d97706", "#dc2626"
TICKS = 4
# So many names of months fit under a panel, with room between them.
MOST_NAMES = 18

Value = Callable[[MonthRow], int]

PANELS: tuple[tuple[str, str, tuple[tuple[str, str, Value], ...]], ...] = (
    ("Instances", "lines", (("living", BLUE, lambda row: row.instances),)),
    (
        "In the month",
        "bars",
        (
            ("subscribed", GREEN, lambda row: row.subscribed),
            ("cancelled", BLUE, lambda row: row.cancelled),
            ("stopped", ORANGE, lambda row: row.stopped),
            ("deleted", RED, lambda row: row.deleted),
        ),
    ),
    (
        "Invoiced and paid",
        "bars",
        (
            ("invoiced", BLUE, lambda row: row.invoiced // 100),
            ("paid", GREEN, lambda row: row.paid // 100),
        ),
    ),
    (
        "Owed at the month's end",
        "lines",
        (
            ("balance", BLUE, lambda row: row.balance // 100),
            ("overdue", RED, lambda row: row.overdue // 100),
        ),
    ),
)


def draw(
    months: Sequence[tuple[Month, Mapping[str, Stretch]]], *, title: str, subtitle: str
) -> bytes:
    """Return the picture as PNG."""
    panels = [
        _panel(f"{title}, {currency}", kind, series, table.rows(months, currency))
        for currency in table.currencies(months)
        for title, kind, series in PANELS
    ]
    data = {
        "title": title,
        "subtitle": subtitle,
        "months": _names([month for month, _ in months]),
        "panels": panels,
    }
    template = files("bot.simulation").joinpath("picture.typ").read_bytes()
    made: bytes = typst.compile(
        template,
        format="png",
        ppi=110.0,
        # Only what ships with Typst: the same picture everywhere.
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    return made


def _panel(
    title: str,
    kind: str,
    series: Sequence[tuple[str, str, Value]],
    rows: Sequence[MonthRow],
) -> dict[str, Any]:
    drawn = [
        {"name": name, "colour": colour, "values": [value(row) for row in rows]}
        for name, colour, value in series
    ]
    values = [0, 1, *(value(row) for _, _, value in series for row in rows)]
    step = _step(max(values) - min(values))
    bottom, top = min(values) // step * step, -(-max(values) // step) * step
    return {
        "title": title,
        "kind": kind,
        "series": drawn,
        "bottom": bottom,
        "top": top,
        "ticks": [{"value": value, "name": f"{value:,}"} for value in range(bottom, top + 1, step)],
    }


def _step(span: int) -> int:
    """Return a round number of which about four make the span."""
    scale = 1
    while scale * 10 * TICKS < span:
        scale *= 10
    return next(scale * nice for nice in (1, 2, 5, 10) if scale * nice * TICKS >= span)


def _names(months: Sequence[Month]) -> list[str]:
    every = -(-len(months) // MOST_NAMES)
    # A whole number of years is divided by these.
    every = next((nice for nice in (1, 2, 3, 6, 12, 24, 60) if nice >= every), 120)
    return [
        (str(month) if every < 12 else str(month.year)) if place % every == 0 else ""
        for place, month in enumerate(months)
    ]
