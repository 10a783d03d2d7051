"""Invoices and their lines."""

from collections.abc import Sequence
from datetime import datetime

from billing import terms
from billing.calendar import BillingCalendar, Month
from billing.invoices import Invoice, InvoiceKind, InvoiceState, Line, LineKind
from billing.programmes import Programmes
from billing.regular import Regular
from storage import regular as regularly
from storage.folding import fold
from storage.instants import to_micros
from storage.invoice_rows import invoice_columns, line_columns, read_invoice, read_line
from storage.partners import Partners
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

    async def add(
        self, invoice: Invoice, lines: Sequence[Line], regular: Regular | None = None
    ) -> None:
        """
        Add an invoice whole.

        The database refuses a second one for the period, and a second line for a month of an
        instance, while the first is not void. The `regular` lines are written where they lie.
        """
        await self._transaction.run(
            """
            INSERT INTO invoices (
                id, number, kind, partner_id, programme, period, currency, total_minor,
                settled_minor, state, issued_at, due_on, last_on, due_until, stop_at, delete_at,
                held_until, hold_reason, days, channels, corrects
            ) VALUES (
                :id, :number, :kind, :partner_id, :programme, :period, :currency,
                :total_minor, :settled_minor, :state, :issued_at, :due_on, :last_on, :due_until,
                :stop_at, :delete_at, :held_until, :hold_reason, :days, :channels, :corrects
            )
            """,
            **invoice_columns(invoice),
        )
        if regular is not None:
            await regularly.add(self._transaction, invoice, regular)
        if lines:
            await self._add_lines(invoice, lines)

    async def _add_lines(self, invoice: Invoice, lines: Sequence[Line]) -> None:
        await self._transaction.many(
            """
            INSERT INTO invoice_lines (
                invoice_id, instance_id, partner_id, period, kind, days, name, band, price_minor,
                subscribed_at, cancelled_at, service_ends_at
            ) VALUES (
                :invoice_id, :instance_id, :partner_id, :period, :kind, :days, :name, :band,
                :price_minor, :subscribed_at, :cancelled_at, :service_ends_at
            )
            """,
            [line_columns(line, invoice) for line in lines],
        )
        if any(line.kind is LineKind.MONTH for line in lines):
            await self._mark_billed(invoice)

    async def _mark_billed(self, invoice: Invoice) -> None:
        """Move `billed_until` of the instances on an invoice to the first month they miss."""
        calendar = await self._calendar(invoice.partner_id)
        await regularly.stand_alone(self._transaction, invoice.id)
        periods = await self._transaction.all(
            _PERIODS_SINCE, partner_id=invoice.partner_id, invoice_id=invoice.id
        )
        for period in [row["period"] for row in periods]:
            # Only what is billed up to where this month begins is billed up to its end: over
            # a hole `billed_until` does not move, and the instance stays a candidate. Once the
            # hole is closed it moves over the later months that were billed before.
            await self._transaction.run(
                """
                UPDATE instances SET billed_until = :end
                 WHERE partner_id = :partner_id
                   AND id IN (SELECT instance_id FROM invoice_lines
                               WHERE invoice_id = :invoice_id AND kind = 'month')
                   AND EXISTS (SELECT 1 FROM invoice_lines
                                WHERE partner_id = :partner_id AND instance_id = instances.id
                                  AND period = :period AND kind = 'month' AND void = 0)
                   AND (billed_until = :start
                        OR (subscribed_at >= :start
                            AND (billed_until IS NULL OR billed_until < :start)))
                """,
                partner_id=invoice.partner_id,
                invoice_id=invoice.id,
                period=period,
                start=to_micros(calendar.start(Month.parse(period))),
                end=to_micros(calendar.end(Month.parse(period))),
            )
        await regularly.forget_ended(self._transaction, invoice.partner_id)

    async def _calendar(self, partner_id: str) -> BillingCalendar:
        partner = await Partners(self._transaction).get(partner_id)
        assert partner is not None, "an invoice has a partner"
        return terms.present(self._programmes, partner).calendar

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
        """The monthly ones that are due, oldest first: what stops and deletes."""
        due = await self.open_of(partner_id)
        return [invoice for invoice in due if invoice.kind is InvoiceKind.MONTHLY]

    async def open_of(self, partner_id: str) -> list[Invoice]:
        """All that are due, of every kind, oldest first."""
        rows = await self._transaction.all(
            """
            SELECT * FROM invoices WHERE partner_id = :partner_id AND state = 'due'
             ORDER BY issued_at, number
            """,
            partner_id=partner_id,
        )
        return [read_invoice(row) for row in rows]

    async def all_unpaid(self) -> list[Invoice]:
        """The monthly ones of all partners, by the earliest stop."""
        rows = await self._transaction.all(
            """
            SELECT * FROM invoices WHERE state = 'due' AND kind = 'monthly'
             ORDER BY stop_at, number
            """
        )
        return [read_invoice(row) for row in rows]

    async def correcting(self, number: str) -> Invoice | None:
        """The credit note that voids the invoice of that number."""
        row = await self._transaction.one(
            "SELECT * FROM invoices WHERE corrects = :number", number=number
        )
        return None if row is None else read_invoice(row)

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
        await regularly.stand_alone(self._transaction, invoice.id)
        freed = await self._transaction.all(
            """
            UPDATE invoice_lines SET void = 1 WHERE invoice_id = :id AND void = 0
            RETURNING period, kind
            """,
            id=invoice.id,
        )
        for period in {row["period"] for row in freed if row["kind"] == LineKind.MONTH}:
            await self._transaction.run(
                """
                UPDATE instances
                   SET billed_until = CASE WHEN subscribed_at < :start
                                           THEN CAST(:start AS BIGINT) END
                 WHERE id IN (SELECT instance_id FROM invoice_lines
                               WHERE invoice_id = :invoice_id AND period = :period
                                 AND kind = 'month')
                   AND billed_until > :start
                """,
                invoice_id=invoice.id,
                period=period,
                start=to_micros(calendar.start(Month.parse(period))),
            )
        await regularly.mind_lines(self._transaction, invoice.id)


# The months that the instances on an invoice have lines of, from its first one on.
_PERIODS_SINCE = """
SELECT DISTINCT period FROM invoice_lines
 WHERE partner_id = :partner_id AND void = 0 AND kind = 'month'
   AND instance_id IN (SELECT instance_id FROM invoice_lines
                        WHERE invoice_id = :invoice_id AND kind = 'month')
   AND period >= (SELECT MIN(period) FROM invoice_lines
                   WHERE invoice_id = :invoice_id AND kind = 'month')
 ORDER BY period
"""
