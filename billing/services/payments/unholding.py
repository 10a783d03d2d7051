"""
A hold is taken back: the invoice has the last day again that it had before.

Rules: "Hold".
"""

from __future__ import annotations

from datetime import date

from billing import delays
from billing.invoices import Invoice
from billing.partners import Right
from billing.refusals import AlreadyDone
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.invoices import alerting, invoice_dates, settling
from billing.services.messages import Urgency
from billing.services.people import Actor
from billing.services.ports import Work


@requires(Right.BOOK)
async def take_back(
    work: Work, actor: Actor, number: str, last_on: date, reason: str | None
) -> Invoice:
    """
    Give an invoice the last day back that it had before its hold; the partner hears.

    :param reason: of the hold that was replaced, or None if there was none.
    :raises NotFound, NothingOwed:
    :raises HoldRefused: that day is over.
    :raises AlreadyDone: it is not held.
    """
    partner, invoice = await settling.under_lock(work, number)
    if invoice.held_until is None:
        raise AlreadyDone(action="hold_taken_back", number=invoice.number)
    calendar = finding.programme_in(work, partner, invoice.period).calendar
    before = delays.unheld(invoice, last_on=last_on, reason=reason, at=work.now, calendar=calendar)
    await invoice_dates.change(work, partner, invoice, before)
    await recording.of_invoice(
        work,
        actor,
        "hold_taken_back",
        invoice,
        before=f"{invoice.held_until}: {invoice.hold_reason}",
        after=str(last_on),
    )
    await alerting.renew(work, invoice, before, partner)
    await telling.tell_partner(
        work,
        partner.id,
        "hold_taken_back",
        {"number": before.number, "owed": before.owed, "last_on": last_on},
        key=f"hold_taken_back:{before.id}:{actor.cause}",
        roles=telling.PAYERS,
        urgency=Urgency.MONEY,
    )
    return before
