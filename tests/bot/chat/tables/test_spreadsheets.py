"""A spreadsheet is read as the table that one would have typed."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from billing.services.partners.import_rows import Sum
from bot.chat import files
from bot.chat.tables import rows as tables
from bot.chat.tables import spreadsheets

HEAD = ["partner", "programme", "instance", "paid_until", "migrate", "price", "balance"]


def xlsx(*rows: list) -> bytes:
    book, written = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.create_sheet("another").append(["not", "looked", "at"])
    book.save(written)
    return written.getvalue()


def unpacked(size: int) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * size)
    return packed.getvalue()


def test_rows_are_those_of_the_same_table_in_text():
    content = xlsx(
        HEAD,
        ["Padaria, São João", "integrator", "loja-1", date(2026, 5, 15), True, 49.9, 100],
        [],
        ["Padaria", None, 12, datetime.fromisoformat("2026-03-10"), "no", None, "30 d"],
    )
    first, second = tables.rows(files.read(content), language="pt")
    assert (first.line, first.partner, first.instance) == (2, "Padaria, São João", "loja-1")
    assert (first.paid_until, first.migrate) == (date(2026, 5, 15), True)
    assert (first.price, first.credit) == (Sum(4990, None), Sum(10000, None))
    assert (second.line, second.instance, second.days) == (4, "12", 30)
    assert second.paid_until == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (60.0, "60"),
        (49.9, "49.90"),
        (0.125, "0.125"),  # no amount: it is refused, not rounded
        (False, "no"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        (datetime.fromisoformat("2026-03-10T09:30"), "2026-03-10 09:30:00"),
        ("=1+1", ""),  # a formula that nothing has worked out
    ],
)
def test_a_cell_is_as_it_would_be_typed(value, text):
    assert spreadsheets.as_text(xlsx(["x", value])).rstrip("\n") == f"x\t{text}".rstrip("\t")


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and nothing more",
        unpacked(64),
        unpacked(spreadsheets.LARGEST + 1),
        xlsx(HEAD)[:-40],
    ],
    ids=["torn", "no workbook", "a bomb", "cut short"],
)
def test_what_is_none_is_refused(content):
    assert files.read(content) is None


def test_a_file_that_is_too_large_is_not_opened():
    assert files.read(spreadsheets.BEGINS + b"x" * files.LARGEST) is None


def test_no_more_is_read_than_any_table_has():
    book, written = openpyxl.Workbook(), BytesIO()
    book.active.cell(spreadsheets.MOST_ROWS + 500, 1, "far below")
    book.save(written)
    assert "far below" not in spreadsheets.as_text(written.getvalue())
