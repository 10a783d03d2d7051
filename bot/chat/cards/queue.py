"""What waits for staff, oldest first."""

from __future__ import annotations

from billing.services.desk.waiting import Queue, Waits
from billing.services.messages import Button
from bot.chat.cards.card import Card, rows_of

MOST_BUTTONS = 8


def queue(shown: Queue, *, zone: str) -> Card:
    """Show what waits, of each kind how many, and the first of them with a button each."""
    kinds = [(kind, waits) for kind, waits in shown.kinds.items() if waits]
    buttons = [
        row
        for _, waits in kinds
        for row in rows_of([one.opens for one in waits[:MOST_BUTTONS] if one.opens], 2)
    ]
    return Card(
        "queue",
        {
            "zone": zone,
            "halted": shown.halted,
            "kinds": [
                {
                    "kind": kind,
                    "count": len(waits),
                    "rows": [_row(one) for one in waits[:MOST_BUTTONS]],
                }
                for kind, waits in kinds
            ],
        },
        [*buttons, [Button("queue", "queue")]],
    )


def _row(one: Waits) -> dict[str, object]:
    return {**one.facts, "since": one.since, "by": one.by, "claimed_by": one.claimed_by}
