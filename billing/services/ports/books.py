"""Rows of invoices, of the books and of the audit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from billing.calendar import Month
from billing.invoices import Draft, Invoice, Line
from billing.ledger import Entry
from billing.money import Money
from billing.services.people import Actor
from billing.services.ports.rows import Approval, AuditRow, Deed, Moved, Payment, Refund


class Invoices(Protocol):
    """Invoices, their lines and payments."""

    async def next_number(self, programme: str, prefix: str, year: int) -> str:
        """Take the next number of the series, by one statement: `INT-2026-00001`."""

    async def next_numbers(
        self, programme: str, prefix: str, year: int, *, count: int
    ) -> list[str]:
        """Take so many that follow one another."""

    async def add(self, invoice: Invoice, lines: Sequence[Line]) -> None:
        """Add an invoice whole."""

    async def add_all(self, drawn: Sequence[tuple[Invoice, Draft]]) -> None:
        """Add invoices of different partners, with the lines that were only counted, too."""

    async def billed_in(self, partner_ids: Collection[str], period: Month) -> frozenset[str]:
        """Which of the partners have a monthly invoice of that period that is not void."""

    async def of_period(self, partner_id: str, period: Month) -> Invoice | None:
        """The monthly invoice of that period that is not void."""

    async def by_id(self, invoice_id: str) -> Invoice | None: ...
    async def by_number(self, number: str) -> Invoice | None:
        """Case does not matter."""

    async def lines(self, invoice_id: str) -> list[Line]:
        """By name, then period."""

    async def count_lines(self, invoice_id: str) -> int:
        """How many lines it has."""

    async def of_partner(self, partner_id: str) -> list[Invoice]:
        """Newest first, at most 24."""

    async def unpaid(self, partner_id: str) -> list[Invoice]:
        """The monthly ones that are due, oldest first: what stops and deletes."""

    async def open_of(self, partner_id: str) -> list[Invoice]:
        """All that are due, of every kind, oldest first."""

    async def all_unpaid(self) -> list[Invoice]:
        """The monthly ones of all partners, by the earliest stop."""

    async def all_open(self) -> list[Invoice]:
        """All that are due, of every kind and partner, oldest first."""

    async def issued_between(self, start: datetime, end: datetime) -> list[Invoice]: ...
    async def save(self, invoice: Invoice) -> None: ...
    async def correcting(self, number: str) -> Invoice | None:
        """The credit note that voids the invoice of that number."""


class Payments(Protocol):
    """Money that came in and went out."""

    async def book(self, payment: Payment) -> Payment | None:
        """Insert; if a payment with its folded reference exists, change nothing and return that."""

    async def referenced(self, reference: str) -> Payment | None:
        """The payment that has that folded reference, a reversed one too."""

    async def of_invoice(self, invoice_id: str) -> list[Payment]:
        """Oldest first, reversed ones too."""

    async def booked_between(self, start: datetime, end: datetime) -> list[Payment]:
        """Also those that were reversed since."""

    async def reversed_between(self, start: datetime, end: datetime) -> list[Payment]: ...
    async def reverse(self, payment: Payment) -> None:
        """Save when, by whom and why a payment that was not is reversed."""

    async def unsettle(self, invoice_id: str) -> None:
        """The invoice is void: what its payments had settled of it is credit from now on."""

    async def refund(self, refund: Refund) -> Refund | None:
        """Insert; if a refund with its folded reference exists, change nothing and return that."""

    async def refunded_as(self, reference: str) -> Refund | None: ...


class Approvals(Protocol):
    """What waits for a second person."""

    async def ask(self, approval: Approval) -> Approval | None:
        """Insert; if the very same waits, change nothing and return that."""

    async def get(self, approval_id: str) -> Approval | None: ...
    async def waiting(self) -> list[Approval]:
        """Oldest first."""

    async def decide(self, approval: Approval) -> bool:
        """Save who decided what, conditionally: False if it does not wait."""


class Ledger(Protocol):
    """The books: rows are only ever added."""

    async def post(self, entry: Entry, *, actor: Actor, at: datetime) -> None:
        """Add an entry with its cause; every account's kept balance moves with it."""

    async def post_all(self, entries: Sequence[tuple[Entry, Actor]], *, at: datetime) -> None:
        """Add several in their order, each with who caused it."""

    async def reserve(self, account: str, unit: str, amount: int, *, floor: int) -> bool:
        """
        Whether a balance may fall by so much, and not below `floor`; by one statement.

        If so nobody else takes it before this transaction has ended: post the entry then.
        """

    async def balance(self, account: str, unit: str) -> int:
        """The kept balance: its cost does not grow with the history."""

    async def balances(self, accounts: Collection[str], unit: str) -> Mapping[str, int]:
        """The kept balance of each account."""

    async def before(self, accounts: Sequence[str], unit: str, at: datetime) -> int:
        """What these accounts had together before an instant."""

    async def moved(
        self, accounts: Sequence[str], unit: str, start: datetime, end: datetime
    ) -> list[Moved]:
        """What moved these accounts from `start` on and before `end`, oldest first."""


class Audit(Protocol):
    """Who did what: rows are only ever added."""

    async def record(
        self,
        actor: Actor,
        action: str,
        *,
        at: datetime,
        kind: str = "",
        object_id: str = "",
        partner_id: str | None = None,
        before: str = "",
        after: str = "",
        amount: Money | None = None,
        outcome: str = "done",
    ) -> None: ...
    async def record_all(self, deeds: Sequence[Deed], *, at: datetime) -> None:
        """Record several in their order."""

    async def denied(self, action: str, *, user_id: int, since: datetime) -> int:
        """Count how often that was denied to a person from then on."""

    async def given(
        self, partner_id: str, *, user_id: int, currency: str, since: datetime
    ) -> Money:
        """Sum up credits and refunds that a person alone gave a partner from then on."""

    async def last_acts(self, user_id: int, since: datetime) -> list[AuditRow]:
        """What a person did with the last update that had an effect since then, in its order."""

    async def about(self, wanted: str | None, *, limit: int) -> list[AuditRow]:
        """Newest first; `wanted` is a partner's or an object's id, or an invoice's number."""
