"""The books: rows are only ever added, by force of the database."""

from datetime import datetime

from billing.ledger import Entry
from billing.services.people import Actor
from storage.actors import named
from storage.chains import Chain
from storage.instants import to_micros
from storage.transaction import Parameter, Transaction


class Ledger:
    """The books, within one transaction."""

    def __init__(self, transaction: Transaction, chain: Chain) -> None:
        self._transaction = transaction
        self._chain = chain

    async def post(self, entry: Entry, *, actor: Actor, at: datetime) -> None:
        """Add an entry with its cause; every account's kept balance moves with it."""
        row: dict[str, Parameter] = {
            "at": to_micros(at),
            "kind": entry.kind,
            "partner_id": entry.partner_id,
            "reference": entry.reference,
            "actor": named(actor),
            "cause": actor.cause,
        }
        postings = [
            (line, posting.account, posting.unit, posting.amount)
            for line, posting in enumerate(entry.postings, start=1)
        ]
        link = await self._chain.add(self._transaction, row, postings)
        await self._transaction.run(_ADD_ENTRY, **row, id=link.id, hash=link.hash)
        await self._transaction.many(_ADD_POSTING, [_row(link.id, *it) for it in postings])
        await self._transaction.many(
            _MOVE_BALANCE,
            [
                {"account": account, "unit": unit, "amount": amount}
                for _, account, unit, amount in postings
            ],
        )

    async def reserve(self, account: str, unit: str, amount: int, *, floor: int) -> bool:
        """
        Whether a balance may fall by so much, and not below `floor`; by one statement.

        If so nobody else takes it before this transaction has ended: post the entry then.
        """
        names: dict[str, Parameter] = {"account": account, "unit": unit}
        if -amount >= floor:
            # An account that nothing was posted to has nothing, and that is enough here.
            await self._transaction.run(_OPEN_ACCOUNT, **names)
        return bool(await self._transaction.run(_RESERVE, **names, amount=amount, floor=floor))

    async def balance(self, account: str, unit: str) -> int:
        """The kept balance: its cost does not grow with the history."""
        row = await self._transaction.one(
            "SELECT amount FROM balances WHERE account = :account AND unit = :unit",
            account=account,
            unit=unit,
        )
        return 0 if row is None else int(row["amount"])


def _row(entry_id: int, line: int, account: str, unit: str, amount: int) -> dict[str, Parameter]:
    return {
        "entry_id": entry_id,
        "line": line,
        "account": account,
        "unit": unit,
        "amount": amount,
    }


_ADD_ENTRY = """
INSERT INTO entries (id, at, kind, partner_id, reference, actor, cause, hash)
VALUES (:id, :at, :kind, :partner_id, :reference, :actor, :cause, :hash)
"""

_ADD_POSTING = """
INSERT INTO postings (entry_id, line, account, unit, amount)
VALUES (:entry_id, :line, :account, :unit, :amount)
"""

_OPEN_ACCOUNT = """
INSERT INTO balances (account, unit, amount) VALUES (:account, :unit, 0)
ON CONFLICT (account, unit) DO NOTHING
"""

# Changes nothing, but holds the row where it may fall so far: of two that race for the last
# of it, the second one asks when the first one's postings are there.
_RESERVE = """
UPDATE balances SET amount = amount
 WHERE account = :account AND unit = :unit AND amount - :amount >= :floor
"""

# Added to by the statement, never read and written back: no posting is lost.
_MOVE_BALANCE = """
INSERT INTO balances (account, unit, amount) VALUES (:account, :unit, :amount)
ON CONFLICT (account, unit) DO UPDATE
   SET amount = balances.amount + excluded.amount
"""
