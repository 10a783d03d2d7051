"""Panels of a picture: bars and lines over months or classes, the data of `charts.typ`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from billing.calendar import Month
from billing.money import MINOR_PER_MAJOR
from bot.documents.voice import Voice

BLUE, GREEN, ORANGE, RED, GREY = "#2563eb", "#16a34a", "#d97706", "#dc2626", "#94a3b8"
TICKS = 4
# Letters and digits that fit under the bars of one panel, in one row.
ROOM = 48


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or the bars of one colour; `pale` bars are not final yet."""

    name: str
    colour: str
    values: Sequence[float]
    pale: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """
    A title and, beside it, the figure that counts most; below, what is drawn.

    `currency`: the values are amounts in major units. `empty` stands where there is nothing but
    zeros.
    """

    title: str
    kind: str
    labels: Sequence[str]
    series: Sequence[Series]
    headline: str = ""
    currency: str | None = None
    empty: str | None = None
    note: str | None = None


def major(minor: int) -> float:
    """Return an amount in whole units, to be drawn: never to be counted with."""
    return minor / MINOR_PER_MAJOR


def drawn(title: str, subtitle: str, panels: Sequence[Panel], say: Voice) -> dict[str, Any]:
    """Return a picture's data."""
    return {
        "language": say.locale.language,
        "title": title,
        "subtitle": subtitle,
        "panels": [_panel(panel, say) for panel in panels],
    }


def instances(values: list[int], labels: list[str], say: Voice) -> Panel:
    """Return the panel of how many instances there were, month by month."""
    return Panel(
        title=say("Instances"),
        kind="line",
        labels=labels,
        series=[Series(say("Instances"), BLUE, values)],
        headline=say.show(values[-1]),
        empty=say("No instances yet"),
        note=say("At the end of each month; of the present one, now."),
    )


def months(of: Sequence[Month], say: Voice) -> list[str]:
    """Return the months' short names; the first one and each January with the year below."""
    return [
        _short(month, say) + (f"\n{month.year}" if nth == 0 or month.month == 1 else "")
        for nth, month in enumerate(of)
    ]


def _short(month: Month, say: Voice) -> str:
    return str(format_date(month.day(1), format="LLL", locale=say.locale)).rstrip(".")[:3]


def _panel(panel: Panel, say: Voice) -> dict[str, Any]:
    values = [value for series in panel.series for value in series.values]
    step = _step(max((0, 1, *values)) - min((0, *values)))
    bottom, top = (_floor(min((0, *values)), step), -_floor(-max((1, *values)), step))
    return {
        "title": panel.title,
        "kind": panel.kind,
        "headline": panel.headline,
        "labels": list(panel.labels),
        "room": max(name.count("\n") + 1 for name in panel.labels),
        "series": [_series(series) for series in panel.series],
        "bottom": bottom,
        "top": top,
        "ticks": [
            {"value": value, "name": _tick(value, panel.currency, say)}
            for value in range(bottom, top + 1, step)
        ],
        "empty": None if any(values) else panel.empty,
        "note": panel.note,
    }


def _series(series: Series) -> dict[str, Any]:
    pale = list(series.pale) or [False] * len(series.values)
    return {
        "name": series.name,
        "colour": series.colour,
        "values": list(series.values),
        "pale": pale,
    }


def _tick(value: int, currency: str | None, say: Voice) -> str:
    if currency is None:
        return str(format_decimal(value, locale=say.locale))
    pattern = say.locale.currency_formats["standard"].pattern.split(";")[0].replace(".00", "")
    return str(
        format_currency(value, currency, pattern, locale=say.locale, currency_digits=False)
    ).replace("\xa0", " ")


def _floor(value: float, step: int) -> int:
    return int(value // step) * step


def _step(span: float) -> int:
    """Return a round whole number of which about four make the span."""
    scale = 1
    while scale * 10 * TICKS < span:
        scale *= 10
    return next(scale * nice for nice in (1, 2, 5, 10) if scale * nice * TICKS >= span)
