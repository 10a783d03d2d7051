"""Facts of what is said about messaging platforms."""

from __future__ import annotations

from bot.chat.replies.platforms import TO_DO
from tests.bot.chat.replies.samples import AT, Facts

# What each may refuse with, and one that nobody knows.
WHYS = ("Instance not found", "must subscribe to this instance again", "null not allowed", "<b>")


def platforms(name: str) -> dict[str, list[Facts]]:
    card = {
        "id": "c1",
        "instance": "K7Q2M",
        "name": name,
        "label": f"{name}-K7Q2M",
        "remote_id": None,
        "partner": name,
        "since": AT,
        "until": None,
        "active_until": None,
        "state": "open",
        "by": "",
        "claimed_by": None,
        "claimed_at": None,
    }
    tasks = [
        {**card, "operation": operation, "platform": platform}
        for operation in sorted({key.partition(" ")[0] for key in TO_DO})
        for platform in ("zapi", "whapi", "evolution", "embedded")
    ]
    first = tasks[0]
    refused = {"id": "K7Q2M", "name": name, "days": 30, "until": AT, "auto": False, "why": name}
    return {
        "staff_by_hand": [
            *tasks,
            *({**one, "until": AT, "active_until": AT} for one in tasks),
            {**first, "remote_id": name},
            {**first, "claimed_by": name, "claimed_at": AT},
            *({**first, "state": state} for state in ("done", "void", "refused")),
            {**first, "state": "done", "by": name},
        ],
        "extension_refused": [
            *({**refused, "state": state} for state in ("trial", "active", "stopped")),
            {**refused, "state": "active", "auto": True, "days": 1},
            *({**refused, "state": "trial", "why": why} for why in WHYS),
        ],
    }
