"""What staff see in their group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from billing.calendar import Month
from billing.instances import Instance
from billing.invoices import InvoiceKind
from billing.money import Money
from billing.partners import Partner, StaffRole
from billing.services.days.overview import DaysCard
from billing.services.desk.overview import PartnerCard
from billing.services.invoices.invoicing import DryRow, Statement
from billing.services.messages import Button
from billing.services.payments.booking import Booked
from billing.services.people import Member, Person
from billing.services.ports import AuditRow
from bot.chat.cards import days
from bot.chat.cards.card import Buttons, Card, named, rows_of
from bot.chat.cards.invoices import row
from bot.chat.cards.partner import event
from bot.chat.cards.terms import move

MOST_BUTTONS = 8
MOST_ROWS = 40


def partner(card: PartnerCard, in_days: DaysCard | None = None, *, finance: bool) -> Card:
    """
    Show staff one partner; booking is offered to whom may book.

    `in_days`: what it has in days, where its terms know them.
    """
    it, token = card.partner, card.token
    return Card(
        "partner",
        {
            "id": it.id,
            "partner": it.name,
            "legal_name": card.company.legal_name,
            "tax_id": card.company.tax_id,
            "programme": card.programme.id,
            "version": card.programme.version,
            "zone": it.zone,
            "since": it.created_at,
            "frozen_at": it.frozen_at,
            "frozen_reason": it.frozen_reason,
            "stopped_at": it.stopped_at,
            "members": [_member(*row) for row in card.members],
            "counts": {state.value: count for state, count in card.counts.items() if count},
            "unpaid": [row(one) for one in card.unpaid],
            "credit": card.credit,
            "old_credit": card.old_credit,
            "tier": card.programme.tier(token.tier).name if token else None,
            "created": token.created if token else 0,
            "allowed": token.allowed if token else None,
            "request": card.programme.tier(card.request.tier).name if card.request else None,
            "move": move(card.move),
            "left_at": it.left_at,
            "days": days.balance(in_days) if in_days is not None else None,
        },
        [*_of_partner(card, finance=finance), *_of_days(in_days, finance=finance)],
    )


def _member(member: Member, person: Person | None) -> dict[str, object]:
    return {
        "user_id": member.user_id,
        "name": person.name if person else "",
        "role": member.role,
        "blocked": person is not None and person.blocked_at is not None,
    }


def _of_partner(card: PartnerCard, *, finance: bool) -> Buttons:
    args = {"partner": card.partner.id}
    buttons: list[list[Button]] = []
    for one in card.unpaid[:3]:
        of = {"number": one.number}
        line = [named(one.number, "staff_invoice", number=one.number)]
        if finance:
            # Nothing stops or is deleted for want of a day invoice: there is nothing to hold.
            other = "hold" if one.kind is InvoiceKind.MONTHLY else "void"
            line += [Button("mark_paid", "paid", of), Button(other, other, of)]
        buttons.append(line)
    freeze = "unfreeze" if card.partner.frozen_at else "freeze"
    buttons.append([Button("audit", "audit", args), Button(freeze, freeze, args)])
    if finance:
        buttons.append([Button("credit", "credit", args)])
        if card.credit or card.old_credit:
            buttons[-1].append(Button("refund", "refund", args))
    if card.partner.left_at is None:
        buttons[-1].append(Button("owner_code", "owner_code", args))
    if card.move is not None:
        buttons.append([Button("take_back", "take_back", args, once=True)])
    if card.request is not None:
        approve = Button("approve", "token_approve", args)
        buttons.append([approve, Button("decline", "token_decline", args)])
    return buttons


def _of_days(shown: DaysCard | None, *, finance: bool) -> Buttons:
    if shown is None or not finance:
        return []
    return [[Button("limit", "limit", {"partner": shown.partner.id})]]


def partner_choice(wanted: str, found: Sequence[Partner], texts: Sequence[str]) -> Card:
    """Ask back which partner is meant; `texts` say the command anew with each one's id."""
    buttons = [
        named(partner.name, "say", text=text) for partner, text in zip(found, texts, strict=True)
    ]
    return Card(
        "partner_choice",
        {"wanted": wanted[:64], "partners": [{"id": it.id, "name": it.name} for it in found]},
        rows_of(buttons[:MOST_BUTTONS], 2),
    )


def person_choice(
    wanted: str, found: Sequence[tuple[Person, StaffRole | None]], role: StaffRole | None
) -> Card:
    """Ask back whom `/staff` is about; each button says it with that person's id."""
    found = found[:MOST_BUTTONS]
    texts = [f"/staff {person.user_id} {role or 'remove'}" for person, _ in found]
    buttons = [
        named(f"{person.name}: {person.user_id}", "say", text=text)
        for (person, _), text in zip(found, texts, strict=True)
    ]
    people = [{"user_id": it.user_id, "name": it.name, "role": has} for it, has in found]
    return Card("person_choice", {"wanted": wanted[:64], "people": people}, rows_of(buttons, 1))


def instance_choice(wanted: str, found: Sequence[tuple[Partner, Instance]], command: str) -> Card:
    """Ask back whose instance is meant; each button says the command with its id."""
    buttons = [
        named(f"{owner.name}: {instance.id}", "say", text=f"/{command} {instance.id}")
        for owner, instance in found
    ]
    return Card(
        "instance_choice",
        {
            "wanted": wanted[:64],
            "instances": [
                {"id": instance.id, "name": instance.name, "partner": owner.name}
                for owner, instance in found
            ],
        },
        rows_of(buttons[:MOST_BUTTONS], 1),
    )


def paid_again(found: Statement, amount: Money, reference: str, on: date | None) -> Card:
    """Ask once before money is booked for an invoice that nothing is owed of."""
    number = found.invoice.number
    args: dict[str, object] = {
        "number": number,
        "minor": amount.minor,
        "currency": amount.currency,
        "reference": reference,
        "on": on.isoformat() if on else None,
    }
    confirm = Button("confirm", "paid_confirm", args, once=True)
    return Card(
        "paid_again",
        {
            "number": number,
            "partner": found.partner.name,
            "amount": amount,
            "reference": reference,
        },
        [[confirm, Button("back", "staff_invoice", {"number": number})]],
    )


def booked(outcome: Booked) -> Card:
    """Confirm a booking; `also` are other invoices that what was too much went to."""
    invoice = outcome.invoice
    buttons: Buttons = [
        [
            named(invoice.number, "staff_invoice", number=invoice.number),
            Button("partner", "partner", {"partner": outcome.partner.id}),
        ]
    ]
    return Card(
        "booked",
        {
            "number": invoice.number,
            "partner": outcome.partner.name,
            "amount": outcome.payment.amount,
            "reference": outcome.payment.reference,
            "owed": invoice.owed,
            "credit": outcome.credit,
            "also": [{"number": other.number, "owed": other.owed} for other in outcome.also],
            "restored": [instance.name for instance in outcome.restored],
        },
        buttons,
        fresh=True,
    )


def staff_list(found: Sequence[tuple[Person, StaffRole]]) -> Card:
    """List colleagues and their roles."""
    return Card(
        "staff_list",
        {
            "staff": [
                {"user_id": person.user_id, "name": person.name, "role": role}
                for person, role in found
            ]
        },
    )


def dryrun(month: Month, rows: Sequence[DryRow], *, when: str = "open") -> Card:
    """
    Show what a close would draw up; `more`: so many partners are not shown.

    `when` is open, closed (it did draw it up) or later (the months before are in it, too).
    """
    return Card(
        "dryrun",
        {
            "month": month,
            "when": when,
            "rows": [
                {
                    "partner": drawn.partner.name,
                    "lines": drawn.lines,
                    "total": drawn.total,
                    "before": drawn.before,
                }
                for drawn in rows[:MOST_ROWS]
            ],
            "more": max(0, len(rows) - MOST_ROWS),
            "totals": _totals(rows),
        },
    )


def _totals(rows: Sequence[DryRow]) -> list[dict[str, object]]:
    sums: dict[str, list[DryRow]] = {}
    for drawn in rows:
        sums.setdefault(drawn.total.currency, []).append(drawn)
    return [
        {
            "total": sum((drawn.total for drawn in found[1:]), found[0].total),
            "before": sum((drawn.before for drawn in found[1:]), found[0].before),
            "partners": len(found),
        }
        for found in sums.values()
    ]


def audit(
    wanted: str | None, rows: Sequence[AuditRow], names: Mapping[str, str], *, zone: str
) -> Card:
    """Show who did what, newest first; `wanted` None: all of it. `names` by id."""
    shown = [{**event(row), "name": names.get(row.object_id)} for row in rows]
    return Card("audit", {"wanted": wanted, "zone": zone, "rows": shown})
