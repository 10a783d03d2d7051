"""
The card of a request for days, as whoever asked for them sees it; edited as things go on.

Kind `day_asked` {id, days, channels, total, state, requested_at, promised_by, claimed_by, number}:
`claimed_by` is a name or None, `number` the invoice's once it is there. Nobody asked for what a
standing order wants: the day invoice alone tells of it. Rules: "Days", 2.
"""

from __future__ import annotations

from billing.days.requests import DayRequest, RequestState
from billing.services.messages import Button, Message, Urgency
from billing.services.ports import Work


async def show(work: Work, request: DayRequest) -> None:
    """Show a request to the person who asked for it, as it stands."""
    asker = request.requested_by
    assert asker is not None, "a standing order asks for nobody"
    claimer = await work.people.person(request.claimed_by) if request.claimed_by else None
    invoice = await work.invoices.by_id(request.invoice_id) if request.invoice_id else None
    number = invoice.number if invoice else None
    message = Message(
        key=_key(request),
        chat_id=asker,
        kind="day_asked",
        facts={
            "id": request.id,
            "days": request.days,
            "channels": request.channels,
            "total": request.total,
            "state": request.state,
            "requested_at": request.requested_at,
            "promised_by": request.promised_by,
            "claimed_by": claimer.name if claimer else None,
            "number": number,
        },
        buttons=[_buttons(request, number)],
        urgency=Urgency.MONEY,
        reader=asker,
    )
    await work.messages.say(message, at=work.now)


async def renew(work: Work, request: DayRequest) -> None:
    """Say the card anew, if it was said."""
    if request.requested_by is not None and await work.messages.get(_key(request)) is not None:
        await show(work, request)


def _key(request: DayRequest) -> str:
    return f"day_asked:{request.id}"


def _buttons(request: DayRequest, number: str | None) -> list[Button]:
    match request.state:
        case RequestState.WAITING:
            withdraw = Button("withdraw", "withdraw", {"request": request.id}, once=True)
            return [withdraw, Button("days", "days")]
        case RequestState.INVOICED:
            of = {"number": number}
            return [Button("pay", "pay", of), Button("invoice", "invoice", of)]
        case RequestState.CREDITED:
            return [Button("extend", "extend"), Button("days", "days")]
        case _:
            return [Button("buy", "buy"), Button("days", "days")]
