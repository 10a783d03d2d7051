"""
The end of a cancelled instance's service: planned, called off, carried out, and said.

Three days before and when it has ended; instances whose notices fall together are one message.
Rules: "Service end", "What the bot says unasked".

Facts of `notice_service_ends_soon`, `notice_service_ended`: {instances: [{id, name,
service_ends_at}], days, left}; `left`: the partner has left, and nothing can be kept any more.
"""

from __future__ import annotations

from datetime import datetime

from billing import lifetimes, subscriptions
from billing.instances import Instance, State
from billing.notices import NoticeKind, cancellation_subject, of_cancellation
from billing.partners import Partner
from billing.services import finding, recording, telling
from billing.services.facts import Facts
from billing.services.instances import platform
from billing.services.messages import Button
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Due, Work


def due_key(instance: Instance) -> str:
    """The key of the service end; one cancellation anew has one of its own."""
    return f"service_end:{cancellation_subject(instance)}"


async def plan(work: Work, instance: Instance, ends_at: datetime) -> None:
    """Plan the end of a service, and the notice before it."""
    partner = await finding.the_partner(work, instance.partner_id)
    key = due_key(instance)
    await work.due.plan(Due(key, "service_end", instance.id, partner.id, ends_at))
    for notice in of_cancellation(instance, partner.night):
        if notice.kind is NoticeKind.SERVICE_ENDS_SOON:
            await telling.plan_notice(work, partner.id, notice)


async def forget(work: Work, instance: Instance) -> None:
    """The cancellation does not matter any more."""
    # Their rows alone: what was said already may be about others as well.
    subject = cancellation_subject(instance)
    notices = [telling.notice_key(kind, subject) for kind in BUTTONS]
    await work.due.drop_all([due_key(instance), *notices])
    await telling.leave_out(work, instance, BUTTONS)


async def end(work: Work, actor: Actor, instance: Instance) -> None:
    """The service of a cancelled instance is over: it stops, and is deleted some days later."""
    ended = subscriptions.end_service(instance, at=work.now)
    partner = await finding.the_partner(work, instance.partner_id)
    await recording.change(work, actor, "service_end", instance, ended)
    await platform.promise(work, Operation.STOP, ended)
    subject = cancellation_subject(instance)
    await telling.announce(work, partner.id, partner.night, NoticeKind.SERVICE_ENDED, subject)
    delete_at = lifetimes.ended_deletion(ended, finding.programme_of(work, partner))
    assert delete_at is not None, "it has ended"
    key = f"ended_delete:{instance.id}"
    await work.due.plan(Due(key, "ended_delete", instance.id, partner.id, delete_at))


async def tell(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> None:
    """Say it of the notice's instance, and of all others whose notice has come as well."""
    first = await _standing(work, due, kind, partner)
    if first is None:
        return
    found = finding.by_name([first, *await _taken_along(work, due, kind, partner)])
    facts = {
        "instances": [
            {"id": one.id, "name": one.name, "service_ends_at": one.service_ends_at}
            for one in found
        ],
        "days": finding.programme_of(work, partner).delete_ended_after_days,
        "left": partner.left_at is not None,
    }
    await telling.tell_partner(
        work,
        partner.id,
        f"notice_{kind}",
        facts,
        key=telling.notice_key(kind, due.subject),
        roles=telling.OPERATORS,
        buttons=BUTTONS[kind](facts),
        quiet_zone=partner.night,
        useful_until=due.useful_until,
    )


def _of_the_coming(facts: Facts) -> list[list[Button]]:
    return [] if facts["left"] else [[Button("keep", "keep", _named(facts))]]


def _of_the_past(facts: Facts) -> list[list[Button]]:
    return [[Button("delete", "delete", _named(facts))]]


def _named(facts: Facts) -> Facts:
    return {"instances": [one["id"] for one in facts["instances"]]}


BUTTONS = {
    NoticeKind.SERVICE_ENDS_SOON: _of_the_coming,
    NoticeKind.SERVICE_ENDED: _of_the_past,
}


async def _standing(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> Instance | None:
    """Return the instance of a notice if its cancellation still stands as the notice says."""
    instance = await work.instances.get(partner.id, due.subject.partition(":")[0])
    if instance is None or cancellation_subject(instance) != due.subject:
        return None
    ended = kind is NoticeKind.SERVICE_ENDED
    if ended != (instance.state is State.ENDED) or instance.state is State.DELETED:
        return None
    return instance


async def _taken_along(work: Work, due: Due, kind: NoticeKind, partner: Partner) -> list[Instance]:
    """Claim and return what is to be said now as well."""
    rows = await work.due.waiting(due.kind, partner_id=partner.id, until=work.now)
    found = {row.key: await _standing(work, row, kind, partner) for row in rows}
    return [
        instance
        for key, instance in found.items()
        if instance is not None and await work.due.claim(key, at=work.now)
    ]
