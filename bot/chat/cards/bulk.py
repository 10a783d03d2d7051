"""Many instances at once: what would come of each row, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from billing.services.facts import Facts
from billing.services.instances.bulk import Bulk, Result
from billing.services.messages import Button
from bot.chat.cards.card import Card

# The first of many are enough to see that it is the right list.
FIRST = 10
MOST_REFUSED = 30


def preview(operation: str, found: Bulk, rows: Sequence[Facts], *, changed: bool = False) -> Card:
    """
    Say what would come of the rows, and ask once; `rows` are what the button does.

    `changed`: what an earlier card showed is no longer true, and nothing was done.
    """
    args = {"bulk": operation, "rows": list(rows), "terms": found.terms}
    confirm = [Button("confirm", "bulk_confirm", args, once=True)] if found.done else []
    facts = {"operation": operation, "changed": changed, **_told(found)}
    return Card("bulk", facts, [[*confirm, Button("back", "list")]])


def done(operation: str, found: Bulk) -> Card:
    """Say what came of the rows, and of which nothing did."""
    facts = {"operation": operation, **_told(found)}
    return Card("bulk_done", facts, [[Button("list", "list"), Button("home", "home")]])


def _told(found: Bulk) -> dict[str, object]:
    names = [row.name for row in found.done]
    refused = found.refused
    return {
        "count": len(names),
        "names": names[:FIRST],
        "left": found.left,
        "refused": [_refused(result) for result in refused[:MOST_REFUSED]],
        "more": max(0, len(refused) - MOST_REFUSED),
    }


def _refused(result: Result) -> dict[str, object]:
    assert result.refusal is not None
    return {
        "name": result.row.name,
        "code": result.refusal.code,
        "facts": dict(result.refusal.facts),
    }
