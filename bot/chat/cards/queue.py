"""What waits for staff, oldest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from billing.days.requests import DayRequest
from billing.instances import Instance
from billing.partners import Partner
from billing.services.desk.overview import Queue
from billing.services.messages import Button
from billing.services.ports import Call
from bot.chat.cards import buying
from bot.chat.cards.card import Buttons, Card, named, rows_of

MOST_BUTTONS = 8


def queue(
    shown: Queue,
    requests: Sequence[tuple[DayRequest, Partner]],
    colleagues: Mapping[int, str],
    *,
    zone: str,
) -> Card:
    """
    Show what waits, oldest first: `counts` of all, and the first of each.

    `requests` are those for days, which have a clock each; `colleagues` are the staff by name.
    """
    return Card(
        "queue",
        {
            "zone": zone,
            "halted": shown.halted,
            "applications": [
                {"id": item.id, "company": item.company, "since": item.created_at}
                for item in shown.applications[:MOST_BUTTONS]
            ],
            "token_requests": [
                {"partner": partner.name, "tier": item.tier, "since": item.created_at}
                for item, partner in shown.token_requests[:MOST_BUTTONS]
            ],
            "deletions": [_deletion(*row) for row in shown.deletions[:MOST_BUTTONS]],
            "calls": [_call(*row) for row in shown.calls[:MOST_BUTTONS]],
            "approvals": shown.approvals[:MOST_BUTTONS],
            "day_requests": buying.waiting(requests[:MOST_BUTTONS], colleagues),
            "counts": {
                "day_requests": len(requests),
                "applications": len(shown.applications),
                "token_requests": len(shown.token_requests),
                "deletions": len(shown.deletions),
                "calls": len(shown.calls),
                "approvals": len(shown.approvals),
            },
        },
        [*rows_of(buying.opening(requests[:MOST_BUTTONS]), 2), *_of_queue(shown)],
    )


def _of_queue(shown: Queue) -> Buttons:
    applications = [
        named(item.company, "application", application=item.id) for item in shown.applications
    ]
    requests = [
        named(partner.name, "partner", partner=partner.id) for _, partner in shown.token_requests
    ]
    deletions = [
        named(instance.name, "task", instance=instance.id) for instance, _ in shown.deletions
    ]
    approvals = [
        named(waits["partner"], "approval", approval=waits["id"]) for waits in shown.approvals
    ]
    return [
        *rows_of(approvals[:MOST_BUTTONS], 2),
        *rows_of(applications[:MOST_BUTTONS], 2),
        *rows_of(requests[:MOST_BUTTONS], 2),
        *rows_of(deletions[:MOST_BUTTONS], 2),
        [Button("queue", "queue")],
    ]


def _deletion(instance: Instance, partner: Partner) -> dict[str, object]:
    return {
        "id": instance.id,
        "name": instance.name,
        "partner": partner.name,
        "since": instance.stopped_at,
    }


def _call(call: Call, partner: Partner) -> dict[str, object]:
    return {
        "operation": call.operation,
        "instance": call.instance_id,
        "partner": partner.name,
        "attempts": call.attempts,
        "error": call.error,
        "since": call.created_at,
    }
