"""The books: rows are only ever added, by force of the database."""

from datetime import datetime

from billing.ledger import Entry
from billing.money import Money, zero
from billing.services.people import Actor
from storage.actors import named
from storage.instants import to_micros
from storage.rows import there
from storage.transaction import Transaction


class Ledger:
    """The books, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def post(self, entry: Entry, *, actor: Actor, at: datetime) -> None:
        """Add an entry with its cause; every account's kept balance moves with it."""
        row = await self._transaction.one(
            _ADD_ENTRY,
            at=to_micros(at),
            kind=entry.kind,
            partner_id=entry.partner_id,
            reference=entry.reference,
            actor=named(actor),
            cause=actor.cause,
        )
        entry_id = there(row, f"the entry of {entry.reference}")["id"]
        postings = [
            {
                "entry_id": entry_id,
                "line": line,
                "account": posting.account,
                "unit": posting.amount.currency,
                "amount": posting.amount.minor,
            }
            for line, posting in enumerate(entry.postings, start=1)
        ]
        await self._transaction.many(_ADD_POSTING, postings)
        await self._transaction.many(
            _MOVE_BALANCE,
            [{key: posting[key] for key in ("account", "unit", "amount")} for posting in postings],
        )

    async def balance(self, account: str, currency: str) -> Money:
        """The kept balance: its cost does not grow with the history."""
        row = await self._transaction.one(
            "SELECT amount FROM balances WHERE account = :account AND unit = :unit",
            account=account,
            unit=currency,
        )
        return zero(currency) if row is None else Money(row["amount"], currency)


# MAX of a primary key is one step in its index; the writer is alone while it takes it.
_ADD_ENTRY = """
INSERT INTO entries (id, at, kind, partner_id, reference, actor, cause)
VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM entries), :at, :kind, :partner_id, :reference,
        :actor, :cause)
RETURNING id
"""

_ADD_POSTING = """
INSERT INTO postings (entry_id, line, account, unit, amount)
VALUES (:entry_id, :line, :account, :unit, :amount)
"""

# Added to by the statement, never read and written back: no posting is lost.
_MOVE_BALANCE = """
INSERT INTO balances (account, unit, amount) VALUES (:account, :unit, :amount)
ON CONFLICT (account, unit) DO UPDATE
   SET amount = balances.amount + excluded.amount
"""
