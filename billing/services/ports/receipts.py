"""Rows of what partners send as the proof of a transfer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ReceiptState(StrEnum):
    """Whether staff have looked at it, and what came of it; `closed`: it no longer matters."""

    WAITING = "waiting"
    BOOKED = "booked"
    DECLINED = "declined"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    A photo or a file that is to prove the payment of an invoice.

    It stands in `chat_id` as `message_id`, and is copied from there. `said` was written beside it.
    `joins` is the first one on the same card of the staff's, None for that one itself.
    """

    id: str
    invoice_id: str
    partner_id: str
    sent_by: int
    chat_id: int
    message_id: int
    sent_at: datetime
    state: ReceiptState = ReceiptState.WAITING
    decided_by: int | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    said: str = ""
    joins: str | None = None

    @property
    def card(self) -> str:
        """Return the id of the first one on its card, by which that is known."""
        return self.joins or self.id


class Receipts(Protocol):
    """What was sent as the proof of a transfer."""

    async def add(self, receipt: Receipt) -> Receipt | None:
        """Insert; if that message is one for that invoice already, change nothing, return that."""

    async def get(self, receipt_id: str) -> Receipt | None: ...
    async def of_invoice(self, invoice_id: str) -> list[Receipt]:
        """Oldest first, those that were looked at too."""

    async def waiting(self) -> list[Receipt]:
        """All that nobody has looked at, oldest first."""

    async def waiting_of(self, partner_id: str) -> list[Receipt]:
        """Those of a partner's unpaid monthly invoices, oldest first."""

    async def decide(self, receipt: Receipt) -> bool:
        """Save what came of it, conditionally: False if it does not wait."""
