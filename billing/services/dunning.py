"""
What an unpaid invoice leads to: the stop, the deletion; and running again once it is paid.

Both are decided again at their instant, in one transaction with what they do: a payment that
came before them wins. Rules: "The postpaid calendar", "The earliest stop…".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from billing import instances, invoices
from billing.calendar import local_date
from billing.instances import Instance, State
from billing.invoices import Invoice, InvoiceState
from billing.notices import NoticeKind
from billing.partners import Partner
from billing.programmes import Settlement
from billing.services import finding, platform, recording, subscriptions, telling
from billing.services.messages import Button, Urgency
from billing.services.people import Actor
from billing.services.platform import Operation
from billing.services.ports import Due, Work


async def stop(work: Work, actor: Actor, due: Due) -> None:
    """Stop a partner's postpaid instances if the invoice is unpaid and its last day is over."""
    invoice = await work.invoices.by_id(due.subject)
    if invoice is None or invoice.state is not InvoiceState.DUE or invoice.stop_at > work.now:
        return
    partner = await work.partners.lock(invoice.partner_id)
    if partner.stopped_at is not None:
        return
    partner = replace(partner, stopped_at=work.now)
    await work.partners.save(partner)
    for instance in await _postpaid(work, partner, State.ACTIVE, State.CANCELLED):
        stopped = instances.stop_unpaid(instance, at=work.now)
        await recording.change(work, actor, "stop", instance, stopped)
        await platform.promise(work, Operation.STOP, stopped)
    await work.audit.record(
        actor,
        "stop",
        at=work.now,
        kind="partner",
        object_id=partner.id,
        partner_id=partner.id,
        after="stopped",
    )
    await telling.announce(work, partner.id, partner.zone, NoticeKind.STOPPED, invoice.id)


async def delete(work: Work, actor: Actor, due: Due) -> None:
    """
    Delete a partner's postpaid instances, trials too, if the invoice is unpaid and all was said.

    Where the stop or the last warning came late, the deletion slides instead.
    """
    invoice = await work.invoices.by_id(due.subject)
    if invoice is None or invoice.state is not InvoiceState.DUE:
        return
    partner = await work.partners.lock(invoice.partner_id)
    may_at = await _may_delete_at(work, partner, invoice)
    if may_at > work.now:
        await _slide(work, partner, invoice, may_at)
        return
    living = [
        instance
        for instance in await work.instances.of_partner(partner.id)
        if instance.settlement is Settlement.POSTPAID and instance.state is not State.CREATING
    ]
    for instance in living:
        deleted = instances.delete(instance, at=work.now)
        await recording.change(work, actor, "delete", instance, deleted)
        await subscriptions.forget_trial(work, instance)
        await subscriptions.forget_cancellation(work, instance)
        await work.due.drop(f"ended_delete:{instance.id}")
        await platform.promise(work, Operation.DELETE, deleted)
    if living:
        await _tell_deleted(work, partner, invoice, living)


async def restore_if_settled(work: Work, actor: Actor, partner: Partner) -> list[Instance]:
    """
    Let a stopped partner's instances run again if nothing unpaid has passed its last day.

    Never what staff froze; a cancelled instance only until its service end.
    """
    unpaid = await work.invoices.unpaid(partner.id)
    if any(invoice.stop_at <= work.now for invoice in unpaid):
        return []
    if partner.stopped_at is None or partner.frozen_at is not None:
        return []
    await work.partners.save(replace(partner, stopped_at=None))
    restored = []
    for instance in await _postpaid(work, partner, State.OVERDUE):
        running = instances.restore(instance, at=work.now)
        await recording.change(work, actor, "restore", instance, running)
        if running.state in {State.ACTIVE, State.CANCELLED}:
            await platform.promise(work, Operation.RESTART, running)
            restored.append(running)
    return restored


async def warned_at(work: Work, invoice: Invoice) -> datetime | None:
    """
    Return when Telegram took the last warning, or staff were told that it cannot arrive.

    None while neither is so: then nothing is deleted.
    """
    prefix = telling.notice_key(NoticeKind.DELETION_TOMORROW, _warning_subject(invoice)) + ":"
    warned = await work.messages.accepted_at(prefix)
    if warned is None and await work.messages.refused(prefix):
        return await work.messages.accepted_at(f"unreachable:{prefix}")
    return warned


async def _may_delete_at(work: Work, partner: Partner, invoice: Invoice) -> datetime:
    return invoices.earliest_deletion(
        invoice,
        stopped_at=partner.stopped_at,
        warned_at=await warned_at(work, invoice),
        now=work.now,
        calendar=finding.programme_of(work, partner).calendar,
    )


async def _slide(work: Work, partner: Partner, invoice: Invoice, to: datetime) -> None:
    """Put the deletion off, and see to it that the warning is given before the new day."""
    zone = finding.programme_of(work, partner).zone
    slid = replace(invoice, delete_at=to)
    await work.invoices.save(slid)
    key = f"delete:{invoice.id}:{local_date(to, zone)}"
    await work.due.plan(Due(key, "delete", invoice.id, partner.id, to))
    if await warned_at(work, invoice) is None:
        kind = NoticeKind.DELETION_TOMORROW
        subject = _warning_subject(invoice)
        await work.due.plan(
            Due(
                key=f"{telling.notice_key(kind, subject)}:{local_date(work.now, zone)}",
                kind=f"notice:{kind}",
                subject=subject,
                partner_id=partner.id,
                at=max(work.now, to - timedelta(days=1)),
            )
        )


def _warning_subject(invoice: Invoice) -> str:
    return invoice.id if invoice.held_until is None else f"{invoice.id}:{invoice.held_until}"


async def _tell_deleted(
    work: Work, partner: Partner, invoice: Invoice, deleted: list[Instance]
) -> None:
    await telling.announce(work, partner.id, partner.zone, NoticeKind.DELETED, invoice.id)
    await telling.tell_staff(
        work,
        "staff_deleted",
        {
            "partner": partner.name,
            "number": invoice.number,
            "owed": invoice.owed,
            "count": len(deleted),
        },
        key=f"staff:deleted:{invoice.id}",
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
        urgency=Urgency.MONEY,
    )


async def _postpaid(work: Work, partner: Partner, *states: State) -> list[Instance]:
    found = await work.instances.of_partner(partner.id, states)
    return [instance for instance in found if instance.settlement is Settlement.POSTPAID]
