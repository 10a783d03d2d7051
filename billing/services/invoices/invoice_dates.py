"""
When an invoice stops, deletes and is spoken of: rows that are planned, moved and dropped.

Rules: "The postpaid calendar", "What the bot says unasked".
"""

from __future__ import annotations

from collections.abc import Sequence

from billing.calendar import BillingCalendar
from billing.invoices import Invoice, InvoiceKind, InvoiceState
from billing.notices import deletion_subject, first_word, of_invoice
from billing.partners import Partner
from billing.services import finding, telling
from billing.services.days import deadlines
from billing.services.ports import Due, Work


async def change(work: Work, partner: Partner, before: Invoice, after: Invoice) -> None:
    """Save an invoice with other dates; what was planned for the earlier ones moves with them."""
    await forget_dates(work, partner, before, instead=after)
    await work.invoices.save(after)
    await plan_dates(work, partner, after)


async def plan_dates(work: Work, partner: Partner, invoice: Invoice) -> None:
    """
    Plan the stop, the deletion and the reminders of an invoice, or move those that wait.

    What was carried out or said stays so.
    """
    if invoice.kind is InvoiceKind.DAYS:
        await deadlines.plan(work, partner, invoice)
        return
    await plan_first(work, [(partner, invoice)])
    if invoice.state is InvoiceState.DUE:
        await plan_reminders(work, partner, invoice)


async def plan_first(work: Work, issued: Sequence[tuple[Partner, Invoice]]) -> None:
    """
    Plan the stop, the deletion and the first word of monthly invoices.

    Their reminders are planned with that word, which all of them follow: a close of many thousand
    invoices writes what it has to.
    """
    rows: list[Due] = []
    for partner, invoice in issued:
        calendar = finding.programme_in(work, partner, invoice.period).calendar
        # Paid by credit at once: it is told, and nothing else is owed.
        if invoice.state is InvoiceState.DUE:
            rows += _steps(invoice, calendar)
        told = first_word(invoice, partner.night, calendar)
        rows += telling.notices_due(work, partner.id, [told])
    await work.due.plan_all(rows)


async def plan_reminders(work: Work, partner: Partner, invoice: Invoice) -> None:
    """Plan what follows the first word of a monthly invoice that is due."""
    calendar = finding.programme_in(work, partner, invoice.period).calendar
    _, *reminders = of_invoice(invoice, partner.night, calendar)
    await work.due.plan_all(telling.notices_due(work, partner.id, reminders))


async def forget_dates(
    work: Work, partner: Partner, invoice: Invoice, *, instead: Invoice | None = None
) -> None:
    """
    Drop the stop, the deletion and the reminders of an invoice, also those not sent yet.

    With `instead` only those that the invoice has no more as it is then.
    """
    if invoice.kind is InvoiceKind.DAYS:
        await deadlines.forget(work, invoice)
        return
    calendar = finding.programme_in(work, partner, invoice.period).calendar
    await work.due.drop_all([step.key for step in _steps(invoice, calendar)])
    then = [] if instead is None else of_invoice(instead, partner.night, calendar)
    same = {notice.key for notice in then}
    planned = of_invoice(invoice, partner.night, calendar)
    dropped = [(one.kind, one.subject) for one in planned if one.key not in same]
    await telling.drop_notices(work, dropped)


def _steps(invoice: Invoice, calendar: BillingCalendar) -> tuple[Due, Due]:
    # Named by their days: a hold makes both anew, even where the stop was carried out.
    stop, delete = f"stop:{invoice.id}:{invoice.last_on}", deletion_subject(invoice, calendar)
    return (
        Due(stop, "stop", invoice.id, invoice.partner_id, invoice.stop_at),
        Due(f"delete:{delete}", "delete", invoice.id, invoice.partner_id, invoice.delete_at),
    )
