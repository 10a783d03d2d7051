"""
The staff's cards of requests for days, with their clocks; edited as things go on.

Kinds: `day_request` (one card per request), `staff_day_request_soon` and
`staff_day_request_over` (said anew, to be heard, when little time is left and when it is over).
All have the facts {id, partner, days, channels, total, state, standing, requested_at,
promised_by, claimed_by, claimed_at, number}: `claimed_by` is a name or None, `number` the
invoice's once it is there. Buttons while it waits: claim or hand_over, prepare_invoice, partner;
actions `day_claim`, `day_hand_over`, `day_prepare` {request} (the last one once).
"""

from __future__ import annotations

from billing.days.requests import DayRequest, RequestState
from billing.services import finding, telling
from billing.services.days import asked_cards
from billing.services.messages import Button, Urgency
from billing.services.ports import Work

SOON = "staff_day_request_soon"
OVER = "staff_day_request_over"


async def show(work: Work, request: DayRequest) -> None:
    """Show a request to the staff as it stands; that of a standing order wakes nobody."""
    await telling.tell_staff(
        work,
        "day_request",
        await told(work, request),
        key=f"day_request:{request.id}",
        partner_id=request.partner_id,
        buttons=buttons_of(request),
        urgency=Urgency.MONEY,
        quiet=request.standing,
    )


async def escalate(work: Work, request: DayRequest, *, over: bool) -> None:
    """Say aloud that a request still waits: little time is left for it, or none."""
    await telling.tell_staff(
        work,
        OVER if over else SOON,
        await told(work, request),
        key=_escalation(request, over=over),
        partner_id=request.partner_id,
        buttons=buttons_of(request),
        urgency=Urgency.MONEY,
        useful_until=None if over else request.promised_by,
        quiet=request.standing,
    )


async def renew(work: Work, request: DayRequest) -> None:
    """Say all cards of a request anew, those that were said; also the one of who asked for it."""
    await asked_cards.renew(work, request)
    if await _was_said(work, f"day_request:{request.id}"):
        await show(work, request)
    for over in (False, True):
        if await _was_said(work, _escalation(request, over=over)):
            await escalate(work, request, over=over)


def _escalation(request: DayRequest, *, over: bool) -> str:
    return f"day_request_{'over' if over else 'soon'}:{request.id}"


async def _was_said(work: Work, key: str) -> bool:
    for chat_id in await work.people.groups():
        if await work.messages.get(f"{key}:{chat_id}") is not None:
            return True
    return False


async def told(work: Work, request: DayRequest) -> dict[str, object]:
    """Return what a card says of it."""
    partner = await finding.the_partner(work, request.partner_id)
    claimer = await work.people.person(request.claimed_by) if request.claimed_by else None
    invoice = await work.invoices.by_id(request.invoice_id) if request.invoice_id else None
    return {
        "id": request.id,
        "partner": partner.name,
        "days": request.days,
        "channels": request.channels,
        "total": request.total,
        "state": request.state,
        "standing": request.standing,
        "requested_at": request.requested_at,
        "promised_by": request.promised_by,
        "claimed_by": claimer.name if claimer else None,
        "claimed_at": request.claimed_at,
        "number": invoice.number if invoice else None,
    }


def buttons_of(request: DayRequest) -> list[list[Button]]:
    """Return what staff can do with it now."""
    look = [Button("partner", "partner", {"partner": request.partner_id})]
    if request.state is not RequestState.WAITING:
        return [look]
    args = {"request": request.id}
    if request.claimed_by is None:
        first = Button("claim", "day_claim", args)
    else:
        first = Button("hand_over", "day_hand_over", args)
    return [[first, Button("prepare_invoice", "day_prepare", args, once=True)], look]
