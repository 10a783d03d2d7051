"""
Days run out: the instance stops, and is deleted later if nobody extends it.

Rules: "Life of an instance", "Days", 6.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from billing import instances, lifetimes
from billing.calendar import local_date
from billing.days import allocations
from billing.days.notices import deletion_subject, end_subject
from billing.instances import Instance, State
from billing.notices import TAKES_ALONG, Notice, NoticeKind, awake
from billing.partners import Partner
from billing.services import finding, recording, telling
from billing.services.days import auto_extending, funds, life
from billing.services.instances import platform
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Due, Work


async def run_out(work: Work, actor: Actor, due: Due) -> None:
    """The days of an instance are used up: it takes more by itself, or stops."""
    partner, instance = await _locked(work, due)
    if instance is None or instance.state is not State.ACTIVE:
        return
    # One that was extended meanwhile has a row of its own.
    if due.key != f"days_out:{end_subject(instance)}":
        return
    if await auto_extending.attempt(work, actor, partner, instance):
        return
    stopped = allocations.run_out(instance, at=work.now)
    await recording.change(work, actor, "days_out", instance, stopped)
    await platform.promise(work, Operation.STOP, stopped)
    await has_run_out(work, actor, partner, stopped)


async def has_run_out(work: Work, actor: Actor, partner: Partner, stopped: Instance) -> None:
    """Say that an instance has stopped for want of days, and see to its deletion."""
    held = await work.days.of_instance(stopped.id)
    await life.post_used(work, actor, partner.id, held, stopped.id, until=work.now)
    subject = end_subject(stopped)
    kind = NoticeKind.DAYS_OUT
    await telling.announce(work, partner.id, partner.night, kind, subject, gather=TAKES_ALONG[kind])
    delete_at = lifetimes.ran_out_deletion(stopped, finding.programme_of(work, partner))
    assert delete_at is not None, "it ran out"
    await life.plan_deletion(work, partner, stopped, delete_at)
    await funds.look(work, partner)


async def delete(work: Work, actor: Actor, due: Due) -> None:
    """
    Delete what ran out and was not extended.

    If the last warning did not arrive on an earlier day, it is said now, and the deletion is put
    off: nothing is destroyed in haste.
    """
    partner, instance = await _locked(work, due)
    if instance is None or instance.state is not State.STOPPED or instance.active_until is None:
        return
    # One that was extended meanwhile, and ran out again, has a row of its own.
    if not due.key.startswith(life.deletion_key(instance)):
        return
    warned = await _warned_at(work, partner, due.at)
    today = local_date(work.now, partner.zone)
    if warned is None or local_date(warned, partner.zone) >= today:
        await _put_off(work, actor, partner, instance, due)
        return
    deleted = instances.delete(instance, at=work.now)
    await recording.change(work, actor, "delete", instance, deleted)
    await life.leave(work, actor, instance)
    await platform.promise(work, Operation.DELETE, deleted)
    kind = NoticeKind.DAYS_DELETED
    gather = TAKES_ALONG[kind]
    await telling.announce(work, partner.id, partner.night, kind, instance.id, gather=gather)


async def _warned_at(work: Work, partner: Partner, delete_at: datetime) -> datetime | None:
    """Return when Telegram took the last warning, or staff heard that it cannot arrive."""
    subject = deletion_subject(partner.id, delete_at, partner.zone)
    return await telling.arrived_at(work, NoticeKind.DAYS_DELETION_1D, subject)


async def _put_off(
    work: Work, actor: Actor, partner: Partner, instance: Instance, due: Due
) -> None:
    """Delete a day after people can hear of it, and warn of it then."""
    kind = NoticeKind.DAYS_DELETION_1D
    heard_at = awake(work.now, partner.night)
    delete_at, waits = heard_at, None
    while waits is None:
        # Of a day of which was warned already it would not be said again.
        delete_at += timedelta(days=1)
        subject = deletion_subject(partner.id, delete_at, partner.zone)
        notice = Notice(kind, subject, heard_at, delete_at)
        await telling.plan_notice(work, partner.id, notice)
        waits = await work.due.planned(telling.notice_key(kind, subject))
    # The row that came is done: the deletion waits on a new one.
    key = f"{life.deletion_key(instance)}:{local_date(delete_at, partner.zone)}"
    await work.due.plan(replace(due, key=key, at=delete_at))
    await work.audit.record(
        actor,
        "deletion_put_off",
        at=work.now,
        kind="deletion",
        object_id=due.subject,
        partner_id=partner.id,
        before=str(local_date(due.at, partner.zone)),
        after=str(local_date(delete_at, partner.zone)),
    )


async def _locked(work: Work, due: Due) -> tuple[Partner, Instance | None]:
    assert due.partner_id is not None
    partner = await work.partners.lock(due.partner_id)
    return partner, await work.instances.by_id(due.subject)
