"""One transaction as the use cases see it, and the store that runs them."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from billing.programmes import Programmes
from billing.services import ports
from storage.approvals import Approvals
from storage.audit import Audit
from storage.chain_walk import ChainWalk
from storage.chains import Chains
from storage.conversations import Conversations
from storage.days import Days
from storage.desk_state import DeskState
from storage.due import DueRows
from storage.inbox import Inbox
from storage.instances import Instances
from storage.invoices import Invoices
from storage.ledger import Ledger
from storage.link_codes import LinkCodes
from storage.messages import Messages
from storage.moves import Moves
from storage.partners import Partners
from storage.payments import Payments
from storage.people import People
from storage.platform_calls import Calls
from storage.proofs import Proofs
from storage.tokens import Tokens
from storage.transaction import Transaction, Units

T = TypeVar("T")


class Clock(Protocol):
    """Whatever tells the time."""

    def now(self) -> datetime:
        """Return the instant, aware, from any thread."""
        ...


class UnitOfWork:
    """All repositories over one transaction, and the one instant at which it happens."""

    def __init__(
        self,
        transaction: Transaction,
        now: datetime,
        programmes: Programmes,
        ids: ports.Ids,
        vault: ports.Vault,
        chains: Chains,
    ) -> None:
        self._transaction = transaction
        self.now = now
        self.programmes = programmes
        self.people: ports.People = People(transaction)
        self.partners: ports.Partners = Partners(transaction)
        self.moves: ports.Moves = Moves(transaction)
        self.codes: ports.LinkCodes = LinkCodes(transaction)
        self.tokens: ports.Tokens = Tokens(transaction)
        self.instances: ports.Instances = Instances(transaction)
        self.invoices: ports.Invoices = Invoices(transaction, programmes)
        self.payments: ports.Payments = Payments(transaction)
        self.approvals: ports.Approvals = Approvals(transaction)
        self.days: ports.Days = Days(transaction)
        self.ledger: ports.Ledger = Ledger(transaction, chains.entries)
        self.audit: ports.Audit = Audit(transaction, chains.audit)
        self.chains: ports.Chains = ChainWalk(transaction)
        self.proofs: ports.Proofs = Proofs(transaction)
        self.due: ports.DueRows = DueRows(transaction)
        self.calls: ports.Calls = Calls(transaction)
        self.messages: ports.Messages = Messages(transaction, ids)
        self.conversations: ports.Conversations = Conversations(transaction)
        self.state: ports.DeskState = DeskState(transaction)
        self.inbox: ports.Inbox = Inbox(transaction)
        self.ids = ids
        self.vault = vault

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """What is done inside is taken back if it raises; the exception goes on."""
        return self._transaction.savepoint()


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
        on_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._programmes = programmes
        self._ids = ids
        self._vault = vault
        self._on_commit = on_commit
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
        )
