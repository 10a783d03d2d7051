"""
What staff are told unasked about partners: overdue invoices, deletions to come, people not reached.

The cards are said anew as things go on, so that none offers what is over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from billing.calendar import local_date
from billing.invoices import Invoice, InvoiceState
from billing.partners import Partner
from billing.services import dunning, finding, telling
from billing.services.messages import Button, Urgency
from billing.services.ports import Work

# So many hold buttons fit under one card.
ON_A_CARD = 20


def invoice_facts(invoice: Invoice, partner: Partner, work: Work) -> dict[str, object]:
    """Return what every message about an invoice may need."""
    zone = finding.programme_of(work, partner).zone
    return {
        "number": invoice.number,
        "period": invoice.period,
        "total": invoice.total,
        "owed": invoice.owed,
        "due_on": invoice.due_on,
        "last_on": invoice.last_on,
        "delete_on": local_date(invoice.delete_at, zone),
        "delete_at": invoice.delete_at,
        "zone": zone,
    }


def deletion_day(work: Work, invoice: Invoice, partner: Partner) -> date:
    """Return the day on which the invoice would lead to the deletion."""
    return local_date(invoice.delete_at, finding.programme_of(work, partner).zone)


async def threatened(work: Work, partner: Partner) -> bool:
    """Whether there is anything to delete, and it was stopped, as it has to be before."""
    return partner.stopped_at is not None and bool(await dunning.doomed(work, partner))


async def tell_overdue(work: Work, invoice: Invoice, partner: Partner) -> None:
    """Show staff an overdue invoice, or that it was paid in the meantime."""
    owed = invoice.state is InvoiceState.DUE
    number = {"number": invoice.number}
    to_do = [Button("mark_paid", "paid", number), Button("hold", "hold", number)]
    look = [Button("partner", "partner", {"partner": partner.id})]
    await telling.tell_staff(
        work,
        "staff_overdue",
        {
            "partner": partner.name,
            **invoice_facts(invoice, partner, work),
            "held_until": invoice.held_until,
        },
        key=f"staff:overdue:{invoice.id}",
        buttons=[to_do, look] if owed else [look],
        useful_until=invoice.delete_at,
    )


async def tell_deletions(work: Work, day: date) -> None:
    """Show staff whose instances are deleted on that day, each with its hold button."""
    found = []
    for invoice in await work.invoices.all_unpaid():
        partner = await finding.the_partner(work, invoice.partner_id)
        if deletion_day(work, invoice, partner) == day and await threatened(work, partner):
            found.append((invoice, partner))
    cards = [found[at : at + ON_A_CARD] for at in range(0, len(found), ON_A_CARD)] or [[]]
    for place, shown in enumerate(cards, start=1):
        rows = [
            {"partner": partner.name, **invoice_facts(invoice, partner, work)}
            for invoice, partner in shown
        ]
        await telling.tell_staff(
            work,
            "staff_deletions",
            {"day": day, "invoices": rows},
            key=f"staff:deletions:{day}:{place}",
            buttons=[[Button("hold_number", "hold", {"number": row["number"]})] for row in rows],
            urgency=Urgency.MONEY,
            useful_until=shown[0][0].delete_at if shown else None,
        )


async def renew(work: Work, before: Invoice, after: Invoice, partner: Partner) -> None:
    """Say the cards that show an invoice anew, now that it was paid or is held."""
    for chat_id in await work.people.groups():
        if await work.messages.get(f"staff:overdue:{before.id}:{chat_id}") is not None:
            await tell_overdue(work, after, partner)
        day = deletion_day(work, before, partner)
        if await work.messages.get(f"staff:deletions:{day}:1:{chat_id}") is not None:
            await tell_deletions(work, day)


async def unreachable(work: Work, chat_id: int, message_key: str, why: str) -> None:
    """
    A message can never arrive: staff hear of it, once per message that had to be said.

    Noted for the person, too, until the bot hears from it again.
    """
    member = await work.people.member(chat_id)
    if member is None or not message_key.startswith("notice:"):
        return
    partner = await finding.the_partner(work, member.partner_id)
    person = await work.people.person(chat_id)
    if person is not None and person.blocked_at is None:
        await work.people.save_person(replace(person, blocked_at=work.now), at=work.now)
    await telling.tell_staff(
        work,
        "staff_unreachable",
        {
            "partner": partner.name,
            "person": person.name if person else str(chat_id),
            "why": why,
            "notice": message_key.split(":")[1],
        },
        key=f"unreachable:{message_key}",
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
        urgency=Urgency.MONEY,
    )
