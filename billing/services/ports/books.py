"""Rows of invoices, of the books and of the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from billing.calendar import Month
from billing.invoices import Invoice, Line
from billing.ledger import Entry
from billing.money import Money
from billing.services.people import Actor
from billing.services.ports.rows import AuditRow, Payment


class Invoices(Protocol):
    """Invoices, their lines and payments."""

    async def next_number(self, programme: str, prefix: str, year: int) -> str:
        """Take the next number of the series, by one statement: `INT-2026-00001`."""

    async def add(self, invoice: Invoice, lines: Sequence[Line]) -> None: ...
    async def of_period(self, partner_id: str, period: Month) -> Invoice | None:
        """The monthly invoice of that period that is not void."""

    async def by_id(self, invoice_id: str) -> Invoice | None: ...
    async def by_number(self, number: str) -> Invoice | None:
        """Case does not matter."""

    async def lines(self, invoice_id: str) -> list[Line]:
        """By name, then period."""

    async def of_partner(self, partner_id: str) -> list[Invoice]:
        """Newest first, at most 24."""

    async def unpaid(self, partner_id: str) -> list[Invoice]:
        """Oldest first."""

    async def all_unpaid(self) -> list[Invoice]:
        """Of all partners, by the earliest stop."""

    async def issued_between(self, start: datetime, end: datetime) -> list[Invoice]: ...
    async def save(self, invoice: Invoice) -> None: ...
    async def book(self, payment: Payment) -> Payment | None:
        """Insert; if a payment with its folded reference exists, change nothing and return that."""

    async def payments(self, invoice_id: str) -> list[Payment]:
        """Oldest first."""

    async def payments_between(self, start: datetime, end: datetime) -> list[Payment]: ...


class Ledger(Protocol):
    """The books: rows are only ever added."""

    async def post(self, entry: Entry, *, actor: Actor, at: datetime) -> None:
        """Add an entry with its cause; every account's kept balance moves with it."""

    async def balance(self, account: str, currency: str) -> Money:
        """The kept balance: its cost does not grow with the history."""


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

    async def denied(self, action: str, *, user_id: int, since: datetime) -> int:
        """Count how often that was denied to a person from then on."""

    async def about(self, wanted: str | None, *, limit: int) -> list[AuditRow]:
        """Newest first; `wanted` is a partner's or an object's id, or an invoice's number."""
