"""What an event of Stripe's says about itself, out of its JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from billing.services.ports.cards import Event

# What happens to these is asked of their charge.
OF_A_CHARGE = frozenset({"refund", "dispute"})
LOOKED_UP = ("cs_", "sub_", "in_", "ch_", "py_")


def event(body: str) -> Event:
    """
    Read an event; what it is about is only named, for the object is fetched again.

    :raises ValueError: it is no event of Stripe's.
    """
    told = json.loads(body)
    if not isinstance(told, dict) or told.get("object") != "event":
        raise ValueError("no event")
    event_id, kind, created, live = (
        told.get("id"),
        told.get("type"),
        told.get("created"),
        told.get("livemode"),
    )
    if not (isinstance(event_id, str) and event_id and isinstance(kind, str)):
        raise ValueError("an event without id or type")
    if type(created) is not int or not isinstance(live, bool):
        raise ValueError("an event without its time or mode")
    try:
        at = datetime.fromtimestamp(created, UTC)
    except (OverflowError, OSError):
        raise ValueError("an event of no time") from None
    return Event(event_id, kind, at, live, _about(told.get("data")), body)


def lane(told: Event) -> str:
    """
    Return what must not be looked up twice at once: whose it is, if that is told.

    Else of two looks at one subscription, told of by different things, the older could be last.
    """
    data = json.loads(told.body).get("data")
    held = data.get("object") if isinstance(data, dict) else None
    whose = held.get("customer") if isinstance(held, dict) else None
    return whose if isinstance(whose, str) and whose else told.about or told.id


def _about(data: Any) -> str:
    """Return the id of the object that is looked up for it; empty if there is none."""
    held = data.get("object") if isinstance(data, dict) else None
    if not isinstance(held, dict):
        return ""
    found = held.get("charge") if held.get("object") in OF_A_CHARGE else held.get("id")
    return found if isinstance(found, str) and found.startswith(LOOKED_UP) else ""
