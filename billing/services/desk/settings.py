"""The terms that are in force: what new partners come under, and those that others are still in."""

from __future__ import annotations

from billing.money import Money
from billing.partners import Right
from billing.programmes import Programme
from billing.services.access import requires
from billing.services.facts import Facts
from billing.services.people import Actor
from billing.services.ports import Work
from billing.services.sorts import Sort


@requires(Right.ADMINISTER)
async def left_out(work: Work, actor: Actor) -> frozenset[str]:
    """Return the sorts of cards that the group does not take in which the actor speaks."""
    assert actor.chat_id is not None, "admins speak in a staff group"
    return (await work.people.left_out())[actor.chat_id]


@requires(Right.ADMINISTER)
async def take(work: Work, actor: Actor, sort: Sort, *, taken: bool) -> None:
    """Let the group in which the actor speaks take a sort of cards, or not; twice is once."""
    before = await left_out(work, actor)
    after = before - {sort} if taken else before | {sort}
    assert actor.chat_id is not None
    if after == before:
        return
    await work.people.leave_out(actor.chat_id, after)
    await work.audit.record(
        actor,
        "group_takes" if taken else "group_leaves",
        at=work.now,
        kind="group",
        object_id=str(actor.chat_id),
        after=sort,
    )


@requires(Right.ADMINISTER)
async def in_force(work: Work, actor: Actor) -> list[Programme]:
    """Return the newest version of each programme."""
    del actor
    return list(work.programmes.latest())


def told(programme: Programme) -> Facts:
    """Return what a card says of a programme: prices, trial, days of the month, cancellation."""
    days = programme.days
    return {
        "id": programme.id,
        "version": programme.version,
        "zone": programme.zone,
        "prices": [Money(minor, programme.currency) for minor in programme.prices_minor],
        "channel": Money(days.channel_price_minor, programme.currency) if days else None,
        "channel_days": days.channel_days if days else None,
        "mode": days.mode if days else None,
        "within": days.invoice_within_minutes if days else None,
        "trial_hours": programme.trial.hours,
        "afterwards": programme.trial.afterwards,
        "delete_after_hours": programme.trial.delete_after_hours,
        "tiers": [{"name": tier.name, "allowed": tier.allowed} for tier in programme.tiers],
        "postpaid": programme.postpaid,
        "due_day": programme.deadlines.due_day,
        "last_day": programme.deadlines.last_day,
        "delete_day": programme.deadlines.delete_day,
        "day_hour": programme.deadlines.day_hour,
        "cancellation": programme.cancellation.rule if programme.cancellation else None,
        "cancellation_days": programme.cancellation.days if programme.cancellation else None,
        "second_person": Money(programme.second_person_above_minor, programme.currency),
        "file": f"billing/programmes/{programme.id}.toml",
        "document": programme.document,
    }
