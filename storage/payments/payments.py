"""Money that came in and went out."""

from datetime import datetime

from billing.money import Money
from billing.services.ports import Payment, Refund
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import must_touch
from storage.engine.transaction import Parameter, Row, Transaction
from storage.folding import fold


class Payments:
    """Payments and refunds, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def book(self, payment: Payment) -> Payment | None:
        """Insert; if a payment with its folded reference exists, change nothing and return that."""
        # The unique reference decides: of two bookings of the same money one is inserted.
        booked = await self._transaction.run(_BOOK, **_payment_columns(payment))
        return None if booked else await self.referenced(payment.reference)

    async def referenced(self, reference: str) -> Payment | None:
        """The payment that has that folded reference, a reversed one too."""
        row = await self._transaction.one(
            "SELECT * FROM payments WHERE folded_reference = :folded", folded=fold(reference)
        )
        return None if row is None else _read_payment(row)

    async def of_invoice(self, invoice_id: str) -> list[Payment]:
        """Oldest first, reversed ones too."""
        rows = await self._transaction.all(
            "SELECT * FROM payments WHERE invoice_id = :id ORDER BY seq", id=invoice_id
        )
        return [_read_payment(row) for row in rows]

    async def booked_between(self, start: datetime, end: datetime) -> list[Payment]:
        """Booked from `start` on and before `end`, oldest first, also those reversed since."""
        return [_read_payment(row) for row in await self._between("booked_at", start, end)]

    async def reversed_between(self, start: datetime, end: datetime) -> list[Payment]:
        """Reversed from `start` on and before `end`, oldest first."""
        return [_read_payment(row) for row in await self._between("reversed_at", start, end)]

    async def reverse(self, payment: Payment) -> None:
        """Save when, by whom and why a payment that was not is reversed."""
        touched = await self._transaction.run(
            """
            UPDATE payments SET reversed_at = :at, reversed_by = :by, reversal_reason = :reason
             WHERE id = :id AND reversed_at IS NULL
            """,
            id=payment.id,
            at=maybe_to_micros(payment.reversed_at),
            by=payment.reversed_by,
            reason=payment.reversal_reason,
        )
        must_touch(touched, f"payment {payment.id}, not reversed yet")

    async def unsettle(self, invoice_id: str) -> None:
        """The invoice is void: what its payments had settled of it is credit from now on."""
        await self._transaction.run(
            """
            UPDATE payments SET used_minor = 0
             WHERE invoice_id = :invoice_id AND reversed_at IS NULL
            """,
            invoice_id=invoice_id,
        )

    async def refund(self, refund: Refund) -> Refund | None:
        """Insert; if a refund with its folded reference exists, change nothing and return that."""
        booked = await self._transaction.run(_REFUND, **_refund_columns(refund))
        return None if booked else await self.refunded_as(refund.reference)

    async def refunded_as(self, reference: str) -> Refund | None:
        """The refund that has that folded reference."""
        row = await self._transaction.one(
            "SELECT * FROM refunds WHERE folded_reference = :folded", folded=fold(reference)
        )
        return None if row is None else _read_refund(row)

    async def _between(self, instant: str, start: datetime, end: datetime) -> list[Row]:
        sql = _BETWEEN.replace(":instant", instant)
        return await self._transaction.all(sql, start=to_micros(start), end=to_micros(end))


_BOOK = """
INSERT INTO payments (id, invoice_id, partner_id, amount_minor, currency, reference,
                      folded_reference, received_at, booked_by, booked_at, used_minor, seq)
VALUES (:id, :invoice_id, :partner_id, :amount_minor, :currency, :reference,
        :folded_reference, :received_at, :booked_by, :booked_at, :used_minor,
        (SELECT COALESCE(MAX(seq), 0) + 1 FROM payments))
ON CONFLICT (folded_reference) DO NOTHING
"""

_BETWEEN = """
SELECT * FROM payments WHERE :instant >= :start AND :instant < :end ORDER BY :instant, seq
"""

_REFUND = """
INSERT INTO refunds (id, partner_id, amount_minor, currency, reference, folded_reference,
                     booked_by, booked_at, seq)
VALUES (:id, :partner_id, :amount_minor, :currency, :reference, :folded_reference,
        :booked_by, :booked_at, (SELECT COALESCE(MAX(seq), 0) + 1 FROM refunds))
ON CONFLICT (folded_reference) DO NOTHING
"""


def _payment_columns(payment: Payment) -> dict[str, Parameter]:
    return {
        "id": payment.id,
        "invoice_id": payment.invoice_id,
        "partner_id": payment.partner_id,
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "reference": payment.reference,
        "folded_reference": fold(payment.reference),
        "received_at": to_micros(payment.received_at),
        "booked_by": payment.booked_by,
        "booked_at": to_micros(payment.booked_at),
        "used_minor": payment.used.minor,
    }


def _read_payment(row: Row) -> Payment:
    return Payment(
        id=row["id"],
        invoice_id=row["invoice_id"],
        partner_id=row["partner_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        reference=row["reference"],
        received_at=from_micros(row["received_at"]),
        booked_by=row["booked_by"],
        booked_at=from_micros(row["booked_at"]),
        used=Money(row["used_minor"], row["currency"]),
        reversed_at=maybe_from_micros(row["reversed_at"]),
        reversed_by=row["reversed_by"],
        reversal_reason=row["reversal_reason"],
    )


def _refund_columns(refund: Refund) -> dict[str, Parameter]:
    return {
        "id": refund.id,
        "partner_id": refund.partner_id,
        "amount_minor": refund.amount.minor,
        "currency": refund.amount.currency,
        "reference": refund.reference,
        "folded_reference": fold(refund.reference),
        "booked_by": refund.booked_by,
        "booked_at": to_micros(refund.booked_at),
    }


def _read_refund(row: Row) -> Refund:
    return Refund(
        id=row["id"],
        partner_id=row["partner_id"],
        amount=Money(row["amount_minor"], row["currency"]),
        reference=row["reference"],
        booked_by=row["booked_by"],
        booked_at=from_micros(row["booked_at"]),
    )
