"""Invoices, their lines and payments."""

from collections.abc import Sequence
from datetime import datetime

from billing.calendar import BillingCalendar, Month
from billing.invoices import Invoice, InvoiceState, Line
from billing.programmes import Programmes
from billing.services.ports import Payment
from storage.folding import fold
from storage.instants import to_micros
from storage.invoice_rows import (
    invoice_columns,
    line_columns,
    payment_columns,
    read_invoice,
    read_line,
    read_payment,
)
from storage.rows import must_touch, there
from storage.transaction import Transaction

LISTED_AT_MOST = 24


class Invoices:
    """The invoices, within one transaction; the programmes say when their months begin."""

    def __init__(self, transaction: Transaction, programmes: Programmes) -> None:
        self._transaction = transaction
        self._programmes = programmes

    async def next_number(self, programme: str, prefix: str, year: int) -> str:
        """Take the next number of the series, by one statement: `INT-2026-00001`."""
        # Counted by the statement that takes it, in the transaction of the invoice: two never
        # get the same, and one that is rolled back leaves no gap.
        row = await self._transaction.one(
            """
            INSERT INTO number_series (programme, year, last) VALUES (:programme, :year, 1)
            ON CONFLICT (programme, year) DO UPDATE SET last = number_series.last + 1
            RETURNING last
            """,
            programme=programme,
            year=year,
        )
        number = there(row, f"number series of {programme}, {year}")["last"]
        return f"{prefix}-{year}-{number:05d}"

    async def add(self, invoice: Invoice, lines: Sequence[Line]) -> None:
        """
        Add an invoice whole.

        The database refuses a second one for the period, and a second line for a month of an
        instance, while the first is not void.
        """
        await self._transaction.run(
            """
            INSERT INTO invoices (
                id, number, kind, partner_id, programme, period, currency, total_minor,
                settled_minor, state, issued_at, due_on, last_on, due_until, stop_at, delete_at,
                held_until, hold_reason
            ) VALUES (
                :id, :number, 'monthly', :partner_id, :programme, :period, :currency,
                :total_minor, :settled_minor, :state, :issued_at, :due_on, :last_on, :due_until,
                :stop_at, :delete_at, :held_until, :hold_reason
            )
            """,
            **invoice_columns(invoice),
        )
        await self._transaction.many(
            """
            INSERT INTO invoice_lines (
                invoice_id, instance_id, partner_id, period, name, band, price_minor,
                subscribed_at, cancelled_at, service_ends_at
            ) VALUES (
                :invoice_id, :instance_id, :partner_id, :period, :name, :band, :price_minor,
                :subscribed_at, :cancelled_at, :service_ends_at
            )
            """,
            [line_columns(line, invoice) for line in lines],
        )
        await self._mark_billed(invoice, sorted({line.period for line in lines}))

    async def _mark_billed(self, invoice: Invoice, periods: Sequence[Month]) -> None:
        calendar = await self._calendar(invoice.partner_id)
        for period in periods:
            # Only what is billed up to where this month begins is billed up to its end: over
            # a hole `billed_until` does not move, and the instance stays a candidate.
            await self._transaction.run(
                """
                UPDATE instances SET billed_until = :end
                 WHERE id IN (SELECT instance_id FROM invoice_lines
                               WHERE invoice_id = :invoice_id AND period = :period)
                   AND (billed_until = :start
                        OR (billed_until IS NULL AND subscribed_at >= :start))
                """,
                invoice_id=invoice.id,
                period=str(period),
                start=to_micros(calendar.start(period)),
                end=to_micros(calendar.end(period)),
            )

    async def _calendar(self, partner_id: str) -> BillingCalendar:
        row = await self._transaction.one(
            "SELECT programme, programme_version FROM partners WHERE id = :id", id=partner_id
        )
        terms = there(row, f"partner {partner_id}")
        return self._programmes.get(terms["programme"], terms["programme_version"]).calendar

    async def of_period(self, partner_id: str, period: Month) -> Invoice | None:
        """The monthly invoice of that period that is not void."""
        row = await self._transaction.one(
            """
            SELECT * FROM invoices
             WHERE partner_id = :partner_id AND period = :period
               AND kind = 'monthly' AND state <> 'void'
            """,
            partner_id=partner_id,
            period=str(period),
        )
        return None if row is None else read_invoice(row)

    async def by_id(self, invoice_id: str) -> Invoice | None:
        row = await self._transaction.one("SELECT * FROM invoices WHERE id = :id", id=invoice_id)
        return None if row is None else read_invoice(row)

    async def by_number(self, number: str) -> Invoice | None:
        """Case does not matter."""
        row = await self._transaction.one(
            "SELECT * FROM invoices WHERE number = :number", number=number.strip().upper()
        )
        return None if row is None else read_invoice(row)

    async def lines(self, invoice_id: str) -> list[Line]:
        """By name, then period."""
        rows = await self._transaction.all(
            """
            SELECT invoice_lines.*, invoices.currency
              FROM invoice_lines JOIN invoices ON invoices.id = invoice_lines.invoice_id
             WHERE invoice_lines.invoice_id = :id
            """,
            id=invoice_id,
        )
        # Sorted here: the name of then is folded nowhere, and an invoice's lines are all read.
        return sorted(
            map(read_line, rows), key=lambda line: (fold(line.name), line.period, line.instance_id)
        )

    async def of_partner(self, partner_id: str) -> list[Invoice]:
        """Newest first, at most 24."""
        rows = await self._transaction.all(
            """
            SELECT * FROM invoices WHERE partner_id = :partner_id
             ORDER BY issued_at DESC, number DESC LIMIT :limit
            """,
            partner_id=partner_id,
            limit=LISTED_AT_MOST,
        )
        return [read_invoice(row) for row in rows]

    async def unpaid(self, partner_id: str) -> list[Invoice]:
        """Oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM invoices WHERE partner_id = :partner_id AND state = 'due'
             ORDER BY issued_at, number
            """,
            partner_id=partner_id,
        )
        return [read_invoice(row) for row in rows]

    async def all_unpaid(self) -> list[Invoice]:
        """Of all partners, by the earliest stop."""
        rows = await self._transaction.all(
            "SELECT * FROM invoices WHERE state = 'due' ORDER BY stop_at, number"
        )
        return [read_invoice(row) for row in rows]

    async def issued_between(self, start: datetime, end: datetime) -> list[Invoice]:
        """From `start` on and before `end`, oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM invoices WHERE issued_at >= :start AND issued_at < :end
             ORDER BY issued_at, number
            """,
            start=to_micros(start),
            end=to_micros(end),
        )
        return [read_invoice(row) for row in rows]

    async def save(self, invoice: Invoice) -> None:
        """Save what is settled, held or void; period, total and issue never change."""
        touched = await self._transaction.run(
            """
            UPDATE invoices
               SET settled_minor = :settled_minor, state = :state, due_on = :due_on,
                   last_on = :last_on, due_until = :due_until, stop_at = :stop_at,
                   delete_at = :delete_at, held_until = :held_until, hold_reason = :hold_reason
             WHERE id = :id
            """,
            **invoice_columns(invoice),
        )
        must_touch(touched, f"invoice {invoice.id}")
        if invoice.state is InvoiceState.VOID:
            await self._free_months(invoice)

    async def _free_months(self, invoice: Invoice) -> None:
        """The months of a void invoice can be billed again."""
        calendar = await self._calendar(invoice.partner_id)
        freed = await self._transaction.all(
            """
            UPDATE invoice_lines SET void = 1 WHERE invoice_id = :id AND void = 0
            RETURNING period
            """,
            id=invoice.id,
        )
        for period in {row["period"] for row in freed}:
            await self._transaction.run(
                """
                UPDATE instances SET billed_until = :start
                 WHERE id IN (SELECT instance_id FROM invoice_lines
                               WHERE invoice_id = :invoice_id AND period = :period)
                   AND billed_until > :start
                """,
                invoice_id=invoice.id,
                period=period,
                start=to_micros(calendar.start(Month.parse(period))),
            )

    async def book(self, payment: Payment) -> Payment | None:
        """Insert; if a payment with its folded reference exists, change nothing and return that."""
        # The unique reference decides: of two bookings of the same money one is inserted.
        booked = await self._transaction.run(
            """
            INSERT INTO payments (id, invoice_id, partner_id, amount_minor, currency, reference,
                                  folded_reference, received_at, booked_by, booked_at)
            VALUES (:id, :invoice_id, :partner_id, :amount_minor, :currency, :reference,
                    :folded_reference, :received_at, :booked_by, :booked_at)
            ON CONFLICT (folded_reference) DO NOTHING
            """,
            **payment_columns(payment),
        )
        if booked:
            return None
        row = await self._transaction.one(
            "SELECT * FROM payments WHERE folded_reference = :folded",
            folded=fold(payment.reference),
        )
        return read_payment(there(row, f"the payment that has reference {payment.reference!r}"))

    async def payments(self, invoice_id: str) -> list[Payment]:
        """Oldest first."""
        rows = await self._transaction.all(
            "SELECT * FROM payments WHERE invoice_id = :id ORDER BY booked_at, id", id=invoice_id
        )
        return [read_payment(row) for row in rows]

    async def payments_between(self, start: datetime, end: datetime) -> list[Payment]:
        """Booked from `start` on and before `end`, oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM payments WHERE booked_at >= :start AND booked_at < :end
             ORDER BY booked_at, id
            """,
            start=to_micros(start),
            end=to_micros(end),
        )
        return [read_payment(row) for row in rows]
