"""
A second person: what staff book, give or pay back above a limit waits for a colleague.

Rules: "Above 5 000.00 staff bookings, credits and refunds want a second person".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from billing.money import Money
from billing.partners import Partner
from billing.refusals import Refusal
from billing.services import finding, telling
from billing.services.messages import Button, Urgency
from billing.services.payments import reversing
from billing.services.people import Actor
from billing.services.ports import Approval, ApprovalState, Work

A_DAY = timedelta(days=1)


class ApprovalChanged(Refusal):
    """What it would do is no longer what was shown; nothing was done."""

    code = "approval_changed"


class SecondPersonNeeded(Refusal):
    """Who asked for it cannot confirm it. Facts: `person`."""

    code = "second_person_needed"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What would be done; `terms` stand for it in a form that changes when it does."""

    terms: str
    facts: dict[str, Any]


def wanted(work: Work, partner: Partner, amount: Money) -> bool:
    """Whether so much wants a second person."""
    return amount.minor > finding.programme_of(work, partner).second_person_above_minor


async def wanted_to_give(work: Work, partner: Partner, amount: Money, *, by: int | None) -> bool:
    """Whether so much does, with what the same person alone gave the partner within a day."""
    already = await work.audit.given(
        partner.id, user_id=by or 0, currency=amount.currency, since=work.now - A_DAY
    )
    return wanted(work, partner, already + amount)


async def ask(
    work: Work, actor: Actor, kind: str, partner: Partner, amount: Money, args: dict[str, Any]
) -> Approval:
    """
    Let something wait for a second person, and show it to all; the same waits once.

    It keeps what it would do now: if that is otherwise when it is confirmed, it is shown anew.
    """
    approval = Approval(
        id=work.ids.opaque(),
        kind=kind,
        args=args,
        terms=(await look_ahead(work, kind, args)).terms,
        partner_id=partner.id,
        amount=amount,
        asked_by=actor.user_id or 0,
        asked_at=work.now,
    )
    waits = await work.approvals.ask(approval)
    if waits is None:
        await work.audit.record(
            actor,
            "second_person",
            at=work.now,
            kind="approval",
            object_id=approval.id,
            partner_id=partner.id,
            after=kind,
            amount=amount,
        )
    await show(work, waits or approval)
    return waits or approval


async def look_ahead(work: Work, kind: str, args: dict[str, Any]) -> Ahead:
    """Return what something that waits would do as of now, as far as that can change."""
    if "number" not in args:
        return Ahead("", {})
    invoice = await finding.the_invoice(work, args["number"])
    stands = {"owed": invoice.owed, "invoice": invoice.state}
    terms = f"{invoice.state} {invoice.owed.minor}"
    if kind != "unpaid":
        return Ahead(terms, stands)
    partner = await finding.the_partner(work, invoice.partner_id)
    try:
        planned, _ = await reversing.plan(work, partner, invoice, args["reference"])
    except Refusal as gone:
        return Ahead(f"{terms} {gone.code}", {**stands, "reversal": None})
    would = {**reversing.told(planned), "reason": args["reason"]}
    return Ahead(f"{terms} {reversing.terms(planned)}", {**stands, "reversal": would})


async def show(work: Work, approval: Approval) -> None:
    """Show staff what waits, or who decided what; the same card goes on."""
    facts = await told(work, approval)
    args = {"approval": approval.id, "terms": facts["terms"]}
    buttons = [[Button("confirm", "approval_confirm", args)]]
    buttons[0].append(Button("decline", "approval_drop", {"approval": approval.id}))
    await telling.tell_staff(
        work,
        "approval",
        facts,
        key=f"approval:{approval.id}",
        partner_id=approval.partner_id,
        buttons=buttons if approval.state is ApprovalState.WAITING else [],
        urgency=Urgency.MONEY,
    )


async def told(work: Work, approval: Approval) -> dict[str, Any]:
    """
    Return what a card says of it: what, how much, who asked and who decided.

    While it waits: what it would do now, and whether that `changed` since it was asked for.
    """
    partner = await finding.the_partner(work, approval.partner_id)
    facts = {
        "id": approval.id,
        "kind": approval.kind,
        "state": approval.state,
        "partner": partner.name,
        "total": approval.amount,
        "asked_by": await _name(work, approval.asked_by),
        "since": approval.asked_at,
        "decided_by": await _name(work, approval.decided_by),
    }
    ahead = Ahead(approval.terms, {})
    if approval.state is ApprovalState.WAITING:
        ahead = await look_ahead(work, approval.kind, approval.args)
    facts |= {"terms": ahead.terms, "changed": ahead.terms != approval.terms, **ahead.facts}
    about = ("number", "reference", "reason", "days", "received_on")
    return facts | {name: approval.args.get(name) for name in about}


async def _name(work: Work, user_id: int | None) -> str:
    person = await work.people.person(user_id) if user_id else None
    return person.name if person else str(user_id or "")
