"""
Tables for spreadsheets, as CSV and as XLSX; nothing in a cell is ever run as a formula.

A value is what it is: text, a whole number, an amount, a day, an instant, or nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from babel.numbers import get_decimal_symbol

from billing.calendar import Month, zone_named
from billing.money import MINOR_PER_MAJOR, Money
from bot.documents.voice import Voice

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Value = str | int | Money | Month | date | datetime | None

# What a spreadsheet takes for the beginning of a formula.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
NARROWEST, WIDEST = 8, 48
DAY_FORMAT, INSTANT_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a name, what its columns are called, its rows."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


def as_csv(sheet: Sheet, voice: Voice) -> bytes:
    """
    Return a table as CSV, with the signs that the reader's spreadsheets expect.

    Where the decimal sign is a comma the columns are told apart by semicolons. A text that begins
    as a formula does gets an apostrophe before it.
    """
    comma = str(get_decimal_symbol(voice.locale))
    written = StringIO(newline="")
    table = csv.writer(written, delimiter=";" if comma == "," else ",")
    table.writerow(map(_harmless, sheet.columns))
    table.writerows([_cell(value, voice, comma) for value in row] for row in sheet.rows)
    # The mark tells spreadsheets that it is UTF-8.
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Sequence[Sheet], voice: Voice) -> bytes:
    """Return tables as one XLSX file, typed: amounts, days and instants are what they are."""
    # A tenth of a second that no start has to wait for.
    from xlsxwriter import Workbook

    written = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(written, options) as book:
        # By the desk's clock, as all its times are.
        book.set_properties({"created": voice.now.replace(tzinfo=None)})
        formats = _Formats(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name[:31]), sheet, voice, formats)
    return written.getvalue()


class _Formats:
    """The looks of cells, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.title = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.day = book.add_format({"num_format": DAY_FORMAT})
        self.instant = book.add_format({"num_format": INSTANT_FORMAT})
        self._book = book
        self._money: dict[str, Format] = {}

    def money(self, currency: str) -> Format:
        """Return the look of amounts of a currency."""
        if currency not in self._money:
            self._money[currency] = self._book.add_format(
                {"num_format": f'#,##0.00 "{currency}";[Red]-#,##0.00 "{currency}"'}
            )
        return self._money[currency]


def _write(page: Worksheet, sheet: Sheet, voice: Voice, formats: _Formats) -> None:
    rows = list(sheet.rows)
    # Widths come before the rows: what is written cannot be looked at again.
    for column, title in enumerate(sheet.columns):
        longest = max((len(_shown(row[column], voice)) for row in rows), default=0)
        page.set_column(column, column, min(max(len(title), longest, NARROWEST) + 2, WIDEST))
    page.freeze_panes(1, 0)
    for column, title in enumerate(sheet.columns):
        page.write_string(0, column, title, formats.title)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _put(page, line, column, value, voice, formats)


def _put(
    page: Worksheet, line: int, column: int, value: Value, voice: Voice, formats: _Formats
) -> None:
    match value:
        case None:
            pass
        case Money():
            major = value.minor / MINOR_PER_MAJOR
            page.write_number(line, column, major, formats.money(value.currency))
        case int():
            page.write_number(line, column, value)
        case datetime():
            local = value.astimezone(zone_named(voice.zone)).replace(tzinfo=None)
            page.write_datetime(line, column, local, formats.instant)
        case date():
            page.write_datetime(line, column, value, formats.day)
        case _:
            page.write_string(line, column, str(value))


def _cell(value: Value, voice: Voice, comma: str) -> str:
    match value:
        case None:
            return ""
        case Money():
            return f"{Decimal(value.minor) / MINOR_PER_MAJOR:.2f}".replace(".", comma)
        case datetime():
            return value.astimezone(zone_named(voice.zone)).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case int():
            return str(value)
        case _:
            return _harmless(str(value))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _shown(value: Value, voice: Voice) -> str:
    return "" if value is None else voice.show(value)
