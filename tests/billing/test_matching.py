"""Which invoice a row of a bank's statement is for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoices import Invoice, InvoiceState
from billing.matching import How, Incoming, Why, match, numbers_in
from billing.money import Money
from tests.billing.samples import brl, invoice, quick

NAMES = {"A": "Açaí Bar", "B": "Bar"}


def due(number: int, minor: int = 5990, *, partner: str = "A", **changes) -> Invoice:
    of = invoice(number=f"INT-2026-{number:05}", minor=minor)
    return replace(of, id=f"I{number}", partner_id=partner, **changes)


def row(text: str = "", minor: int = 5990, *, reference: str = "E1", currency=None) -> Incoming:
    return Incoming(2, date(2026, 6, 2), minor, currency, reference, text)


def found(rows: Sequence[Incoming], *invoices: Invoice):
    return match(
        rows,
        numbered={one.number: one for one in invoices},
        due=[one for one in invoices if one.owed],
        partners={one.partner_id: NAMES[one.partner_id] for one in invoices},
    )


def outcome(rows: Sequence[Incoming], *invoices: Invoice):
    return [(one.by, one.invoice and one.invoice.id) for one in found(rows, *invoices)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("PIX int-2026-00012 tks", ["INT-2026-00012"]),
        ("INT202600012", ["INT-2026-00012"]),
        ("int 2026 00012; INT/2026/00012, DAY-2026-00001", ["INT-2026-00012", "DAY-2026-00001"]),
        ("XINT2026000123A 2026-00012 POINT-2026-1", []),
    ],
)
def test_numbers_are_read_as_banks_write_them(text, numbers):
    assert numbers_in(text) == numbers


class TestByNumber:
    def test_goes_before_any_sum_and_takes_parts_and_more(self):
        rows = [row("INT-2026-00002", 100), row("to INT202600001", 9999, reference="E2")]
        assert outcome(rows, due(1), due(2, 100)) == [(How.NUMBER, "I2"), (How.NUMBER, "I1")]
        assert found(rows, due(1), due(2))[1].amount == brl(9999)

    def test_may_stand_in_the_reference_and_be_of_several_rows(self):
        rows = [row(reference="INT-2026-00001 a"), row(reference="INT-2026-00001 b")]
        assert outcome(rows, due(1)) == [(How.NUMBER, "I1")] * 2

    @pytest.mark.parametrize(
        ("of", "why"),
        [
            (row("INT-2026-00001 INT-2026-00002"), Why.SEVERAL),
            (row("INT-2026-00001", currency="USD"), Why.CURRENCY),
            (row("INT-2026-00003"), Why.SETTLED),
        ],
    )
    def test_is_left_for_the_hand_where_it_is_not_sure(self, of, why):
        paid = due(3, settled=brl(5990), state=InvoiceState.PAID)
        assert outcome([of], due(1), due(2), paid) == [(why, None)]


class TestBySum:
    def test_is_found_where_one_invoice_owes_it(self):
        part = due(2, 8000, settled=brl(1000))
        rows = [row(minor=7000), row(minor=1, reference="E2")]
        assert outcome(rows, due(1), part) == [(How.SUM, "I2"), (Why.NOTHING, None)]

    def test_of_several_is_the_named_partners(self):
        invoices = [due(1), due(2, partner="B")]
        assert outcome([row()], *invoices) == [(Why.SEVERAL, None)]
        # The bar is named in the other's name as well: both are.
        assert outcome([row("ACAI  BAR")], *invoices) == [(Why.SEVERAL, None)]
        assert outcome([row("bar ltda")], *invoices) == [(How.PARTNER, "I2")]

    def test_of_a_named_partner_pays_nobody_elses(self):
        assert outcome([row("Bar")], due(1), due(2, 100, partner="B")) == [(Why.NOTHING, None)]

    def test_of_another_currency_is_nobodys(self):
        usd = due(2, total=Money(5990, "USD"), settled=Money(0, "USD"))
        assert outcome([row(currency="EUR")], due(1), usd) == [(Why.NOTHING, None)]
        assert outcome([row(currency="USD")], due(1), usd) == [(How.SUM, "I2")]

    def test_of_two_rows_is_the_named_ones_or_nobodys(self):
        plain, named = row(), row("bar", reference="E2")
        only = due(1, partner="B")
        assert outcome([plain, named], only) == [(Why.SEVERAL, None), (How.PARTNER, "I1")]
        assert outcome([plain, replace(plain, reference="E3")], only) == [(Why.SEVERAL, None)] * 2
        assert outcome([named, replace(named, reference="E3")], only) == [(Why.SEVERAL, None)] * 2

    def test_finds_none_that_a_number_names(self):
        rows = [row("INT-2026-00001"), row(reference="E2")]
        assert outcome(rows, due(1)) == [(How.NUMBER, "I1"), (Why.NOTHING, None)]


def test_a_reference_is_wanted_and_is_one_rows():
    rows = [row(reference=" "), row(reference="é 1"), row(reference="E  1")]
    twice = (Why.REFERENCE_TWICE, None)
    assert outcome(rows, due(1)) == [(Why.NO_REFERENCE, None), twice, twice]


ROWS = st.lists(
    st.builds(
        Incoming,
        line=st.integers(2, 99),
        on=st.just(date(2026, 6, 2)),
        minor=st.sampled_from([100, 200, 5990]),
        currency=st.sampled_from([None, "BRL", "USD"]),
        reference=st.sampled_from(["", *"abcdefgh"]),
        text=st.sampled_from(["", "bar", "acai bar", "INT202600001", "int-2026-00002 bar"]),
    ),
    max_size=8,
)
INVOICES = st.lists(
    st.tuples(st.sampled_from([100, 200, 5990]), st.sampled_from("AB"), st.booleans()), max_size=6
).map(
    lambda told: [
        due(at, minor, partner=partner, settled=brl(minor if paid else 0))
        for at, (minor, partner, paid) in enumerate(told, start=1)
    ]
)


@quick
@given(ROWS, INVOICES, st.integers(0, 99))
def test_nothing_is_guessed_and_the_order_decides_nothing(rows, invoices, seed):
    told = found(rows, *invoices)
    assert [one.row for one in told] == rows
    by_sum = [one for one in told if one.by in {How.SUM, How.PARTNER}]
    named = {one.invoice.id for one in told if one.by is How.NUMBER}
    ids = [one.invoice.id for one in by_sum]
    assert len(ids) == len(set(ids))
    assert not named & set(ids)
    assert all(one.amount == one.invoice.owed for one in by_sum)
    for one in told:
        assert (one.invoice is None) == isinstance(one.by, Why)
        if one.invoice is not None:
            assert one.invoice.owed
            assert one.row.reference
            assert one.row.currency in {None, "BRL"}
    order = list(range(len(rows)))
    Random(seed).shuffle(order)
    shuffled = found([rows[at] for at in order], *reversed(invoices))
    assert shuffled == [told[at] for at in order]
