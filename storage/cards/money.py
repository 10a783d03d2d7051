"""Money that cards brought, and what of it went back."""

from datetime import datetime

from billing.money import Money
from billing.services.ports.card_rows import CardPayment, CardReturn, SessionKind
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.transaction import Row, Transaction


class CardMoney:
    """Payments and returns, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def book(self, payment: CardPayment) -> bool:
        """Insert; False, changing nothing, if it is booked."""
        return bool(
            await self._transaction.run(
                """
                INSERT INTO card_payments (id, kind, subject, partner_id, amount_minor, currency,
                                           paid_at, booked_at)
                VALUES (:id, :kind, :subject, :partner_id, :amount_minor, :currency, :paid_at,
                        :booked_at)
                ON CONFLICT (id) DO NOTHING
                """,
                id=payment.id,
                kind=payment.kind,
                subject=payment.subject,
                partner_id=payment.partner_id,
                amount_minor=payment.amount.minor,
                currency=payment.amount.currency,
                paid_at=to_micros(payment.paid_at),
                booked_at=to_micros(payment.booked_at),
            )
        )

    async def get(self, payment_id: str) -> CardPayment | None:
        row = await self._transaction.one(
            "SELECT * FROM card_payments WHERE id = :id", id=payment_id
        )
        return None if row is None else _payment(row)

    async def give_back(self, returned: CardReturn) -> bool:
        """Insert; False, changing nothing, if it is known."""
        return bool(
            await self._transaction.run(
                """
                INSERT INTO card_returns (id, payment_id, partner_id, amount_minor, currency,
                                          dispute, booked_at, back_at)
                VALUES (:id, :payment_id, :partner_id, :amount_minor, :currency, :dispute,
                        :booked_at, :back_at)
                ON CONFLICT (id) DO NOTHING
                """,
                id=returned.id,
                payment_id=returned.payment_id,
                partner_id=returned.partner_id,
                amount_minor=returned.amount.minor,
                currency=returned.amount.currency,
                dispute=int(returned.dispute),
                booked_at=to_micros(returned.booked_at),
                back_at=maybe_to_micros(returned.back_at),
            )
        )

    async def returned(self, return_id: str) -> CardReturn | None:
        row = await self._transaction.one("SELECT * FROM card_returns WHERE id = :id", id=return_id)
        return None if row is None else _return(row)

    async def came_back(self, return_id: str, *, at: datetime) -> bool:
        """A dispute was won; False if that is known."""
        return bool(
            await self._transaction.run(
                "UPDATE card_returns SET back_at = :at WHERE id = :id AND back_at IS NULL",
                id=return_id,
                at=to_micros(at),
            )
        )


def _payment(row: Row) -> CardPayment:
    return CardPayment(
        id=row["id"],
        kind=SessionKind(row["kind"]),
        subject=row["subject"],
        partner_id=row["partner_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        paid_at=from_micros(row["paid_at"]),
        booked_at=from_micros(row["booked_at"]),
    )


def _return(row: Row) -> CardReturn:
    return CardReturn(
        id=row["id"],
        payment_id=row["payment_id"],
        partner_id=row["partner_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        dispute=bool(row["dispute"]),
        booked_at=from_micros(row["booked_at"]),
        back_at=maybe_from_micros(row["back_at"]),
    )
