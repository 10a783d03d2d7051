"""
What staff do with requests for days: claim, hand over, prepare the invoice; agree a limit.

The time that was promised runs day and night; who claimed a request is shown on its card.
Rules: "Days", 2 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from billing.days import quotes
from billing.days.quotes import Funds, LimitRefused
from billing.days.requests import DayRequest, RequestState
from billing.invoices import Invoice
from billing.partners import Partner, Right
from billing.refusals import AlreadyDone
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.days import buying, funds, issuing, staff_cards
from billing.services.messages import Button, Urgency
from billing.services.people import Actor
from billing.services.ports import Due, Work


@dataclass(frozen=True, slots=True)
class Prepared:
    """The invoice of a request."""

    request: DayRequest
    invoice: Invoice
    partner: Partner


@requires(Right.SERVE)
async def waiting(work: Work, actor: Actor) -> list[tuple[DayRequest, Partner]]:
    """Return the requests that wait, the one promised first leading: for the queue."""
    del actor
    return [
        (request, await finding.the_partner(work, request.partner_id))
        for request in await work.days.waiting()
    ]


@requires(Right.SERVE)
async def claim(work: Work, actor: Actor, request_id: str) -> DayRequest:
    """
    See to a request oneself; the others see who does.

    :raises NotFound:
    :raises AlreadyDone: it waits no more (`state`, `number`), or is claimed (`by`, `since`).
    """
    asked = await _locked(work, request_id)
    if asked.claimed_by is not None:
        person = await work.people.person(asked.claimed_by)
        by = person.name if person else str(asked.claimed_by)
        raise AlreadyDone(action="claim", by=by, since=asked.claimed_at)
    claimed = replace(asked, claimed_by=actor.user_id, claimed_at=work.now)
    return await _save(work, actor, "claim", claimed)


@requires(Right.SERVE)
async def hand_over(work: Work, actor: Actor, request_id: str) -> DayRequest:
    """
    Leave a request to whoever claims it next.

    :raises NotFound:
    :raises AlreadyDone: it waits no more, or nobody has claimed it.
    """
    asked = await _locked(work, request_id)
    if asked.claimed_by is None:
        raise AlreadyDone(action="hand_over")
    free = replace(asked, claimed_by=None, claimed_at=None)
    return await _save(work, actor, "hand_over", free)


@requires(Right.BOOK)
async def prepare(work: Work, actor: Actor, request_id: str) -> Prepared:
    """
    Draw up the invoice of a request, and send it to the partner; claimed by others or not.

    :raises NotFound, NoDays:
    :raises AlreadyDone: it waits no more. Facts: `state`, `number`.
    """
    asked = await _locked(work, request_id)
    partner = await finding.the_partner(work, asked.partner_id)
    invoice = await issuing.issue(work, actor, partner, asked)
    await buying.no_clock(work, asked)
    found = await work.days.request(asked.id)
    assert found is not None, "it is never deleted"
    await buying.record(work, actor, "prepare", found, asked.state)
    return Prepared(found, invoice, partner)


@requires(Right.BOOK)
async def set_limit(work: Work, actor: Actor, partner_id: str, limit: int | None) -> Partner:
    """
    Agree that days are paid for after they were used, down to a limit; None: in advance again.

    :raises NotFound, NoDays:
    :raises LimitRefused: `unpaid`: used days are owed for still.
    :raises AlreadyDone: it is so. Facts: `limit`.
    """
    await finding.the_partner(work, partner_id)
    partner = await work.partners.lock(partner_id)
    funds.terms_of(work, partner)
    if partner.day_limit == limit:
        raise AlreadyDone(action="day_limit", limit=limit)
    if limit is None:
        await _check_paid(work, partner)
    else:
        quotes.checked_limit(limit)
    changed = replace(partner, day_limit=limit)
    await work.partners.save(changed)
    await recording.of_partner(
        work, actor, "day_limit", partner.id, before=_word(partner.day_limit), after=_word(limit)
    )
    await _tell_limit(work, actor, changed)
    # More can be allocated now, or less.
    await funds.grown(work, partner.id)
    return changed


async def _tell_limit(work: Work, actor: Actor, partner: Partner) -> None:
    have = await funds.funds_of(work, partner)
    await telling.tell_partner(
        work,
        partner.id,
        "limit_agreed",
        {"limit": partner.day_limit, "balance": have.balance},
        key=f"limit:{partner.id}:{actor.cause}",
        roles=telling.PAYERS | telling.OPERATORS,
        buttons=[[Button("days", "days"), Button("home", "home")]],
        urgency=Urgency.REPLY,
    )


async def _check_paid(work: Work, partner: Partner) -> None:
    have: Funds = await funds.funds_of(work, partner)
    owed = [invoice for invoice in await work.invoices.unpaid(partner.id) if invoice.days]
    if have.balance < 0 or owed:
        raise LimitRefused(why="unpaid", limit=partner.day_limit)


def _word(limit: int | None) -> str:
    return "advance" if limit is None else f"arrears {limit}"


async def soon(work: Work, actor: Actor, due: Due) -> None:
    """Little time is left of what was promised; said after it, it would be stale."""
    del actor
    asked = await work.days.request(due.subject)
    if asked is not None and asked.state is RequestState.WAITING and work.now < asked.promised_by:
        await staff_cards.escalate(work, asked, over=False)


async def over(work: Work, actor: Actor, due: Due) -> None:
    """The time that was promised is over."""
    del actor
    asked = await work.days.request(due.subject)
    if asked is not None and asked.state is RequestState.WAITING:
        await staff_cards.escalate(work, asked, over=True)


async def _locked(work: Work, request_id: str) -> DayRequest:
    """Return a request that waits, as nobody changes it meanwhile."""
    asked = await buying.waiting(work, request_id)
    await work.partners.lock(asked.partner_id)
    return await buying.waiting(work, request_id)


async def _save(work: Work, actor: Actor, action: str, asked: DayRequest) -> DayRequest:
    await work.days.save_request(asked)
    await buying.record(work, actor, action, asked, asked.state)
    await staff_cards.renew(work, asked)
    return asked
