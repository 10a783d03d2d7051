"""What instances cost and earn, page by page."""

from __future__ import annotations

from billing.margins import Row
from billing.services.invoices.margins import MarginCard
from billing.services.messages import Button
from bot.chat.cards.card import Card

PER_PAGE = 10
# Who waits longest leads; the file has them all.
CHARGED = 8


def margin(found: MarginCard, *, page: int = 1) -> Card:
    """Show a page (from 1); sums and who is to be charged stand on each."""
    rows = found.margin.rows
    pages = max(1, -(-len(rows) // PER_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * PER_PAGE
    charged = found.to_charge[:CHARGED]
    turning = []
    if page > 1:
        turning.append(Button("previous", "margin", {"page": page - 1}))
    if page < pages:
        turning.append(Button("next", "margin", {"page": page + 1}))
    last = [Button("list", "list"), Button("home", "home")]
    return Card(
        "margin",
        {
            "month": found.month,
            "in_days": found.in_days,
            "cost": found.margin.cost,
            "earned": found.margin.earned,
            "left": found.margin.left,
            "unknown": found.unknown,
            "page": page,
            "pages": pages,
            "rows": [_row(row) for row in rows[first : first + PER_PAGE]],
            "to_charge": [
                {
                    "id": instance.id,
                    "instance": instance.name,
                    "name": customer.name,
                    "price": customer.price,
                    "paid_until": customer.paid_until,
                }
                for instance, customer in charged
            ],
            "more": len(found.to_charge) - len(charged),
        },
        [row for row in (turning, [Button("xlsx", "margin_file")] if rows else [], last) if row],
    )


def _row(row: Row) -> dict[str, object]:
    return {
        "id": row.instance.id,
        "name": row.instance.name,
        "state": row.instance.state,
        "customer": row.customer.name if row.customer else None,
        "cost": row.cost,
        "earned": row.earned,
        "margin": row.margin,
    }
