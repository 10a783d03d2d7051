"""
One text to the people of many partners: shown first, then said at the pace of the outbox.

Its receivers are put into the outbox by steps, rows of what is due, so that whatever ends the
process the next one goes on; how far it is stands in one message that is edited. Rules:
docs/guide-staff.md, "To many at once".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from billing.calendar import local_date
from billing.instances import State
from billing.partners import Partner, Right
from billing.refusals import AlreadyDone, NotFound, Refusal
from billing.services import finding
from billing.services.access import requires
from billing.services.facts import Facts, micros
from billing.services.messages import Message, Urgency
from billing.services.people import Actor
from billing.services.ports import Broadcast, Due, Work
from billing.services.support.cards import Original

LONGEST = 3500
STEP = 100
FIRST_LOOK = timedelta(seconds=10)
LOOKS = timedelta(minutes=1)
# What waits for the morning is not looked for each minute.
SELDOM = timedelta(minutes=15)

Fits = Callable[[Work, Partner], Awaitable[bool]]


class NoSegment(Refusal):
    """There is no such group of partners. Facts: `wanted`, `known`."""

    code = "no_segment"


class NobodyThere(Refusal):
    """Nobody belongs to that segment. Facts: `segment`."""

    code = "nobody_there"


class TextTooLong(Refusal):
    """A text is longer than one message holds. Facts: `length`, `most`."""

    code = "text_too_long"


@requires(Right.ADMINISTER)
async def look(work: Work, actor: Actor, segment: str, said: Original) -> tuple[Broadcast, int]:
    """
    Prepare a broadcast; return it and of how many partners its receivers are.

    :raises NoSegment, NobodyThere, TextTooLong:
    """
    # As Telegram counts: what stands outside of the first plane is two.
    length = len(said.text.encode("utf-16-le")) // 2
    if length > LONGEST:
        raise TextTooLong(length=length, most=LONGEST)
    partners, receivers = await _receivers(work, segment)
    broadcast = Broadcast(
        id=work.ids.opaque(),
        segment=segment,
        text=said.text,
        copies=None if said.copies is None else (said.copies[0], said.copies[1]),
        receivers=receivers,
        asked_by=actor.user_id or 0,
        chat_id=said.chat_id,
        asked_at=work.now,
    )
    await work.broadcasts.add(broadcast)
    return broadcast, partners


@requires(Right.ADMINISTER)
async def confirm(work: Work, actor: Actor, broadcast_id: str) -> Broadcast:
    """
    Send a broadcast to those who belong to its segment now.

    :raises NotFound:
    :raises AlreadyDone: it was sent, or dropped.
    :raises NobodyThere:
    """
    asked = await the_broadcast(work, broadcast_id)
    _, receivers = await _receivers(work, asked.segment)
    going = replace(asked, receivers=receivers, state="going")
    if not await work.broadcasts.save(going, was="asked"):
        raise AlreadyDone(action="broadcast")
    await work.audit.record(
        actor,
        "broadcast",
        at=work.now,
        kind="broadcast",
        object_id=going.id,
        after=f"{going.segment}: {len(receivers)}",
    )
    await work.due.plan(Due(f"broadcast:{going.id}:0", "broadcast", going.id, None, work.now))
    await _report(work, going)
    return going


@requires(Right.ADMINISTER)
async def drop(work: Work, actor: Actor, broadcast_id: str) -> Broadcast:
    """
    Leave a broadcast unsent.

    :raises NotFound:
    :raises AlreadyDone: it was sent, or dropped.
    """
    del actor
    asked = await the_broadcast(work, broadcast_id)
    if not await work.broadcasts.save(replace(asked, state="dropped"), was="asked"):
        raise AlreadyDone(action="broadcast")
    return asked


async def carry_on(work: Work, actor: Actor, due: Due) -> None:
    """Put the next receivers' messages into the outbox, or look how far it is."""
    del actor
    broadcast = await the_broadcast(work, due.subject)
    upto = min(broadcast.said + STEP, len(broadcast.receivers))
    for user_id in broadcast.receivers[broadcast.said : upto]:
        await _say(work, broadcast, user_id)
    after = replace(broadcast, said=upto)
    await work.broadcasts.save(after, was="going")
    if upto < len(broadcast.receivers):
        key = f"broadcast:{broadcast.id}:{upto}"
        await work.due.plan(Due(key, "broadcast", broadcast.id, None, work.now))
    else:
        await _look_again(work, after, work.now + FIRST_LOOK)


async def report(work: Work, actor: Actor, due: Due) -> None:
    """Say how far a broadcast is, until nothing of it waits."""
    del actor
    broadcast = await the_broadcast(work, due.subject)
    if not await _report(work, broadcast):
        await work.broadcasts.save(replace(broadcast, state="over"), was="going")
        return
    pause = LOOKS if work.now - broadcast.asked_at < SELDOM else SELDOM
    await _look_again(work, broadcast, work.now + pause)


async def the_broadcast(work: Work, broadcast_id: str) -> Broadcast:
    """
    Return a broadcast.

    :raises NotFound:
    """
    found = await work.broadcasts.get(broadcast_id)
    if found is None:
        raise NotFound(what="broadcast", wanted=broadcast_id[:64])
    return found


async def _look_again(work: Work, broadcast: Broadcast, at: datetime) -> None:
    key = f"broadcast_report:{broadcast.id}:{micros(at)}"
    await work.due.plan(Due(key, "broadcast_report", broadcast.id, None, at))


async def _say(work: Work, broadcast: Broadcast, user_id: int) -> None:
    member = await work.people.member(user_id)
    if member is None:
        return
    partner = await finding.the_partner(work, member.partner_id)
    facts: Facts = {"support": "", "text": broadcast.text}
    if broadcast.copies is not None:
        facts = {**facts, "copies": list(broadcast.copies)}
    message = Message(
        key=f"broadcast:{broadcast.id}:{user_id}",
        chat_id=user_id,
        kind="broadcast",
        facts=facts,
        urgency=Urgency.BROADCAST,
        reader=user_id,
        quiet_zone=partner.night,
    )
    await work.messages.say(message, at=work.now)


async def _report(work: Work, broadcast: Broadcast) -> bool:
    """Say how far it is; return whether anything of it waits."""
    found = await work.broadcasts.delivery(f"broadcast:{broadcast.id}:")
    waiting = found.waiting + len(broadcast.receivers) - broadcast.said
    person = await work.people.person(broadcast.asked_by)
    message = Message(
        key=f"broadcast_report:{broadcast.id}",
        chat_id=broadcast.chat_id,
        kind="broadcast_report",
        facts={
            "segment": broadcast.segment,
            "by": person.name if person else "",
            "people": len(broadcast.receivers),
            "sent": found.sent,
            "waiting": waiting,
            "blocked": found.blocked,
            "failed": found.failed,
            "unknown": found.unknown,
        },
    )
    await work.messages.say(message, at=work.now)
    return waiting > 0


async def _receivers(work: Work, segment: str) -> tuple[int, list[int]]:
    """Return of how many partners, and who: every member, in the order of their partners."""
    fits = _fitting(work, segment)
    partners, receivers = 0, []
    for partner in await work.partners.all():
        if partner.left_at is not None or not await fits(work, partner):
            continue
        members = [member.user_id for member in await work.people.members(partner.id)]
        partners += bool(members)
        receivers += members
    if not receivers:
        raise NobodyThere(segment=segment)
    return partners, receivers


def _fitting(work: Work, segment: str) -> Fits:
    if segment in SEGMENTS:
        return SEGMENTS[segment]
    known = sorted({programme.id for programme in work.programmes.all()})
    if segment in known:
        return _in_programme(segment)
    raise NoSegment(wanted=segment[:64], known=[*SEGMENTS, *known])


async def _everybody(work: Work, partner: Partner) -> bool:
    del work, partner
    return True


def _in_programme(programme: str) -> Fits:
    async def fits(work: Work, partner: Partner) -> bool:
        del work
        return partner.programme == programme

    return fits


def _with(*states: State) -> Fits:
    """Return whether a partner has instances in one of these states."""

    async def fits(work: Work, partner: Partner) -> bool:
        counts = await work.instances.counts(partner.id)
        return any(counts.get(state, 0) for state in states)

    return fits


async def _unpaid(work: Work, partner: Partner) -> bool:
    return bool(await work.invoices.unpaid(partner.id))


async def _overdue(work: Work, partner: Partner) -> bool:
    today = local_date(work.now, partner.zone)
    return any(one.due_on < today for one in await work.invoices.unpaid(partner.id))


SEGMENTS: dict[str, Fits] = {
    "all": _everybody,
    "trial": _with(State.TRIAL),
    "active": _with(State.ACTIVE),
    "stopped": _with(State.STOPPED),
    "unpaid": _unpaid,
    "overdue": _overdue,
}
