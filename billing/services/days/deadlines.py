"""
What is planned for a day invoice: the reminder, and the day on which it lapses.

Rules: "Days", 2; "What the bot says unasked".
"""

from __future__ import annotations

from billing.days.notices import of_day_invoice
from billing.invoices import Invoice, InvoiceState
from billing.notices import NoticeKind
from billing.partners import Partner
from billing.services import finding, telling
from billing.services.days import funds
from billing.services.ports import Due, Work


async def plan(work: Work, partner: Partner, invoice: Invoice) -> None:
    """Plan what follows from a day invoice that is due, or move it."""
    if invoice.state is not InvoiceState.DUE:
        return
    key = lapse_key(invoice)
    await work.due.plan(Due(key, "day_lapse", invoice.id, partner.id, invoice.delete_at))
    if not funds.has_days(work, partner):
        return
    calendar = finding.programme_of(work, partner).calendar
    terms = funds.terms_of(work, partner)
    notice = of_day_invoice(invoice, terms, partner.zone, calendar)
    # One whose payment was reversed is told so; its reminder would only repeat that.
    if notice.at > work.now:
        await telling.plan_notice(work, partner.id, notice)


async def forget(work: Work, invoice: Invoice) -> None:
    """A day invoice is owed no more: nothing is said of it, and it does not lapse."""
    await work.due.drop(lapse_key(invoice))
    await telling.drop_notices(work, [(NoticeKind.DAY_INVOICE_UNPAID, invoice.id)])


def lapse_key(invoice: Invoice) -> str:
    """The key of the lapse; one whose payment was reversed has another day."""
    return f"day_lapse:{invoice.id}:{invoice.last_on}"
