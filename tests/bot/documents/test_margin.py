"""What instances cost and earn, in a spreadsheet."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import openpyxl

from billing.calendar import Month
from billing.customers import Customer
from billing.instances import State
from billing.margins import margin as margin_of
from billing.services.invoices.margins import MarginCard
from bot.documents import margin
from tests.billing.samples import brl, creating
from tests.bot.documents.samples import PARTNER, TOOLS, voice


def test_has_a_row_for_each_and_who_is_to_be_charged():
    bakery = Customer("=Bakery", brl(9900), date(2026, 3, 9))
    first, second = (replace(creating(one), state=State.ACTIVE) for one in ("A", "B"))
    of = margin_of([first, second], {"A": bakery}, {"A": brl(5990)}, "BRL")
    found = MarginCard(PARTNER, Month(2026, 3), False, of, [(first, bakery)], 1, date(2026, 3, 2))
    name, content = margin.xlsx(found, voice("pt_BR"), TOOLS)
    assert name == "P1AAA-margin-2026-03.xlsx"
    book = openpyxl.load_workbook(BytesIO(content))
    sheets = [[[cell.value for cell in row] for row in page.rows] for page in book]
    until = datetime.fromisoformat("2026-03-09")
    assert sheets[0][1:] == [
        ["loja A", "A", "=Bakery", 59.9, 99, 39.1, until],
        ["loja B", "B", None, 0, None, None, None],
    ]
    assert sheets[1][1:] == [["=Bakery", "loja A", 99, until]]
