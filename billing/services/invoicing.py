"""
The monthly invoice: previewed at any moment, drawn up when its month closes.

Both ask the same question of the same function, so that a preview is what the close would
draw up now. Rules: "The postpaid calendar".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing import invoices, ledger, partners
from billing.calendar import BillingCalendar, Month, local_date
from billing.invoices import Draft, Invoice, InvoiceState, Line
from billing.money import Money, zero
from billing.notices import deletion_subject, of_invoice
from billing.partners import Partner, Right
from billing.programmes import Programme
from billing.services import finding, telling
from billing.services.access import requires
from billing.services.people import Actor
from billing.services.ports import Due, Payment, Work


@dataclass(frozen=True, slots=True)
class Preview:
    """The invoice that is coming, as of now; `draft` None when it would have no line."""

    partner: Partner
    month: Month
    draft: Draft | None
    invoiced_on: date
    due_on: date
    credit: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """One invoice with all that belongs to it."""

    invoice: Invoice
    partner: Partner
    lines: list[Line]
    payments: list[Payment]
    zone: str


@dataclass(frozen=True, slots=True)
class DryRow:
    """What the close would draw up for one partner, beside the month before."""

    partner: Partner
    lines: int
    total: Money
    before: Money


@requires(Right.VIEW)
async def preview(work: Work, actor: Actor) -> Preview:
    """Say what the close of this month would draw up if it closed now."""
    partner = await finding.own_partner(work, actor)
    programme = finding.programme_of(work, partner)
    calendar = programme.calendar
    month = calendar.month_of(work.now)
    return Preview(
        partner=partner,
        month=month,
        draft=await draft(work, partner, month),
        invoiced_on=local_date(calendar.end(month), programme.zone),
        due_on=calendar.due_date(month),
        credit=await credit_of(work, partner),
    )


@requires(Right.VIEW)
async def own_invoices(work: Work, actor: Actor) -> list[Invoice]:
    """Return the partner's invoices, newest first."""
    return await work.invoices.of_partner(finding.own_partner_id(actor))


@requires(Right.VIEW)
async def own_invoice(work: Work, actor: Actor, number: str) -> Statement:
    """
    Return one of the partner's invoices.

    :raises NotFound: there is none, or it is another partner's.
    """
    invoice = await finding.the_invoice(work, number, partner_id=finding.own_partner_id(actor))
    return await _statement(work, invoice)


@requires(Right.SERVE)
async def any_invoice(work: Work, actor: Actor, number: str) -> Statement:
    """
    Return any invoice, for staff.

    :raises NotFound:
    """
    del actor
    return await _statement(work, await finding.the_invoice(work, number))


@requires(Right.BOOK)
async def dry_run(work: Work, actor: Actor, month: Month) -> list[DryRow]:
    """Say what the close of `month` would draw up for every partner; changes nothing."""
    del actor
    rows = []
    for partner in await work.partners.all():
        drawn = await draft(work, partner, month)
        before = await work.invoices.of_period(partner.id, month.plus(-1))
        if drawn is None and before is None:
            continue
        rows.append(
            DryRow(
                partner=partner,
                lines=len(drawn.lines) if drawn else 0,
                total=drawn.total if drawn else zero(partner.currency),
                before=before.total if before else zero(partner.currency),
            )
        )
    return rows


async def draft(work: Work, partner: Partner, month: Month) -> Draft | None:
    """
    Draw up what is not billed yet, up to and with `month`; None when there is no line.

    What the platform has not confirmed yet waits: it may refuse, and nothing is owed then.
    """
    programme = finding.programme_of(work, partner)
    if not programme.postpaid:
        return None
    agreements = await work.partners.agreements(partner.id)
    billed = await work.instances.billed_months(partner.id)
    unconfirmed = await work.calls.subscribing(partner.id)

    def price(band: int, period: Month) -> Money:
        return partners.price(programme, agreements, band=band, month=period)

    end = programme.calendar.end(month)
    found = await work.instances.unbilled(partner.id, end=end)
    return invoices.draw_up(
        (instance for instance in found if instance.id not in unconfirmed),
        month=month,
        programme=programme,
        billed=lambda instance_id: billed.get(instance_id, frozenset()),
        price=price,
        credit=await credit_of(work, partner),
    )


async def credit_of(work: Work, partner: Partner) -> Money:
    """Return what the partner has paid too much; never negative."""
    return -await work.ledger.balance(ledger.credit(partner.id), partner.currency)


async def plan_close(work: Work, partner: Partner, month: Month) -> None:
    """Plan the close of a month for one partner: each by itself, so that none stops the rest."""
    calendar = finding.programme_of(work, partner).calendar
    subject = f"{partner.id}:{month}"
    await work.due.plan(Due(f"close:{subject}", "close", subject, partner.id, calendar.end(month)))


async def close(work: Work, actor: Actor, partner_id: str, month: Month) -> Invoice | None:
    """
    Close a month for one partner; a month that has its invoice is left as it is.

    Returns None when there is no line: no invoice then.
    """
    partner = await work.partners.lock(partner_id)
    await plan_close(work, partner, month.plus(1))
    if await work.invoices.of_period(partner.id, month) is not None:
        return None
    drawn = await draft(work, partner, month)
    if drawn is None:
        return None
    programme = finding.programme_of(work, partner)
    invoice = await _issue(work, actor, partner, programme, drawn)
    await plan_dates(work, partner, invoice)
    return invoice


async def _issue(
    work: Work, actor: Actor, partner: Partner, programme: Programme, drawn: Draft
) -> Invoice:
    year = local_date(work.now, programme.zone).year
    number = await work.invoices.next_number(programme.id, programme.invoice_prefix, year)
    invoice = invoices.issue(
        drawn,
        invoice_id=work.ids.opaque(),
        number=number,
        partner_id=partner.id,
        programme=programme,
        at=work.now,
    )
    await work.invoices.add(invoice, drawn.lines)
    issued = ledger.invoice_issued(partner.id, number, drawn.total)
    await work.ledger.post(issued, actor=actor, at=work.now)
    if drawn.credit:
        used = ledger.credit_used(partner.id, number, drawn.credit)
        await work.ledger.post(used, actor=actor, at=work.now)
    await work.audit.record(
        actor,
        "invoice",
        at=work.now,
        kind="invoice",
        object_id=number,
        partner_id=partner.id,
        after=invoice.state,
        amount=drawn.total,
    )
    return invoice


async def plan_dates(work: Work, partner: Partner, invoice: Invoice) -> None:
    """Plan the stop, the deletion and the reminders of an invoice, or move them."""
    calendar = finding.programme_of(work, partner).calendar
    told = of_invoice(invoice, partner.zone, calendar)
    if invoice.state is not InvoiceState.DUE:
        # Paid by credit at once: it is told, and nothing else is owed.
        await telling.plan_notice(work, partner.id, told[0])
        return
    for step in _steps(invoice, calendar):
        await work.due.plan(step)
    for notice in told:
        await telling.plan_notice(work, partner.id, notice)


async def forget_dates(
    work: Work, partner: Partner, invoice: Invoice, *, instead: Invoice | None = None
) -> None:
    """
    Drop the stop, the deletion and the reminders of an invoice, also those not sent yet.

    With `instead` only those that the invoice has no more as it is then.
    """
    calendar = finding.programme_of(work, partner).calendar
    for step in _steps(invoice, calendar):
        await work.due.drop(step.key)
    then = [] if instead is None else of_invoice(instead, partner.zone, calendar)
    same = {notice.key for notice in then}
    for notice in of_invoice(invoice, partner.zone, calendar):
        if notice.key not in same:
            await telling.drop_notices(work, [notice.kind], [notice.subject])
            await work.messages.take_back(telling.notice_key(notice.kind, notice.subject) + ":")


def _steps(invoice: Invoice, calendar: BillingCalendar) -> tuple[Due, Due]:
    # Named by their days: a hold makes both anew, even where the stop was carried out.
    stop, delete = f"stop:{invoice.id}:{invoice.last_on}", deletion_subject(invoice, calendar)
    return (
        Due(stop, "stop", invoice.id, invoice.partner_id, invoice.stop_at),
        Due(f"delete:{delete}", "delete", invoice.id, invoice.partner_id, invoice.delete_at),
    )


async def _statement(work: Work, invoice: Invoice) -> Statement:
    partner = await finding.the_partner(work, invoice.partner_id)
    return Statement(
        invoice=invoice,
        partner=partner,
        lines=await work.invoices.lines(invoice.id),
        payments=await work.invoices.payments(invoice.id),
        zone=finding.programme_of(work, partner).zone,
    )
