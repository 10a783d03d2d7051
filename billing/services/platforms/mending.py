"""
What a person does about a difference: asked for here, done by calls that are promised.

Nothing is shown as done there that the platform has not confirmed: what was asked for is a call
like any other, and what differs still is found the next night. Rules: "Compared every night".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from billing import instances
from billing.comparison import Kind, Mend, mends
from billing.instances import Instance, State
from billing.partners import Right
from billing.programmes import Settlement
from billing.refusals import AlreadyDone, NotFound
from billing.services import telling
from billing.services.access import requires
from billing.services.days import life
from billing.services.desk import behalf
from billing.services.instances import platform, subscriptions
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.platforms import cards
from billing.services.ports import Difference, Standing, Work

# In which states of ours each makes sense; others mean that it was seen to in the meantime.
WHERE: Mapping[Mend, tuple[State, ...]] = {
    Mend.CREATE_THERE: (
        *(State.TRIAL, State.ACTIVE, State.CANCELLED),
        *(State.STOPPED, State.OVERDUE),
    ),
    Mend.RUN_THERE: (State.ACTIVE, State.CANCELLED),
    Mend.STOP_THERE: (State.STOPPED, State.OVERDUE),
    Mend.CANCEL_THERE: (State.CANCELLED,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a mend would do, as of now; `terms` stand for it.

    `returns` are the days that would come back to the partner's balance.
    """

    difference: Difference
    mend: Mend
    terms: str
    returns: int = 0


@requires(Right.SERVE)
async def look(work: Work, actor: Actor, difference_id: str) -> Difference:
    """
    Return a difference, whatever became of it.

    :raises NotFound:
    """
    del actor
    return await _the_difference(work, difference_id)


@requires(Right.SERVE)
async def ask(work: Work, actor: Actor, difference_id: str, mend: Mend) -> Asked:
    """
    Say what would be done; changes nothing.

    :raises NotFound, AlreadyDone, NotInThisState:
    """
    difference = await _open(work, difference_id, mend)
    if mend is not Mend.CORRECT_HERE:
        instance = await _instance(work, difference, mend)
        return Asked(difference, mend, str(instance.state) if instance else "")
    theirs = await _for_the_partner(work, actor, difference)
    quoted = await subscriptions.quote(work, theirs, Operation.DELETE, [difference.instance_id])
    return Asked(difference, mend, quoted.terms, quoted.returns)


@requires(Right.SERVE)
async def mend(
    work: Work, actor: Actor, difference_id: str, wanted: Mend, *, terms: str
) -> Difference:
    """
    Do what was asked about and confirmed; return the difference as it stands then.

    :raises NotFound, AlreadyDone, NotInThisState: as in `ask`.
    :raises TermsChanged: what it would do is another thing by now.
    """
    difference = await _open(work, difference_id, wanted)
    if wanted is Mend.CORRECT_HERE:
        await _correct(work, actor, difference, terms)
        return await close(work, actor, difference, wanted)
    instance = await _instance(work, difference, wanted)
    if (str(instance.state) if instance else "") != terms:
        raise subscriptions.TermsChanged(operation=wanted)
    if wanted is Mend.DELETE_THERE:
        return await _delete_there(work, actor, difference)
    assert instance is not None, "it is about one of ours"
    if wanted is Mend.CREATE_THERE:
        await _begin_anew(work, actor, instance)
    for operation in _operations(wanted, instance):
        await platform.promise(work, operation, instance)
    return await close(work, actor, difference, wanted)


@requires(Right.SERVE)
async def leave(work: Work, actor: Actor, difference_id: str) -> Difference:
    """
    Leave a difference as it is: it waits for nobody until it is another.

    :raises NotFound, AlreadyDone:
    """
    difference = await _the_difference(work, difference_id)
    if difference.state is not Standing.OPEN:
        raise AlreadyDone(action="difference", state=difference.state)
    left = replace(
        difference, state=Standing.LEFT, outcome="left", done_by=actor.user_id, done_at=work.now
    )
    await work.differences.save(left)
    await _record(work, actor, left, "left")
    await cards.show(work, left.platform)
    return left


async def close(work: Work, actor: Actor, difference: Difference, outcome: str) -> Difference:
    """Keep what a person did about a difference, and show it on the card."""
    closed = replace(
        difference,
        state=Standing.CLOSED,
        outcome=outcome,
        error=None,
        done_by=actor.user_id,
        done_at=work.now,
    )
    await work.differences.save(closed)
    await _record(work, actor, closed, outcome)
    await cards.show(work, closed.platform)
    return closed


async def _record(work: Work, actor: Actor, it: Difference, outcome: str) -> None:
    instance = await work.instances.by_id(it.instance_id) if it.instance_id else None
    await work.audit.record(
        actor,
        f"compare.{outcome}",
        at=work.now,
        kind="difference",
        object_id=it.instance_id or it.remote_id,
        partner_id=None if instance is None else instance.partner_id,
        after=it.platform,
    )


async def _the_difference(work: Work, difference_id: str) -> Difference:
    found = await work.differences.get(difference_id)
    if found is None:
        raise NotFound(what="difference", wanted=difference_id)
    return found


async def _open(work: Work, difference_id: str, wanted: Mend) -> Difference:
    """Return a difference that waits, and about which that can be done."""
    found = await _the_difference(work, difference_id)
    instance = await work.instances.by_id(found.instance_id) if found.instance_id else None
    waits = found.state in {Standing.OPEN, Standing.LEFT}
    if not waits or wanted not in mends(found.kind, instance):
        raise AlreadyDone(action="difference", state=found.state)
    return found


async def _instance(work: Work, it: Difference, wanted: Mend) -> Instance | None:
    """
    Return ours, its partner locked, in a state in which that makes sense.

    :raises AlreadyDone: what only they knew is known here by now.
    """
    if it.kind is Kind.UNKNOWN_THERE:
        references = [it.reference] if it.reference else []
        if await work.comparisons.ours(it.platform, [it.remote_id], references):
            raise AlreadyDone(action="difference", state=it.state)
        return None
    found = await work.instances.by_id(it.instance_id)
    assert found is not None, "an instance is never removed"
    await work.partners.lock(found.partner_id)
    if wanted in WHERE:
        instances.expect(found, wanted, *WHERE[wanted])
    elif it.kind is Kind.LIVES_ON:
        instances.expect(found, wanted, State.ENDED, *instances.GONE)
    return found


async def _for_the_partner(work: Work, actor: Actor, it: Difference) -> Actor:
    instance = await work.instances.by_id(it.instance_id)
    assert instance is not None, "it is about one of ours"
    return await behalf.acting(work, actor, instance.partner_id)


async def _begin_anew(work: Work, actor: Actor, instance: Instance) -> None:
    """What the platform had made of it is gone, and would be looked for in vain."""
    if instance.settlement is Settlement.DAYS:
        # If it is refused days there, only those come back that it has not had.
        held = await work.days.of_instance(instance.id)
        await life.post_used(work, actor, instance.partner_id, held, instance.id, until=work.now)
    await work.instances.forget_account(instance.id)


def _operations(wanted: Mend, instance: Instance) -> list[Operation]:
    """Return the calls that make it so there."""
    postpaid = instance.settlement is Settlement.POSTPAID
    runs = Operation.RESTART if postpaid else Operation.EXTEND
    again = {
        State.TRIAL: [],
        State.ACTIVE: [runs],
        State.CANCELLED: [runs, Operation.CANCEL],
        State.STOPPED: [Operation.STOP],
        State.OVERDUE: [Operation.STOP],
    }
    match wanted:
        case Mend.STOP_THERE:
            return [Operation.STOP]
        case Mend.CANCEL_THERE:
            return [Operation.CANCEL]
        case Mend.CREATE_THERE:
            return [Operation.CREATE, *again[instance.state]]
        case _:
            return again[instance.state]


async def _correct(work: Work, actor: Actor, it: Difference, terms: str) -> None:
    """End ours as deleted at the platform; its partner hears of it, and days come back."""
    theirs = await _for_the_partner(work, actor, it)
    done = await subscriptions.carry_out(
        work,
        theirs,
        Operation.DELETE,
        [it.instance_id],
        terms=terms,
        message_key=f"difference:{it.id}",
    )
    for item in done.possible:
        await telling.tell_partner(
            work,
            item.instance.partner_id,
            "instance_gone",
            {"id": item.instance.id, "name": item.instance.name, "returns": item.returns},
            key=f"instance_gone:{item.instance.id}",
            roles=telling.OPERATORS,
        )


async def _delete_there(work: Work, actor: Actor, it: Difference) -> Difference:
    asked = replace(
        it,
        state=Standing.ASKED,
        not_before=work.now,
        attempts=0,
        error=None,
        done_by=actor.user_id,
        done_at=work.now,
    )
    await work.differences.save(asked)
    await _record(work, actor, asked, Mend.DELETE_THERE)
    await cards.show(work, asked.platform)
    return asked
