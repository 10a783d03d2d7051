"""A month of the account: what moved it, and what there was after each movement."""

from __future__ import annotations

from billing.calendar import Month, local_date
from billing.ledger import DAYS
from billing.money import Money
from billing.services.messages import Button
from billing.services.payments.statement import Account, Row, Statement
from bot.chat.cards.card import Card

# More than these nobody reads in a chat: then they come as a file.
ROWS_SHOWN = 12


def is_long(found: Statement) -> bool:
    """Whether it is one to be read as a file."""
    return len(found.money.rows) + len(found.days.rows if found.days else ()) > ROWS_SHOWN


def statement(found: Statement, *, present: Month) -> Card:
    """Show a month; money is what is owed, below nothing it is credit."""
    month = found.month
    around = [Button("previous", "statement", {"month": str(month.plus(-1))})]
    if month < present:
        around.append(Button("next", "statement", {"month": str(month.plus(1))}))
    file = Button("xlsx", "statement_file", {"month": str(month)})
    return Card(
        "statement",
        {
            "partner": found.partner.name,
            "month": month,
            "money": _account(found.money, found.zone),
            "days": _account(found.days, found.zone) if found.days else None,
        },
        [[file], around, [Button("invoices", "invoices"), Button("home", "home")]],
    )


def _account(account: Account, zone: str) -> dict[str, object]:
    unit = account.unit
    shown = account.rows[-ROWS_SHOWN:]
    return {
        "opening": _amount(account.opening, unit),
        "closing": _amount(account.closing, unit),
        "rows": [_row(row, unit, zone) for row in shown],
        "before": len(account.rows) - len(shown),
    }


def _row(row: Row, unit: str, zone: str) -> dict[str, object]:
    moved = row.moved
    return {
        "on": local_date(moved.at, zone),
        "kind": moved.kind,
        "reference": moved.reference,
        "name": row.about,
        "amount": _amount(moved.amount, unit),
        "gross": _amount(moved.gross, unit),
        "balance": _amount(moved.balance, unit),
    }


def _amount(amount: int, unit: str) -> int | Money:
    return amount if unit == DAYS else Money(amount, unit)
