"""
Questions whose answers have to be empty: whether the rows agree with one another.

Each is asked of one partner at a time, and what it reads does not grow with other partners' rows.
"""

from datetime import datetime
from functools import lru_cache

from billing import ledger
from billing.services.ports.proofs import Check, Contradiction
from storage.engine.instants import to_micros
from storage.engine.rows import filled, listed
from storage.engine.transaction import Parameter, Transaction

Shared = dict[tuple[str, str], int]


class Proofs:
    """The questions, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def partners(self, *, after: str, limit: int) -> list[str]:
        rows = await self._transaction.all(
            "SELECT id FROM partners WHERE id > :after ORDER BY id LIMIT :limit",
            after=after,
            limit=limit,
        )
        return [row["id"] for row in rows]

    async def of_partner(
        self, check: Check, partner_id: str, *, before: datetime
    ) -> list[Contradiction]:
        marks, accounts = listed("account", ledger.accounts_of(partner_id))
        sql = filled(_OF_PARTNER[check], ":accounts", marks)
        return await self._ask(
            sql,
            {
                "partner": partner_id,
                "before": to_micros(before),
                "receivable": ledger.receivable(partner_id),
                "allocated": ledger.allocated(partner_id),
                "returned": ledger.returned(partner_id),
                **accounts,
            },
        )

    async def of_desk(self, check: Check, *, before: datetime) -> list[Contradiction]:
        return await self._ask(_OF_DESK[check], {"before": to_micros(before)})

    async def unbalanced(self, *, after: int, until: int) -> list[Contradiction]:
        return await self._ask(_UNBALANCED, {"after": after, "until": until})

    async def fold_shared(self, *, after: int, until: int) -> Shared:
        marks, accounts = listed("account", ledger.SHARED)
        return await self._sums(
            filled(_FOLD_SHARED, ":accounts", marks), after=after, until=until, **accounts
        )

    async def kept_shared(self) -> Shared:
        marks, accounts = listed("account", ledger.SHARED)
        return await self._sums(filled(_KEPT_SHARED, ":accounts", marks), **accounts)

    async def _sums(self, sql: str, **parameters: Parameter) -> Shared:
        rows = await self._transaction.all(sql, **parameters)
        return {(row["account"], row["unit"]): int(row["amount"]) for row in rows}

    async def _ask(self, sql: str, parameters: dict[str, Parameter]) -> list[Contradiction]:
        wanted = {key: parameters[key] for key in _asked_for(sql, tuple(parameters))}
        rows = await self._transaction.all(sql, **wanted)
        return [
            Contradiction(str(row["subject"]), str(row["expected"]), str(row["found"]))
            for row in rows
        ]


@lru_cache(maxsize=64)
def _asked_for(sql: str, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if f":{name}" in sql]


_OF_PARTNER = {
    Check.TRIAL_ALIVE: """
SELECT id AS subject, '' AS expected, '' AS found FROM instances
 WHERE partner_id = :partner AND state = 'trial' AND trial_ends_at < :before ORDER BY id
""",
    Check.DAYS_OVER: """
SELECT id AS subject, '' AS expected, '' AS found FROM instances
 WHERE partner_id = :partner AND state = 'active' AND settlement = 'days'
   AND (active_until IS NULL OR active_until < :before)
 ORDER BY id
""",
    Check.CARD_OVER: """
SELECT id AS subject, '' AS expected, '' AS found FROM instances
 WHERE partner_id = :partner AND state = 'active' AND settlement = 'card'
   AND NOT EXISTS (SELECT 1 FROM card_subscriptions
                    WHERE instance_id = instances.id
                      AND (card_subscriptions.state = 'past_due'
                           OR card_subscriptions.state = 'active' AND period_ends_at >= :before))
 ORDER BY id
""",
    Check.STOP_MISSED: """
SELECT number AS subject, '' AS expected, '' AS found FROM invoices
 WHERE partner_id = :partner AND state = 'due' AND kind = 'monthly' AND stop_at < :before
   AND EXISTS (SELECT 1 FROM instances
                WHERE instances.partner_id = :partner AND settlement = 'postpaid'
                  AND instances.state IN ('active', 'cancelled'))
 ORDER BY number
""",
    Check.LINE_TWICE: """
SELECT instance_id AS subject, period AS expected, COUNT(*) AS found FROM invoice_lines
 WHERE partner_id = :partner AND void = 0
 GROUP BY instance_id, period, kind HAVING COUNT(*) > 1 ORDER BY instance_id, period
""",
    # What is kept and what the postings sum to, side by side in one grouping.
    Check.BALANCE_WRONG: """
SELECT account || ' ' || unit AS subject, SUM(folded) AS expected, SUM(kept) AS found
  FROM (SELECT account, unit, 0 AS folded, amount AS kept FROM balances
         WHERE account IN (:accounts)
        UNION ALL
        SELECT account, unit, SUM(amount) AS folded, 0 AS kept FROM postings
         WHERE account IN (:accounts) GROUP BY account, unit) AS both_sides
 GROUP BY account, unit HAVING SUM(folded) <> SUM(kept) ORDER BY account, unit
""",
    # What each invoice says is owed, and what the postings about it leave of the receivable.
    Check.INVOICE_WRONG: """
SELECT number AS subject, SUM(booked) AS expected, SUM(owed) AS found
  FROM (SELECT number, currency, 0 AS booked,
               CASE state WHEN 'void' THEN 0 ELSE total_minor - settled_minor END AS owed
          FROM invoices WHERE partner_id = :partner
        UNION ALL
        SELECT entries.reference, postings.unit, postings.amount, 0
          FROM postings JOIN entries ON entries.id = postings.entry_id
         WHERE postings.account = :receivable) AS both_sides
 GROUP BY number, currency HAVING SUM(booked) <> SUM(owed) ORDER BY number
""",
    # What cards brought and what of it went back, and what the books have of it.
    Check.CARD_WRONG: """
SELECT currency AS subject, SUM(booked) AS expected, SUM(kept) AS found
  FROM (SELECT postings.unit AS currency, postings.amount AS booked, 0 AS kept
          FROM entries JOIN postings ON postings.entry_id = entries.id
         WHERE entries.partner_id = :partner AND postings.account = 'cards'
           AND entries.kind IN ('card_paid', 'card_refunded', 'card_disputed', 'dispute_won')
        UNION ALL
        SELECT currency, 0, amount_minor FROM card_payments
         WHERE partner_id = :partner AND kind = 'subscription'
        UNION ALL
        SELECT card_returns.currency, 0, -card_returns.amount_minor FROM card_returns
          JOIN card_payments ON card_payments.id = card_returns.payment_id
         WHERE card_returns.partner_id = :partner AND card_payments.kind = 'subscription'
           AND card_returns.back_at IS NULL) AS both_sides
 GROUP BY currency HAVING SUM(booked) <> SUM(kept) ORDER BY currency
""",
    # Days come from somewhere and go somewhere, and instances hold what they were given.
    Check.DAYS_LOST: """
SELECT what AS subject, SUM(expected) AS expected, SUM(found) AS found
  FROM (SELECT 'sum' AS what, 0 AS expected, amount AS found FROM balances
         WHERE unit = 'days' AND account IN (:accounts)
        UNION ALL
        SELECT 'held', 0, amount FROM balances
         WHERE unit = 'days' AND account IN (:allocated, :returned)
        UNION ALL
        SELECT 'held', days - returned - used, 0 FROM day_allocations
         WHERE partner_id = :partner) AS both_sides
 GROUP BY what HAVING SUM(expected) <> SUM(found) ORDER BY what
""",
    # A rename tells names, and a refusal of the platform what it concerned: neither is a move.
    Check.INSTANCE_UNSEEN: """
SELECT id AS subject, seen AS expected, state AS found
  FROM (SELECT id, state,
               COALESCE((SELECT after FROM audit
                          WHERE object_id = instances.id AND kind = 'instance'
                            AND action <> 'rename'
                            AND after IN ('creating', 'trial', 'stopped', 'active', 'cancelled',
                                          'overdue', 'ended', 'deleted', 'failed')
                          ORDER BY audit.id DESC LIMIT 1), '') AS seen
          FROM instances WHERE partner_id = :partner) AS last_seen
 WHERE state <> seen ORDER BY id
""",
    Check.INVOICE_UNSEEN: """
SELECT number AS subject, seen AS expected, state AS found
  FROM (SELECT number, state,
               COALESCE((SELECT after FROM audit
                          WHERE object_id = invoices.number AND kind = 'invoice'
                            AND after IN ('due', 'paid', 'void')
                          ORDER BY audit.id DESC LIMIT 1), '') AS seen
          FROM invoices WHERE partner_id = :partner) AS last_seen
 WHERE state <> seen ORDER BY number
""",
}

_OF_DESK = {
    Check.CALL_STUCK: """
SELECT instance_id AS subject, '' AS expected, operation AS found FROM platform_calls
 WHERE state = 'open' AND created_at < :before AND by_hand_since IS NULL
   AND (queued_until IS NULL OR queued_until < :before)
 ORDER BY created_at, id
""",
    Check.TASK_FORGOTTEN: """
SELECT instance_id AS subject, '' AS expected, operation AS found FROM platform_calls
 WHERE state = 'open' AND by_hand_since IS NOT NULL AND by_hand_since < :before
   AND (queued_until IS NULL OR queued_until < :before)
 ORDER BY by_hand_since, id
""",
    Check.BOOKS_UNBALANCED: """
SELECT unit AS subject, 0 AS expected, SUM(amount) AS found FROM balances
 GROUP BY unit HAVING SUM(amount) <> 0 ORDER BY unit
""",
}

_UNBALANCED = """
SELECT entry_id AS subject, 0 AS expected, SUM(amount) AS found FROM postings
 WHERE entry_id > :after AND entry_id <= :until
 GROUP BY entry_id, unit HAVING SUM(amount) <> 0 ORDER BY entry_id
"""

# The accounts are everybody's, and only grow: of these entries alone all postings are read, not
# of the accounts all that there ever were.
_FOLD_SHARED = """
SELECT account, unit, SUM(amount) AS amount FROM postings
 WHERE account || '' IN (:accounts) AND entry_id > :after AND entry_id <= :until
 GROUP BY account, unit
"""

_KEPT_SHARED = """
SELECT account, unit, amount FROM balances WHERE account IN (:accounts)
"""
