"""
Double entry for money; balances are folds of postings, corrections are reversals.

An entry's postings sum to nothing. A debit is positive, a credit negative: what a partner
owes is the balance of its receivable, what it has paid too much the negative balance of its
credit. Rules: "A part payment…", "What is paid too much…".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from billing.money import Money


class EntryKind(StrEnum):
    """What happened."""

    INVOICE_ISSUED = "invoice_issued"
    CREDIT_USED = "credit_used"
    PAYMENT_BOOKED = "payment_booked"


class Unbalanced(ValueError):
    """The postings of an entry do not sum to nothing: a fault of ours, never of a person."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount on one account; debits are positive."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Entry:
    """Postings that belong together; `reference` is the invoice's number."""

    kind: EntryKind
    partner_id: str
    reference: str
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if len({posting.amount.currency for posting in self.postings}) != 1:
            raise Unbalanced("one currency per entry")
        if sum(posting.amount.minor for posting in self.postings) != 0:
            raise Unbalanced(f"{self.kind} of {self.reference} does not sum to nothing")


CASH = "cash"
REVENUE = "revenue"


def receivable(partner_id: str) -> str:
    """The account of what a partner owes."""
    return f"receivable:{partner_id}"


def credit(partner_id: str) -> str:
    """The account of what a partner has paid too much."""
    return f"credit:{partner_id}"


def invoice_issued(partner_id: str, number: str, amount: Money) -> Entry:
    """An invoice was issued: it is owed, and earned."""
    return _transfer(
        EntryKind.INVOICE_ISSUED, partner_id, number, receivable(partner_id), REVENUE, amount
    )


def credit_used(partner_id: str, number: str, amount: Money) -> Entry:
    """Credit settled a part of an invoice."""
    debit, credited = credit(partner_id), receivable(partner_id)
    return _transfer(EntryKind.CREDIT_USED, partner_id, number, debit, credited, amount)


def payment_booked(partner_id: str, number: str, *, used: Money, too_much: Money) -> Entry:
    """Money came in: `used` settles the invoice, the rest becomes credit."""
    postings = [Posting(CASH, used + too_much)]
    if used:
        postings.append(Posting(receivable(partner_id), -used))
    if too_much:
        postings.append(Posting(credit(partner_id), -too_much))
    return Entry(EntryKind.PAYMENT_BOOKED, partner_id, number, tuple(postings))


def fold(entries: Iterable[Entry], currency: str) -> dict[str, Money]:
    """Return the balance of every account that the entries of that currency touch."""
    balances: dict[str, Money] = {}
    for entry in entries:
        for posting in entry.postings:
            if posting.amount.currency == currency:
                before = balances.get(posting.account, Money(0, currency))
                balances[posting.account] = before + posting.amount
    return balances


def _transfer(
    kind: EntryKind, partner_id: str, number: str, debit: str, credited: str, amount: Money
) -> Entry:
    return Entry(kind, partner_id, number, (Posting(debit, amount), Posting(credited, -amount)))
