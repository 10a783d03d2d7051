"""Tables are typed, speak the reader's language, and never run anything."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from billing.calendar import Month
from billing.money import Money
from bot.documents.tables import Sheet, as_csv, as_xlsx
from tests.bot.documents.samples import voice

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=HYPERLINK(1)", "http://x", "12", "<b>"]
ROW = ["loja-1", 31, Money(123456, "BRL"), date(2026, 3, 2), AT, Month(2026, 2), None]


def sheet(*rows) -> Sheet:
    return Sheet("Sheet", [f"c{n}" for n in range(len(rows[0]))], rows)


def cells(content: bytes) -> list[list[openpyxl.cell.Cell]]:
    return [list(row) for row in openpyxl.load_workbook(BytesIO(content)).active.rows]


class TestCsv:
    @pytest.mark.parametrize(
        ("language", "line"),
        [
            ("en", "loja-1,31,1234.56,2026-03-02,2026-03-02 09:00,2026-02,"),
            ("pt_BR", "loja-1;31;1234,56;2026-03-02;2026-03-02 09:00;2026-02;"),
        ],
    )
    def test_has_the_signs_that_the_readers_spreadsheets_expect(self, language, line):
        content = as_csv(sheet(ROW), voice(language))
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.decode("utf-8-sig").split("\r\n")[1] == line

    @pytest.mark.parametrize("text", HOSTILE)
    def test_begins_no_cell_as_a_formula(self, text):
        shown = as_csv(sheet([text]), voice()).decode("utf-8-sig").split("\r\n", 1)[1]
        assert not shown.strip('"').startswith(("=", "+", "-", "@", "\t", "\r"))

    def test_keeps_an_amount_that_is_taken_back_a_number(self):
        content = as_csv(sheet([Money(-5990, "BRL")]), voice()).decode("utf-8-sig")
        assert content.split("\r\n")[1] == "-59.90"


class TestXlsx:
    def test_has_cells_of_the_kinds_that_the_values_are_of(self):
        _, row = cells(as_xlsx([sheet(ROW)], voice()))
        found = [(cell.value, cell.data_type) for cell in row]
        assert found == [
            ("loja-1", "s"),
            (31, "n"),
            (1234.56, "n"),
            # Of a spreadsheet's cell nobody knows the zone: it is the reader's.
            (datetime.fromisoformat("2026-03-02"), "d"),
            (datetime.fromisoformat("2026-03-02T09:00"), "d"),
            ("2026-02", "s"),
            (None, "n"),
        ]
        assert "BRL" in row[2].number_format

    @pytest.mark.parametrize("text", HOSTILE)
    def test_runs_nothing_that_a_person_wrote(self, text):
        _, (cell,) = cells(as_xlsx([sheet([text])], voice()))
        assert cell.data_type == "s"
        assert cell.hyperlink is None
        # As the format writes the sign that ends a line.
        assert cell.value.replace("_x000D_", "").strip() == text.strip()

    def test_is_the_same_file_for_the_same_facts(self):
        assert as_xlsx([sheet(ROW)], voice()) == as_xlsx([sheet(ROW)], voice())

    def test_of_no_rows_has_its_titles(self):
        (titles,) = cells(as_xlsx([Sheet("Sheet", ["a", "b"], [])], voice()))
        assert [cell.value for cell in titles] == ["a", "b"]
