"""Tables as people send them."""

from datetime import date

import pytest

from billing.services.partners.import_rows import Row, Sum
from bot.chat.tables import rows as tables
from bot.chat.tables.rows import MOST_ROWS, TableUnclear

HEAD = "partner,programme,instance,paid_until,migrate,price,balance,platform_id"


def read(text: str, language: str = "en") -> list[Row]:
    return tables.rows(text, language=language)


class TestTable:
    @pytest.mark.parametrize(
        "text",
        [
            f"{HEAD}\nPadaria,integrator,loja-1,2026-05-15,yes,49.90,10.00,k7q2m",
            "\ufeffPadaria;integrator;loja-1;2026-05-15;yes;49,90;10,00;k7q2m\r\n",
            "Padaria\tintegrator\tloja-1\t2026-05-15\tSim\t49,90\t10,00\tk7q2m",
            'Padaria, integrator, loja-1, 2026-05-15, y, "49,90", "10,00", k7q2m',
        ],
    )
    def test_is_read_whatever_separates_its_columns(self, text):
        [row] = read(text)
        assert row.unread is None
        assert (row.partner, row.programme, row.instance) == ("Padaria", "integrator", "loja-1")
        assert (row.paid_until, row.migrate) == (date(2026, 5, 15), True)
        assert (row.price, row.credit, row.days) == (Sum(4990), Sum(1000), None)
        assert row.reference == "k7q2m"

    def test_may_name_its_columns_in_any_order_and_in_portuguese(self):
        rows = read("saldo;parceiro;pago até;instância\n90 dias;Padaria;15/05/2026;loja", "pt-br")
        assert rows == [Row(2, "Padaria", instance="loja", paid_until=date(2026, 5, 15), days=90)]

    def test_may_name_its_columns_in_spanish(self):
        rows = read("saldo;socio;pagado hasta;nombre\n90 días;Panadería;15/05/2026;tienda", "es")
        assert rows == [
            Row(2, "Panadería", instance="tienda", paid_until=date(2026, 5, 15), days=90)
        ]

    def test_leaves_open_what_is_empty(self):
        assert read("Padaria,,,,,,,") == [Row(1, "Padaria")]

    @pytest.mark.parametrize(
        ("cells", "code"),
        [
            ("Padaria,integrator,loja,05/06/2026", "date_unclear"),
            ("Padaria,integrator,loja,2026-05-15,perhaps", "cell_unclear"),
            ("Padaria,integrator,,,,1.234", "amount_unclear"),
            ("Padaria,integrator,,,,,-5.00", "amount_unclear"),
            ("Padaria,integrator,loja,2026-05-15,no,,,,moon", "cell_unclear"),
        ],
    )
    def test_says_of_each_row_why_it_cannot_be_read(self, cells, code):
        bad, good = read(f"{cells}\nBakery,integrator")
        assert bad.unread.code == code
        assert good == Row(2, "Bakery", "integrator")

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "empty"), (HEAD, "empty"), ("programme,instance\na,b", "columns"),
            ("client,what,since\nPadaria,integrator,2026-03-01", "columns"),
            ("a\n" * (MOST_ROWS + 1), "too_many"),
        ],
    )  # fmt: skip
    def test_that_is_none_is_refused(self, text, why):
        with pytest.raises(TableUnclear) as refused:
            read(text)
        assert refused.value.facts["why"] == why
