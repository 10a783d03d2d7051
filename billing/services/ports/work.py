"""One transaction, and who runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from billing.programmes import Programmes
from billing.services.ports.books import Approvals, Audit, Invoices, Ledger, Payments
from billing.services.ports.days import Days
from billing.services.ports.desk import (
    Conversations,
    DeskState,
    DueRows,
    Ids,
    Inbox,
    Messages,
    Vault,
)
from billing.services.ports.instances import Calls, Instances
from billing.services.ports.partners import LinkCodes, Moves, Partners, People, Tokens
from billing.services.ports.proofs import Chains, Proofs

T = TypeVar("T")


class Work(Protocol):
    """One transaction: its instant, the rows, and what the desk is set up with."""

    now: datetime
    programmes: Programmes
    people: People
    partners: Partners
    moves: Moves
    codes: LinkCodes
    tokens: Tokens
    instances: Instances
    invoices: Invoices
    payments: Payments
    approvals: Approvals
    days: Days
    ledger: Ledger
    audit: Audit
    chains: Chains
    proofs: Proofs
    due: DueRows
    calls: Calls
    messages: Messages
    conversations: Conversations
    state: DeskState
    inbox: Inbox
    ids: Ids
    vault: Vault

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """What is done inside is taken back if it raises; the exception goes on."""


class Store(Protocol):
    """Runs a unit of work as one transaction, committed when it returns."""

    async def write(self, unit: Callable[[Work], Awaitable[T]]) -> T: ...
    async def read(self, unit: Callable[[Work], Awaitable[T]]) -> T: ...
