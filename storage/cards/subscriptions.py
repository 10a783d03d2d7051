"""Subscriptions that cards pay for, and the customers that partners are at Stripe."""

from datetime import datetime

from billing.cards import CardState, CardSubscription, Interval
from billing.money import Money
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import must_touch
from storage.engine.transaction import Parameter, Row, Transaction

# No period ends after it.
LATEST = 2**62


class CardSubscriptions:
    """Subscriptions and customers, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def customer(self, partner_id: str) -> str | None:
        """The partner's customer at Stripe, once there is one."""
        row = await self._transaction.one(
            "SELECT customer_id FROM card_customers WHERE partner_id = :id", id=partner_id
        )
        return None if row is None else str(row["customer_id"])

    async def whose(self, customer_id: str) -> str | None:
        """The partner whose customer it is."""
        row = await self._transaction.one(
            "SELECT partner_id FROM card_customers WHERE customer_id = :id", id=customer_id
        )
        return None if row is None else str(row["partner_id"])

    async def keep_customer(self, partner_id: str, customer_id: str) -> None:
        """Keep it; the first one stays."""
        await self._transaction.run(
            """
            INSERT INTO card_customers (partner_id, customer_id) VALUES (:partner, :customer)
            ON CONFLICT (partner_id) DO NOTHING
            """,
            partner=partner_id,
            customer=customer_id,
        )

    async def add(self, subscription: CardSubscription) -> None:
        await self._transaction.run(_ADD, **_columns(subscription))

    async def save(self, subscription: CardSubscription) -> None:
        touched = await self._transaction.run(_SAVE, **_changing(subscription))
        must_touch(touched, f"card subscription {subscription.id}")

    async def get(self, subscription_id: str) -> CardSubscription | None:
        """By our own id."""
        row = await self._transaction.one(
            "SELECT * FROM card_subscriptions WHERE id = :id", id=subscription_id
        )
        return None if row is None else _read(row)

    async def living(self, instance_id: str) -> list[CardSubscription]:
        """Those of an instance that are not over, oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM card_subscriptions
             WHERE instance_id = :id AND state NOT IN ('ended', 'void') ORDER BY asked_at, id
            """,
            id=instance_id,
        )
        return [_read(row) for row in rows]

    async def latest(self, instance_id: str) -> CardSubscription | None:
        """The one that runs; or the one that was asked for last."""
        row = await self._transaction.one(
            """
            SELECT * FROM card_subscriptions WHERE instance_id = :id
             ORDER BY CASE WHEN state IN ('active', 'past_due') THEN 0 ELSE 1 END,
                      asked_at DESC, id DESC LIMIT 1
            """,
            id=instance_id,
        )
        return None if row is None else _read(row)

    async def running(
        self, *, after: str, until: datetime | None, limit: int
    ) -> list[CardSubscription]:
        """Those that run, by their instances' ids after one; `until`: unpaid, or paid to then."""
        rows = await self._transaction.all(
            """
            SELECT * FROM card_subscriptions
             WHERE state IN ('active', 'past_due') AND instance_id > :after
               AND (period_ends_at <= :until OR state = 'past_due')
             ORDER BY instance_id LIMIT :limit
            """,
            after=after,
            until=LATEST if until is None else to_micros(until),
            limit=limit,
        )
        return [_read(row) for row in rows]


_ADD = """
INSERT INTO card_subscriptions (id, instance_id, partner_id, charged_each, amount_minor, currency,
                                state, customer_id, session_id, subscription_id, period_ends_at,
                                ending, asked_at, ended_at, card_key)
VALUES (:id, :instance_id, :partner_id, :charged_each, :amount_minor, :currency, :state,
        :customer_id, :session_id, :subscription_id, :period_ends_at, :ending, :asked_at,
        :ended_at, :card_key)
"""

_SAVE = """
UPDATE card_subscriptions
   SET state = :state, customer_id = :customer_id, session_id = :session_id,
       subscription_id = :subscription_id, period_ends_at = :period_ends_at, ending = :ending,
       ended_at = :ended_at, card_key = :card_key
 WHERE id = :id
"""


def _changing(one: CardSubscription) -> dict[str, Parameter]:
    return {
        "id": one.id,
        "state": one.state,
        "customer_id": one.customer_id,
        "session_id": one.session_id,
        "subscription_id": one.subscription_id,
        "period_ends_at": maybe_to_micros(one.period_ends_at),
        "ending": int(one.ending),
        "ended_at": maybe_to_micros(one.ended_at),
        "card_key": one.card_key,
    }


def _columns(one: CardSubscription) -> dict[str, Parameter]:
    return {
        **_changing(one),
        "instance_id": one.instance_id,
        "partner_id": one.partner_id,
        "charged_each": one.interval,
        "amount_minor": one.amount.minor,
        "currency": one.amount.currency,
        "asked_at": to_micros(one.asked_at),
    }


def _read(row: Row) -> CardSubscription:
    return CardSubscription(
        id=row["id"],
        instance_id=row["instance_id"],
        partner_id=row["partner_id"],
        interval=Interval(row["charged_each"]),
        amount=Money(row["amount_minor"], row["currency"]),
        state=CardState(row["state"]),
        asked_at=from_micros(row["asked_at"]),
        customer_id=row["customer_id"],
        session_id=row["session_id"],
        subscription_id=row["subscription_id"],
        period_ends_at=maybe_from_micros(row["period_ends_at"]),
        ending=bool(row["ending"]),
        ended_at=maybe_from_micros(row["ended_at"]),
        card_key=row["card_key"],
    )
