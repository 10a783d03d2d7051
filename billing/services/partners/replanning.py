"""
What waits to be said to a partner, at other hours: its zone or its quiet hours have changed.

Rules: "What the bot says unasked".
"""

from __future__ import annotations

from billing.instances import State
from billing.notices import of_cancellation
from billing.partners import Partner
from billing.services import telling
from billing.services.days import life
from billing.services.instances import trials
from billing.services.invoices import invoice_dates
from billing.services.ports import Work


async def notices(work: Work, partner: Partner) -> None:
    """Plan anew all that is to be said to the partner as it is now."""
    for invoice in await work.invoices.unpaid(partner.id):
        await invoice_dates.plan_dates(work, partner, invoice)
    for instance in await work.instances.of_partner(partner.id, [State.TRIAL]):
        await trials.plan(work, instance)
    for instance in await work.instances.of_partner(partner.id, [State.ACTIVE]):
        if instance.active_until is not None:
            await life.plan(work, partner, instance)
    for instance in await work.instances.of_partner(partner.id, [State.CANCELLED, State.OVERDUE]):
        for notice in of_cancellation(instance, partner.night)[:-1]:
            await telling.plan_notice(work, partner.id, notice)
