"""How a partner has fared: instances and days over time, cost by month, as a picture."""

from __future__ import annotations

from collections.abc import Mapping

from billing.money import Money
from billing.services.desk import series
from billing.services.desk.series import Course, PartnerMonth
from billing.services.facts import Facts
from billing.services.ports import Work
from bot.documents import charts
from bot.documents.charts import Panel, Series
from bot.documents.making import File, Kind, Tools
from bot.documents.voice import Voice

Found = tuple[Course, Money | None]


async def look(work: Work, what: Facts) -> Found:
    """Return the course of `partner`; `coming` is what the present month would cost as of now."""
    return await series.of_partner(work, str(what["partner"])), what.get("coming")


def png(found: Found, say: Voice, tools: Tools) -> File:
    """Draw it."""
    course, coming = found
    months = [row.month for row in course.months]
    labels = charts.months(months, say)
    panels = [charts.instances([row.instances for row in course.months], labels, say)]
    if course.in_days:
        panels.append(_days(course.months, labels, say))
    panels.append(_cost(course, coming, labels, say))
    span = say("{first} to {last}", first=months[0], last=months[-1])
    subtitle = say.month(months[0]) if len(months) == 1 else span
    data = charts.drawn(course.partner.name, subtitle, panels, say)
    return "chart.png", tools.press.png("charts.typ", data)


def _days(rows: list[PartnerMonth], labels: list[str], say: Voice) -> Panel:
    values = [row.days or 0 for row in rows]
    return Panel(
        title=say("Balance in days"),
        kind="line",
        labels=labels,
        series=[Series(say("Balance in days"), charts.GREEN, values)],
        headline=say.show(values[-1]),
        empty=say("No days yet"),
    )


def _cost(course: Course, coming: Money | None, labels: list[str], say: Voice) -> Panel:
    last = course.months[-1]
    foreseen = coming if coming and last.cost is None else None
    costs = [row.cost for row in course.months]
    if foreseen:
        costs[-1] = foreseen
    values = [charts.major(cost.minor) if cost else 0.0 for cost in costs]
    pale = [bool(foreseen) and nth == len(values) - 1 for nth in range(len(values))]
    return Panel(
        title=say("Cost by month"),
        kind="bars",
        labels=labels,
        series=[Series(say("Cost by month"), charts.ORANGE, values, pale)],
        headline=say.money(costs[-1]) if costs[-1] else "",
        currency=course.partner.currency,
        empty=say("Nothing invoiced yet"),
        note=say("Pale: the present month, as of now.") if foreseen else None,
    )


KINDS: Mapping[str, Kind] = {"chart_png": Kind(look, png)}
