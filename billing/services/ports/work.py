"""One transaction, and who runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from billing.catalogue import Programmes
from billing.services.ports.books import Approvals, Audit, Invoices, Ledger, Payments
from billing.services.ports.card_rows import (
    CardCalls,
    CardMoney,
    CardSessions,
    CardSubscriptions,
    StripeEvents,
    StripeSetup,
)
from billing.services.ports.comparing import Comparisons, Differences, Links
from billing.services.ports.customers import Customers
from billing.services.ports.days import Days
from billing.services.ports.desk import (
    Claims,
    Conversations,
    DeskState,
    DueRows,
    Ids,
    Inbox,
    Messages,
    Vault,
)
from billing.services.ports.instances import Calls, Instances, Pairings
from billing.services.ports.partners import (
    Kept,
    LinkCodes,
    Moves,
    NoticeChoices,
    PartnerGroups,
    Partners,
    People,
    Tokens,
)
from billing.services.ports.proofs import Chains, Proofs
from billing.services.ports.receipts import Receipts
from billing.services.ports.talking import Broadcasts, Support
from billing.services.ports.totals import Totals
from billing.services.ports.vitals import Vitals

T = TypeVar("T")


class Work(Protocol):
    """One transaction: its instant, the rows, and what the desk is set up with."""

    now: datetime
    programmes: Programmes
    people: People
    partners: Partners
    groups: PartnerGroups
    choices: NoticeChoices
    kept: Kept
    moves: Moves
    codes: LinkCodes
    tokens: Tokens
    instances: Instances
    customers: Customers
    invoices: Invoices
    payments: Payments
    receipts: Receipts
    approvals: Approvals
    claims: Claims
    support: Support
    broadcasts: Broadcasts
    days: Days
    ledger: Ledger
    audit: Audit
    chains: Chains
    proofs: Proofs
    totals: Totals
    vitals: Vitals
    due: DueRows
    calls: Calls
    pairings: Pairings
    links: Links
    comparisons: Comparisons
    differences: Differences
    messages: Messages
    conversations: Conversations
    state: DeskState
    inbox: Inbox
    ids: Ids
    vault: Vault
    platform_for: Callable[[str], str]
    """Which platform takes what is created under a programme, by the programme's id."""
    card_subscriptions: CardSubscriptions
    card_sessions: CardSessions
    card_calls: CardCalls
    card_money: CardMoney
    stripe_events: StripeEvents
    stripe: StripeSetup | None
    """How Stripe is used; None: not at all, and nothing of it is offered."""

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """What is done inside is taken back if it raises; the exception goes on."""


class Store(Protocol):
    """Runs a unit of work as one transaction, committed when it returns."""

    async def write(self, unit: Callable[[Work], Awaitable[T]]) -> T: ...
    async def read(self, unit: Callable[[Work], Awaitable[T]]) -> T: ...
