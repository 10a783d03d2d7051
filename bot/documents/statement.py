"""A month of a partner's account as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from billing.ledger import DAYS
from billing.money import Money
from billing.services.facts import Facts
from billing.services.payments import statement
from billing.services.payments.statement import Account, Row, Statement
from billing.services.ports import Work
from bot.documents import tables
from bot.documents.making import File, Kind, Tools
from bot.documents.tables import Sheet, Value
from bot.documents.voice import Voice


async def look(work: Work, what: Facts) -> Statement:
    """Return the month that is meant: `partner` and `month`."""
    return await statement.of(work, str(what["partner"]), what["month"])


def xlsx(found: Statement, say: Voice, tools: Tools) -> File:
    """Write money and days, a sheet each."""
    del tools
    sheets = [_sheet(found.money, say("Money"), say)]
    if found.days is not None:
        sheets.append(_sheet(found.days, say("Days"), say))
    name = f"{found.partner.id}-{found.month}.xlsx"
    return name, tables.as_xlsx(sheets, say)


def _sheet(account: Account, name: str, say: Voice) -> Sheet:
    # Money is what is owed, so that a payment has a minus.
    balance = say("Balance") if account.unit == DAYS else say("To pay afterwards")
    columns = [
        say("At"),
        say("What"),
        say("Reference"),
        say("Name"),
        say("Moved"),
        balance,
    ]
    return Sheet(name, columns, _rows(account, say))


def _rows(account: Account, say: Voice) -> Iterator[list[Value]]:
    yield [None, say("at the beginning"), None, None, None, _amount(account.opening, account.unit)]
    for row in account.rows:
        moved = row.moved
        yield [
            moved.at,
            _kind(row, say),
            moved.reference,
            row.about or None,
            _amount(moved.amount, account.unit),
            _amount(moved.balance, account.unit),
        ]


def _amount(amount: int, unit: str) -> Value:
    return amount if unit == DAYS else Money(amount, unit)


def _kind(row: Row, say: Voice) -> str:
    kinds = {
        "invoice_issued": say("invoice"),
        "credit_used": say("credit used"),
        "payment_booked": say("payment"),
        "payment_reversed": say("payment taken back"),
        "invoice_voided": say("invoice void"),
        "credit_given": say("credit given"),
        "refunded": say("refund"),
        "days_credited": say("days paid"),
        "days_granted": say("days given"),
        "days_taken_back": say("days taken back"),
        "days_allocated": say("days for an instance"),
        "days_returned": say("days back from an instance"),
    }
    return kinds.get(row.moved.kind, row.moved.kind)


KINDS: Mapping[str, Kind] = {"statement_xlsx": Kind(look, xlsx)}
