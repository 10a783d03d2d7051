"""
Calls to the messaging platform: promised with their cause, carried out later, posted here.

Billing decides and promises; nothing is shown as done at the platform that it did not confirm.
The message that promised a call shows how far it is, edited in place. Rules: "Life of an instance".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from billing import instances, subscriptions
from billing.instances import Instance, State
from billing.notices import TRIAL_KINDS, of_trial
from billing.services import access, recording, telling
from billing.services.finding import programme_of, the_partner
from billing.services.instances import progressing
from billing.services.messages import Button
from billing.services.operations import Operation
from billing.services.ports import Call, Due, Work
from billing.services.ports.platforms import Made

TOLD_STAFF_AT_ATTEMPT = 3
# What a partner wishes for: a refusal is the end of it. Everything else has to become so.
WISHES = frozenset({Operation.CREATE, Operation.SUBSCRIBE})
# Each of these makes up for those of its kind before it; whether it runs counts more.
WHETHER_IT_GOES_ON = frozenset({Operation.CANCEL, Operation.KEEP})
WHETHER_IT_RUNS = frozenset({Operation.STOP, Operation.RESTART, Operation.EXTEND, Operation.DELETE})
REFUSED_AGAIN_AFTER = timedelta(hours=1)


async def promise(
    work: Work, operation: Operation, instance: Instance, *, message_key: str | None = None
) -> None:
    """Promise a call in this transaction; it is tried as soon as that is committed."""
    await work.calls.promise(
        Call(
            id=work.ids.opaque(),
            instance_id=instance.id,
            partner_id=instance.partner_id,
            operation=operation,
            message_key=message_key,
            attempts=0,
            created_at=work.now,
            not_before=work.now,
        )
    )


async def succeeded(work: Work, call: Call, made: Made | None = None) -> None:
    """Post what the platform confirmed, and what it made; a second posting changes nothing."""
    if not await work.calls.close(call.id, "done", error=None, at=work.now):
        return
    if call.operation == Operation.CREATE:
        instance = await _instance(work, call)
        await _created(work, call, instance, made)
    await _show_progress(work, call)


async def refused(work: Work, call: Call, why: str) -> datetime | None:
    """
    Post that the platform says no; partner and staff hear why.

    A wish is void, and its quota comes back. What has to become so is tried again each hour,
    unless something newer takes its place. Returns when it is tried again.
    """
    if call.operation not in WISHES or await _runs_already(work, call):
        return await _insist(work, call, why)
    if not await work.calls.close(call.id, "refused", error=why, at=work.now):
        return None
    before = instance = await _instance(work, call)
    if call.operation == Operation.CREATE:
        instance = instances.creation_failed(instance, at=work.now)
        if instance.token_id is not None:
            await work.tokens.give_back(instance.token_id, 1)
    else:
        instance = subscriptions.subscription_refused(instance, at=work.now)
        await _call_off(work, instance)
        await plan_trial(work, instance)
    await _post_refusal(work, call, before, instance, why)
    return None


async def _runs_already(work: Work, call: Call) -> bool:
    """Whether it is made at the platform of what was brought in: that has to become so."""
    if call.operation != Operation.CREATE:
        return False
    instance = await work.instances.by_id(call.instance_id)
    return instance is not None and instance.state not in {State.CREATING, State.FAILED}


async def _insist(work: Work, call: Call, why: str) -> datetime | None:
    queued = {
        waiting.id: waiting.operation for waiting in await work.calls.open_of(call.instance_id)
    }
    if queued.pop(call.id, None) is None:
        return None
    newer = set(queued.values())
    if (call.operation != Operation.CREATE and newer & WHETHER_IT_RUNS) or (
        call.operation in WHETHER_IT_GOES_ON and newer & WHETHER_IT_GOES_ON
    ):
        await _void(work, call, why)
        return None
    until = work.now + REFUSED_AGAIN_AFTER
    await work.calls.put_off(call.id, until=until, error=why)
    if why != call.error:
        instance = await _instance(work, call)
        await _post_refusal(work, call, instance, instance, why)
    return until


async def _call_off(work: Work, instance: Instance) -> None:
    """Without its subscription there is nothing to cancel or keep, and a trial runs on."""
    pointless = WHETHER_IT_GOES_ON | {Operation.RESTART}
    if instance.state is State.TRIAL:
        pointless |= {Operation.STOP}
    for call in await work.calls.open_of(instance.id):
        if call.operation in pointless:
            await _void(work, call, None)


async def _void(work: Work, call: Call, why: str | None) -> None:
    await work.calls.close(call.id, "void", error=why, at=work.now)
    await _show_progress(work, call)


async def _post_refusal(
    work: Work, call: Call, before: Instance, after: Instance, why: str
) -> None:
    actor = access.by_platform(f"call:{call.id}")
    outcome = f"refused: {why}"
    await recording.change(
        work, actor, f"platform.{call.operation}", before, after, outcome=outcome
    )
    await _tell_of_trouble(work, call, after, why)
    await _show_progress(work, call)


async def put_off(work: Work, call: Call, why: str, *, attempts: int, until: datetime) -> None:
    """The platform does not answer: it will be done when it does, and the partner hears so."""
    await work.calls.put_off(call.id, until=until, error=why)
    if attempts == TOLD_STAFF_AT_ATTEMPT:
        instance = await _instance(work, call)
        await _tell_of_trouble(work, call, instance, why)
    if attempts == 1:
        await _show_progress(work, call)


async def _instance(work: Work, call: Call) -> Instance:
    """Return the instance of a call, its partner locked."""
    await work.partners.lock(call.partner_id)
    instance = await work.instances.by_id(call.instance_id)
    assert instance is not None, "a call has an instance"
    return instance


async def plan_trial(work: Work, instance: Instance) -> None:
    """Plan the end of a trial and its notices, or what follows if it is over already."""
    if instance.state is State.STOPPED:
        key = f"trial_over:{instance.id}:{work.ids.opaque()}"
        await work.due.plan(Due(key, "trial_over", instance.id, instance.partner_id, work.now))
        return
    if instance.state is not State.TRIAL or instance.trial_ends_at is None:
        return
    partner = await the_partner(work, instance.partner_id)
    await work.due.plan(
        Due(
            key=f"trial_end:{instance.id}",
            kind="trial_end",
            subject=instance.id,
            partner_id=instance.partner_id,
            at=instance.trial_ends_at,
        )
    )
    for notice in of_trial(instance, partner.night):
        if notice.kind in TRIAL_KINDS[:2]:
            await telling.plan_notice(work, partner.id, notice)


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
        await work.instances.keep_token(tried.id, ciphertext)
        await work.instances.set_link(tried.id, made.connected, at=work.now)
        key = f"instance:{tried.id}"
        await work.tokens.keep_secret(key, tried.partner_id, ciphertext, at=work.now)
    await plan_trial(work, tried)


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


async def _show_progress(work: Work, call: Call) -> None:
    """Say the message that promised the call anew, with what is known by now."""
    if call.message_key is None or not await progressing.is_due(work, call.message_key):
        return
    shown = await work.messages.get(call.message_key)
    if shown is None or shown.kind != "progress":
        return
    message = await progressing.progress(
        work, shown.key, shown.chat_id, call.operation, reader=shown.reader
    )
    if "on_behalf" in shown.facts:
        # Its buttons are the partner's, and this is read by who acted for it.
        facts = {**message.facts, "on_behalf": shown.facts["on_behalf"]}
        message = replace(message, facts=facts, buttons=())
    await work.messages.say(message, at=work.now)
