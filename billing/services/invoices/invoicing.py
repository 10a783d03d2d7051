"""
The monthly invoice: previewed at any moment, drawn up when its month closes.

Both ask the same question of the same function, so that a preview is what the close would
draw up now. Rules: "The postpaid calendar".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing import invoices, ledger
from billing.calendar import Month, local_date
from billing.invoices import Draft, Invoice, Line
from billing.money import Money, zero
from billing.partners import Partner, Right
from billing.programmes import Programme
from billing.services import finding
from billing.services.access import requires
from billing.services.days import arrears, crediting
from billing.services.invoices import drafting, invoice_dates
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
        drawn = await _in_bulk(work, partner, month)
        before = await work.invoices.of_period(partner.id, month.plus(-1))
        if drawn is None and before is None:
            continue
        rows.append(
            DryRow(
                partner=partner,
                lines=drawn.count if drawn else 0,
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
    found = await drafting.basis(work, partner, month)
    return found.draw_up(month) if found else None


async def _in_bulk(work: Work, partner: Partner, month: Month) -> Draft | None:
    """The same, with most lines only counted: for the close, whatever its size."""
    found = await drafting.basis(work, partner, month, in_bulk=True)
    return found.draw_up(month) if found else None


async def credit_of(work: Work, partner: Partner) -> Money:
    """Return what the partner has paid too much; never negative."""
    return await credit_in(work, partner, partner.currency)


async def credit_in(work: Work, partner: Partner, currency: str) -> Money:
    """Return what the partner has paid too much in a currency, perhaps one of earlier terms."""
    return await drafting.credit_in(work, partner, currency)


async def plan_close(work: Work, partner: Partner, month: Month) -> None:
    """
    Plan the close of a month for one partner: each by itself, so that none stops the rest.

    Planned again, it is moved; a close that was carried out is not planned anew.
    """
    calendar = finding.programme_of(work, partner).calendar
    key, subject = close_key(partner, month), f"{partner.id}:{month}"
    await work.due.plan(Due(key, "close", subject, partner.id, calendar.end(month)))


def close_key(partner: Partner, month: Month) -> str:
    """The key of the close of a month of a partner."""
    return f"close:{partner.id}:{month}"


async def close(work: Work, actor: Actor, partner_id: str, month: Month) -> Invoice | None:
    """
    Close a month for one partner; a month that has its invoice is left as it is.

    Returns None when there is no line: no invoice then.
    """
    partner = await work.partners.lock(partner_id)
    await plan_close(work, partner, month.plus(1))
    await arrears.post(work, actor, partner, month)
    if await work.invoices.of_period(partner.id, month) is not None:
        return None
    drawn = await _in_bulk(work, partner, month)
    if drawn is None:
        return None
    programme = finding.programme_in(work, partner, month)
    invoice = await _issue(work, actor, partner, programme, drawn)
    await invoice_dates.plan_first(work, partner, invoice)
    return invoice


async def draw_up_anew(work: Work, actor: Actor, partner: Partner, month: Month) -> Invoice | None:
    """Issue what takes the place of a month's void invoice; None when there is no line."""
    drawn = await draft(work, partner, month)
    if drawn is None:
        return None
    programme = finding.programme_in(work, partner, month)
    invoice = await _issue(work, actor, partner, programme, drawn, anew=True)
    await invoice_dates.plan_first(work, partner, invoice)
    return invoice


async def _issue(
    work: Work,
    actor: Actor,
    partner: Partner,
    programme: Programme,
    drawn: Draft,
    *,
    anew: bool = False,
) -> Invoice:
    year = local_date(work.now, programme.zone).year
    number = await work.invoices.next_number(programme.id, programme.invoice_prefix, year)
    invoice = invoices.issue(
        drawn,
        # Told from others by its number too; and so the rows of a close lie side by side.
        invoice_id=number,
        number=number,
        partner_id=partner.id,
        programme=programme,
        at=work.now,
        anew=anew,
    )
    await work.invoices.add(invoice, drawn.lines, drawn.regular)
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
    # One that credit covers whole is paid, and so are its days.
    await crediting.credit(work, actor, invoice)
    return invoice


async def _statement(work: Work, invoice: Invoice) -> Statement:
    partner = await finding.the_partner(work, invoice.partner_id)
    return Statement(
        invoice=invoice,
        partner=partner,
        lines=await work.invoices.lines(invoice.id),
        payments=await work.payments.of_invoice(invoice.id),
        zone=finding.programme_in(work, partner, invoice.period).zone,
    )
