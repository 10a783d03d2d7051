"""Rows of the days: requests, allocations, what was credited, whose balance is low."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from billing.days.allocations import Allocation
from billing.days.requests import DayRequest
from billing.services.ports.rows import Movement


class Days(Protocol):
    """Days that are asked for and days that instances have; the balances are in the ledger."""

    async def add_request(self, request: DayRequest) -> None: ...
    async def request(self, request_id: str) -> DayRequest | None: ...
    async def request_of(self, invoice_id: str) -> DayRequest | None:
        """The one that led to an invoice; none did to that of a month."""

    async def save_request(self, request: DayRequest) -> None: ...
    async def requests(self, partner_id: str, *, limit: int = 20) -> list[DayRequest]:
        """Of a partner, newest first."""

    async def waiting(self) -> list[DayRequest]:
        """Of all partners those that wait for their invoice, the one promised first leading."""

    async def allocate(self, allocation: Allocation) -> None: ...
    async def save_allocation(self, allocation: Allocation) -> None:
        """What was returned of it, and what the books have of it as used."""

    async def of_instance(self, instance_id: str) -> list[Allocation]:
        """Oldest first."""

    async def open(self, partner_id: str) -> list[Allocation]:
        """Those with days that the books do not have as used; by instance, then oldest first."""

    async def ending_after(self, partner_id: str, since: datetime | None) -> list[Allocation]:
        """Those whose last day ends after an instant, or all of them; oldest first."""

    async def mark_credited(
        self, invoice_id: str, partner_id: str, days: int, *, at: datetime
    ) -> bool:
        """Return False, changing nothing, if the invoice's days are credited already."""

    async def take_credit_back(self, invoice_id: str) -> int:
        """The days of an invoice are not credited any more; return how many they were, or 0."""

    async def note_low(self, partner_id: str, *, at: datetime) -> bool:
        """The balance is low: True only if it was not before."""

    async def forget_low(self, partner_id: str) -> None:
        """The balance is not low any more: the next time is another occasion."""

    async def movements(self, partner_id: str, *, limit: int) -> list[Movement]:
        """What moved the balance, newest first."""
