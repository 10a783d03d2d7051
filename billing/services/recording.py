"""Who did what and why, in the audit; and saving an instance with it."""

from __future__ import annotations

from billing.instances import Instance
from billing.invoices import Invoice
from billing.money import Money
from billing.services.people import Actor
from billing.services.ports import Work


async def change(
    work: Work,
    actor: Actor,
    action: str,
    before: Instance,
    after: Instance,
    *,
    outcome: str = "done",
) -> None:
    """Save the instance and its row in the audit: there is no change of state without one."""
    await work.instances.save(after)
    await work.audit.record(
        actor,
        action,
        at=work.now,
        kind="instance",
        object_id=after.id,
        partner_id=after.partner_id,
        before=before.state,
        after=after.state,
        outcome=outcome,
    )


async def of_partner(
    work: Work,
    actor: Actor,
    action: str,
    partner_id: str,
    *,
    before: str = "",
    after: str = "",
    amount: Money | None = None,
) -> None:
    """Write down what was done about a partner as a whole."""
    await work.audit.record(
        actor,
        action,
        at=work.now,
        kind="partner",
        object_id=partner_id,
        partner_id=partner_id,
        before=before,
        after=after,
        amount=amount,
    )


async def of_invoice(
    work: Work,
    actor: Actor,
    action: str,
    invoice: Invoice,
    *,
    before: str = "",
    after: str = "",
    amount: Money | None = None,
) -> None:
    """Write down what was done about an invoice or a credit note, under its number."""
    await work.audit.record(
        actor,
        action,
        at=work.now,
        kind="invoice",
        object_id=invoice.number,
        partner_id=invoice.partner_id,
        before=before,
        after=after,
        amount=amount,
    )
