"""A month of the account in a spreadsheet: typed, with what there was after each movement."""

from datetime import datetime
from io import BytesIO

import openpyxl

from billing.calendar import Month
from billing.services.payments.statement import Account, Row, Statement
from billing.services.ports import Moved
from bot.documents import statement
from tests.bot.documents.samples import NOW, PARTNER, TOOLS, ZONE, voice

MONEY = Account(
    "BRL",
    -1000,
    [
        Row(Moved(NOW, "invoice_issued", "INT-1", 5990, 5990, 4990), ""),
        Row(Moved(NOW, "payment_booked", "INT-1", -4990, 4990, 0), "=PIX"),
    ],
)
DAYS = Account("days", 0, [Row(Moved(NOW, "days_allocated", "K7Q2M", -30, 30, 30), "loja-1")])


def sheets(days=None, language="en"):
    found = Statement(PARTNER, Month(2026, 3), ZONE, MONEY, days)
    name, content = statement.xlsx(found, voice(language), TOOLS)
    assert name == "P1AAA-2026-03.xlsx"
    book = openpyxl.load_workbook(BytesIO(content))
    return {page.title: [[cell.value for cell in row] for row in page.rows] for page in book}


def test_money_is_told_from_its_beginning_on():
    ((name, rows),) = sheets().items()
    at = datetime.fromisoformat("2026-03-02T09:00")
    assert name == "Money"
    assert rows[1:] == [
        [None, "at the beginning", None, None, None, -10],
        [at, "invoice", "INT-1", None, 59.9, 49.9],
        [at, "payment", "INT-1", "=PIX", -49.9, 0],
    ]


def test_days_have_a_sheet_of_their_own():
    found = sheets(DAYS, "pt_BR")
    assert list(found) == ["Dinheiro", "Dias"]
    assert found["Dias"][2][1:] == ["dias para uma instância", "K7Q2M", "loja-1", -30, 30]
