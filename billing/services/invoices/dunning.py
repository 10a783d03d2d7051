"""
What an unpaid invoice leads to: the stop, the deletion; and running again once it is paid.

Both are decided again at their instant, in one transaction with what they do: a payment that
came before them wins. Rules: "The postpaid calendar", "The earliest stop…".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from billing import delays, instances, subscriptions
from billing.calendar import local_date
from billing.instances import Instance, State
from billing.invoices import Invoice, InvoiceState
from billing.notices import NoticeKind, awake, deletion_subject
from billing.partners import Partner
from billing.programmes import Settlement
from billing.services import finding, recording, telling
from billing.services.days import ending, funds, life
from billing.services.instances import platform, service_ends, trials
from billing.services.invoices import invoice_dates
from billing.services.messages import Button, Urgency
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Due, Work


async def stop(work: Work, actor: Actor, due: Due) -> None:
    """
    Stop a partner's postpaid instances if the invoice is unpaid and its last day is over.

    One that is stopped already stays as it is, and is told nothing.
    """
    partner, invoice = await _under_lock(work, due)
    if invoice.state is not InvoiceState.DUE or invoice.stop_at > work.now:
        return
    if partner.stopped_at is not None:
        return
    partner = replace(partner, stopped_at=work.now)
    await _save(work, actor, "stop", partner)
    running = await stoppable(work, partner)
    for instance in running:
        stopped = subscriptions.stop_unpaid(instance, at=work.now)
        await recording.change(work, actor, "stop", instance, stopped)
        await platform.promise(work, Operation.STOP, stopped)
    if running:
        # One that is held and stopped again is told of it again.
        subject = f"{invoice.id}:{invoice.last_on}"
        await telling.announce(work, partner.id, partner.night, NoticeKind.STOPPED, subject)
    may_at = await _may_delete_at(work, partner, invoice)
    if may_at > invoice.delete_at:
        await _put_off(work, actor, partner, invoice, may_at)


async def delete(work: Work, actor: Actor, due: Due) -> None:
    """
    Delete a partner's postpaid instances, trials too, if the invoice is unpaid and all was said.

    Where the stop or the last warning came late, the deletion is put off instead.
    """
    partner, invoice = await _under_lock(work, due)
    if invoice.state is not InvoiceState.DUE or invoice.delete_at > work.now:
        return
    living = await doomed(work, partner)
    if not living:
        return
    may_at = await _may_delete_at(work, partner, invoice)
    if may_at > work.now:
        await _put_off(work, actor, partner, invoice, may_at)
        return
    for instance in living:
        deleted = instances.delete(instance, at=work.now)
        await recording.change(work, actor, "delete", instance, deleted)
        await life.leave(work, actor, instance)
        await trials.forget(work, instance)
        await service_ends.forget(work, instance)
        await work.due.drop(f"ended_delete:{instance.id}")
        await platform.promise(work, Operation.DELETE, deleted)
    await _tell_deleted(work, partner, invoice, living)


async def stoppable(work: Work, partner: Partner) -> list[Instance]:
    """Return what the stop takes: what is subscribed and runs. Trials end by their own clock."""
    return await _postpaid(work, partner, State.ACTIVE, State.CANCELLED)


async def doomed(work: Work, partner: Partner) -> list[Instance]:
    """Return what the deletion takes: all that is not paid for in another way."""
    living = await work.instances.of_partner(partner.id)
    billed = await _billed(work, partner, living)
    return [instance for instance in billed if instance.state is not State.CREATING]


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
    await _save(work, actor, "restore", replace(partner, stopped_at=None))
    await _take_back_the_stop(work, partner)
    restored = []
    for instance in await work.instances.of_partner(partner.id, [State.OVERDUE]):
        running = subscriptions.restore(instance, at=work.now)
        if running.state is State.ENDED:
            await service_ends.end(work, actor, instance)
            continue
        await recording.change(work, actor, "restore", instance, running)
        if running.state is State.STOPPED:
            await ending.has_run_out(work, actor, partner, running)
            continue
        await life.plan(work, partner, running)
        await platform.promise(work, Operation.RESTART, running)
        restored.append(running)
    return restored


async def _take_back_the_stop(work: Work, partner: Partner) -> None:
    """Whoever has not heard of the stop by now need not hear of it any more."""
    kind = NoticeKind.STOPPED
    tomorrow = work.now + timedelta(days=1)
    for row in await work.due.waiting(f"notice:{kind}", partner_id=partner.id, until=tomorrow):
        await work.due.drop(row.key)
    for invoice in await work.invoices.of_partner(partner.id):
        await telling.unsay(work, kind, invoice.id)


async def warned_at(work: Work, invoice: Invoice) -> datetime | None:
    """
    Return when Telegram took the last warning, or staff were told that it cannot arrive.

    None while neither is so: then nothing is deleted.
    """
    partner = await finding.the_partner(work, invoice.partner_id)
    subject = deletion_subject(
        invoice, finding.programme_in(work, partner, invoice.period).calendar
    )
    return await telling.arrived_at(work, NoticeKind.DELETION_TOMORROW, subject)


async def _under_lock(work: Work, due: Due) -> tuple[Partner, Invoice]:
    """Return the partner, locked, and the invoice as no payment changes it meanwhile."""
    assert due.partner_id is not None
    partner = await work.partners.lock(due.partner_id)
    invoice = await work.invoices.by_id(due.subject)
    assert invoice is not None, "an invoice is never deleted"
    return partner, invoice


async def _save(work: Work, actor: Actor, action: str, partner: Partner) -> None:
    await work.partners.save(partner)
    await recording.of_partner(
        work,
        actor,
        action,
        partner.id,
        after="running" if partner.stopped_at is None else "stopped",
    )


async def _may_delete_at(work: Work, partner: Partner, invoice: Invoice) -> datetime:
    calendar = finding.programme_in(work, partner, invoice.period).calendar
    earliest = delays.earliest_deletion(
        invoice,
        stopped_at=partner.stopped_at,
        warned_at=await warned_at(work, invoice),
        now=work.now,
        calendar=calendar,
    )
    receipts = await work.receipts.waiting_of(partner.id)
    held = [delays.held_by_proof(receipt.sent_at, calendar) for receipt in receipts[:1]]
    return max([earliest, *held])


async def _put_off(
    work: Work, actor: Actor, partner: Partner, invoice: Invoice, to: datetime
) -> None:
    """Delete later, and warn of the new day: on the day before it at the latest."""
    calendar = finding.programme_in(work, partner, invoice.period).calendar
    # Whoever sleeps now hears of it in the morning.
    heard_on = local_date(awake(work.now, partner.night), calendar.zone)
    later = replace(invoice, delete_at=max(to, calendar.morning(heard_on + timedelta(days=1))))
    await invoice_dates.change(work, partner, invoice, later)
    await recording.of_invoice(
        work,
        actor,
        "deletion_put_off",
        invoice,
        before=str(local_date(invoice.delete_at, calendar.zone)),
        after=str(local_date(later.delete_at, calendar.zone)),
    )


async def _tell_deleted(
    work: Work, partner: Partner, invoice: Invoice, deleted: list[Instance]
) -> None:
    await telling.announce(work, partner.id, partner.night, NoticeKind.DELETED, invoice.id)
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
        partner_id=partner.id,
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
        urgency=Urgency.MONEY,
    )


async def _postpaid(work: Work, partner: Partner, *states: State) -> list[Instance]:
    return await _billed(work, partner, await work.instances.of_partner(partner.id, states))


async def _billed(work: Work, partner: Partner, found: Iterable[Instance]) -> list[Instance]:
    """Return what monthly invoices pay for: where they bill used days, what runs on days too."""
    billed = {Settlement.POSTPAID}
    if await _used_days_are_owed(work, partner):
        billed.add(Settlement.DAYS)
    return [instance for instance in found if instance.settlement in billed]


async def _used_days_are_owed(work: Work, partner: Partner) -> bool:
    """Whether the partner is in arrears, or has not paid for the days of when it was."""
    if funds.in_arrears(work, partner):
        return True
    # Only a move leaves arrears with something unpaid.
    return bool(partner.past) and any(
        invoice.days for invoice in await work.invoices.unpaid(partner.id)
    )
