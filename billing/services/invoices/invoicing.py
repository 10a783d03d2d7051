"""
The monthly invoice: previewed at any moment, drawn up when its month closes.

Both ask the same question of the same function, so that a preview is what the close would
draw up now. Rules: "The postpaid calendar".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from billing.calendar import Month, local_date
from billing.invoices import Draft, Invoice, Line
from billing.money import Money, zero
from billing.partners import Partner, Right
from billing.services import finding
from billing.services.access import requires
from billing.services.days import arrears
from billing.services.invoices import drafting, issuing
from billing.services.invoices.issuing import Drawn
from billing.services.people import Actor
from billing.services.ports import Due, Payment, Work

# So many partners are asked for by one statement.
AT_ONCE = 64


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
    partners = await work.partners.all()
    drafts: dict[str, Draft] = {}
    for first in range(0, len(partners), AT_ONCE):
        drafts |= await _drafts_in_bulk(work, partners[first : first + AT_ONCE], month)
    for partner in partners:
        drawn = drafts.get(partner.id)
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


async def credit_of(work: Work, partner: Partner) -> Money:
    """Return what the partner has paid too much; never negative."""
    return await credit_in(work, partner, partner.currency)


async def credit_in(work: Work, partner: Partner, currency: str) -> Money:
    """Return what the partner has paid too much in a currency, perhaps one of earlier terms."""
    return await drafting.credit_in(work, partner, currency)


async def old_credit_of(work: Work, partner: Partner) -> list[Money]:
    """Return what the partner has paid too much in other currencies, those of earlier terms."""
    earlier = {work.programmes.get(past.programme, past.version).currency for past in partner.past}
    found = [
        await credit_in(work, partner, currency)
        for currency in sorted(earlier - {partner.currency})
    ]
    return [credit for credit in found if credit]


async def _drafts_in_bulk(
    work: Work, partners: Sequence[Partner], month: Month
) -> dict[str, Draft]:
    """Return the same of those who have lines, by partner, with most of the lines only counted."""
    found = {}
    for partner_id, its in (await drafting.bases_in_bulk(work, partners, month)).items():
        drawn = its.draw_up(month)
        if drawn is not None:
            found[partner_id] = drawn
    return found


async def plan_close(work: Work, partner: Partner, month: Month) -> None:
    """
    Plan the close of a month for one partner: each by itself, so that none stops the rest.

    Planned again, it is moved; a close that was carried out is not planned anew.
    """
    await work.due.plan(_close_due(work, partner, month))


def _close_due(work: Work, partner: Partner, month: Month) -> Due:
    calendar = finding.programme_of(work, partner).calendar
    key, subject = close_key(partner, month), f"{partner.id}:{month}"
    return Due(key, "close", subject, partner.id, calendar.end(month))


def close_key(partner: Partner, month: Month) -> str:
    """The key of the close of a month of a partner."""
    return f"close:{partner.id}:{month}"


async def close(work: Work, actor: Actor, partner_id: str, month: Month) -> Invoice | None:
    """
    Close a month for one partner; a month that has its invoice is left as it is.

    Returns None when there is no line: no invoice then.
    """
    for invoice in await close_all(work, {partner_id: actor}, month):
        return invoice
    return None


async def close_all(work: Work, actors: Mapping[str, Actor], month: Month) -> list[Invoice]:
    """
    Close a month for partners, each by its actor; return the invoices that come of it.

    Many at a time cost less than each alone. Whose month has its invoice, or no line, gets none.
    """
    partners = await work.partners.lock_all([*actors])
    await work.due.plan_all([_close_due(work, partner, month.plus(1)) for partner in partners])
    for partner in partners:
        await arrears.post(work, actors[partner.id], partner, month)
    done = await work.invoices.billed_in([*actors], month)
    left = [partner for partner in partners if partner.id not in done]
    drafts = await _drafts_in_bulk(work, left, month)
    drawn = [
        Drawn(
            drafts[partner.id],
            partner,
            finding.programme_in(work, partner, month),
            actors[partner.id],
        )
        for partner in left
        if partner.id in drafts
    ]
    return await issuing.issue(work, drawn)


async def draw_up_anew(work: Work, actor: Actor, partner: Partner, month: Month) -> Invoice | None:
    """Issue what takes the place of a month's void invoice; None when there is no line."""
    drawn = await draft(work, partner, month)
    if drawn is None:
        return None
    programme = finding.programme_in(work, partner, month)
    (invoice,) = await issuing.issue(work, [Drawn(drawn, partner, programme, actor, anew=True)])
    return invoice


async def paper(work: Work, number: str) -> Statement:
    """
    Return an invoice as it goes on a document; who may have it was asked before.

    :raises NotFound:
    """
    return await _statement(work, await finding.the_invoice(work, number))


async def _statement(work: Work, invoice: Invoice) -> Statement:
    partner = await finding.the_partner(work, invoice.partner_id)
    return Statement(
        invoice=invoice,
        partner=partner,
        lines=await work.invoices.lines(invoice.id),
        payments=await work.payments.of_invoice(invoice.id),
        zone=finding.programme_in(work, partner, invoice.period).zone,
    )
