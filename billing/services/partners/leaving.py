"""
A partner ends the partnership: what that means for everything it has, and doing it.

All is cancelled; what is left of its credit shows until it is refunded. Nothing new can be begun
afterwards; reading, paying and the invoices go on. Rules: "Frozen, leaving, stopping everything".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from billing import ledger
from billing.calendar import Month, local_date
from billing.days.requests import RequestState
from billing.instances import Instance, State
from billing.invoices import Line
from billing.money import Money, total
from billing.partners import Partner, Right
from billing.programmes import Settlement
from billing.refusals import AlreadyDone
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.days import auto_extending, buying, funds, standing_orders
from billing.services.instances import outstanding, subscriptions
from billing.services.instances.subscriptions import Quote, TermsChanged
from billing.services.invoices import invoicing
from billing.services.messages import Button, Urgency
from billing.services.operations import Operation
from billing.services.partners import integrator, moving
from billing.services.people import Actor
from billing.services.ports import Work


@dataclass(frozen=True, slots=True)
class Farewell:
    """
    What leaving means now.

    `ending` are those whose end was settled before. `last` is the month of the last invoice, with
    its day; None: nothing is billed any more. `bill` is all that comes, `credit` what there is
    before it, `days` what the day balance is with those that come back.
    """

    partner: Partner
    cancelled: Quote
    deleted: Quote
    ending: tuple[Instance, ...]
    last: Month | None
    invoiced_on: date | None
    bill: Money
    credit: Money
    days: int
    unpaid: Money
    terms: str

    @property
    def left(self) -> Money:
        """The credit that is left once all is billed and paid."""
        owed = self.bill + self.unpaid
        return self.credit - min(self.credit, owed)


@requires(Right.OWN)
async def look(work: Work, actor: Actor) -> Farewell:
    """
    Say what leaving would mean; changes nothing.

    :raises AlreadyDone: the partner has left. Facts: `since`.
    """
    return await _farewell(work, actor, await finding.own_partner(work, actor))


@requires(Right.OWN)
async def leave(work: Work, actor: Actor, *, terms: str, message_key: str) -> Farewell:
    """
    End the partnership as it was shown; everybody who belongs to it hears, and the staff.

    :raises AlreadyDone: the partner has left.
    :raises TermsChanged: what was shown is no longer true; nothing was done.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    shown = await _farewell(work, actor, partner)
    if shown.terms != terms:
        raise TermsChanged(operation="leave")
    for quote in (shown.cancelled, shown.deleted):
        ids = [item.instance.id for item in quote.possible]
        await subscriptions.carry_out(
            work, actor, quote.operation, ids, terms=quote.terms, message_key=message_key
        )
    await _end_what_waits(work, actor, partner)
    gone = replace(await work.partners.lock(partner.id), left_at=work.now)
    await work.partners.save(gone)
    await recording.of_partner(
        work,
        actor,
        "leave",
        partner.id,
        after=f"last invoice: {shown.last or 'none'}",
        amount=shown.bill,
    )
    await _tell(work, actor, shown)
    return shown


async def _farewell(work: Work, actor: Actor, partner: Partner) -> Farewell:
    if partner.left_at is not None:
        raise AlreadyDone(action="leave", since=partner.left_at)
    living = await work.instances.of_partner(partner.id)
    to_cancel = [one.id for one in living if _is_cancelled(one)]
    to_delete = [one.id for one in living if _is_deleted(one)]
    cancelled = await subscriptions.quote(work, actor, Operation.CANCEL, to_cancel)
    deleted = await subscriptions.quote(work, actor, Operation.DELETE, to_delete)
    lines = await _to_bill(work, actor, partner, (cancelled, deleted))
    last = max((line.period for line in lines), default=None)
    programme = finding.programme_of(work, partner)
    closes = None if last is None else programme.calendar.end(last)
    unpaid = await work.invoices.open_of(partner.id)
    bill = total((line.price for line in lines), partner.currency)
    ending = tuple(one for one in living if not (_is_cancelled(one) or _is_deleted(one)))
    return Farewell(
        partner=partner,
        cancelled=cancelled,
        deleted=deleted,
        ending=ending,
        last=last,
        invoiced_on=None if closes is None else local_date(closes, programme.zone),
        bill=bill,
        credit=await invoicing.credit_of(work, partner),
        days=await work.ledger.balance(ledger.balance(partner.id), ledger.DAYS) + deleted.returns,
        unpaid=total(
            (one.owed for one in unpaid if one.total.currency == partner.currency),
            partner.currency,
        ),
        terms=f"{cancelled.terms}|{deleted.terms}|{last}|{bill.minor}|{len(ending)}",
    )


def _is_cancelled(instance: Instance) -> bool:
    """Whether it runs by the month, and is not cancelled yet."""
    running = instance.state in {State.ACTIVE, State.OVERDUE} and instance.cancelled_at is None
    return running and instance.settlement is Settlement.POSTPAID


def _is_deleted(instance: Instance) -> bool:
    """Whether it is of no more use: one that is paid for elsewhere runs to that date."""
    if instance.state in {State.TRIAL, State.STOPPED}:
        return True
    running = instance.state in {State.ACTIVE, State.OVERDUE}
    paid_elsewhere = instance.paid_until is not None and instance.active_until == (
        instance.paid_until
    )
    return running and instance.settlement is not Settlement.POSTPAID and not paid_elsewhere


async def _to_bill(
    work: Work, actor: Actor, partner: Partner, quotes: Sequence[Quote]
) -> tuple[Line, ...]:
    calendar = finding.programme_of(work, partner).calendar
    month = calendar.month_of(work.now)
    found = await work.instances.unbilled(partner.id, end=calendar.end(month))
    after = {one.id: one for one in found}
    for quote in quotes:
        after |= {item.after.id: item.after for item in quote.possible if item.after is not None}
    return await outstanding.still_to_bill(
        work, actor, after.values(), month.plus(outstanding.LAST_BILLED)
    )


async def _end_what_waits(work: Work, actor: Actor, partner: Partner) -> None:
    if funds.has_days(work, partner):
        await _end_days(work, actor, partner)
    move = await work.moves.waiting(partner.id)
    if move is not None:
        await moving.call_off(work, actor, partner, move)
    await integrator.close_request(work, actor, partner, granted=False)


async def _end_days(work: Work, actor: Actor, partner: Partner) -> None:
    """No days are bought or taken by themselves any more; what was not invoiced yet is not."""
    if partner.standing_order:
        await standing_orders.switch(work, actor, on=False)
    for asked in await work.days.requests(partner.id):
        if asked.state is RequestState.WAITING:
            await buying.withdraw(work, actor, asked.id)
    living = await work.instances.of_partner(partner.id)
    takers = [one.id for one in living if one.auto_extend is not None]
    await auto_extending.switch(work, actor, takers, on=False)


async def _tell(work: Work, actor: Actor, shown: Farewell) -> None:
    partner = shown.partner
    facts = {
        "partner": partner.name,
        "cancelled": len(shown.cancelled.possible),
        "deleted": len(shown.deleted.possible),
        "last": shown.last,
        "invoiced_on": shown.invoiced_on,
        "bill": shown.bill,
        "left": shown.left,
        "unpaid": shown.unpaid,
        "days": shown.days,
    }
    await telling.tell_partner(
        work,
        partner.id,
        "partnership_ended",
        facts,
        key=f"left:{partner.id}",
        roles=telling.EVERYBODY,
        answered=actor.user_id,
        buttons=[[Button("invoices", "invoices"), Button("list", "list")]],
        urgency=Urgency.REPLY,
    )
    await telling.tell_staff(
        work,
        "staff_left",
        facts,
        key=f"staff:left:{partner.id}",
        partner_id=partner.id,
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
    )
