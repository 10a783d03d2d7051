"""Follows a chain row by row, a page at a time, and names the first row that breaks it."""

import sqlite3
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from billing.services.ports.proofs import Broken, Followed, Head, Why
from storage.books.chains import AUDIT, ENTRIES, Chained, Posted
from storage.engine.transaction import Row, Transaction

# What drivers raise over a value that is no text or a page that is no page.
UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
# Rows may have been put before the first one.
FIRST = -(2**63)
LAST = 2**63 - 1

CHAINED = {chained.name: chained for chained in (ENTRIES, AUDIT)}


class ChainWalk:
    """The chains, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def head(self, name: str) -> Head:
        row = await self._transaction.one(
            "SELECT length, head FROM chains WHERE name = :name", name=name
        )
        return Head() if row is None else Head(row["length"], row["head"])

    async def hash_at(self, name: str, row: int) -> str | None:
        found = await self._transaction.one(_HASH_AT.replace(":table", CHAINED[name].name), id=row)
        return None if found is None else str(found["hash"])

    async def follow(self, name: str, after: Head, *, limit: int) -> Followed:
        """
        Verify at most so many rows after a place.

        A page that cannot be read is halved until it is the one row that cannot.
        """
        try:
            return await self._follow(CHAINED[name], after, limit)
        except UNREADABLE:
            if limit == 1:
                return Followed(after, True, Broken(after.length + 1, Why.UNREADABLE))
            return await self.follow(name, after, limit=limit // 2)

    async def _follow(self, chained: Chained, after: Head, limit: int) -> Followed:
        start = after.length + 1 if after.length else FIRST
        rows = await self._transaction.all(
            _PAGE.replace(":table", chained.name), start=start, limit=limit
        )
        at_end = len(rows) < limit
        postings = await self._postings(rows, start, at_end=at_end) if chained is ENTRIES else {}
        head = after
        for row in rows:
            expected = head.length + 1
            if row["id"] != expected:
                return Followed(head, True, _out_of_place(row["id"], expected))
            posted = postings.pop(expected, []) if chained is ENTRIES else None
            digest = chained.digest(head.hash, expected, row, posted)
            if digest != row["hash"]:
                return Followed(head, True, Broken(expected, Why.CHANGED))
            head = Head(expected, digest)
        if postings:
            return Followed(head, True, _out_of_place(min(postings, key=_sorted), head.length + 1))
        if not at_end:
            return Followed(head, False)
        return Followed(head, True, _at_the_end(head, await self.head(chained.name)))

    async def _postings(
        self, rows: Sequence[Row], start: int, *, at_end: bool
    ) -> dict[object, Posted]:
        """Return the postings of these entries; at the end also those that no entry is for."""
        found = await self._transaction.all(
            _POSTINGS_TO_THE_END if at_end else _POSTINGS,
            start=start,
            **({} if at_end else {"until": rows[-1]["id"]}),
        )
        return {
            entry_id: [_values(row) for row in group]
            for entry_id, group in groupby(found, key=itemgetter("entry_id"))
        }


_PAGE = "SELECT * FROM :table WHERE id >= :start ORDER BY id LIMIT :limit"

_HASH_AT = "SELECT hash FROM :table WHERE id = :id"

_POSTINGS_TO_THE_END = """
SELECT entry_id, line, account, unit, amount FROM postings
 WHERE entry_id >= :start ORDER BY entry_id, line
"""

_POSTINGS = """
SELECT entry_id, line, account, unit, amount FROM postings
 WHERE entry_id >= :start AND entry_id <= :until ORDER BY entry_id, line
"""

_values = itemgetter("line", "account", "unit", "amount")


def _sorted(entry_id: object) -> int:
    """Whatever is no number sorts after all that are."""
    return entry_id if isinstance(entry_id, int) else LAST


def _out_of_place(found: object, expected: int) -> Broken:
    """A row before the place it should have is too many; one after it shows that one is missing."""
    if isinstance(found, int) and found < expected:
        return Broken(found, Why.UNEXPECTED)
    return Broken(expected, Why.MISSING)


def _at_the_end(reached: Head, said: Head) -> Broken | None:
    if said.length > reached.length:
        return Broken(reached.length + 1, Why.MISSING)
    if said.length < reached.length:
        return Broken(said.length + 1, Why.UNEXPECTED)
    return None if said == reached else Broken(reached.length, Why.HEAD)
