"""Whose the instances of partners are: columns of the instances that nothing else writes."""

from datetime import date

from billing.customers import Customer
from billing.money import Money
from storage.engine.rows import must_touch
from storage.engine.transaction import Row, Transaction


class Customers:
    """The partners' own customers, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_instance(self, instance_id: str) -> Customer | None:
        row = await self._transaction.one(
            "SELECT * FROM instances WHERE id = :id AND customer_name IS NOT NULL", id=instance_id
        )
        return None if row is None else _read(row)

    async def of_partner(self, partner_id: str) -> dict[str, Customer]:
        """By the instance's id, those of deleted instances too."""
        rows = await self._transaction.all(
            """
            SELECT id, customer_name, customer_price_minor, customer_currency, customer_paid_until
              FROM instances WHERE partner_id = :partner_id AND customer_name IS NOT NULL
            """,
            partner_id=partner_id,
        )
        return {row["id"]: _read(row) for row in rows}

    async def save(self, instance_id: str, customer: Customer | None) -> None:
        """From now on it is this one's, or nobody's."""
        price = customer.price if customer else None
        paid_until = customer.paid_until if customer else None
        touched = await self._transaction.run(
            """
            UPDATE instances
               SET customer_name = :name, customer_price_minor = :price,
                   customer_currency = :currency, customer_paid_until = :paid_until
             WHERE id = :id
            """,
            id=instance_id,
            name=customer.name if customer else None,
            price=price.minor if price else None,
            currency=price.currency if price else None,
            paid_until=paid_until.isoformat() if paid_until else None,
        )
        must_touch(touched, f"instance {instance_id}")


def _read(row: Row) -> Customer:
    minor, paid_until = row["customer_price_minor"], row["customer_paid_until"]
    return Customer(
        name=row["customer_name"],
        price=None if minor is None else Money(minor, row["customer_currency"]),
        paid_until=None if paid_until is None else date.fromisoformat(paid_until),
    )
