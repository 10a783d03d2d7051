"""
Subscribing, cancelling, keeping, deleting: what it would mean, and doing it.

Each comes in two steps. A quote says what would happen, with terms that stand for the price,
the months and the dates that it showed. Doing it names those terms: if they are no longer true,
nothing is done and the quote is shown anew. Rules: "Life of an instance".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from billing import instances, partners, subscriptions
from billing.calendar import Month, local_date
from billing.instances import Instance, State
from billing.money import Money, total
from billing.partners import Partner, Right, check_may_begin, check_not_stopped
from billing.programmes import Programme, Settlement
from billing.refusals import Refusal
from billing.services import finding, recording
from billing.services.access import requires
from billing.services.days import life
from billing.services.instances import platform, service_ends, trials
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Work


class TermsChanged(Refusal):
    """The price, the month or a date that was shown is no longer true; nothing was done."""

    code = "terms_changed"


class NotSettledSo(Refusal):
    """The programme does not settle instances by the monthly invoice. Facts: `programme`."""

    code = "not_settled_so"


@dataclass(frozen=True, slots=True)
class Item:
    """
    What would happen to one instance, or why nothing can: exactly one of the two is there.

    `returns` are the days that come back to the balance when it is deleted.
    """

    instance: Instance
    after: Instance | None
    price: Money | None = None
    refusal: Refusal | None = None
    returns: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """
    What an action would mean for several instances, as of now.

    `month` is the first month that would be billed (subscribe), or the last one that is
    (cancel, delete); its invoice comes on `invoiced_on` and is due on `due_on`. `terms` stand
    for all that was shown.
    """

    operation: Operation
    items: tuple[Item, ...]
    month: Month
    invoiced_on: date
    due_on: date
    total: Money
    zone: str
    terms: str

    @property
    def possible(self) -> list[Item]:
        """Those that the action would change."""
        return [item for item in self.items if item.after is not None]

    @property
    def returns(self) -> int:
        """The days that come back to the balance."""
        return sum(item.returns for item in self.possible)


Decide = Callable[[Instance, Programme, datetime], Instance]


def _subscribed(instance: Instance, programme: Programme, at: datetime) -> Instance:
    if not programme.postpaid:
        raise NotSettledSo(programme=programme.id)
    return subscriptions.subscribe(instance, at=at, programme=programme)


def _cancelled(instance: Instance, programme: Programme, at: datetime) -> Instance:
    terms = programme.cancellation
    if terms is None:
        raise NotSettledSo(programme=programme.id)
    return subscriptions.cancel(instance, at=at, terms=terms, calendar=programme.calendar)


def _kept(instance: Instance, programme: Programme, at: datetime) -> Instance:
    del programme
    return subscriptions.keep(instance, at=at)


def _deleted(instance: Instance, programme: Programme, at: datetime) -> Instance:
    del programme
    return instances.delete(instance, at=at)


DECISIONS: dict[Operation, Decide] = {
    Operation.SUBSCRIBE: _subscribed,
    Operation.CANCEL: _cancelled,
    Operation.KEEP: _kept,
    Operation.DELETE: _deleted,
}
# A frozen partner may keep what it has; one that is stopped may not (rules, "From the stop on…").
CHECKS: dict[Operation, Callable[[Partner], None]] = {
    Operation.SUBSCRIBE: check_may_begin,
    Operation.KEEP: check_not_stopped,
}


@requires(Right.OPERATE)
async def quote(
    work: Work, actor: Actor, operation: Operation, instance_ids: Sequence[str]
) -> Quote:
    """
    Say what `operation` would mean; changes nothing.

    A refusal of one instance stands in its item; one that concerns the partner is raised.

    :raises PartnerFrozen, PartnerStopped: for what begins something new.
    :raises NotFound:
    """
    return await _quote(work, await finding.own_partner(work, actor), operation, instance_ids)


@requires(Right.OPERATE)
async def carry_out(
    work: Work,
    actor: Actor,
    operation: Operation,
    instance_ids: Sequence[str],
    *,
    terms: str,
    message_key: str,
) -> Quote:
    """
    Do what was quoted; what was done in the meantime is in its item as `AlreadyDone`.

    :raises TermsChanged: what `terms` stand for is no longer true.
    :raises PartnerFrozen, PartnerStopped, NotFound: as in `quote`.
    """
    partner = await work.partners.lock(finding.own_partner_id(actor))
    quoted = await _quote(work, partner, operation, instance_ids)
    if quoted.possible and quoted.terms != terms:
        raise TermsChanged(operation=operation)
    for item in quoted.possible:
        assert item.after is not None
        await recording.change(work, actor, operation, item.instance, item.after)
        if item.after.state is State.DELETED:
            await life.leave(work, actor, item.instance)
        await _replan(work, item.instance, item.after)
        await platform.promise(work, operation, item.after, message_key=message_key)
    return quoted


async def _quote(
    work: Work, partner: Partner, operation: Operation, instance_ids: Sequence[str]
) -> Quote:
    if operation in CHECKS:
        CHECKS[operation](partner)
    programme = finding.programme_of(work, partner)
    calendar = programme.calendar
    month = calendar.month_of(work.now)
    agreements = await work.partners.agreements(partner.id)
    items = []
    # Named twice, it is still one instance, and one price.
    for instance_id in dict.fromkeys(instance_ids):
        instance = await finding.the_instance(work, partner.id, instance_id)
        price = None
        by_month = operation is Operation.SUBSCRIBE or instance.settlement is Settlement.POSTPAID
        if programme.postpaid and by_month:
            price = partners.price(programme, agreements, band=instance.band, month=month)
        item = _item(operation, instance, programme, work.now, price)
        if operation is Operation.DELETE and item.after is not None:
            item = replace(item, returns=await life.returning(work, instance))
        items.append(item)
    changed = [item for item in items if item.after is not None]
    amount = total((item.price for item in changed if item.price), programme.currency)
    return Quote(
        operation=operation,
        items=tuple(items),
        month=month,
        invoiced_on=local_date(calendar.end(month), programme.zone),
        due_on=calendar.due_date(month),
        total=amount,
        zone=programme.zone,
        terms=_terms(operation, month, amount, changed, programme.zone),
    )


def _item(
    operation: Operation,
    instance: Instance,
    programme: Programme,
    now: datetime,
    price: Money | None,
) -> Item:
    try:
        return Item(instance, DECISIONS[operation](instance, programme, now), price)
    except Refusal as refusal:
        return Item(instance, None, None, refusal)


def _terms(
    operation: Operation, month: Month, amount: Money, items: Sequence[Item], zone: str
) -> str:
    """Say what was shown in a form that changes when it does."""
    if operation is Operation.DELETE:
        # Deleting is billed as far as it was already; of what was shown the days alone change.
        states = ",".join(
            f"{item.instance.id}={item.instance.state}:{item.returns}" for item in items
        )
        return f"{operation} {states} {month}"
    ends = {
        str(local_date(item.after.service_ends_at, zone))
        for item in items
        if item.after is not None and item.after.service_ends_at is not None
    }
    return f"{operation} {month} {amount.minor} {amount.currency} {' '.join(sorted(ends))}".strip()


async def _replan(work: Work, before: Instance, after: Instance) -> None:
    """Drop what was due for the instance as it was, plan what is due as it is now."""
    if before.state in {State.TRIAL, State.STOPPED}:
        await trials.forget(work, before)
        await life.forget(work, before)
    if before.cancelled_at is not None and after.cancelled_at is None:
        await service_ends.forget(work, before)
    if after.state is State.DELETED:
        await service_ends.forget(work, before)
        await work.due.drop(f"ended_delete:{after.id}")
    elif after.cancelled_at is not None and after.service_ends_at is not None:
        await service_ends.plan(work, after, after.service_ends_at)
