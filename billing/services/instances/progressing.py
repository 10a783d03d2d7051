"""
How far the calls to the messaging platform are: one message, edited in place.

Nothing is shown as done at the platform that it did not confirm.
"""

from __future__ import annotations

from datetime import timedelta

from billing.instances import Instance
from billing.programmes import Settlement
from billing.services.finding import by_name
from billing.services.messages import Button, Message
from billing.services.operations import Operation
from billing.services.ports import Call, Work

# A first answer waits this long for the platform, so that mostly one message says it all.
PATIENCE = timedelta(milliseconds=1500)
# Of many calls the message is said anew whenever such a part of them was answered.
PARTS = 5


async def is_due(work: Work, key: str) -> bool:
    """
    Whether the message of `key` is to be said anew, now that one of its calls was answered.

    Each time it is said costs as much as it has calls. Of up to five it is said at each answer, of
    more at each fifth of them, and always when none is left that will be answered soon.
    """
    promised, left = await work.calls.left_of(key, work.now)
    return left % max(1, -(-promised // PARTS)) == 0


async def progress(
    work: Work, key: str, chat_id: int, operation: str, *, reader: int | None
) -> Message:
    """
    Return the message that shows how far the calls promised under `key` are.

    While all are open and untried it may wait a moment: mostly the platform answers at once.
    """
    calls = {call.instance_id: call for call in await work.calls.of_message(key)}
    found = await work.instances.of_ids(calls)
    items = [_item(calls[instance.id], instance) for instance in by_name(found)]
    untried = all(call.state == "open" and not call.error for call in calls.values())
    partner_id = next((call.partner_id for call in calls.values()), None)
    token = await work.tokens.present(partner_id) if partner_id is not None else None
    facts = {
        "operation": operation,
        "items": items,
        "left": token.left if token else None,
        "unlimited": token is not None and token.allowed is None,
    }
    return Message(
        key=key,
        chat_id=chat_id,
        kind="progress",
        facts=facts,
        buttons=_buttons(operation, items),
        reader=reader,
        not_before=work.now + PATIENCE if untried else None,
    )


def _item(call: Call, instance: Instance) -> dict[str, object]:
    return {
        "id": instance.id,
        "name": instance.name,
        "state": instance.state,
        "settlement": instance.settlement,
        "at_platform": _stands(call),
        "queued_until": call.queued_until,
        "why": call.error if call.state == "refused" else None,
        "trial_ends_at": instance.trial_ends_at,
        "service_ends_at": instance.service_ends_at,
        "subscribed_at": instance.subscribed_at,
        "active_until": instance.active_until,
        "billable_until": instance.billable_until,
    }


def _stands(call: Call) -> str:
    """Say how far a call is: its state, or of an open one what it waits for."""
    if call.state != "open" or call.error is None:
        return call.state
    if call.queued_until is not None:
        return "queued"
    return "waiting" if call.by_hand_since is None else "by_hand"


def _buttons(operation: str, items: list[dict[str, object]]) -> list[list[Button]]:
    ids = [item["id"] for item in items if item["at_platform"] == "done"]
    if not ids:
        return [[Button("list", "list")]]
    match operation:
        case Operation.CREATE:
            in_days = any(item["settlement"] == Settlement.DAYS for item in items)
            onward = Operation.EXTEND if in_days else Operation.SUBSCRIBE
            first = [
                Button(onward, onward, {"instances": ids}),
                Button("show_token", "instance_token", {"instances": ids}),
            ]
        case Operation.SUBSCRIBE | Operation.KEEP:
            first = [Button("cancel_instance", "cancel", {"instances": ids})]
        case Operation.EXTEND:
            first = [Button("days", "days")]
        case Operation.CANCEL:
            first = [Button("keep", "keep", {"instances": ids})]
        case _:
            first = []
    last = [Button("list", "list"), Button("home", "home")]
    if len(ids) == 1 and operation != Operation.DELETE:
        last.insert(0, Button("show", "show", {"instance": ids[0]}))
    return [row for row in (first, last) if row]
