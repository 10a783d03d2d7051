"""
Calls to the messaging platform: promised with their cause, carried out later, posted in `answered`.

Billing decides and promises; nothing is shown as done at the platform that it did not confirm.
The message that promised a call shows how far it is, edited in place. Rules: "Life of an instance".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from billing.instances import Instance
from billing.services.instances import by_hand, progressing
from billing.services.operations import Operation
from billing.services.ports import Call, Work
from billing.services.ports.platforms import Remote

# Each of these makes up for those of its kind before it; whether it runs counts more.
WHETHER_IT_GOES_ON = frozenset({Operation.CANCEL, Operation.KEEP})
WHETHER_IT_RUNS = frozenset({Operation.STOP, Operation.RESTART, Operation.EXTEND, Operation.DELETE})


async def promise(
    work: Work, operation: Operation, instance: Instance, *, message_key: str | None = None
) -> None:
    """
    Promise a call in this transaction; it is tried as soon as that is committed.

    What was left to a person and is made up for by this needs nobody any more.
    """
    for left in await work.calls.open_of(instance.id):
        if left.by_hand_since is not None and makes_up_for([operation], left.operation):
            await void(work, left, None)
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


def makes_up_for(newer: Iterable[str], older: str) -> bool:
    """Whether one of these operations leaves the instance so that the older one is needless."""
    found = set(newer)
    if older in {Operation.CREATE, Operation.SUBSCRIBE}:
        # Whatever runs or not: until it is deleted it has to be there, and to be subscribed.
        return older == Operation.SUBSCRIBE and Operation.DELETE in found
    return bool(found & WHETHER_IT_RUNS) or (
        older in WHETHER_IT_GOES_ON and bool(found & WHETHER_IT_GOES_ON)
    )


async def remote(work: Work, instance: Instance) -> Remote:
    """Return an instance as its platform is asked about it, its token opened: not to be kept."""
    account = await work.instances.account(instance.id)
    return Remote(
        reference=instance.id,
        name=instance.name,
        remote_id=account.remote_id,
        token=None if account.token is None else work.vault.open(account.token),
        address=account.address,
        ended_at=instance.cancelled_at or instance.ended_at or instance.deleted_at,
    )


async def void(work: Work, call: Call, why: str | None) -> None:
    """It is not needed any more."""
    await work.calls.close(call.id, "void", error=why, at=work.now)
    if call.by_hand_since is not None:
        await by_hand.over(work, call)
    await show_progress(work, call)


async def show_progress(work: Work, call: Call) -> None:
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
