"""Drafts become invoices: numbered, booked, recorded, and their dates planned; one or many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billing import invoices, ledger
from billing.calendar import local_date
from billing.invoices import Draft, Invoice
from billing.ledger import Entry
from billing.partners import Partner
from billing.programmes import Programme
from billing.services.days import crediting
from billing.services.invoices import invoice_dates
from billing.services.people import Actor
from billing.services.ports import Deed, Work


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draft, whose it is, under which terms, and by whom; `anew` in the place of a void one."""

    draft: Draft
    partner: Partner
    programme: Programme
    actor: Actor
    anew: bool = False


async def issue(work: Work, drawn: Sequence[Drawn]) -> list[Invoice]:
    """
    Issue an invoice of each draft, of different partners, in their order.

    What credit covers whole is paid, and so are its days.
    """
    numbers = await _numbers(work, drawn)
    issued = [(one, _issued(work, one, number)) for one, number in zip(drawn, numbers, strict=True)]
    await work.invoices.add_all([(invoice, one.draft) for one, invoice in issued])
    await work.ledger.post_all([*_entries(issued)], at=work.now)
    await work.audit.record_all([_deed(one, invoice) for one, invoice in issued], at=work.now)
    for one, invoice in issued:
        await crediting.credit(work, one.actor, invoice)
    await invoice_dates.plan_first(work, [(one.partner, invoice) for one, invoice in issued])
    return [invoice for _, invoice in issued]


async def _numbers(work: Work, drawn: Sequence[Drawn]) -> list[str]:
    series = [
        (it.programme.id, it.programme.invoice_prefix, local_date(work.now, it.programme.zone).year)
        for it in drawn
    ]
    taken = {
        (name, prefix, year): iter(
            await work.invoices.next_numbers(name, prefix, year, count=count)
        )
        for (name, prefix, year), count in Counter(series).items()
    }
    return [next(taken[one]) for one in series]


def _issued(work: Work, one: Drawn, number: str) -> Invoice:
    return invoices.issue(
        one.draft,
        # Told from others by its number too; and so the rows of a close lie side by side.
        invoice_id=number,
        number=number,
        partner_id=one.partner.id,
        programme=one.programme,
        at=work.now,
        anew=one.anew,
    )


def _entries(issued: Sequence[tuple[Drawn, Invoice]]) -> Iterator[tuple[Entry, Actor]]:
    for one, invoice in issued:
        draft = one.draft
        yield ledger.invoice_issued(one.partner.id, invoice.number, draft.total), one.actor
        if draft.credit:
            yield ledger.credit_used(one.partner.id, invoice.number, draft.credit), one.actor


def _deed(one: Drawn, invoice: Invoice) -> Deed:
    return Deed(
        one.actor,
        "invoice",
        kind="invoice",
        object_id=invoice.number,
        partner_id=one.partner.id,
        after=invoice.state,
        amount=one.draft.total,
    )
