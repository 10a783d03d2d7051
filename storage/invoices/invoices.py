"""Invoices and their lines."""

from collections.abc import Collection, Sequence
from datetime import datetime

from billing import terms
from billing.calendar import BillingCalendar, Month
from billing.catalogue import Programmes
from billing.invoices import Draft, Invoice, InvoiceKind, InvoiceState, Line, LineKind
from storage.engine.instants import to_micros
from storage.engine.rows import RowMissing, filled, listed, must_touch, there
from storage.engine.transaction import Transaction
from storage.folding import fold
from storage.invoices import billed_months, regular
from storage.invoices.invoice_rows import invoice_columns, line_columns, read_invoice, read_line
from storage.partners.partners import Partners

LISTED_AT_MOST = 24


class Invoices:
    """The invoices, within one transaction; the programmes say when their months begin."""

    def __init__(self, transaction: Transaction, programmes: Programmes) -> None:
        self._transaction = transaction
        self._programmes = programmes

    async def next_number(self, programme: str, prefix: str, year: int) -> str:
        """Take the next number of the series: `INT-2026-00001`."""
        (number,) = await self.next_numbers(programme, prefix, year, count=1)
        return number

    async def next_numbers(
        self, programme: str, prefix: str, year: int, *, count: int
    ) -> list[str]:
        """Take so many that follow one another, by one statement."""
        # Counted by the statement that takes them, in the transaction of the invoices: two never
        # get the same, and one that is rolled back leaves no gap.
        row = await self._transaction.one(
            """
            INSERT INTO number_series (programme, year, last) VALUES (:programme, :year, :count)
            ON CONFLICT (programme, year) DO UPDATE SET last = number_series.last + :count
            RETURNING last
            """,
            programme=programme,
            year=year,
            count=count,
        )
        last = there(row, f"number series of {programme}, {year}")["last"]
        return [f"{prefix}-{year}-{number:05d}" for number in range(last - count + 1, last + 1)]

    async def add(self, invoice: Invoice, lines: Sequence[Line]) -> None:
        """
        Add an invoice whole, made out to the partner as its company data are.

        The database refuses a second one for the period, and a second line for a month of an
        instance, while the first is not void.
        """
        await self._add_heads([invoice])
        await self._add_lines(invoice, lines)

    async def add_all(self, drawn: Sequence[tuple[Invoice, Draft]]) -> None:
        """
        Add invoices of different partners, each whole.

        The lines that were only counted are written where they lie.

        :raises RowMissing: if there are not as many as were counted.
        """
        await self._add_heads([invoice for invoice, _ in drawn])
        counted = [(it, draft.regular) for it, draft in drawn if draft.regular is not None]
        await regular.add(self._transaction, counted)
        for invoice, draft in drawn:
            await self._add_lines(invoice, draft.lines)

    async def _add_heads(self, invoices: Sequence[Invoice]) -> None:
        added = await self._transaction.many(
            """
            INSERT INTO invoices (
                id, number, kind, partner_id, programme, period, currency, total_minor,
                settled_minor, state, issued_at, due_on, last_on, due_until, stop_at, delete_at,
                held_until, hold_reason, days, channels, corrects,
                billed_name, billed_tax_id, billed_address, billed_email
            )
            SELECT :id, :number, :kind, :partner_id, :programme, :period, :currency,
                   :total_minor, :settled_minor, :state, :issued_at, :due_on, :last_on, :due_until,
                   :stop_at, :delete_at, :held_until, :hold_reason, :days, :channels, :corrects,
                   legal_name, tax_id, address, email
              FROM partners WHERE id = :partner_id
            """,
            [invoice_columns(invoice) for invoice in invoices],
        )
        if added != len(invoices):
            raise RowMissing(f"{len(invoices)} partners to make out invoices to: there are {added}")

    async def _add_lines(self, invoice: Invoice, lines: Sequence[Line]) -> None:
        if not lines:
            return
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
            calendar = await self._calendar(invoice.partner_id)
            await billed_months.mark_billed(self._transaction, invoice, calendar)

    async def billed_in(self, partner_ids: Collection[str], period: Month) -> frozenset[str]:
        """Which of the partners have a monthly invoice of that period that is not void."""
        names, parameters = listed("partner", partner_ids)
        rows = await self._transaction.all(
            filled(
                """
            SELECT partner_id FROM invoices
             WHERE partner_id IN (:partners) AND period = :period
               AND kind = 'monthly' AND state <> 'void'
            """,
                ":partners",
                names,
            ),
            **parameters,
            period=str(period),
        )
        return frozenset(row["partner_id"] for row in rows)

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

    async def count_lines(self, invoice_id: str) -> int:
        """How many lines it has."""
        row = await self._transaction.one(
            "SELECT COUNT(*) AS n FROM invoice_lines WHERE invoice_id = :id", id=invoice_id
        )
        return int(there(row, "a count")["n"])

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

    async def all_open(self) -> list[Invoice]:
        """All that are due, of every kind and partner, oldest first."""
        rows = await self._transaction.all(
            "SELECT * FROM invoices WHERE state = 'due' ORDER BY issued_at, number"
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
            calendar = await self._calendar(invoice.partner_id)
            await billed_months.free_months(self._transaction, invoice, calendar)
