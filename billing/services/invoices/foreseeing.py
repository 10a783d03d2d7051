"""
What it would cost: the coming invoice and the one after, as they are and as they would be.

Changes nothing. The instances are changed by the same rules as when it is done, and what they
cost is drawn up and priced by the same functions as the preview and the close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from billing import instances
from billing.calendar import Month, local_date
from billing.instances import Instance, Origin, State
from billing.invoices import Draft
from billing.partners import Partner, Right
from billing.programmes import Settlement
from billing.refusals import Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.instances.subscriptions import DECISIONS, NotSettledSo
from billing.services.invoices import drafting
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Work

MOST = 1000


class CountRefused(Refusal):
    """So many cannot be foreseen. Facts: `why` (not_positive, too_many, no_trials), `most`."""

    code = "count_refused"


class Whatif(StrEnum):
    """What would be done."""

    CANCEL = "cancel"
    ADD = "add"
    SUBSCRIBE = "subscribe"


@dataclass(frozen=True, slots=True)
class Coming:
    """An invoice to come, as it is and as it would be; None: there is none."""

    month: Month
    invoiced_on: date
    due_on: date
    as_is: Draft | None
    would_be: Draft | None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """
    What would be: so many instances changed, those that are refused, and two invoices.

    `left` are the creations that the token has left, None where it does not matter.
    """

    what: Whatif
    partner: Partner
    zone: str
    changed: tuple[Instance, ...]
    refused: tuple[tuple[Instance, Refusal], ...]
    coming: tuple[Coming, Coming]
    trial_ends_at: datetime | None = None
    left: int | None = None


@requires(Right.VIEW)
async def cancel(work: Work, actor: Actor, instance_ids: Sequence[str]) -> Foreseen:
    """
    Say what cancelling these instances now would mean.

    :raises NotFound, NotSettledSo:
    """
    partner = await _postpaid(work, actor)
    found = [
        await finding.the_instance(work, partner.id, instance_id)
        for instance_id in dict.fromkeys(instance_ids)
    ]
    return await _foresee(work, partner, Whatif.CANCEL, found)


@requires(Right.VIEW)
async def subscribe(work: Work, actor: Actor, count: int) -> Foreseen:
    """
    Say what subscribing so many of the trials now would mean, those that end first.

    :raises CountRefused, NotSettledSo:
    """
    partner = await _postpaid(work, actor)
    trials = await work.instances.of_partner(partner.id, [State.TRIAL, State.STOPPED])
    trials.sort(key=lambda trial: (trial.trial_ends_at or work.now, trial.id))
    _check(count, len(trials), "no_trials")
    return await _foresee(work, partner, Whatif.SUBSCRIBE, trials[:count])


@requires(Right.VIEW)
async def add(work: Work, actor: Actor, count: int) -> Foreseen:
    """
    Say what creating so many and subscribing them now would mean; a trial alone costs nothing.

    :raises CountRefused, NotSettledSo:
    """
    partner = await _postpaid(work, actor)
    _check(count, MOST, "too_many")
    programme = finding.programme_of(work, partner)
    token = await work.tokens.present(partner.id)
    band = programme.tier(token.tier).band if token else 1
    fresh = [
        instances.created(
            Instance(
                id=f"+{number}",
                partner_id=partner.id,
                name=f"+{number}",
                state=State.CREATING,
                settlement=Settlement.POSTPAID,
                origin=Origin.BOT,
                band=band,
                created_at=work.now,
            ),
            at=work.now,
            trial=programme.trial,
        )
        for number in range(1, count + 1)
    ]
    left = token.left if token else None
    return await _foresee(work, partner, Whatif.ADD, fresh, left=left)


def _check(count: int, most: int, why: str) -> None:
    if count <= 0:
        raise CountRefused(why="not_positive", most=most)
    if count > most:
        raise CountRefused(why=why, most=most)


async def _postpaid(work: Work, actor: Actor) -> Partner:
    partner = await finding.own_partner(work, actor)
    programme = finding.programme_of(work, partner)
    if not programme.postpaid:
        raise NotSettledSo(programme=programme.id)
    return partner


async def _foresee(
    work: Work,
    partner: Partner,
    what: Whatif,
    found: Sequence[Instance],
    *,
    left: int | None = None,
) -> Foreseen:
    operation = Operation.CANCEL if what is Whatif.CANCEL else Operation.SUBSCRIBE
    programme = finding.programme_of(work, partner)
    changed, refused = [], []
    for instance in found:
        try:
            changed.append(DECISIONS[operation](instance, programme, work.now))
        except Refusal as why:
            refused.append((instance, why))
    return Foreseen(
        what=what,
        partner=partner,
        zone=programme.zone,
        changed=tuple(changed),
        refused=tuple(refused),
        coming=await _coming(work, partner, changed),
        trial_ends_at=found[0].trial_ends_at if what is Whatif.ADD else None,
        left=left,
    )


async def _coming(
    work: Work, partner: Partner, changed: Sequence[Instance]
) -> tuple[Coming, Coming]:
    month = finding.programme_of(work, partner).calendar.month_of(work.now)
    first = await drafting.basis(work, partner, month)
    second = await drafting.basis(work, partner, month.plus(1))
    as_is = first.draw_up(month) if first else None
    would_be = first.instead(changed).draw_up(month) if first else None
    then = second.after(as_is).draw_up(month.plus(1)) if second else None
    would = second.instead(changed).after(would_be).draw_up(month.plus(1)) if second else None
    return (
        _dated(work, partner, month, as_is, would_be),
        _dated(work, partner, month.plus(1), then, would),
    )


def _dated(
    work: Work, partner: Partner, month: Month, as_is: Draft | None, would_be: Draft | None
) -> Coming:
    programme = finding.programme_in(work, partner, month)
    calendar = programme.calendar
    invoiced_on = local_date(calendar.end(month), programme.zone)
    return Coming(month, invoiced_on, calendar.due_date(month), as_is, would_be)
