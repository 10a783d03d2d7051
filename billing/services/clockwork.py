"""
What happens because its instant has come: rows, claimed one by one.

Each row is a transaction of its own, so that one partner's failure does not stop the rest, and
a claim that was committed is never repeated; closes share one as long as all of them succeed.
Rules: "Life of an instance", "The postpaid calendar", "Frozen, leaving, stopping everything".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from billing import instances, lifetimes
from billing.calendar import Month
from billing.instances import Instance, State
from billing.notices import TAKES_ALONG, NoticeKind
from billing.programmes import AfterTrial
from billing.services import access, finding, noticing, recording, telling
from billing.services.books import proving
from billing.services.days import auto_extending, ending, handling, issuing, life, standing_orders
from billing.services.desk import strangers, summary
from billing.services.halting import HALTED
from billing.services.instances import deletion_tasks, pairing, platform, service_ends, trials
from billing.services.invoices import dunning, invoicing
from billing.services.operations import Operation
from billing.services.partners import linking, moving
from billing.services.people import Actor
from billing.services.platforms import comparing
from billing.services.ports import Due, Work
from billing.services.support import broadcasting

JUMP = timedelta(hours=6)
# Longer than anything is planned ahead or can be caught up with.
KEPT_SETTLED = timedelta(days=400)
# Handed to the writer at a time, so that it need not wait: people's commands wait behind no more.
TOGETHER = 256
# What the operator's one switch holds back: every stop and every deletion.
HELD_BY_HALT = (
    "trial_end",
    "trial_over",
    "trial_delete",
    "service_end",
    "ended_delete",
    "days_out",
    "days_delete",
    "stop",
    "delete",
)

CarryTogether = Callable[[Work, Sequence[Due]], Awaitable[None]]
Carry = Callable[[Work, Actor, Due], Awaitable[None]]


async def held_kinds(work: Work) -> tuple[str, ...]:
    """Return the kinds of rows that wait because stops and deletions are halted."""
    return HELD_BY_HALT if await work.state.get(HALTED) is not None else ()


async def carry_out(work: Work, due: Due) -> bool:
    """
    Do what is due and mark the row in the same transaction; False if there is nothing to do now.

    The row is read anew: what was done, dropped or moved since it was listed is left alone.
    """
    row = await work.due.planned(due.key)
    if row is None or row.at > work.now:
        return False
    if row.kind in HELD_BY_HALT and await held_kinds(work):
        return False
    notice = row.kind.startswith("notice:")
    if notice and await noticing.wait_for_the_morning(work, row):
        return False
    if not await work.due.claim(row.key, at=work.now):
        return False
    if notice:
        await noticing.say(work, row)
    else:
        await CARRIES[row.kind](work, access.by_clock(f"due:{row.key}"), row)
    return True


def in_batches(rows: Iterable[Due]) -> Iterator[list[Due]]:
    """Yield closes that follow one another together, one of each partner; all else alone."""
    batch: dict[str, Due] = {}
    for row in rows:
        alone = row.kind not in CARRIES_TOGETHER or row.partner_id is None
        if batch and (alone or row.partner_id in batch or len(batch) == TOGETHER):
            yield list(batch.values())
            batch = {}
        if alone or row.partner_id is None:
            yield [row]
        else:
            batch[row.partner_id] = row
    if batch:
        yield list(batch.values())


async def carry_out_together(work: Work, rows: Sequence[Due]) -> None:
    """
    Do what is due of different partners, of a kind in `CARRIES_TOGETHER`: all of it or nothing.

    Whoever calls does each by itself where this raises, so that one stops no other.
    """
    claimed = await work.due.claim_all([row.key for row in rows], at=work.now)
    for kind, carry in CARRIES_TOGETHER.items():
        alike = [row for row in claimed if row.kind == kind]
        if alike:
            await carry(work, alike)


async def clock_jumped(work: Work, by: timedelta) -> None:
    """
    Halt every stop and deletion: the clock jumped, and who knows which time is right.

    Until an admin releases it; staff are told. Six hours or less are no jump, and what is halted
    already stays as it is.
    """
    if abs(by) <= JUMP or await work.state.get(HALTED) is not None:
        return
    hours = int(by / timedelta(hours=1))
    await work.state.set(HALTED, f"clock {hours:+d} h")
    actor = access.by_clock("clock jump")
    await work.audit.record(actor, "halt", at=work.now, kind="desk", after=f"clock {hours:+d} h")
    await telling.tell_staff(
        work, "staff_clock_jumped", {"hours": hours}, key=f"staff:clock:{work.ids.opaque()}"
    )


async def _close(work: Work, actor: Actor, due: Due) -> None:
    partner_id, _, month = due.subject.partition(":")
    await invoicing.close(work, actor, partner_id, Month.parse(month))


async def _close_together(work: Work, rows: Sequence[Due]) -> None:
    months: dict[str, dict[str, Actor]] = defaultdict(dict)
    for row in rows:
        partner_id, _, month = row.subject.partition(":")
        months[month][partner_id] = access.by_clock(f"due:{row.key}")
    for month, actors in months.items():
        await invoicing.close_all(work, actors, Month.parse(month))


async def _instance(work: Work, due: Due) -> Instance | None:
    """Return the instance, its partner locked: nobody subscribes or deletes it meanwhile."""
    assert due.partner_id is not None
    await work.partners.lock(due.partner_id)
    return await work.instances.by_id(due.subject)


async def _end_trial(work: Work, actor: Actor, due: Due) -> None:
    instance = await _instance(work, due)
    if instance is None or instance.state is not State.TRIAL:
        return
    stopped = instances.end_trial(instance, at=work.now)
    await recording.change(work, actor, "trial_end", instance, stopped)
    await _after_trial(work, stopped)


async def _trial_over(work: Work, actor: Actor, due: Due) -> None:
    """A subscription was refused after the trial's end: it goes on as if it had never been."""
    del actor
    instance = await _instance(work, due)
    if instance is not None and instance.state is State.STOPPED:
        await _after_trial(work, instance)


async def _after_trial(work: Work, stopped: Instance) -> None:
    """Stop it at the platform, say so, and see to its deletion."""
    partner = await finding.the_partner(work, stopped.partner_id)
    trial = finding.programme_of(work, partner).trial
    await platform.promise(work, Operation.STOP, stopped)
    await telling.announce(work, partner.id, partner.night, NoticeKind.TRIAL_ENDED, stopped.id)
    delete_at = lifetimes.trial_deletion(stopped, trial)
    if delete_at is not None:
        key = f"trial_delete:{stopped.id}"
        await work.due.plan(Due(key, "trial_delete", stopped.id, partner.id, delete_at))
    if trial.afterwards is AfterTrial.STAFF_TASK:
        await deletion_tasks.show(work, stopped)


async def delete_stopped(work: Work, actor: Actor, instance: Instance) -> Instance:
    """
    Delete an instance whose trial or service is over, and all that was due for it; say so.

    :raises AlreadyDone: it was deleted before.
    """
    deleted = instances.delete(instance, at=work.now)
    await recording.change(work, actor, "delete", instance, deleted)
    await trials.forget(work, instance)
    await life.leave(work, actor, instance)
    await platform.promise(work, Operation.DELETE, deleted)
    partner = await finding.the_partner(work, deleted.partner_id)
    ended = instance.state is State.ENDED
    kind = NoticeKind.SERVICE_DELETED if ended else NoticeKind.TRIAL_DELETED
    gather = TAKES_ALONG[kind]
    await telling.announce(work, partner.id, partner.night, kind, instance.id, gather=gather)
    return deleted


async def _delete_trial(work: Work, actor: Actor, due: Due) -> None:
    instance = await _instance(work, due)
    if instance is not None and instance.state is State.STOPPED:
        await delete_stopped(work, actor, instance)


async def _end_service(work: Work, actor: Actor, due: Due) -> None:
    instance = await _instance(work, due)
    if instance is None or instance.state not in {State.CANCELLED, State.OVERDUE}:
        return
    # A cancellation that was kept and made anew ends on a row of its own.
    if due.key == service_ends.due_key(instance):
        await service_ends.end(work, actor, instance)


async def _delete_ended(work: Work, actor: Actor, due: Due) -> None:
    instance = await _instance(work, due)
    if instance is not None and instance.state is State.ENDED:
        await delete_stopped(work, actor, instance)


async def plan_housekeeping(work: Work) -> None:
    """Plan the next round of forgetting what is of no use any more: 04:00 UTC, once a day."""
    today = work.now.replace(hour=4, minute=0, second=0, microsecond=0)
    at = today if today > work.now else today + timedelta(days=1)
    await work.due.plan(Due(f"housekeeping:{at.date()}", "housekeeping", "desk", None, at))


async def plan_nights(work: Work) -> None:
    """Plan what comes every night; each plans its next time by itself."""
    await plan_housekeeping(work)
    await proving.plan(work)
    await summary.plan(work)
    await comparing.plan(work)


async def _keep_house(work: Work, actor: Actor, due: Due) -> None:
    del actor, due
    await work.inbox.purge(work.now)
    await work.messages.forget_expired(work.now)
    await work.due.forget_settled(work.now - KEPT_SETTLED)
    await plan_housekeeping(work)


async def _prove(work: Work, actor: Actor, due: Due) -> None:
    await proving.carry_on(work, actor, due, halted=bool(await held_kinds(work)))


CARRIES: dict[str, Carry] = {
    "audit": _prove,
    "summary": summary.carry_out,
    "compare": comparing.carry_out,
    "move": moving.carry_out,
    "code_over": linking.forget,
    "housekeeping": _keep_house,
    "close": _close,
    "trial_end": _end_trial,
    "trial_over": _trial_over,
    "trial_delete": _delete_trial,
    "service_end": _end_service,
    "ended_delete": _delete_ended,
    pairing.LOOK: pairing.look,
    "days_auto": auto_extending.carry_out,
    "days_refill": auto_extending.refill,
    "days_out": ending.run_out,
    "days_delete": ending.delete,
    "day_request_soon": handling.soon,
    "day_request_over": handling.over,
    "day_lapse": issuing.lapse,
    "standing": standing_orders.carry_out,
    "broadcast": broadcasting.carry_on,
    "broadcast_report": broadcasting.report,
    strangers.LEAVES: strangers.leave,
    "stop": dunning.stop,
    "delete": dunning.delete,
}

# None of them is ever held back.
CARRIES_TOGETHER: dict[str, CarryTogether] = {"close": _close_together}
