"""
What staff are told unasked about partners' invoices: overdue ones, deletions to come.

The cards are said anew as things go on, so that none offers what is over. Rules: "What the bot
says unasked", staff's cards.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from billing.calendar import local_date
from billing.invoices import Invoice, InvoiceState
from billing.partners import Partner
from billing.services import finding, telling
from billing.services.invoices import dunning
from billing.services.messages import Button, Urgency
from billing.services.ports import Work

# So many hold buttons fit under one card, and so many rows into it.
ON_A_CARD = 20
# What the audit calls that which changed how an invoice stands.
PAYMENTS = frozenset({"paid", "credit_used"})
HOLDS = frozenset({"hold"})
VOIDS = frozenset({"void"})

Rows = dict[str, dict[str, Any]]


def invoice_facts(invoice: Invoice, partner: Partner, work: Work) -> dict[str, object]:
    """Return what every message about an invoice may need; `delete_on` is a day of `zone`."""
    zone = finding.programme_in(work, partner, invoice.period).zone
    return {
        "number": invoice.number,
        "period": invoice.period,
        "total": invoice.total,
        "owed": invoice.owed,
        "due_on": invoice.due_on,
        "last_on": invoice.last_on,
        "held_until": invoice.held_until,
        "delete_on": local_date(invoice.delete_at, zone),
        "delete_at": invoice.delete_at,
        "zone": zone,
    }


def deletion_day(work: Work, invoice: Invoice, partner: Partner) -> date:
    """Return the day, of the programme's zone, on which the invoice would lead to the deletion."""
    return local_date(invoice.delete_at, finding.programme_in(work, partner, invoice.period).zone)


async def threatened(work: Work, partner: Partner) -> bool:
    """Whether there is anything to delete, and it was stopped, as it has to be before."""
    return partner.stopped_at is not None and bool(await dunning.doomed(work, partner))


async def tell_overdue(work: Work, invoice: Invoice, partner: Partner) -> None:
    """Show staff an overdue invoice as it stands: due, held or paid; again, the card is edited."""
    number = {"number": invoice.number}
    to_do = [Button("mark_paid", "paid", number), Button("hold", "hold", number)]
    look = [Button("partner", "partner", {"partner": partner.id})]
    await telling.tell_staff(
        work,
        "staff_overdue",
        await _standing(work, invoice, partner),
        key=f"staff:overdue:{invoice.id}",
        partner_id=partner.id,
        buttons=[to_do, look] if invoice.state is InvoiceState.DUE else [look],
        useful_until=invoice.delete_at,
    )


async def tell_deletion(work: Work, invoice: Invoice, partner: Partner) -> None:
    """
    Put an invoice on the list of the day on which it leads to a deletion.

    A list grows as partners join it; what is too long for a card goes on in the next one.
    """
    day = deletion_day(work, invoice, partner)
    cards = await _lists(work, day)
    open_ones = (
        place for place, rows in enumerate(cards) if invoice.number in rows or len(rows) < ON_A_CARD
    )
    place = next(open_ones, len(cards))
    rows = cards[place] if place < len(cards) else {}
    await _tell_list(work, day, place, rows, invoice, partner)


async def renew(work: Work, before: Invoice, after: Invoice, partner: Partner) -> None:
    """Say the cards that show an invoice anew, now that it was paid or is held."""
    if await _shown(work, f"staff:overdue:{after.id}") is not None:
        await tell_overdue(work, after, partner)
    await _renew_lists(work, deletion_day(work, before, partner), after, partner)


async def tell_deleted(work: Work, invoice: Invoice, partner: Partner) -> None:
    """Show on the list of its day that the deletion has happened."""
    await _renew_lists(work, deletion_day(work, invoice, partner), invoice, partner)


async def _renew_lists(work: Work, day: date, invoice: Invoice, partner: Partner) -> None:
    for place, rows in enumerate(await _lists(work, day)):
        if invoice.number in rows:
            await _tell_list(work, day, place, rows, invoice, partner)


async def _lists(work: Work, day: date) -> list[Rows]:
    """Return the rows by number, of each card of the list of that day."""
    cards: list[Rows] = []
    while (facts := await _shown(work, f"staff:deletions:{day}:{len(cards)}")) is not None:
        cards.append({row["number"]: row for row in facts["invoices"]})
    return cards


async def _shown(work: Work, key: str) -> dict[str, Any] | None:
    """Return the facts of a card of the staff's, or None if no group was shown it."""
    for chat_id in await work.people.groups():
        card = await work.messages.get(f"{key}:{chat_id}")
        if card is not None:
            return dict(card.facts)
    return None


async def _tell_list(
    work: Work, day: date, place: int, rows: Rows, invoice: Invoice, partner: Partner
) -> None:
    row = await _standing(work, invoice, partner)
    if row["state"] == "held" and deletion_day(work, invoice, partner) == day:
        # It was held before, and its time is over now.
        row["state"] = "due"
    gone = await _shown(work, f"staff:deleted:{invoice.id}")
    row["deleted"] = 0 if gone is None else gone["count"]
    rows = {**rows, invoice.number: row}
    await telling.tell_staff(
        work,
        "staff_deletions",
        {"day": day, "invoices": list(rows.values())},
        key=f"staff:deletions:{day}:{place}",
        buttons=[
            [Button("hold_number", "hold", {"number": number})]
            for number, row in rows.items()
            if row["state"] == "due" and not row["deleted"]
        ],
        urgency=Urgency.MONEY,
        useful_until=max(row["delete_at"] for row in rows.values()),
    )


async def _standing(work: Work, invoice: Invoice, partner: Partner) -> dict[str, Any]:
    """Return the facts of an invoice: due, held until when, paid or void, and by whom."""
    state, acts = "due", HOLDS
    if invoice.state is InvoiceState.VOID:
        state, acts = "void", VOIDS
    elif invoice.state is InvoiceState.PAID:
        state, acts = "paid", PAYMENTS
    elif invoice.held_until is not None:
        state = "held"
    done = [row for row in await work.audit.about(invoice.number, limit=20) if row.action in acts]
    return {
        "partner": partner.name,
        **invoice_facts(invoice, partner, work),
        "state": state,
        "by": done[0].actor.partition(" ")[2] if done else "",
    }
