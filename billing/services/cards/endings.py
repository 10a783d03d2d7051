"""What ends with a thing that is paid for no more: its subscription, and sessions that wait."""

from __future__ import annotations

from billing.cards import RUNNING
from billing.instances import Instance
from billing.invoices import Invoice
from billing.services.cards import promising
from billing.services.ports import Work


async def instance_gone(work: Work, instance: Instance) -> None:
    """Nothing is charged for it any more; what was paid is not given back."""
    for subscription in await work.card_subscriptions.living(instance.id):
        if subscription.state in RUNNING:
            await promising.end(work, subscription)
        else:
            await withdraw(work, subscription.id)


async def invoice_settled(work: Work, invoice: Invoice) -> None:
    """It is owed no more, or less: nobody pays in a session what it was before."""
    await withdraw(work, invoice.id)


async def withdraw(work: Work, subject: str) -> None:
    """Let nobody pay any more for a subscription, or an invoice, in the sessions that wait."""
    for session in await work.card_sessions.of_subject(subject):
        await promising.withdraw(work, session)
