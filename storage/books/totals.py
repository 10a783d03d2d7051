"""
Sums over many rows, for pictures and reports.

What is read is a stretch of time, by an index, and what there is now: how many there were at an
instant is counted back from the present.
"""

from collections.abc import Sequence
from datetime import datetime

from billing import ledger
from billing.calendar import Month
from billing.money import Money
from storage.engine.instants import to_micros
from storage.engine.rows import there
from storage.engine.transaction import Parameter, Transaction


class Totals:
    """The sums, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def invoiced(self, start: datetime, end: datetime) -> list[Money]:
        """By currency what was invoiced in that time, credit notes taken off."""
        return await self._by_currency(_INVOICED, start, end)

    async def received(self, start: datetime, end: datetime) -> list[Money]:
        """By currency what came in in that time, by card too, what went back taken off."""
        return await self._by_currency(_RECEIVED, start, end)

    async def by_card(self, start: datetime, end: datetime) -> list[Money]:
        """By currency what cards brought for their own instances, what went back taken off."""
        return await self._by_currency(_BY_CARD, start, end)

    async def trials(self, start: datetime, end: datetime) -> tuple[int, int]:
        """How many instances were created in that time, and how many of these subscribed since."""
        row = await self._transaction.one(_TRIALS, start=to_micros(start), end=to_micros(end))
        found = there(row, "a count")
        return int(found["created"]), int(found["converted"])

    async def living(self, at: Sequence[datetime]) -> list[int]:
        """How many instances of all partners there were at each of these instants."""
        now = await self._count(_LIVING)
        return [
            now
            + await self._count(_DELETED_SINCE, since=to_micros(instant))
            - await self._count(_CREATED_SINCE, since=to_micros(instant))
            for instant in at
        ]

    async def living_of(self, partner_id: str, at: Sequence[datetime]) -> list[int]:
        """How many instances a partner had at each of these instants."""
        rows = await self._transaction.all(
            _LIVING_OF, partner_id=partner_id, since=to_micros(min(at))
        )
        return [
            sum(
                row["created_at"] < moment
                and (row["deleted_at"] is None or row["deleted_at"] >= moment)
                for row in rows
            )
            for moment in map(to_micros, at)
        ]

    async def cost_of(self, partner_id: str, since: datetime) -> list[tuple[Month, Money]]:
        """What a partner was invoiced from then on, by the month that it is for, void ones not."""
        rows = await self._transaction.all(_COST_OF, partner_id=partner_id, since=to_micros(since))
        return [
            (Month.parse(row["period"]), Money(int(row["minor"]), row["currency"])) for row in rows
        ]

    async def days_of(self, partner_id: str, at: Sequence[datetime]) -> list[int]:
        """The balance of days that a partner had at each of these instants."""
        account = ledger.balance(partner_id)
        row = await self._transaction.one(
            "SELECT amount FROM balances WHERE account = :account AND unit = :unit",
            account=account,
            unit=ledger.DAYS,
        )
        now = 0 if row is None else int(row["amount"])
        moved = await self._transaction.all(
            _MOVED, partner_id=partner_id, account=account, since=to_micros(min(at))
        )
        return [
            now - sum(int(one["amount"]) for one in moved if one["at"] >= moment)
            for moment in map(to_micros, at)
        ]

    async def _by_currency(self, sql: str, start: datetime, end: datetime) -> list[Money]:
        rows = await self._transaction.all(sql, start=to_micros(start), end=to_micros(end))
        return [Money(int(row["minor"]), row["currency"]) for row in rows]

    async def _count(self, sql: str, **parameters: Parameter) -> int:
        return int(there(await self._transaction.one(sql, **parameters), "a count")["n"])


_INVOICED = """
SELECT currency,
       SUM(CASE WHEN kind = 'credit_note' THEN -total_minor ELSE total_minor END) AS minor
  FROM invoices
 WHERE issued_at >= :start AND issued_at < :end
 GROUP BY currency
 ORDER BY currency
"""

# Invoices that cards paid are among the payments.
_CARD_MONEY = """
        SELECT currency, amount_minor AS minor FROM card_payments
         WHERE kind = 'subscription' AND booked_at >= :start AND booked_at < :end
        UNION ALL
        SELECT card_returns.currency, -card_returns.amount_minor AS minor
          FROM card_returns JOIN card_payments ON card_payments.id = card_returns.payment_id
         WHERE kind = 'subscription'
           AND card_returns.booked_at >= :start AND card_returns.booked_at < :end
        UNION ALL
        SELECT card_returns.currency, card_returns.amount_minor AS minor
          FROM card_returns JOIN card_payments ON card_payments.id = card_returns.payment_id
         WHERE kind = 'subscription' AND back_at >= :start AND back_at < :end
"""

_BY_CARD = """
SELECT currency, SUM(minor) AS minor
  FROM (:card_money) AS moved
 GROUP BY currency
 ORDER BY currency
""".replace(":card_money", _CARD_MONEY)

_RECEIVED = """
SELECT currency, SUM(minor) AS minor
  FROM (SELECT currency, amount_minor AS minor FROM payments
         WHERE booked_at >= :start AND booked_at < :end
        UNION ALL
        SELECT currency, -amount_minor AS minor FROM payments
         WHERE reversed_at >= :start AND reversed_at < :end
        UNION ALL
        SELECT currency, -amount_minor AS minor FROM refunds
         WHERE booked_at >= :start AND booked_at < :end
        UNION ALL
        :card_money) AS moved
 GROUP BY currency
 ORDER BY currency
""".replace(":card_money", _CARD_MONEY)

_TRIALS = """
SELECT COUNT(*) AS created, COUNT(subscribed_at) AS converted FROM instances
 WHERE created_at >= :start AND created_at < :end AND state <> 'failed'
"""

# By an index that holds no more than there are.
_LIVING = "SELECT COUNT(*) AS n FROM instances WHERE state NOT IN ('deleted', 'failed')"
_DELETED_SINCE = "SELECT COUNT(*) AS n FROM instances WHERE deleted_at >= :since"
_CREATED_SINCE = """
SELECT COUNT(*) AS n FROM instances WHERE created_at >= :since AND state <> 'failed'
"""

_LIVING_OF = """
SELECT created_at, deleted_at FROM instances
 WHERE partner_id = :partner_id AND state NOT IN ('deleted', 'failed')
UNION ALL
SELECT created_at, deleted_at FROM instances
 WHERE partner_id = :partner_id AND deleted_at >= :since
"""

_COST_OF = """
SELECT period, currency, SUM(total_minor) AS minor FROM invoices
 WHERE partner_id = :partner_id AND issued_at >= :since
   AND kind <> 'credit_note' AND state <> 'void'
 GROUP BY period, currency
 ORDER BY period, currency
"""

# The last entry of before is found from the end: of what lies behind it nothing is read.
_MOVED = """
SELECT entries.at, postings.amount
  FROM postings JOIN entries ON entries.id = postings.entry_id
 WHERE postings.account = :account AND postings.unit = 'days'
   AND postings.entry_id > COALESCE((SELECT id FROM entries
                                      WHERE partner_id = :partner_id AND at < :since
                                      ORDER BY id DESC LIMIT 1), 0)
"""
