from functools import partial

import pytest
from hypothesis import given, strategies

from billing import ledger
from billing.ledger import CASH, DAYS, GOODWILL, REVENUE, Entry, EntryKind, Posting, Unbalanced
from billing.money import Money
from tests.billing.samples import brl, quick

amounts = strategies.integers(0, 10**9).map(brl)
days = strategies.integers(0, 10**6)
OF_CARDS = (
    ledger.card_paid,
    partial(ledger.card_returned, dispute=False),
    partial(ledger.card_returned, dispute=True),
    ledger.dispute_won,
)
OF_MONEY = (
    ledger.invoice_issued,
    ledger.credit_used,
    ledger.credit_given,
    ledger.refunded,
    *OF_CARDS,
)
OF_TWO_PARTS = (ledger.payment_booked, ledger.payment_reversed)
OF_DAYS = (
    ledger.days_credited,
    ledger.days_granted,
    ledger.days_taken_back,
    ledger.days_allocated,
    ledger.days_returned,
    ledger.days_used,
)
entries = strategies.one_of(
    strategies.builds(
        lambda make, amount: make("partner", "INT-1", amount),
        strategies.sampled_from(OF_MONEY),
        amounts,
    ),
    strategies.builds(
        lambda make, used, too_much: make("partner", "INT-1", used=used, too_much=too_much),
        strategies.sampled_from(OF_TWO_PARTS),
        amounts,
        amounts,
    ),
    strategies.builds(
        lambda owed, settled: ledger.invoice_voided("partner", "INT-1", owed=owed, settled=settled),
        amounts,
        amounts,
    ),
    strategies.builds(
        lambda make, count: make("partner", "K7Q2M", count),
        strategies.sampled_from(OF_DAYS),
        days,
    ),
)


class TestAPosting:
    @pytest.mark.parametrize("amount", [True, 1.0, "1"])
    def test_is_a_whole_number(self, amount):
        with pytest.raises(TypeError, match="must be int"):
            Posting(CASH, "BRL", amount)

    def test_is_of_a_unit_that_there_is(self):
        with pytest.raises(ValueError, match="'hours'"):
            Posting(CASH, "hours", 1)


class TestAnEntry:
    @quick
    @given(entries)
    def test_sums_to_nothing(self, entry):
        assert sum(posting.amount for posting in entry.postings) == 0

    @pytest.mark.parametrize("make", [*OF_MONEY, *OF_TWO_PARTS, *OF_DAYS, ledger.invoice_voided])
    def test_is_the_partners_about_what_it_was_made_for(self, make):
        if make in OF_MONEY or make in OF_DAYS:
            entry = make("p", "INT-1", 1 if make in OF_DAYS else brl(1))
        elif make in OF_TWO_PARTS:
            entry = make("p", "INT-1", used=brl(1), too_much=brl(1))
        else:
            entry = make("p", "INT-1", owed=brl(1), settled=brl(1))
        assert (entry.partner_id, entry.reference) == ("p", "INT-1")

    def test_is_of_a_kind_of_its_own_whatever_it_is_about(self):
        kinds = [make("partner", "INT-1", brl(1)).kind for make in OF_MONEY]
        kinds += [make("p", "INT-1", used=brl(1), too_much=brl(1)).kind for make in OF_TWO_PARTS]
        kinds.append(ledger.invoice_voided("p", "INT-1", owed=brl(1), settled=brl(1)).kind)
        kinds += [make("partner", "K7Q2M", 1).kind for make in OF_DAYS]
        assert sorted(kinds) == sorted(EntryKind)

    @pytest.mark.parametrize(
        "postings",
        [
            (),
            (Posting(CASH, "BRL", 1),),
            (Posting(CASH, "BRL", 2), Posting(REVENUE, "BRL", -1)),
            (Posting(CASH, "BRL", 1), Posting(REVENUE, "USD", -1)),
            (Posting(CASH, "BRL", 1), Posting("balance:p", DAYS, -1)),
        ],
        ids=["empty", "one-sided", "unequal", "two currencies", "days for money"],
    )
    def test_that_does_not_balance_cannot_be_made(self, postings):
        with pytest.raises(Unbalanced):
            Entry(EntryKind.PAYMENT_BOOKED, "partner", "INT-1", postings)


class TestTheAccountsOfAPartner:
    def test_are_its_own_and_no_others(self):
        assert sorted(ledger.accounts_of("p")) == [
            "allocated:p", "balance:p", "bought:p", "credit:p", "receivable:p", "returned:p",
            "used:p",
        ]  # fmt: skip

    @quick
    @given(strategies.lists(entries, max_size=20))
    def test_are_with_the_shared_ones_all_that_is_ever_posted_to(self, booked):
        known = {*ledger.accounts_of("partner"), *ledger.SHARED}
        assert {account for account, _ in ledger.fold(booked)} <= known


class TestTheBalances:
    @quick
    @given(strategies.lists(entries, max_size=20))
    def test_of_all_accounts_of_a_unit_sum_to_nothing(self, booked):
        balances = ledger.fold(booked)
        for wanted in ("BRL", DAYS):
            assert sum(balance for (_, unit), balance in balances.items() if unit == wanted) == 0

    def test_show_what_is_owed_and_what_was_paid_too_much(self):
        booked = [
            ledger.invoice_issued("a", "INT-1", brl(5990)),
            ledger.payment_booked("a", "INT-1", used=brl(3000), too_much=brl(0)),
            ledger.payment_booked("a", "INT-1", used=brl(2990), too_much=brl(10)),
            ledger.invoice_issued("b", "INT-2", brl(100)),
        ]
        assert ledger.fold(booked) == {
            (ledger.receivable("a"), "BRL"): 0,
            (ledger.credit("a"), "BRL"): -10,
            (ledger.receivable("b"), "BRL"): 100,
            (REVENUE, "BRL"): -6090,
            (CASH, "BRL"): 6000,
        }

    def test_have_credit_go_down_when_an_invoice_uses_it(self):
        booked = [
            ledger.payment_booked("a", "INT-1", used=brl(0), too_much=brl(10)),
            ledger.invoice_issued("a", "INT-2", brl(100)),
            ledger.credit_used("a", "INT-2", brl(10)),
        ]
        balances = ledger.fold(booked)
        assert balances[ledger.credit("a"), "BRL"] == 0
        assert balances[ledger.receivable("a"), "BRL"] == 90

    def test_are_after_a_reversal_as_if_the_payment_had_not_been(self):
        parts = {"used": brl(5990), "too_much": brl(10)}
        booked = [
            ledger.payment_booked("a", "INT-1", **parts),
            ledger.payment_reversed("a", "INT-1", **parts),
        ]
        assert set(ledger.fold(booked).values()) == {0}

    def test_have_what_settled_a_void_invoice_as_credit(self):
        booked = [
            ledger.invoice_issued("a", "INT-1", brl(5990)),
            ledger.payment_booked("a", "INT-1", used=brl(3000), too_much=brl(0)),
            ledger.invoice_voided("a", "INT-1", owed=brl(2990), settled=brl(3000)),
        ]
        assert ledger.fold(booked) == {
            (ledger.receivable("a"), "BRL"): 0,
            (ledger.credit("a"), "BRL"): -3000,
            (REVENUE, "BRL"): 0,
            (CASH, "BRL"): 3000,
        }

    def test_have_credit_that_staff_gave_until_it_is_refunded(self):
        given_ = [ledger.credit_given("a", "sorry", brl(10))]
        assert ledger.fold(given_) == {
            (ledger.credit("a"), "BRL"): -10,
            (GOODWILL, "BRL"): 10,
        }
        refunded = [*given_, ledger.refunded("a", "TED 1", brl(10))]
        assert ledger.fold(refunded) == {
            (ledger.credit("a"), "BRL"): 0,
            (GOODWILL, "BRL"): 10,
            (CASH, "BRL"): -10,
        }

    def test_keep_units_apart(self):
        booked = [
            ledger.invoice_issued("a", "INT-1", brl(5990)),
            ledger.invoice_issued("b", "DAY-1", Money(3000, "USD")),
        ]
        balances = ledger.fold(booked)
        assert (balances[REVENUE, "BRL"], balances[REVENUE, "USD"]) == (-5990, -3000)


class TestTheDays:
    def test_are_bought_allocated_used_and_returned_and_none_is_lost(self):
        booked = [
            ledger.days_credited("a", "DAY-1", 30),
            ledger.days_granted("a", "sorry", 5),
            ledger.days_allocated("a", "K7Q2M", 20),
            ledger.days_used("a", "K7Q2M", 8),
            ledger.days_returned("a", "K7Q2M", 12),
            ledger.days_taken_back("a", "DAY-1", 3),
        ]
        assert ledger.fold(booked) == {
            (ledger.bought("a"), DAYS): -32,
            (ledger.balance("a"), DAYS): 24,
            (ledger.allocated("a"), DAYS): 12,
            (ledger.returned("a"), DAYS): -12,
            (ledger.used("a"), DAYS): 8,
        }

    def test_may_go_below_nothing_in_arrears_until_they_are_paid(self):
        booked = [ledger.days_allocated("a", "K7Q2M", 20)]
        assert ledger.fold(booked)[ledger.balance("a"), DAYS] == -20
        paid = [*booked, ledger.days_credited("a", "INT-1", 20)]
        assert ledger.fold(paid)[ledger.balance("a"), DAYS] == 0
