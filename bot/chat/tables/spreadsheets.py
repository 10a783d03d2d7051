"""A spreadsheet's first sheet as the text that a CSV file of it would be."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import islice
from zipfile import BadZipFile, ZipFile

# A spreadsheet is an archive.
BEGINS = b"PK\x03\x04"
# What it may come to unpacked: an archive of next to nothing can hold a disk full of zeros.
LARGEST = 32 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 5000, 64


def is_spreadsheet(content: bytes) -> bool:
    """Whether it looks like one."""
    return content.startswith(BEGINS)


def as_text(content: bytes) -> str | None:
    """
    Return the cells of the first sheet between tabs, formulas by what they came to.

    Days are as `2026-03-09`, amounts with a point and two digits after it; None if it cannot be
    read. What is below or beside thousands of empty cells is not looked for.
    """
    # A large library that hardly anybody needs: it is not waited for at the start.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST:
                return None
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        return _written(islice(rows, MOST_ROWS))
    # Whatever people send, and call a spreadsheet: what reads it raises what it meets.
    except (
        *(BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, TypeError),
        *(AttributeError, EOFError, NotImplementedError, OSError, SyntaxError),
    ):
        return None


def _written(rows: Iterable[Iterable[object]]) -> str:
    text = StringIO()
    table = csv.writer(text, delimiter="\t", lineterminator="\n")
    table.writerows(_filled(rows))
    return text.getvalue()


def _filled(rows: Iterable[Iterable[object]]) -> Iterator[list[str]]:
    for row in rows:
        # An empty row stays: the results name rows by their lines.
        cells = list(map(_cell, row))
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime() | date():
            return str(value)
        case float() if value.is_integer():
            return str(int(value))
        case float():
            # 49.9 is how a spreadsheet keeps 49.90; of more digits nobody knows what was meant.
            tidy = f"{value:.2f}"
            return tidy if float(tidy) == value else repr(value)
        case _:
            return " ".join(str(value).split())
