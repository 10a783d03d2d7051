"""Who owes for how long: a picture, and a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billing.debts import Age
from billing.money import Money, total, zero
from billing.services.desk import debts
from billing.services.desk.debts import Debts
from billing.services.facts import Facts
from billing.services.ports import Work
from bot.documents import charts, tables
from bot.documents.charts import Panel, Series
from bot.documents.making import File, Kind, Tools
from bot.documents.tables import Sheet, Value
from bot.documents.voice import Voice


async def look(work: Work, what: Facts) -> Debts:
    """Return all debts."""
    del what
    return await debts.look(work)


def png(found: Debts, say: Voice, tools: Tools) -> File:
    """Draw what is owed by its age, a panel for each currency."""
    panels = [_panel(currency, sums, say) for currency, sums in found.sums.items()]
    data = charts.drawn(say("Debts"), say("By days overdue"), panels, say)
    return "debts.png", tools.press.png("charts.typ", data)


def _panel(currency: str, sums: Mapping[Age, Money], say: Voice) -> Panel:
    amounts = [sums.get(age, zero(currency)) for age in Age]
    return Panel(
        title=currency,
        kind="bars",
        labels=list(_ages(say).values()),
        series=[Series(currency, charts.RED, [charts.major(it.minor) for it in amounts])],
        headline=say.money(total(amounts, currency)),
        currency=currency,
    )


def _ages(say: Voice) -> dict[Age, str]:
    return {
        Age.NOT_DUE: say("not yet"),
        Age.TO_5: "1–5",
        Age.TO_10: "6–10",
        Age.TO_30: "11–30",
        Age.OLDER: "31+",
    }


def xlsx(found: Debts, say: Voice, tools: Tools) -> File:
    """Write a row for each unpaid invoice."""
    del tools
    columns = [
        say("Partner"), say("Invoice"), say("Month"), say("Due on"), say("Days overdue"),
        say("Age"), say("Owed"), say("Held until"),
    ]  # fmt: skip
    sheet = Sheet(say("Debts"), columns, _rows(found, say))
    return "debts.xlsx", tables.as_xlsx([sheet], say)


def _rows(found: Debts, say: Voice) -> Iterator[list[Value]]:
    ages = _ages(say)
    for debt, partner in found.rows:
        invoice = debt.invoice
        yield [
            partner.name,
            invoice.number,
            str(invoice.period),
            invoice.due_on,
            debt.days,
            ages[debt.age],
            invoice.owed,
            invoice.held_until,
        ]


KINDS: Mapping[str, Kind] = {
    "debts_png": Kind(look, png),
    "debts_xlsx": Kind(look, xlsx),
}
