"""One transaction as the use cases see it, and the store that runs them."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from billing.catalogue import Programmes
from billing.instances import EMBEDDED
from billing.services import ports
from storage.books.audit import Audit
from storage.books.chain_walk import ChainWalk
from storage.books.chains import Chains
from storage.books.ledger import Ledger
from storage.books.proofs import Proofs
from storage.books.totals import Totals
from storage.cards.calls import CardCalls
from storage.cards.events import StripeEvents
from storage.cards.money import CardMoney
from storage.cards.sessions import CardSessions
from storage.cards.subscriptions import CardSubscriptions
from storage.days.days import Days
from storage.delivery.inbox import Inbox
from storage.delivery.messages import Messages
from storage.desk.claims import Claims
from storage.desk.conversations import Conversations
from storage.desk.desk_state import DeskState
from storage.desk.kept import Kept
from storage.desk.talking import Broadcasts, Support
from storage.desk.vitals import Vitals
from storage.due import DueRows
from storage.engine.transaction import Transaction, Units
from storage.instances.comparisons import Comparisons
from storage.instances.customers import Customers
from storage.instances.differences import Differences
from storage.instances.instances import Instances
from storage.instances.links import Links
from storage.instances.pairings import Pairings
from storage.instances.platform_calls import Calls
from storage.invoices.invoices import Invoices
from storage.partners.link_codes import LinkCodes
from storage.partners.moves import Moves
from storage.partners.notice_choices import NoticeChoices
from storage.partners.partner_groups import PartnerGroups
from storage.partners.partners import Partners
from storage.partners.people import People
from storage.partners.tokens import Tokens
from storage.payments.approvals import Approvals
from storage.payments.payments import Payments
from storage.payments.receipts import Receipts

T = TypeVar("T")


class Clock(Protocol):
    """Whatever tells the time."""

    def now(self) -> datetime:
        """Return the instant, aware, from any thread."""
        ...


class _Made(Generic[T]):
    """What a unit of work makes when it is first asked for: none needs all of it."""

    def __init__(self, make: Callable[["UnitOfWork"], T]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: "UnitOfWork", owner: type) -> T:
        made: T = self._make(unit)
        # From now on it is found there, and this is not asked again.
        unit.__dict__[self._name] = made
        return made


class UnitOfWork:
    """All repositories over one transaction, and the one instant at which it happens."""

    transaction: Transaction
    programmes: Programmes
    ids: ports.Ids
    hashed: Chains

    people: _Made[ports.People] = _Made(lambda it: People(it.transaction))
    partners: _Made[ports.Partners] = _Made(lambda it: Partners(it.transaction))
    groups: _Made[ports.PartnerGroups] = _Made(lambda it: PartnerGroups(it.transaction))
    kept: _Made[ports.Kept] = _Made(lambda it: Kept(it.transaction))
    choices: _Made[ports.NoticeChoices] = _Made(lambda it: NoticeChoices(it.transaction))
    moves: _Made[ports.Moves] = _Made(lambda it: Moves(it.transaction))
    codes: _Made[ports.LinkCodes] = _Made(lambda it: LinkCodes(it.transaction))
    tokens: _Made[ports.Tokens] = _Made(lambda it: Tokens(it.transaction))
    instances: _Made[ports.Instances] = _Made(lambda it: Instances(it.transaction))
    customers: _Made[ports.Customers] = _Made(lambda it: Customers(it.transaction))
    invoices: _Made[ports.Invoices] = _Made(lambda it: Invoices(it.transaction, it.programmes))
    payments: _Made[ports.Payments] = _Made(lambda it: Payments(it.transaction))
    receipts: _Made[ports.Receipts] = _Made(lambda it: Receipts(it.transaction))
    approvals: _Made[ports.Approvals] = _Made(lambda it: Approvals(it.transaction))
    claims: _Made[ports.Claims] = _Made(lambda it: Claims(it.transaction))
    support: _Made[ports.Support] = _Made(lambda it: Support(it.transaction))
    broadcasts: _Made[ports.Broadcasts] = _Made(lambda it: Broadcasts(it.transaction))
    days: _Made[ports.Days] = _Made(lambda it: Days(it.transaction))
    ledger: _Made[ports.Ledger] = _Made(lambda it: Ledger(it.transaction, it.hashed.entries))
    audit: _Made[ports.Audit] = _Made(lambda it: Audit(it.transaction, it.hashed.audit))
    chains: _Made[ports.Chains] = _Made(lambda it: ChainWalk(it.transaction))
    proofs: _Made[ports.Proofs] = _Made(lambda it: Proofs(it.transaction))
    totals: _Made[ports.Totals] = _Made(lambda it: Totals(it.transaction))
    vitals: _Made[ports.Vitals] = _Made(lambda it: Vitals(it.transaction))
    due: _Made[ports.DueRows] = _Made(lambda it: DueRows(it.transaction))
    calls: _Made[ports.Calls] = _Made(lambda it: Calls(it.transaction))
    pairings: _Made[ports.Pairings] = _Made(lambda it: Pairings(it.transaction))
    links: _Made[ports.Links] = _Made(lambda it: Links(it.transaction))
    comparisons: _Made[ports.Comparisons] = _Made(lambda it: Comparisons(it.transaction))
    differences: _Made[ports.Differences] = _Made(lambda it: Differences(it.transaction))
    messages: _Made[ports.Messages] = _Made(lambda it: Messages(it.transaction, it.ids))
    conversations: _Made[ports.Conversations] = _Made(lambda it: Conversations(it.transaction))
    state: _Made[ports.DeskState] = _Made(lambda it: DeskState(it.transaction))
    inbox: _Made[ports.Inbox] = _Made(lambda it: Inbox(it.transaction))
    card_subscriptions: _Made[ports.CardSubscriptions] = _Made(
        lambda it: CardSubscriptions(it.transaction)
    )
    card_sessions: _Made[ports.CardSessions] = _Made(lambda it: CardSessions(it.transaction))
    card_calls: _Made[ports.CardCalls] = _Made(lambda it: CardCalls(it.transaction))
    card_money: _Made[ports.CardMoney] = _Made(lambda it: CardMoney(it.transaction))
    stripe_events: _Made[ports.StripeEvents] = _Made(lambda it: StripeEvents(it.transaction))

    def __init__(
        self,
        transaction: Transaction,
        now: datetime,
        programmes: Programmes,
        ids: ports.Ids,
        vault: ports.Vault,
        hashed: Chains,
        platform_for: Callable[[str], str],
        stripe: ports.StripeSetup | None,
    ) -> None:
        self.transaction = transaction
        self.now = now
        self.programmes = programmes
        self.ids = ids
        self.vault = vault
        self.hashed = hashed
        self.platform_for = platform_for
        self.stripe = stripe

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """What is done inside is taken back if it raises; the exception goes on."""
        return self.transaction.savepoint()


class DeskStore:
    """Runs units of work over the database."""

    def __init__(
        self,
        database: Units,
        *,
        clock: Clock,
        programmes: Programmes,
        ids: ports.Ids,
        vault: ports.Vault,
        platform_for: Callable[[str], str] = lambda _programme: EMBEDDED,
        on_commit: Callable[[], None] = lambda: None,
        stripe: ports.StripeSetup | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._programmes = programmes
        self._ids = ids
        self._vault = vault
        self._platform_for = platform_for
        self._on_commit = on_commit
        self._stripe = stripe
        self._chains = Chains()

    async def write(self, unit: Callable[[ports.Work], Awaitable[T]]) -> T:
        """Run one transaction; whoever delivers is told once it is committed."""
        result = await self._database.write(lambda transaction: unit(self._work(transaction)))
        self._on_commit()
        return result

    async def read(self, unit: Callable[[ports.Work], Awaitable[T]]) -> T:
        """Run a unit that only reads; the database refuses whatever would change it."""
        return await self._database.read(lambda transaction: unit(self._work(transaction)))

    def _work(self, transaction: Transaction) -> ports.Work:
        # The time is asked when the unit begins, not when it was queued: the instants of
        # transactions follow the order in which they are committed.
        return UnitOfWork(
            transaction,
            self._clock.now(),
            self._programmes,
            self._ids,
            self._vault,
            self._chains,
            self._platform_for,
            self._stripe,
        )
