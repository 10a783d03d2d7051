"""The books: rows are only ever added, by force of the database."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from billing.ledger import Entry
from billing.services.people import Actor
from billing.services.ports import Moved
from storage.actors import named
from storage.books.chains import Chain, Posted
from storage.engine.instants import from_micros, to_micros
from storage.engine.rows import filled, listed, there
from storage.engine.transaction import Parameter, Transaction


class Ledger:
    """The books, within one transaction."""

    def __init__(self, transaction: Transaction, chain: Chain) -> None:
        self._transaction = transaction
        self._chain = chain

    async def post(self, entry: Entry, *, actor: Actor, at: datetime) -> None:
        """Add an entry with its cause; every account's kept balance moves with it."""
        await self.post_all([(entry, actor)], at=at)

    async def post_all(self, entries: Sequence[tuple[Entry, Actor]], *, at: datetime) -> None:
        """Add several in their order, each with who caused it."""
        rows = [(_entry_row(entry, actor, at), _posted(entry)) for entry, actor in entries]
        links = await self._chain.add(self._transaction, rows)
        added: list[dict[str, Parameter]] = []
        moved: dict[tuple[str, str], int] = defaultdict(int)
        for link, (row, postings) in zip(links, rows, strict=True):
            row |= {"id": link.id, "hash": link.hash}
            for line, account, unit, amount in postings:
                added.append(
                    {
                        "entry_id": link.id,
                        "line": line,
                        "account": account,
                        "unit": unit,
                        "amount": amount,
                    }
                )
                moved[account, unit] += amount
        await self._transaction.many(_ADD_ENTRY, [row for row, _ in rows])
        await self._transaction.many(_ADD_POSTING, added)
        await self._transaction.many(
            _MOVE_BALANCE,
            [
                {"account": account, "unit": unit, "amount": amount}
                for (account, unit), amount in moved.items()
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
        return (await self.balances([account], unit))[account]

    async def balances(self, accounts: Collection[str], unit: str) -> dict[str, int]:
        """The kept balance of each account."""
        names, parameters = listed("account", accounts)
        rows = await self._transaction.all(
            filled(
                """
            SELECT account, amount FROM balances WHERE account IN (:accounts) AND unit = :unit
            """,
                ":accounts",
                names,
            ),
            **parameters,
            unit=unit,
        )
        return dict.fromkeys(accounts, 0) | {row["account"]: row["amount"] for row in rows}

    async def before(self, accounts: Sequence[str], unit: str, at: datetime) -> int:
        """What these accounts had together before an instant."""
        marks, parameters = listed("account", accounts)
        row = await self._transaction.one(
            filled(
                """
            SELECT COALESCE(SUM(postings.amount), 0) AS amount
              FROM postings JOIN entries ON entries.id = postings.entry_id
             WHERE postings.account IN (:accounts) AND postings.unit = :unit
               AND entries.at < :at
            """,
                ":accounts",
                marks,
            ),
            **parameters,
            unit=unit,
            at=to_micros(at),
        )
        return int(there(row, "a sum")["amount"])

    async def moved(
        self, accounts: Sequence[str], unit: str, start: datetime, end: datetime
    ) -> list[Moved]:
        """What moved these accounts from `start` on and before `end`, oldest first."""
        marks, parameters = listed("account", accounts)
        rows = await self._transaction.all(
            filled(
                """
            SELECT entries.at, entries.kind, entries.reference,
                   SUM(postings.amount) AS amount, MAX(ABS(postings.amount)) AS gross
              FROM postings JOIN entries ON entries.id = postings.entry_id
             WHERE postings.account IN (:accounts) AND postings.unit = :unit
               AND entries.at >= :start AND entries.at < :end
             GROUP BY entries.id, entries.at, entries.kind, entries.reference
             ORDER BY entries.id
            """,
                ":accounts",
                marks,
            ),
            **parameters,
            unit=unit,
            start=to_micros(start),
            end=to_micros(end),
        )
        found, balance = [], await self.before(accounts, unit, start)
        for row in rows:
            balance += int(row["amount"])
            at, amount, gross = from_micros(row["at"]), int(row["amount"]), int(row["gross"])
            found.append(Moved(at, row["kind"], row["reference"], amount, gross, balance))
        return found


def _entry_row(entry: Entry, actor: Actor, at: datetime) -> dict[str, Parameter]:
    return {
        "at": to_micros(at),
        "kind": entry.kind,
        "partner_id": entry.partner_id,
        "reference": entry.reference,
        "actor": named(actor),
        "cause": actor.cause,
    }


def _posted(entry: Entry) -> Posted:
    return [
        (line, posting.account, posting.unit, posting.amount)
        for line, posting in enumerate(entry.postings, start=1)
    ]


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
