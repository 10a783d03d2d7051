"""What partners send as the proof of a transfer."""

from billing.services.ports import Receipt, ReceiptState
from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from storage.engine.rows import there
from storage.engine.transaction import Row, Transaction


class Receipts:
    """The receipts, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, receipt: Receipt) -> Receipt | None:
        """Insert; if that message is one for that invoice already, change nothing, return that."""
        added = await self._transaction.run(
            """
            INSERT INTO receipts (id, invoice_id, partner_id, sent_by, chat_id, message_id,
                                  sent_at, said, joins, state)
            VALUES (:id, :invoice_id, :partner_id, :sent_by, :chat_id, :message_id,
                    :sent_at, :said, :joins, 'waiting')
            ON CONFLICT (invoice_id, chat_id, message_id) DO NOTHING
            """,
            id=receipt.id,
            invoice_id=receipt.invoice_id,
            partner_id=receipt.partner_id,
            sent_by=receipt.sent_by,
            chat_id=receipt.chat_id,
            message_id=receipt.message_id,
            sent_at=to_micros(receipt.sent_at),
            said=receipt.said,
            joins=receipt.joins,
        )
        if added:
            return None
        row = await self._transaction.one(
            """
            SELECT * FROM receipts
             WHERE invoice_id = :invoice_id AND chat_id = :chat_id AND message_id = :message_id
            """,
            invoice_id=receipt.invoice_id,
            chat_id=receipt.chat_id,
            message_id=receipt.message_id,
        )
        return _read(there(row, f"the receipt {receipt.chat_id}:{receipt.message_id}"))

    async def get(self, receipt_id: str) -> Receipt | None:
        row = await self._transaction.one("SELECT * FROM receipts WHERE id = :id", id=receipt_id)
        return None if row is None else _read(row)

    async def of_invoice(self, invoice_id: str) -> list[Receipt]:
        """Oldest first, those that were looked at too."""
        rows = await self._transaction.all(
            "SELECT * FROM receipts WHERE invoice_id = :id ORDER BY sent_at, message_id",
            id=invoice_id,
        )
        return [_read(row) for row in rows]

    async def waiting(self) -> list[Receipt]:
        """All that nobody has looked at, oldest first."""
        rows = await self._transaction.all(
            "SELECT * FROM receipts WHERE state = 'waiting' ORDER BY sent_at, id"
        )
        return [_read(row) for row in rows]

    async def waiting_of(self, partner_id: str) -> list[Receipt]:
        """Those of a partner's unpaid monthly invoices, oldest first."""
        rows = await self._transaction.all(
            """
            SELECT receipts.* FROM receipts JOIN invoices ON invoices.id = receipts.invoice_id
             WHERE receipts.partner_id = :partner_id AND receipts.state = 'waiting'
               AND invoices.state = 'due' AND invoices.kind = 'monthly'
             ORDER BY receipts.sent_at, receipts.id
            """,
            partner_id=partner_id,
        )
        return [_read(row) for row in rows]

    async def decide(self, receipt: Receipt) -> bool:
        """Save what came of it, conditionally: False if it does not wait."""
        return bool(
            await self._transaction.run(
                """
                UPDATE receipts
                   SET state = :state, decided_by = :by, decided_at = :at, reason = :reason
                 WHERE id = :id AND state = 'waiting'
                """,
                id=receipt.id,
                state=receipt.state,
                by=receipt.decided_by,
                at=maybe_to_micros(receipt.decided_at),
                reason=receipt.reason,
            )
        )


def _read(row: Row) -> Receipt:
    return Receipt(
        id=row["id"],
        invoice_id=row["invoice_id"],
        partner_id=row["partner_id"],
        sent_by=row["sent_by"],
        chat_id=row["chat_id"],
        message_id=row["message_id"],
        sent_at=from_micros(row["sent_at"]),
        state=ReceiptState(row["state"]),
        decided_by=row["decided_by"],
        decided_at=maybe_from_micros(row["decided_at"]),
        reason=row["reason"],
        said=row["said"],
        joins=row["joins"],
    )
