import pytest
from hypothesis import given, strategies

from billing import ledger
from billing.ledger import CASH, REVENUE, Entry, EntryKind, Posting, Unbalanced
from billing.money import Money
from tests.billing.samples import brl, quick

amounts = strategies.integers(0, 10**9).map(brl)
entries = strategies.one_of(
    amounts.map(lambda amount: ledger.invoice_issued("partner", "INT-1", amount)),
    amounts.map(lambda amount: ledger.credit_used("partner", "INT-1", amount)),
    strategies.tuples(amounts, amounts).map(
        lambda paid: ledger.payment_booked("partner", "INT-1", used=paid[0], too_much=paid[1])
    ),
)


class TestAnEntry:
    @quick
    @given(entries)
    def test_sums_to_nothing(self, entry):
        assert sum(posting.amount.minor for posting in entry.postings) == 0

    @pytest.mark.parametrize(
        "postings",
        [
            (),
            (Posting(CASH, brl(1)),),
            (Posting(CASH, brl(2)), Posting(REVENUE, brl(-1))),
            (Posting(CASH, brl(1)), Posting(REVENUE, Money(-1, "USD"))),
        ],
        ids=["empty", "one-sided", "unequal", "two currencies"],
    )
    def test_that_does_not_balance_cannot_be_made(self, postings):
        with pytest.raises(Unbalanced):
            Entry(EntryKind.PAYMENT_BOOKED, "partner", "INT-1", postings)


class TestTheBalances:
    @quick
    @given(strategies.lists(entries, max_size=20))
    def test_of_all_accounts_sum_to_nothing(self, booked):
        balances = ledger.fold(booked, "BRL")
        assert sum(balance.minor for balance in balances.values()) == 0

    def test_show_what_is_owed_and_what_was_paid_too_much(self):
        booked = [
            ledger.invoice_issued("a", "INT-1", brl(5990)),
            ledger.payment_booked("a", "INT-1", used=brl(3000), too_much=brl(0)),
            ledger.payment_booked("a", "INT-1", used=brl(2990), too_much=brl(10)),
            ledger.invoice_issued("b", "INT-2", brl(100)),
        ]
        assert ledger.fold(booked, "BRL") == {
            ledger.receivable("a"): brl(0),
            ledger.credit("a"): brl(-10),
            ledger.receivable("b"): brl(100),
            REVENUE: brl(-6090),
            CASH: brl(6000),
        }

    def test_have_credit_go_down_when_an_invoice_uses_it(self):
        booked = [
            ledger.payment_booked("a", "INT-1", used=brl(0), too_much=brl(10)),
            ledger.invoice_issued("a", "INT-2", brl(100)),
            ledger.credit_used("a", "INT-2", brl(10)),
        ]
        balances = ledger.fold(booked, "BRL")
        assert balances[ledger.credit("a")] == brl(0)
        assert balances[ledger.receivable("a")] == brl(90)

    def test_keep_currencies_apart(self):
        booked = [
            ledger.invoice_issued("a", "INT-1", brl(5990)),
            ledger.invoice_issued("b", "DAY-1", Money(3000, "USD")),
        ]
        assert ledger.fold(booked, "USD")[REVENUE] == Money(-3000, "USD")
        assert ledger.fold(booked, "EUR") == {}
