"""Pictures and tables of months and debts: right with much, little and nothing in them."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from billing.calendar import Month
from billing.debts import Age, debt
from billing.money import Money
from billing.services.desk.debts import Debts
from billing.services.desk.series import Course, DeskMonth, PartnerMonth
from bot.chat.languages import LANGUAGES
from bot.documents import chart, charts, debts, report
from bot.documents.charts import Panel, Series
from tests.bot.documents.samples import NOW, PARTNER, TOOLS, ZONE, payment, statement, voice

PNG = b"\x89PNG"
MARCH = Month(2026, 3)


def brl(minor: int) -> Money:
    return Money(minor, "BRL")


def course(count: int, *, in_days: bool = False, cost: bool = True) -> Course:
    months = [MARCH.plus(nth) for nth in range(1 - count, 1)]
    rows = [
        PartnerMonth(month, 10 + nth, 900 if in_days else None, brl(59900) if cost else None)
        for nth, month in enumerate(months)
    ]
    return Course(PARTNER, rows, in_days)


def desk_months(*amounts: Money) -> list[DeskMonth]:
    return [
        DeskMonth(MARCH.plus(nth - 11), list(amounts), list(amounts), 40, 20, 100 + nth)
        for nth in range(12)
    ]


def found(*amounts: Money) -> report.Found:
    return report.Found(desk_months(*amounts), ZONE, [], [], {})


class TestAPicture:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        ("shown", "coming"),
        [
            (course(12, in_days=True), brl(700)),
            (course(1), None),
            (course(1, cost=False), brl(5990)),
            (Course(PARTNER, [PartnerMonth(MARCH, 0, 0, None)], in_days=True), None),
        ],
        ids=["a year", "a month", "the first month", "nothing"],
    )
    def test_of_a_partner_is_drawn(self, language, shown, coming):
        name, drawn = chart.png((shown, coming), voice(language), TOOLS)
        assert (name, drawn[:4]) == ("chart.png", PNG)

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("amounts", [(), (brl(5990), Money(100, "USD")), (brl(-5990),)])
    def test_of_the_desk_is_drawn(self, language, amounts):
        name, drawn = report.png(found(*amounts), voice(language), TOOLS)
        assert (name, drawn[:4]) == ("report-2026-03.png", PNG)

    def test_of_debts_has_a_panel_for_each_currency(self):
        owed = {"BRL": {Age.TO_5: brl(500)}, "USD": {Age.OLDER: Money(100, "USD")}}
        name, drawn = debts.png(Debts([], owed), voice(), TOOLS)
        assert (name, drawn[:4]) == ("debts.png", PNG)


class TestAPanel:
    def drawn(self, *values: float, language: str = "en", **more):
        panel = Panel("x", "bars", ["a"] * len(values), [Series("x", charts.BLUE, values)], **more)
        return charts.drawn("t", "s", [panel], voice(language))["panels"][0]

    @pytest.mark.parametrize(
        ("values", "bottom", "top", "ticks"),
        [
            ((0.0,), 0, 1, 2),
            ((12.0, 77.0), 0, 80, 5),
            ((-5.0, 20.0), -10, 20, 4),
            ((1_000_000.0,), 0, 1_000_000, 3),
        ],
    )
    def test_ends_at_round_numbers(self, values, bottom, top, ticks):
        panel = self.drawn(*values)
        assert (panel["bottom"], panel["top"], len(panel["ticks"])) == (bottom, top, ticks)

    def test_writes_amounts_as_the_reader_does(self):
        names = [tick["name"] for tick in self.drawn(4000.0, currency="BRL")["ticks"]]
        assert names == ["R$0", "R$1,000", "R$2,000", "R$3,000", "R$4,000"]
        names = [
            tick["name"] for tick in self.drawn(4000.0, currency="BRL", language="pt_BR")["ticks"]
        ]
        assert names[-1] == "R$ 4.000"

    def test_says_that_it_is_empty_only_where_it_is(self):
        assert self.drawn(0.0, empty="nothing")["empty"] == "nothing"
        assert self.drawn(1.0, empty="nothing")["empty"] is None

    def test_names_months_shortly_and_the_year_where_it_changes(self):
        months = [Month(2025, 12), Month(2026, 1), Month(2026, 2)]
        assert charts.months(months, voice()) == ["Dec\n2025", "Jan\n2026", "Feb"]
        assert charts.months(months, voice("pt_BR"))[2] == "fev"


class TestTables:
    def rows(self, content: bytes, name: str) -> list[tuple[object, ...]]:
        return list(
            load_workbook(BytesIO(content), read_only=True)[name].iter_rows(values_only=True)
        )

    def test_of_a_month_hold_its_invoices_and_payments(self):
        invoice = statement().invoice
        shown = replace(
            found(brl(17970)),
            invoices=[invoice],
            payments=[payment(5990)],
            partners={PARTNER.id: "=Acme"},
        )
        _, content = report.xlsx(shown, voice(), TOOLS)
        months = self.rows(content, "Months")
        assert months[0][:3] == ("Month", "Invoiced, BRL", "Received, BRL")
        assert months[-1] == ("2026-03", 179.7, 179.7, 40, 20, 111)
        (_, row) = self.rows(content, "Invoices")
        assert row[:3] == (invoice.number, "=Acme", "month")
        (_, paid) = self.rows(content, "Payments")
        assert paid[1:3] == (59.9, "E2026030112345")

    def test_of_debts_hold_a_row_for_each_invoice(self):
        owing = debt(statement().invoice, NOW.date())
        _, content = debts.xlsx(Debts([(owing, PARTNER)], {}), voice(), TOOLS)
        (_, row) = self.rows(content, "Debts")
        assert row[:3] == ("Acme", statement().invoice.number, "2026-02")
        assert row[6] == 179.7
