"""
Double entry for money and for days; balances are folds of postings, corrections are reversals.

An entry's postings are of one unit and sum to nothing. A debit is positive, a credit negative:
what a partner owes is the balance of its receivable, what it has paid too much the negative
balance of its credit, the days it may still use the balance of its `balance`. Rules: "A part
payment…", "What is paid too much…", "Days".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from billing.money import CURRENCIES, Money

# A unit is a currency, whose amounts count minor units, or this.
DAYS = "days"
UNITS = CURRENCIES | {DAYS}


class EntryKind(StrEnum):
    """What happened."""

    INVOICE_ISSUED = "invoice_issued"
    CREDIT_USED = "credit_used"
    PAYMENT_BOOKED = "payment_booked"
    PAYMENT_REVERSED = "payment_reversed"
    INVOICE_VOIDED = "invoice_voided"
    CREDIT_GIVEN = "credit_given"
    REFUNDED = "refunded"
    DAYS_CREDITED = "days_credited"
    DAYS_GRANTED = "days_granted"
    DAYS_TAKEN_BACK = "days_taken_back"
    DAYS_ALLOCATED = "days_allocated"
    DAYS_RETURNED = "days_returned"
    DAYS_USED = "days_used"
    CARD_PAID = "card_paid"
    CARD_REFUNDED = "card_refunded"
    CARD_DISPUTED = "card_disputed"
    DISPUTE_WON = "dispute_won"


class Unbalanced(ValueError):
    """The postings of an entry do not sum to nothing: a fault of ours, never of a person."""


@dataclass(frozen=True, slots=True)
class Posting:
    """So many of a unit on one account; debits are positive."""

    account: str
    unit: str
    amount: int

    def __post_init__(self) -> None:
        # bool is a subclass of int, and a flag must never pass for an amount.
        if type(self.amount) is not int:
            raise TypeError(f"an amount must be int, not {type(self.amount).__name__}")
        if self.unit not in UNITS:
            raise ValueError(f"unknown unit {self.unit!r}")


@dataclass(frozen=True, slots=True)
class Entry:
    """
    Postings that belong together.

    `reference` names what it is about: an invoice's number, an instance, a reference of staff's.
    """

    kind: EntryKind
    partner_id: str
    reference: str
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if len({posting.unit for posting in self.postings}) != 1:
            raise Unbalanced("one unit per entry")
        if sum(posting.amount for posting in self.postings) != 0:
            raise Unbalanced(f"{self.kind} of {self.reference} does not sum to nothing")


CASH = "cash"
REVENUE = "revenue"
# What staff gave away as credit.
GOODWILL = "goodwill"
# What cards brought: money at Stripe, and what instances that are paid so have earned.
CARDS = "cards"
CARD_REVENUE = "card_revenue"
SHARED = (CASH, REVENUE, GOODWILL, CARDS, CARD_REVENUE)


def receivable(partner_id: str) -> str:
    """The account of what a partner owes."""
    return f"receivable:{partner_id}"


def credit(partner_id: str) -> str:
    """The account of what a partner has paid too much, or was given."""
    return f"credit:{partner_id}"


def bought(partner_id: str) -> str:
    """The account that a partner's days come from; never above nothing."""
    return f"bought:{partner_id}"


def balance(partner_id: str) -> str:
    """The account of the days that a partner may still allocate; below nothing in arrears."""
    return f"balance:{partner_id}"


def allocated(partner_id: str) -> str:
    """The account of the days that were given to instances and are not used up."""
    return f"allocated:{partner_id}"


def returned(partner_id: str) -> str:
    """The account of allocated days that came back; `allocated` + this is what is still held."""
    return f"returned:{partner_id}"


def used(partner_id: str) -> str:
    """The account of the days on which instances ran."""
    return f"used:{partner_id}"


def accounts_of(partner_id: str) -> tuple[str, ...]:
    """All accounts that are a partner's own."""
    kinds = (receivable, credit, bought, balance, allocated, returned, used)
    return tuple(account(partner_id) for account in kinds)


def invoice_issued(partner_id: str, number: str, amount: Money) -> Entry:
    """An invoice was issued: it is owed, and earned."""
    postings = _transfer(receivable(partner_id), REVENUE, amount.currency, amount.minor)
    return Entry(EntryKind.INVOICE_ISSUED, partner_id, number, postings)


def credit_used(partner_id: str, number: str, amount: Money) -> Entry:
    """Credit settled a part of an invoice; a negative amount takes that back."""
    debit, credited = credit(partner_id), receivable(partner_id)
    postings = _transfer(debit, credited, amount.currency, amount.minor)
    return Entry(EntryKind.CREDIT_USED, partner_id, number, postings)


def payment_booked(partner_id: str, number: str, *, used: Money, too_much: Money) -> Entry:
    """Money came in: `used` settles the invoice, the rest becomes credit."""
    postings = _payment(partner_id, used, too_much)
    return Entry(EntryKind.PAYMENT_BOOKED, partner_id, number, postings)


def payment_reversed(partner_id: str, number: str, *, used: Money, too_much: Money) -> Entry:
    """Money that was booked is not there: so much is owed again, so much credit is gone."""
    postings = _payment(partner_id, -used, -too_much)
    return Entry(EntryKind.PAYMENT_REVERSED, partner_id, number, postings)


def invoice_voided(partner_id: str, number: str, *, owed: Money, settled: Money) -> Entry:
    """
    An invoice is void: nothing was earned or is owed; what had settled it becomes credit.

    `number` is the void invoice's, not that of the credit note.
    """
    parts = ((receivable(partner_id), -owed), (credit(partner_id), -settled))
    return Entry(
        EntryKind.INVOICE_VOIDED, partner_id, number, _against(REVENUE, owed + settled, parts)
    )


def credit_given(partner_id: str, reference: str, amount: Money) -> Entry:
    """Staff gave credit."""
    postings = _transfer(GOODWILL, credit(partner_id), amount.currency, amount.minor)
    return Entry(EntryKind.CREDIT_GIVEN, partner_id, reference, postings)


def refunded(partner_id: str, reference: str, amount: Money) -> Entry:
    """Credit was paid back outside."""
    postings = _transfer(credit(partner_id), CASH, amount.currency, amount.minor)
    return Entry(EntryKind.REFUNDED, partner_id, reference, postings)


def days_credited(partner_id: str, reference: str, days: int) -> Entry:
    """Days were paid for."""
    postings = _transfer(balance(partner_id), bought(partner_id), DAYS, days)
    return Entry(EntryKind.DAYS_CREDITED, partner_id, reference, postings)


def days_granted(partner_id: str, reference: str, days: int) -> Entry:
    """Staff gave days."""
    postings = _transfer(balance(partner_id), bought(partner_id), DAYS, days)
    return Entry(EntryKind.DAYS_GRANTED, partner_id, reference, postings)


def days_taken_back(partner_id: str, reference: str, days: int) -> Entry:
    """Days were not paid for after all."""
    postings = _transfer(bought(partner_id), balance(partner_id), DAYS, days)
    return Entry(EntryKind.DAYS_TAKEN_BACK, partner_id, reference, postings)


def days_allocated(partner_id: str, reference: str, days: int) -> Entry:
    """An instance was given days."""
    postings = _transfer(allocated(partner_id), balance(partner_id), DAYS, days)
    return Entry(EntryKind.DAYS_ALLOCATED, partner_id, reference, postings)


def days_returned(partner_id: str, reference: str, days: int) -> Entry:
    """An instance gave days back that it had not used."""
    postings = _transfer(balance(partner_id), returned(partner_id), DAYS, days)
    return Entry(EntryKind.DAYS_RETURNED, partner_id, reference, postings)


def days_used(partner_id: str, reference: str, days: int) -> Entry:
    """An instance ran on so many of its days."""
    postings = _transfer(used(partner_id), allocated(partner_id), DAYS, days)
    return Entry(EntryKind.DAYS_USED, partner_id, reference, postings)


def card_paid(partner_id: str, instance_id: str, amount: Money) -> Entry:
    """A card was charged for an instance: it is there, and earned."""
    postings = _transfer(CARDS, CARD_REVENUE, amount.currency, amount.minor)
    return Entry(EntryKind.CARD_PAID, partner_id, instance_id, postings)


def card_returned(partner_id: str, reference: str, amount: Money, *, dispute: bool) -> Entry:
    """Money went back to the card; `reference` is the instance."""
    postings = _transfer(CARD_REVENUE, CARDS, amount.currency, amount.minor)
    kind = EntryKind.CARD_DISPUTED if dispute else EntryKind.CARD_REFUNDED
    return Entry(kind, partner_id, reference, postings)


def dispute_won(partner_id: str, reference: str, amount: Money) -> Entry:
    """What a dispute had taken is there again."""
    postings = _transfer(CARDS, CARD_REVENUE, amount.currency, amount.minor)
    return Entry(EntryKind.DISPUTE_WON, partner_id, reference, postings)


def fold(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """Return the balance of every account and unit that the entries touch."""
    balances: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        for posting in entry.postings:
            balances[posting.account, posting.unit] += posting.amount
    return dict(balances)


def _transfer(debit: str, credited: str, unit: str, amount: int) -> tuple[Posting, ...]:
    return (Posting(debit, unit, amount), Posting(credited, unit, -amount))


def _payment(partner_id: str, used: Money, too_much: Money) -> tuple[Posting, ...]:
    parts = ((receivable(partner_id), -used), (credit(partner_id), -too_much))
    return _against(CASH, used + too_much, parts)


def _against(
    account: str, amount: Money, parts: Iterable[tuple[str, Money]]
) -> tuple[Posting, ...]:
    """Return `amount` on an account and what makes up for it, without a part that is nothing."""
    return (
        Posting(account, amount.currency, amount.minor),
        *(Posting(name, part.currency, part.minor) for name, part in parts if part),
    )
