"""
How far instances are billed (`billed_until`), one by one, after an invoice was added or is void.

Those whose lines one statement writes are marked by it (`regular.py`).
"""

from billing.calendar import BillingCalendar, Month
from billing.invoices import Invoice, LineKind
from storage.engine.instants import to_micros
from storage.engine.transaction import Transaction
from storage.invoices import following


async def mark_billed(
    transaction: Transaction, invoice: Invoice, calendar: BillingCalendar
) -> None:
    """Move `billed_until` of the instances on an invoice to the first month they miss."""
    await following.stand_alone(transaction, invoice.id)
    periods = await transaction.all(
        _PERIODS_SINCE, partner_id=invoice.partner_id, invoice_id=invoice.id
    )
    for period in [row["period"] for row in periods]:
        # Only what is billed up to where this month begins is billed up to its end: over
        # a hole `billed_until` does not move, and the instance stays a candidate. Once the
        # hole is closed it moves over the later months that were billed before.
        await transaction.run(
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
    await following.forget_ended(transaction, invoice.partner_id)


async def free_months(
    transaction: Transaction, invoice: Invoice, calendar: BillingCalendar
) -> None:
    """The months of a void invoice can be billed again."""
    await following.stand_alone(transaction, invoice.id)
    freed = await transaction.all(
        """
        UPDATE invoice_lines SET void = 1 WHERE invoice_id = :id AND void = 0
        RETURNING period, kind
        """,
        id=invoice.id,
    )
    for period in {row["period"] for row in freed if row["kind"] == LineKind.MONTH}:
        await transaction.run(
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
    await following.mind_lines(transaction, invoice.id)


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
