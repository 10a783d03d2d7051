"""A bank's statement is read as banks write it."""

from datetime import date

import pytest

from bot.chat import files
from bot.chat.tables import bank
from bot.chat.tables.bank import MOST_ROWS, is_table
from bot.chat.tables.rows import TableUnclear
from tests.bot.chat.tables.test_spreadsheets import xlsx

HEAD = "date,amount,reference,description"


def read(*rows: str, head: str = HEAD, language: str = "en"):
    return bank.read("\n".join((head, *rows)), language=language)


def sums(*amounts: str):
    """Read a column of amounts."""
    table = read(*(f"2026-02-03;{one};E{at};x" for at, one in enumerate(amounts)), head=SEMI)
    return [row.minor for row in table.rows]


SEMI = HEAD.replace(",", ";")


class TestColumns:
    def test_are_named_below_what_banks_write_above_them(self):
        text = (
            "Extrato de conta corrente\nConta;1234-5\n\n"
            "Data;Histórico;Documento;Valor;Saldo;Pagador\n"
            "03/02/2026;PIX INT-2026-00001;E2E 1;1.198,00;5.000,00;Padaria\n"
            "03/02/2026;TARIFA;E2E 2;-10,00;4.990,00;\n"
            "03/02/2026;SALDO;;;4.990,00;\n"
        )
        table = bank.read(text, language="en")
        (row,) = table.rows
        assert (row.line, row.on, row.minor) == (5, date(2026, 2, 3), 119800)
        assert (row.reference, row.text) == ("E2E 1", "PIX INT-2026-00001 Padaria")
        assert (table.others, table.unread) == (2, ())

    def test_may_be_a_spreadsheets(self):
        content = xlsx(
            ["Data", "Valor", "Referência", "Moeda"],
            [date(2026, 2, 3), 119.8, "E1", "BRL"],
            [date(2026, 2, 3), -5, "E2", None],
            ["2026-02-03 10:22:00", 1200, 77, "XYZ"],
        )
        table = bank.read(files.read(content), language="pt")
        (row,) = table.rows
        assert (row.minor, row.currency, row.on) == (11980, "BRL", date(2026, 2, 3))
        assert [(line, why.code) for line, why in table.unread] == [(4, "amount_unclear")]

    @pytest.mark.parametrize(
        ("rows", "head", "why"),
        [
            ((), HEAD, "empty"),
            (("2026-02-03,1.00,x",), "date,amount,name", "statement"),
            (('"' + "x" * 200_000,), "open", "statement"),
            (('2026-02-03,1.00,"' + "x" * 200_000,), HEAD, "statement"),
            (("2026-02-03,1.00,x,\n" * (MOST_ROWS + 1),), HEAD, "too_many"),
            (("2026-02-03;1,00;a;", "2026-02-03;1.00;b;"), SEMI, "amounts"),
        ],
    )
    def test_that_are_none_are_refused(self, rows, head, why):
        with pytest.raises(TableUnclear) as refused:
            read(*rows, head=head)
        assert refused.value.facts["why"] == why

    def test_are_not_a_payment_over_several_lines(self):
        assert is_table(f"{HEAD}\n2026-02-03,1,2,3")
        assert not is_table("INT-2026-00001\n119,80\nE2E")
        assert not is_table("INT-2026-00001 119,80 E2E\n")


class TestAmounts:
    def test_are_read_as_their_column_has_them(self):
        assert sums("1.234,56", "1.234", "7") == [123456, 123400, 700]
        assert sums("1,234.56", "1,234", "R$ 7.5") == [123456, 123400, 750]
        assert sums("1.234.567", "1.000") == [123456700, 100000]
        assert sums("1 234,56 EUR", "+3,00 C", "1'000,00") == [123456, 300, 100000]

    def test_that_are_money_out_are_counted(self):
        table = read(
            *(
                f"2026-02-03;{one};E;x"
                for one in ("-1,00", "R$ -1,00", "(1,00)", "1,00-", "1,00 D", "0,00", "")
            ),
            head=SEMI,
        )
        assert (table.rows, table.others) == ((), 7)

    @pytest.mark.parametrize(
        ("cell", "why"),
        [
            ("1,234", "ambiguous"),
            ("12 apples", "form"),
            ("1 23", "form"),
            ("1٣", "digits"),
            ("5 CHF", "currency"),
            ("9999999999", "too_large"),
        ],
    )
    def test_that_are_not_sure_hold_up_their_row_alone(self, cell, why):
        table = read(f"2026-02-03;{cell};E1;x", "2026-02-03;7;E2;x", head=SEMI)
        assert [row.minor for row in table.rows] == [700]
        ((line, unclear),) = table.unread
        assert (line, unclear.facts["why"]) == (2, why)


class TestDays:
    def test_have_the_day_first_where_the_bank_writes_so(self):
        for head, amount in ((SEMI, "1,00"), (SEMI.replace("date", "data"), "1.00")):
            (row,) = read(f"03/02/2026;{amount};E;x", head=head).rows
            assert row.on == date(2026, 2, 3)

    def test_that_are_not_sure_hold_up_their_row(self):
        table = read("03/02/2026,1.00,E,x", ",1.00,E,x")
        assert [why.code for _, why in table.unread] == ["date_unclear"] * 2
