"""
Saying what is owed when its instant has come, if it still matters.

A notice whose subject has changed in the meantime is dropped in silence; one that takes others
along says them together. Rules: "What the bot says unasked".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from billing.instances import Instance, State
from billing.invoices import Invoice, InvoiceState
from billing.notices import TAKES_ALONG, NoticeKind, awake
from billing.partners import Partner
from billing.services import finding, telling, together
from billing.services.cards import notifying as card_notices
from billing.services.days import warnings
from billing.services.instances import service_ends, trials
from billing.services.invoices import alerting, dunning, invoice_dates
from billing.services.messages import Button, Urgency
from billing.services.platforms import links
from billing.services.ports import Due, Work

Say = Callable[[Work, Due, NoticeKind, Partner], Awaitable[None]]


async def say(work: Work, due: Due) -> None:
    """Say one notice, or drop it if it is stale or no longer matters."""
    assert due.partner_id is not None
    kind = NoticeKind(due.kind.removeprefix("notice:"))
    partner = await finding.the_partner(work, due.partner_id)
    if kind is NoticeKind.INVOICE_OVERDUE:
        await _tell_staff_overdue(work, due, partner)
    if due.useful_until is not None and due.useful_until <= work.now:
        return
    await SAYS[kind](work, due, kind, partner)


async def wait_for_the_morning(work: Work, due: Due) -> bool:
    """Put a notice off that comes late, in the partner's night; False if it may be said now."""
    assert due.partner_id is not None
    partner = await finding.the_partner(work, due.partner_id)
    morning = awake(work.now, partner.night)
    if morning == work.now:
        return False
    await work.due.plan(replace(due, at=morning))
    return True


async def _trial(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Say that trials end, or have ended: those of the next hours together."""
    wanted = State.STOPPED if kind is NoticeKind.TRIAL_ENDED else State.TRIAL
    first = await work.instances.get(partner.id, due.subject)
    if first is None or first.state is not wanted:
        return
    living = finding.by_name([first, *await _taken_along(work, due, kind, first)])
    await trials.tell(work, partner, kind, due.subject, living, useful_until=due.useful_until)


async def _taken_along(work: Work, due: Due, kind: NoticeKind, first: Instance) -> list[Instance]:
    """Claim and return the trials that end soon after the first: this notice says them as well."""
    span = TAKES_ALONG.get(kind, timedelta(0))

    async def standing(row: Due) -> Instance | None:
        instance = await work.instances.get(first.partner_id, row.subject)
        return instance if instance is not None and instance.state is first.state else None

    waiting = await together.of_use(work, due, max(_end(first) + span, work.now), standing)
    come = [instance for row, instance in waiting if row.at <= work.now]
    return await together.claim(work, waiting, min(map(_end, [first, *come])) + span, _end)


def _end(instance: Instance) -> datetime:
    assert instance.trial_ends_at is not None
    return instance.trial_ends_at


async def _invoice(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Remind of an invoice that is still due; the first word of it is said also when paid."""
    invoice = await _the_invoice(work, due)
    if invoice.state is InvoiceState.VOID:
        return
    if invoice.state is not InvoiceState.DUE and kind is not NoticeKind.INVOICE_ISSUED:
        return
    if kind is NoticeKind.INVOICE_ISSUED and invoice.state is InvoiceState.DUE:
        await invoice_dates.plan_reminders(work, partner, invoice)
    if kind in STILL and not await STILL[kind](work, partner):
        return
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        {
            **alerting.invoice_facts(invoice, partner, work),
            "lines": await work.invoices.count_lines(invoice.id),
            "days": invoice.days,
        },
        key=telling.notice_key(kind, due.subject),
        roles=telling.PAYERS,
        buttons=[
            [Button("pay", "pay", {"number": invoice.number})],
            [_paper(invoice), *_show_invoice(invoice)],
        ],
        urgency=Urgency.MONEY,
        quiet_zone=partner.night,
        useful_until=due.useful_until,
    )
    if kind is NoticeKind.DELETION_TOMORROW:
        await telling.nobody_hears(
            work, partner, kind, due.subject, invoice.delete_at, roles=telling.PAYERS
        )
        await alerting.tell_deletion(work, invoice, partner)


async def _tell_staff_overdue(work: Work, due: Due, partner: Partner) -> None:
    """For staff it matters as long as nothing is paid, however stale it is for the partner."""
    invoice = await _the_invoice(work, due)
    if invoice.state is InvoiceState.DUE:
        await alerting.tell_overdue(work, invoice, partner)


async def _the_invoice(work: Work, due: Due) -> Invoice:
    invoice = await work.invoices.by_id(due.subject.partition(":")[0])
    assert invoice is not None, "an invoice is never deleted"
    return invoice


async def _can_be_stopped(work: Work, partner: Partner) -> bool:
    """Whether anything runs that an unpaid invoice would stop."""
    return bool(await dunning.stoppable(work, partner))


# What a warning is about has to be there still.
STILL: dict[NoticeKind, Callable[[Work, Partner], Awaitable[bool]]] = {
    NoticeKind.STOP_SOON: _can_be_stopped,
    NoticeKind.LAST_DAY: _can_be_stopped,
    NoticeKind.DELETION_TOMORROW: alerting.threatened,
}


def _paper(invoice: Invoice) -> Button:
    return Button("pdf", "invoice_file", {"number": invoice.number, "what": "invoice_pdf"})


def _show_invoice(invoice: Invoice) -> list[Button]:
    return [Button("invoice", "invoice", {"number": invoice.number})]


async def _stopped(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    if partner.stopped_at is not None:
        await _tell_everybody(work, due, kind, partner)


async def _deleted(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    invoice = await _tell_everybody(work, due, kind, partner)
    await alerting.tell_deleted(work, invoice, partner)


async def _tell_everybody(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> Invoice:
    """A stop and a deletion are never kept from anyone."""
    invoice = await _the_invoice(work, due)
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        alerting.invoice_facts(invoice, partner, work),
        key=telling.notice_key(kind, due.subject),
        roles=telling.EVERYBODY,
        buttons=[[Button("pay", "pay", {"number": invoice.number})], _show_invoice(invoice)],
        urgency=Urgency.MONEY,
        quiet_zone=partner.night,
    )
    return invoice


SAYS: dict[NoticeKind, Say] = {
    NoticeKind.TRIAL_24H: _trial,
    NoticeKind.TRIAL_3H: _trial,
    NoticeKind.TRIAL_ENDED: _trial,
    NoticeKind.INVOICE_ISSUED: _invoice,
    NoticeKind.INVOICE_DUE_SOON: _invoice,
    NoticeKind.INVOICE_DUE: _invoice,
    NoticeKind.INVOICE_OVERDUE: _invoice,
    NoticeKind.STOP_SOON: _invoice,
    NoticeKind.LAST_DAY: _invoice,
    NoticeKind.STOPPED: _stopped,
    NoticeKind.DELETION_TOMORROW: _invoice,
    NoticeKind.DELETED: _deleted,
    NoticeKind.SERVICE_ENDS_SOON: service_ends.tell,
    NoticeKind.SERVICE_ENDED: service_ends.tell,
    NoticeKind.DAYS_3D: warnings.few_left,
    NoticeKind.DAYS_1D: warnings.few_left,
    NoticeKind.DAYS_OUT: warnings.few_left,
    NoticeKind.DAYS_DELETION_7D: warnings.deletion,
    NoticeKind.DAYS_DELETION_1D: warnings.deletion,
    NoticeKind.DAYS_DELETED: warnings.deleted,
    NoticeKind.TRIAL_DELETED: warnings.deleted,
    NoticeKind.SERVICE_DELETED: warnings.deleted,
    NoticeKind.LOW_BALANCE: warnings.low_balance,
    NoticeKind.DAY_INVOICE_UNPAID: warnings.day_invoice_unpaid,
    NoticeKind.CARD_RENEWAL: card_notices.say,
    NoticeKind.CARD_FAILED: card_notices.say,
    NoticeKind.CARD_ENDED: card_notices.say,
    NoticeKind.LINK_DOWN: links.tell,
}
