"""
What the messaging platform answered to a promised call: posted here, once.

Done, refused, not answered, not before an instant, or left to a person. Whoever carries the calls
says which; nothing is shown as done at the platform that it or a person did not confirm.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from billing import instances, subscriptions
from billing.instances import Instance, State
from billing.partners import Right
from billing.refusals import AlreadyDone
from billing.services import access, recording, telling
from billing.services.access import requires
from billing.services.days import unconfirmed
from billing.services.finding import programme_of, the_partner
from billing.services.instances import by_hand, platform, trials
from billing.services.messages import Button
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.platforms import links
from billing.services.ports import Account, Call, Work
from billing.services.ports.platforms import Made

TOLD_STAFF_AT_ATTEMPT = 3
# What a partner wishes for: a refusal is the end of it. Everything else has to become so.
WISHES = frozenset({Operation.CREATE, Operation.SUBSCRIBE, Operation.EXTEND})
# A platform that names an instant that is over is not asked without a pause.
QUEUED_AT_LEAST = timedelta(seconds=5)
REFUSED_AGAIN_AFTER = timedelta(hours=1)


async def succeeded(
    work: Work, call: Call, made: Made | None = None, until: datetime | None = None
) -> None:
    """
    Post what the platform confirmed; a second posting changes nothing.

    It is what it made, or until when an instance runs (as it stands by now, unless that is told).
    """
    if not await work.calls.close(call.id, "done", error=None, at=work.now):
        return
    if call.operation == Operation.CREATE:
        instance = await _instance(work, call)
        await _created(work, call, instance, made)
    elif call.operation == Operation.EXTEND:
        instance = await _instance(work, call)
        runs = until or instance.active_until
        assert runs is not None, "it was given days"
        await work.instances.confirm(instance.id, runs)
    if call.by_hand_since is not None:
        await by_hand.over(work, call)
    await platform.show_progress(work, call)


@requires(Right.SERVE)
async def done_by_hand(work: Work, actor: Actor, call_id: str) -> Instance:
    """
    A person has done at the platform what it has no call for.

    :raises NotFound:
    :raises AlreadyDone: it is done, or not needed any more. Facts: `state`.
    """
    call = await by_hand.the_call(work, call_id)
    instance = await _instance(work, call)
    if call.state != "open":
        await by_hand.show(work, call)
        raise AlreadyDone(action="by_hand", state=call.state)
    await work.audit.record(
        actor,
        "by_hand",
        at=work.now,
        kind="platform",
        object_id=instance.id,
        partner_id=instance.partner_id,
        after=call.operation,
    )
    await succeeded(work, call)
    return instance


async def refused(work: Work, call: Call, why: str) -> datetime | None:
    """
    Post that the platform says no; partner and staff hear why.

    A wish is void, and its quota or its days come back. What has to become so is tried again each
    hour, unless something newer takes its place. Returns when it is tried again.
    """
    if call.operation not in WISHES or await _has_to_be(work, call):
        return await _insist(work, call, why)
    if not await work.calls.close(call.id, "refused", error=why, at=work.now):
        return None
    before = instance = await _instance(work, call)
    if call.operation == Operation.CREATE:
        instance = instances.creation_failed(instance, at=work.now)
        if instance.token_id is not None:
            await work.tokens.give_back(instance.token_id, 1)
    elif call.operation == Operation.SUBSCRIBE:
        instance = subscriptions.subscription_refused(instance, at=work.now)
        await _call_off(work, instance)
        await trials.plan(work, instance)
    else:
        actor = access.by_platform(f"call:{call.id}")
        instance = await unconfirmed.take_back(work, actor, instance, why)
    if call.by_hand_since is not None:
        await by_hand.over(work, call)
    await _post_refusal(work, call, before, instance, why)
    return None


async def _has_to_be(work: Work, call: Call) -> bool:
    """
    Whether a wish has to become so all the same.

    It does where something newer stands behind it, or where it is made at the platform of what was
    brought in and runs already.
    """
    if call.operation == Operation.SUBSCRIBE:
        return False
    instance = await work.instances.by_id(call.instance_id)
    assert instance is not None, "a call has an instance"
    if call.operation == Operation.CREATE:
        return instance.state not in {State.CREATING, State.FAILED}
    newer = {it.operation for it in await work.calls.open_of(instance.id) if it.id != call.id}
    return platform.makes_up_for(newer, call.operation) or not await unconfirmed.there_are(
        work, instance
    )


async def _insist(work: Work, call: Call, why: str) -> datetime | None:
    queued = {
        waiting.id: waiting.operation for waiting in await work.calls.open_of(call.instance_id)
    }
    if queued.pop(call.id, None) is None:
        return None
    if platform.makes_up_for(queued.values(), call.operation):
        await platform.void(work, call, why)
        return None
    until = work.now + REFUSED_AGAIN_AFTER
    await work.calls.put_off(call.id, until=until, error=why)
    if why != call.error:
        instance = await _instance(work, call)
        await _post_refusal(work, call, instance, instance, why)
    return until


async def _call_off(work: Work, instance: Instance) -> None:
    """Without its subscription there is nothing to cancel or keep, and a trial runs on."""
    pointless = platform.WHETHER_IT_GOES_ON | {Operation.RESTART}
    if instance.state is State.TRIAL:
        pointless |= {Operation.STOP}
    for call in await work.calls.open_of(instance.id):
        if call.operation in pointless:
            await platform.void(work, call, None)


async def _post_refusal(
    work: Work, call: Call, before: Instance, after: Instance, why: str
) -> None:
    actor = access.by_platform(f"call:{call.id}")
    outcome = f"refused: {why}"
    await recording.change(
        work, actor, f"platform.{call.operation}", before, after, outcome=outcome
    )
    await _tell_of_trouble(work, call, after, why)
    await platform.show_progress(work, call)


async def put_off(work: Work, call: Call, why: str, *, attempts: int, until: datetime) -> None:
    """The platform does not answer: it will be done when it does, and the partner hears so."""
    if not await _is_open(work, call):
        return
    await work.calls.put_off(call.id, until=until, error=why)
    if attempts == TOLD_STAFF_AT_ATTEMPT:
        instance = await _instance(work, call)
        await _tell_of_trouble(work, call, instance, why)
    if attempts == 1 or call.queued_until is not None:
        await platform.show_progress(work, call)


async def queued(
    work: Work, call: Call, why: str, *, until: datetime, by_person: bool = False
) -> datetime:
    """
    The platform takes it from an instant on: the partner hears from when, staff are not alarmed.

    `by_person`: somebody has to see to it there meanwhile. Returns when it is tried again.
    """
    until = max(until, work.now + QUEUED_AT_LEAST)
    if not await _is_open(work, call):
        return until
    await work.calls.queue(call.id, until=until, why=why)
    if by_person:
        await _leave(work, call, why)
    await platform.show_progress(work, call)
    return until


async def unable(work: Work, call: Call, why: str) -> None:
    """The platform has no call for it: staff do it there, and the partner hears so."""
    if not await _is_open(work, call):
        return
    await _leave(work, call, why)
    await platform.show_progress(work, call)


async def _is_open(work: Work, call: Call) -> bool:
    """Whether it is still wanted: a person may have done it while the platform was asked."""
    now = await work.calls.get(call.id)
    return now is not None and now.state == "open"


async def _leave(work: Work, call: Call, why: str) -> None:
    await work.calls.leave_to_person(call.id, why=why, at=work.now)
    await by_hand.show(work, await by_hand.the_call(work, call.id))


async def _instance(work: Work, call: Call) -> Instance:
    """Return the instance of a call, its partner locked."""
    await work.partners.lock(call.partner_id)
    instance = await work.instances.by_id(call.instance_id)
    assert instance is not None, "a call has an instance"
    return instance


async def _created(work: Work, call: Call, instance: Instance, made: Made | None) -> None:
    tried = instance
    # What was brought in runs, and has no trial.
    if instance.state is State.CREATING:
        partner = await the_partner(work, instance.partner_id)
        trial = programme_of(work, partner).trial
        tried = instances.created(instance, at=work.now, trial=trial)
        actor = access.by_platform(f"call:{call.id}")
        await recording.change(work, actor, "platform.create", instance, tried)
    if made is not None:
        ciphertext = work.vault.lock(made.token)
        account = Account(ciphertext, made.remote_id, made.address)
        await work.instances.keep_account(tried.id, account)
        await links.note(work, [(tried.id, made.connected)], begun=work.now)
        key = f"instance:{tried.id}"
        await work.tokens.keep_secret(key, tried.partner_id, ciphertext, at=work.now)
    if instance.state is State.CREATING:
        # One that is created anew, having been lost there, is where it was in its life.
        await trials.plan(work, tried)


async def _tell_of_trouble(work: Work, call: Call, instance: Instance, why: str) -> None:
    partner = await the_partner(work, instance.partner_id)
    await telling.tell_staff(
        work,
        "platform_trouble",
        {
            "operation": call.operation,
            "instance": instance.id,
            "name": instance.name,
            "partner": partner.name,
            "why": why,
        },
        key=f"platform_trouble:{call.id}",
        partner_id=partner.id,
        buttons=[[Button("partner", "partner", {"partner": partner.id})]],
    )
