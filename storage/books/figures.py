"""What happened in a stretch of the books, in figures, and what two runs are compared by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from storage.engine.instants import maybe_from_micros, to_micros
from storage.engine.rows import there
from storage.engine.transaction import Row, Transaction


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    What the partners of one currency did since a row of the audit, and how they stand now.

    `counts` are rows of the audit by what was done, `amounts` their sums in minor units;
    `overdue_minor` is owed past its due date, `balance_minor` in all, less what was paid too much.
    """

    counts: Mapping[str, int]
    amounts: Mapping[str, int]
    instances: int
    overdue_minor: int
    balance_minor: int


@dataclass(frozen=True, slots=True)
class Horizon:
    """When the next row is due, the next call may be made, the next message may be sent."""

    row: datetime | None
    call: datetime | None
    message: datetime | None


class Figures:
    """Sums over the audit and the books, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def last(self) -> int:
        """Return the last row of the audit."""
        row = await self._transaction.one("SELECT COALESCE(MAX(id), 0) AS last FROM audit")
        return int(there(row, "a maximum")["last"])

    async def horizon(self, holds: str, held_kinds: Sequence[str]) -> Horizon:
        """
        Return what comes next, or is due already.

        Rows of held kinds wait for people while the desk's state has something under `holds`.
        """
        found = await self._transaction.one(_HORIZON, holds=holds, held=f" {' '.join(held_kinds)} ")
        row = there(found, "a horizon")
        return Horizon(*map(maybe_from_micros, (row["row"], row["call"], row["message"])))

    async def since(self, audit_id: int, *, now: datetime) -> dict[str, Stretch]:
        """Return what happened after that row, by currency."""
        done = await self._transaction.all(_DONE, since=audit_id)
        living = await self._by_currency(_LIVING)
        overdue = await self._by_currency(_OVERDUE, now=to_micros(now))
        balance = await self._by_currency(_BALANCE)
        return {
            currency: Stretch(
                counts=_of(done, currency, "n"),
                amounts=_of(done, currency, "amount"),
                instances=living.get(currency, 0),
                overdue_minor=overdue.get(currency, 0),
                balance_minor=balance.get(currency, 0),
            )
            for currency in sorted({row["currency"] for row in done} | living.keys())
        }

    async def _by_currency(self, sql: str, **parameters: int) -> dict[str, int]:
        rows = await self._transaction.all(sql, **parameters)
        return {row["currency"]: int(row["n"] or 0) for row in rows}

    async def fingerprint(self) -> str:
        """Return a hash of every row of the books and of the audit, in their order."""
        found = sha256()
        for sql in _HASHED:
            rows = await self._transaction.all(sql)
            # Sorted once for all of them: in the order of the columns' names.
            names = sorted(rows[0]) if rows else []
            for row in rows:
                found.update(repr([(name, row[name]) for name in names]).encode())
        return found.hexdigest()


def _of(rows: list[Row], currency: str, column: str) -> dict[str, int]:
    return {
        f"{row['kind']}.{row['action']}": int(row[column] or 0)
        for row in rows
        if row["currency"] == currency
    }


_HASHED = (
    "SELECT * FROM entries ORDER BY id",
    "SELECT * FROM postings ORDER BY entry_id, line",
    "SELECT * FROM audit ORDER BY id",
)

_HORIZON = """
SELECT (SELECT at FROM due
         WHERE state = 'waiting'
           AND (NOT EXISTS (SELECT 1 FROM desk_state WHERE key = :holds)
                OR :held NOT LIKE '% ' || kind || ' %')
         ORDER BY at LIMIT 1) AS row,
       (SELECT not_before FROM platform_calls AS call
         WHERE state = 'open'
           AND NOT EXISTS (SELECT 1 FROM platform_calls AS earlier
                            WHERE earlier.instance_id = call.instance_id
                              AND earlier.state = 'open' AND earlier.seq < call.seq)
         ORDER BY not_before LIMIT 1) AS call,
       (SELECT not_before FROM messages WHERE state = 'queued'
         ORDER BY not_before LIMIT 1) AS message
"""

# Days that were given to what ran are no beginning, and count apart.
_DONE = """
SELECT partners.currency, audit.kind,
       CASE WHEN audit.action IN ('extend', 'auto_extend')
             AND audit.before NOT IN ('trial', 'stopped') THEN 'prolong'
            ELSE audit.action END AS action, COUNT(*) AS n,
       SUM(audit.amount_minor) AS amount
  FROM audit JOIN partners ON partners.id = audit.partner_id
 WHERE audit.id > :since AND audit.outcome = 'done'
 GROUP BY 1, 2, 3
"""

_LIVING = """
SELECT partners.currency, COUNT(*) AS n
  FROM instances JOIN partners ON partners.id = instances.partner_id
 WHERE instances.state NOT IN ('deleted', 'failed')
 GROUP BY 1
"""

_OVERDUE = """
SELECT currency, SUM(total_minor - settled_minor) AS n FROM invoices
 WHERE state = 'due' AND due_until <= :now
 GROUP BY 1
"""

_BALANCE = """
SELECT unit AS currency, SUM(amount) AS n FROM balances
 WHERE account LIKE 'receivable:%' OR account LIKE 'credit:%'
 GROUP BY 1
"""
