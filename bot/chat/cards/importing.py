"""What another system's table brings, row by row; codes for the owners of what was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from billing.calendar import Month
from billing.money import Money
from billing.partners import Partner
from billing.programmes import Settlement
from billing.services.messages import Button, Urgency
from billing.services.partners.import_rows import Import, Result
from bot.chat.cards.card import Buttons, Card

MOST_ROWS = 60
MOST_CODES = 20


def preview(found: Import, key: str, *, changed: bool = False) -> Card:
    """Show the result of every row, those that are refused first, and ask once."""
    args = {"import": key, "terms": found.terms}
    confirm = [Button("confirm", "import_confirm", args, once=True)] if _good(found) else []
    buttons: Buttons = [[*confirm, Button("back", "queue")]]
    return Card("import", {"changed": changed, **_told(found)}, buttons, fresh=True)


def imported(done: Import) -> Card:
    """Show what came of every row, and the code for each partner's owner."""
    shown = done.codes[:MOST_CODES]
    return Card(
        "imported",
        {
            **_told(done),
            "keys": [key for _, key, _ in shown],
            "owners": [partner.name for partner, _, _ in shown],
            "more_owners": len(done.codes) - len(shown),
            "ends_at": shown[0][2] if shown else None,
        },
        [[Button("queue", "queue")]],
        urgency=Urgency.MONEY,
    )


def owner_code(partner: Partner, key: str, ends_at: datetime) -> Card:
    """Show a code that links a partner's owner."""
    return Card(
        "owner_code",
        {"partner": partner.name, "keys": [key], "ends_at": ends_at},
        [[Button("partner", "partner", {"partner": partner.id})]],
        fresh=True,
        urgency=Urgency.MONEY,
    )


def _good(found: Import) -> Sequence[Result]:
    return [result for result in found.results if result.refusal is None]


def _told(found: Import) -> dict[str, object]:
    good = _good(found)
    ordered = sorted(found.results, key=lambda result: (result.refusal is None, result.row.line))
    return {
        "rows": [_row(result) for result in ordered[:MOST_ROWS]],
        "more": max(0, len(ordered) - MOST_ROWS),
        "partners": sum(result.made for result in good),
        "instances": sum(result.instance is not None for result in good),
        "refused": len(found.results) - len(good),
    }


def _row(result: Result) -> dict[str, object]:
    row, instance, refusal = result.row, result.instance, result.refusal
    monthly = instance is not None and instance.settlement is Settlement.POSTPAID
    billed = row.paid_until if monthly else None
    return {
        "line": row.line,
        "partner": result.partner.name if result.partner else row.partner[:64],
        "made": result.made,
        "programme": result.partner.programme if result.partner else "",
        "name": instance.name if instance else (row.instance or "")[:64],
        "id": instance.id if instance and row.reference else "",
        "monthly": monthly,
        "billed_from": Month(billed.year, billed.month) if billed else None,
        "paid_until": row.paid_until if instance else None,
        "price": result.price,
        "credit": result.balance if isinstance(result.balance, Money) else None,
        "days": result.balance if isinstance(result.balance, int) else 0,
        "waits": result.waits,
        "refusal": None
        if refusal is None
        else {"code": refusal.code, "facts": {**refusal.facts, "staff": True}},
    }
