"""
Who owes for how long, oldest first.

Day invoices are no debts: unpaid, they lapse. Rules: "The postpaid calendar".
"""

from __future__ import annotations

from dataclasses import dataclass

from billing import debts as rules
from billing.calendar import local_date
from billing.debts import Age, Debt
from billing.money import Money
from billing.partners import Partner, Right
from billing.services import finding
from billing.services.access import requires
from billing.services.people import Actor
from billing.services.ports import Work


@dataclass(frozen=True, slots=True)
class Debts:
    """All debts, oldest first, and their sums by currency and age."""

    rows: list[tuple[Debt, Partner]]
    sums: dict[str, dict[Age, Money]]


@requires(Right.BOOK)
async def debts(work: Work, actor: Actor) -> Debts:
    """Return what partners owe by the month."""
    del actor
    return await look(work)


async def look(work: Work) -> Debts:
    """Return it for whoever is told unasked, or draws it."""
    partners: dict[str, Partner] = {}
    rows = []
    for invoice in await work.invoices.all_unpaid():
        if invoice.partner_id not in partners:
            partners[invoice.partner_id] = await finding.the_partner(work, invoice.partner_id)
        partner = partners[invoice.partner_id]
        zone = finding.programme_in(work, partner, invoice.period).zone
        rows.append((rules.debt(invoice, local_date(work.now, zone)), partner))
    rows.sort(key=lambda row: (-row[0].days, row[0].invoice.due_on, row[0].invoice.number))
    return Debts(rows, rules.aged(debt for debt, _ in rows))
