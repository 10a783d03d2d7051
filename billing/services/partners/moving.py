"""
A partner is moved to another programme, or to another version of its own.

It is asked for at any time and happens at the next 1st, 00:00 of the programme that is left,
where all that could speak against it is looked at again. Rules: "Moved to another programme".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from billing import ledger, partners
from billing.calendar import Month, local_date
from billing.instances import SUBSCRIBED, Instance
from billing.invoices import InvoiceKind
from billing.partners import Partner, Past, Right, check_not_left
from billing.programmes import Programme, Settlement
from billing.refusals import AlreadyDone, Refusal
from billing.services import finding, recording, telling
from billing.services.access import requires
from billing.services.invoices import invoicing
from billing.services.messages import Button, Urgency
from billing.services.partners import taking_along
from billing.services.people import Actor
from billing.services.ports import Due, Move, Work


class MoveRefused(Refusal):
    """
    A partner cannot be moved as it stands.

    Facts: `why` and, by it: unpaid {`numbers`}; credit {`credit`}; days {`days`}; to_bill or
    settlement {`count`} (instances that are still billed, which the other programme does not).
    """

    code = "move_refused"


@dataclass(frozen=True, slots=True)
class Planned:
    """A move that waits; `on` is the 1st of it, `instead_of` what waited before."""

    partner: Partner
    programme: Programme
    on: date
    instead_of: Move | None


@requires(Right.ADMINISTER)
async def plan(
    work: Work, actor: Actor, partner_id: str, programme_id: str, version: int | None = None
) -> Planned:
    """
    Let a partner be under other terms from the next 1st on, instead of a move that waits.

    :raises NoSuchProgramme, MoveRefused, PartnerLeft:
    :raises AlreadyDone: it is under these terms, or the move to them waits.
    """
    partner = await work.partners.lock(partner_id)
    check_not_left(partner)
    target = finding.programme_named(work, programme_id, version)
    waiting = await work.moves.waiting(partner.id)
    _check_new(partner, target, waiting)
    calendar = finding.programme_of(work, partner).calendar
    month = calendar.month_of(work.now)
    await _check(work, partner, target, closing=month)
    if waiting is not None:
        await _settle(work, waiting, "taken_back")
    move = Move(
        id=work.ids.opaque(),
        partner_id=partner.id,
        since=calendar.end(month),
        programme=target.id,
        version=target.version,
        was_programme=partner.programme,
        was_version=partner.programme_version,
        asked_by=actor.user_id,
        asked_at=work.now,
    )
    await work.moves.ask(move)
    await work.due.plan(Due(_key(move), "move", move.id, partner.id, move.since))
    await _record(work, actor, "programme", partner, _name(target.id, target.version))
    await _tell(work, partner, "move_planned", move, target)
    return Planned(partner, target, month.plus(1).day(1), waiting)


@requires(Right.ADMINISTER)
async def take_back(work: Work, actor: Actor, partner_id: str) -> Partner:
    """
    Take a waiting move back: the partner stays under its terms.

    :raises AlreadyDone: none waits.
    """
    partner = await work.partners.lock(partner_id)
    waiting = await work.moves.waiting(partner.id)
    if waiting is None:
        raise AlreadyDone(action="move_taken_back", partner=partner.name)
    await call_off(work, actor, partner, waiting)
    return partner


async def call_off(work: Work, actor: Actor, partner: Partner, move: Move) -> None:
    """Take back a move that waits, and tell the partner so."""
    await _settle(work, move, "taken_back")
    was = f"waits: {_name(move.programme, move.version)}"
    await _record(work, actor, "move_taken_back", partner, was)
    await _tell(work, partner, "move_called_off", move, None)


async def carry_out(work: Work, actor: Actor, due: Due) -> None:
    """Move a partner whose instant has come; refused now, it stays, and everybody hears."""
    assert due.partner_id is not None
    partner = await work.partners.lock(due.partner_id)
    move = await work.moves.waiting(partner.id)
    if move is None or move.id != due.subject:
        return
    target = work.programmes.get(move.programme, move.version)
    before = finding.programme_of(work, partner)
    try:
        await _check(work, partner, target, closing=before.calendar.month_of(move.since).plus(-1))
    except MoveRefused as refused:
        await _refused(work, actor, partner, move, refused)
        return
    await _settle(work, move, "done")
    after = replace(
        partner,
        programme=target.id,
        programme_version=target.version,
        currency=target.currency,
        past=(*partner.past, Past(partner.programme, partner.programme_version, move.since)),
    )
    await taking_along.before(work, actor, partner, after)
    await work.partners.save(after)
    await taking_along.dates(work, partner, after)
    await _record(work, actor, "moved", after, _name(target.id, target.version))
    await _tell(work, after, "moved", move, target)


def _check_new(partner: Partner, target: Programme, waiting: Move | None) -> None:
    present = (partner.programme, partner.programme_version)
    planned = present if waiting is None else (waiting.programme, waiting.version)
    # Its present terms are wanted: that is for `take_back`, which says what it does.
    if (target.id, target.version) in {present, planned}:
        raise AlreadyDone(
            action="programme",
            partner=partner.name,
            programme=_name(target.id, target.version),
            waits=planned == (target.id, target.version) and waiting is not None,
        )


async def _check(work: Work, partner: Partner, target: Programme, *, closing: Month) -> None:
    """
    Refuse a move that would leave something behind; `closing` is the last month before it.

    The invoice of that month is issued in the very instant of the move, so it need not be paid
    by then: its own terms go on for it. In another currency there must be none.

    :raises MoveRefused:
    """
    abroad = target.currency != partner.currency
    unpaid = [
        invoice.number
        for invoice in await work.invoices.open_of(partner.id)
        if abroad or invoice.kind is not InvoiceKind.MONTHLY or invoice.period != closing
    ]
    if unpaid:
        raise MoveRefused(why="unpaid", numbers=unpaid)
    if abroad:
        await _check_currency(work, partner, closing)
    living = await work.instances.of_partner(partner.id, SUBSCRIBED)
    end = finding.programme_of(work, partner).calendar.end(closing)
    billed = [instance for instance in living if _billed_from(instance, end)]
    if billed and not target.postpaid:
        raise MoveRefused(why="settlement", count=len(billed))


async def _check_currency(work: Work, partner: Partner, closing: Month) -> None:
    credit = await invoicing.credit_of(work, partner)
    if credit:
        raise MoveRefused(why="credit", credit=credit)
    days = await work.ledger.balance(ledger.balance(partner.id), ledger.DAYS)
    if days:
        raise MoveRefused(why="days", days=days)
    drawn = await invoicing.draft(work, partner, closing)
    if drawn is not None:
        raise MoveRefused(why="to_bill", count=len({line.instance_id for line in drawn.lines}))


def _billed_from(instance: Instance, at: datetime) -> bool:
    """Whether an instance that is subscribed has a line to come for what is after an instant."""
    if instance.settlement is not Settlement.POSTPAID or instance.state not in SUBSCRIBED:
        return False
    return instance.billable_until is None or instance.billable_until > at


async def _refused(
    work: Work, actor: Actor, partner: Partner, move: Move, refused: MoveRefused
) -> None:
    await work.moves.settle(move, "refused")
    await _record(work, actor, "move_refused", partner, _name(move.programme, move.version))
    await _tell(work, partner, "move_called_off", move, None)
    await telling.tell_staff(
        work,
        "staff_move_refused",
        {
            "partner": partner.name,
            "programme": move.programme,
            "version": move.version,
            "code": refused.code,
            "facts": dict(refused.facts),
        },
        key=f"staff:move:{move.id}",
        partner_id=partner.id,
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
    )


async def _settle(work: Work, move: Move, state: str) -> None:
    await work.moves.settle(move, state)
    await work.due.drop(_key(move))


async def _record(work: Work, actor: Actor, action: str, partner: Partner, after: str) -> None:
    await recording.of_partner(
        work,
        actor,
        action,
        partner.id,
        before=_name(partner.programme, partner.programme_version),
        after=after,
    )


async def _tell(
    work: Work, partner: Partner, kind: str, move: Move, target: Programme | None
) -> None:
    """Tell the partner what becomes of a move; `target` None: its terms stay as they are."""
    left = finding.programme_in(work, partner, _last_before(work, partner, move))
    agreed, prices = None, []
    if target is not None:
        month = _last_before(work, partner, move).plus(1)
        agreed = partners.agreed(target, await work.partners.agreements(partner.id), month)
        prices = [target.price(band + 1) for band in range(len(target.prices_minor))]
    await telling.tell_partner(
        work,
        partner.id,
        kind,
        {
            "on": local_date(move.since, left.zone),
            "programme": move.programme,
            "version": move.version,
            "was": partner.programme if target is None else move.was_programme,
            "prices": prices,
            "agreed": agreed.price if agreed is not None and prices else None,
            "zone": target.zone if target is not None else left.zone,
        },
        key=f"{kind}:{move.id}",
        roles=telling.EVERYBODY,
        buttons=[[Button("home", "home")]],
        urgency=Urgency.REPLY,
    )


def _last_before(work: Work, partner: Partner, move: Move) -> Month:
    return finding.programme_of(work, partner).calendar.month_of(move.since).plus(-1)


def _key(move: Move) -> str:
    return f"move:{move.id}"


def _name(programme_id: str, version: int) -> str:
    return f"{programme_id} v{version}"
