"""
The hash chains: each row of the books and of the audit proves all that were before it.

A row's hash is that of the hash before it and of the row's values, as JSON in the order of its
columns; an entry's postings are a part of it. The table `chains` has each chain's length and
last hash, so that rows that were cut off at the end are missed, too. Whoever computes all of it
anew is found by a head that was posted before.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from storage.engine.rows import must_touch, there
from storage.engine.transaction import Parameter, Transaction

# Line, account, unit and amount.
Posted = Sequence[tuple[int, str, str, int]]
# What a row holds, and the postings of an entry.
Row = tuple[Mapping[str, Parameter], Posted | None]


@dataclass(frozen=True, slots=True)
class Chained:
    """A table whose rows are chained, and what its hash covers of a row beside its id."""

    name: str
    columns: tuple[str, ...]

    def digest(
        self,
        previous: str,
        row_id: int,
        row: Mapping[str, Parameter],
        postings: Posted | None = None,
    ) -> str:
        """Return the hash of a row after the one with the hash `previous`."""
        values = [row_id, *map(row.__getitem__, self.columns)]
        return sha256((previous + _canonical([values, postings])).encode()).hexdigest()


ENTRIES = Chained("entries", ("at", "kind", "partner_id", "reference", "actor", "cause"))
AUDIT = Chained(
    "audit",
    (
        *("at", "actor", "user_id", "chat_id", "channel", "action", "kind", "object_id"),
        *("partner_id", "before", "after", "amount_minor", "currency", "outcome", "cause"),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A row of a chain: its id, which is its place, and its hash."""

    id: int
    hash: str


class Chain:
    """
    A chain that is added to.

    Its end is remembered from one transaction to the next, to be asked for only when somebody
    else has moved it, or when what was added was rolled back.
    """

    def __init__(self, chained: Chained) -> None:
        self._chained = chained
        self._end: Link | None = None

    async def add(self, transaction: Transaction, rows: Sequence[Row]) -> list[Link]:
        """Take the next places for rows, which have no ids yet; return their ids and hashes."""
        if not rows:
            return []
        if self._end is not None:
            links = self._after(self._end, rows)
            if await self._move(transaction, self._end, links[-1]):
                self._end = links[-1]
                return links
        end = await self._lock(transaction)
        links = self._after(end, rows)
        moved = await self._move(transaction, end, links[-1])
        must_touch(moved, f"the end of {self._chained.name}")
        self._end = links[-1]
        return links

    def _after(self, end: Link, rows: Sequence[Row]) -> list[Link]:
        links = []
        for row_id, (row, postings) in enumerate(rows, start=end.id + 1):
            end = Link(row_id, self._chained.digest(end.hash, row_id, row, postings))
            links.append(end)
        return links

    async def _lock(self, transaction: Transaction) -> Link:
        row = await transaction.one(_LOCK, name=self._chained.name)
        found = there(row, f"the chain of {self._chained.name}")
        return Link(found["length"], found["head"])

    async def _move(self, transaction: Transaction, end: Link, to: Link) -> int:
        return await transaction.run(
            _MOVE, name=self._chained.name, length=to.id, head=to.hash, previous=end.hash
        )


class Chains:
    """Both chains, for as long as a store is open."""

    def __init__(self) -> None:
        self.entries = Chain(ENTRIES)
        self.audit = Chain(AUDIT)


def _plain(value: object) -> dict[str, str]:
    """Bytes are in no row of ours; where somebody put them they stand for themselves."""
    assert isinstance(value, bytes)
    return {"bytes": value.hex()}


# Characters beyond ASCII are escaped: the text is the same whatever their encoding.
_canonical = json.JSONEncoder(separators=(",", ":"), default=_plain).encode

# Nothing changes, but until this transaction is over nobody else can add a row.
_LOCK = "UPDATE chains SET length = length WHERE name = :name RETURNING length, head"

# Only from the end that the new row was computed from.
_MOVE = """
UPDATE chains SET length = :length, head = :head WHERE name = :name AND head = :previous
"""
