"""Figures of the desk: a month, and the debts."""

from __future__ import annotations

from billing.money import total
from billing.services.desk.debts import Debts
from billing.services.desk.overview import Report
from billing.services.messages import Button
from bot.chat.cards.card import Card, named, rows_of

MOST_BUTTONS = 8
MOST_ROWS = 30


def debts(found: Debts) -> Card:
    """Show debts, oldest first; `sums` by currency and age, a button for each partner."""
    partners = {partner.id: partner.name for _, partner in found.rows}
    buttons = [named(name, "partner", partner=its) for its, name in partners.items()]
    files = [Button("picture", "desk_file", {"what": "debts_png"})]
    files.append(Button("xlsx", "desk_file", {"what": "debts_xlsx"}))
    return Card(
        "debts",
        {
            "sums": [
                {
                    "ages": [{"age": age, "owed": owed} for age, owed in ages.items()],
                    "total": total(ages.values(), currency),
                }
                for currency, ages in found.sums.items()
            ],
            "rows": [
                {
                    "partner": partner.name,
                    "number": debt.invoice.number,
                    "owed": debt.invoice.owed,
                    "days": debt.days,
                    "due_on": debt.invoice.due_on,
                    "held_until": debt.invoice.held_until,
                }
                for debt, partner in found.rows[:MOST_ROWS]
            ],
            "more": max(0, len(found.rows) - MOST_ROWS),
        },
        [*rows_of(buttons[:MOST_BUTTONS], 2), files] if found.rows else (),
    )


def report(shown: Report, zone: str, *, latest: bool) -> Card:
    """Show a month in figures; money by currency. `latest`: the next one is still to come."""
    tally = shown.instances
    before, after = shown.month.plus(-1), shown.month.plus(1)
    of = {"month": str(shown.month)}
    return Card(
        "report",
        {
            "month": shown.month,
            "zone": zone,
            "invoices": shown.invoices,
            "invoiced": list(shown.invoiced.values()),
            "received": list(shown.received),
            "by_card": list(shown.by_card),
            "owed": list(shown.owed.values()),
            "created": tally.created,
            "converted": tally.converted,
            "subscribed": tally.subscribed,
            "cancelled": tally.cancelled,
            "deleted": tally.deleted,
            "running": tally.running,
        },
        [
            [
                Button("picture", "desk_file", {"what": "report_png", **of}),
                Button("xlsx", "desk_file", {"what": "report_xlsx", **of}),
            ],
            [
                Button("month", "report", {"month": str(month)})
                for month in ([before] if latest else [before, after])
            ],
        ],
    )
