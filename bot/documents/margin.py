"""What instances cost and earn in the present month, as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billing.services.facts import Facts
from billing.services.invoices import margins
from billing.services.invoices.margins import MarginCard
from billing.services.ports import Work
from bot.documents import tables
from bot.documents.making import File, Kind, Tools
from bot.documents.tables import Sheet, Value
from bot.documents.voice import Voice


async def look(work: Work, what: Facts) -> MarginCard:
    """Return the month as of now, of the `partner` that is meant."""
    return await margins.of(work, str(what["partner"]))


def xlsx(found: MarginCard, say: Voice, tools: Tools) -> File:
    """Write a row for each instance, and who is to be charged."""
    del tools
    columns = [
        say("Instance"), say("Id"), say("Customer"), say("Cost"), say("Customer pays"),
        say("Margin"), say("Paid until"),
    ]  # fmt: skip
    to_charge = [say("Customer"), say("Instance"), say("Customer pays"), say("Paid until")]
    sheets = [
        Sheet(say("Margin"), columns, _rows(found)),
        Sheet(say("To charge"), to_charge, _to_charge(found)),
    ]
    return f"{found.partner.id}-margin-{found.month}.xlsx", tables.as_xlsx(sheets, say)


def _rows(found: MarginCard) -> Iterator[list[Value]]:
    for row in found.margin.rows:
        customer = row.customer
        yield [
            row.instance.name,
            row.instance.id,
            customer.name if customer else None,
            row.cost,
            row.earned,
            row.margin,
            customer.paid_until if customer else None,
        ]


def _to_charge(found: MarginCard) -> Iterator[list[Value]]:
    for instance, customer in found.to_charge:
        yield [customer.name, instance.name, customer.price, customer.paid_until]


KINDS: Mapping[str, Kind] = {"margin_xlsx": Kind(look, xlsx)}
