from dataclasses import dataclass, field

from billing.calendar import Month
from bot.simulation import picture, table


@dataclass(frozen=True)
class Month1:
    counts: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, int] = field(default_factory=dict)
    instances: int = 0
    overdue_minor: int = 0
    balance_minor: int = 0


JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)
SOME = Month1(
    counts={
        "instance.subscribe": 1,
        "instance.extend": 1,
        "instance.auto_extend": 1,
        "instance.prolong": 7,
        "instance.cancel": 2,
        "instance.stop": 0,
        "instance.days_out": 1,
        "instance.delete": 4,
    },
    amounts={"invoice.invoice": 1_234_567, "invoice.paid": 59_90},
    instances=20,
    overdue_minor=100_00,
    balance_minor=-50_49,
)
MONTHS = [(JANUARY, {}), (FEBRUARY, {"BRL": SOME, "USD": Month1(instances=1)})]


def test_a_row_has_what_happened_in_the_month_and_how_it_ends():
    assert table.rows(MONTHS, "BRL")[1] == table.MonthRow(
        month=FEBRUARY,
        instances=20,
        subscribed=3,
        cancelled=2,
        invoiced=1_234_567,
        paid=5990,
        overdue=10_000,
        stopped=1,
        deleted=4,
        balance=-5049,
    )


def test_a_month_without_anybody_has_a_row_of_nothing():
    assert table.rows(MONTHS, "BRL")[0] == table.MonthRow(JANUARY, *[0] * 9)


def test_there_is_a_table_for_each_currency():
    assert table.currencies(MONTHS) == ["BRL", "USD"]


def test_the_columns_stand_below_their_heads():
    head, *rows = list(table.lines(table.rows(MONTHS, "BRL"), "BRL"))[1:]
    assert {len(row) for row in rows} == {len(head)}
    assert rows[1].split() == (["2026-02", "20", "3", "2", "12,346", "60", "100", "1", "4", "-50"])


def test_the_picture_is_a_png_and_always_the_same():
    drawn = [picture.draw(MONTHS, title="two months", subtitle="books") for _ in range(2)]
    assert drawn[0].startswith(b"\x89PNG")
    assert len(drawn[0]) > 10_000
    assert drawn[0] == drawn[1]


def test_a_picture_of_thirty_years_can_be_drawn():
    months = [(JANUARY.plus(nth), {"BRL": Month1(instances=nth)}) for nth in range(360)]
    assert picture.draw(months, title="many", subtitle="").startswith(b"\x89PNG")
