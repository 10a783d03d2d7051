"""Who of the staff sees to a card: what it says of that, and the button for it."""

from __future__ import annotations

from billing.services.facts import Facts
from billing.services.messages import Button
from billing.services.ports import Work


async def told(work: Work, kind: str, subject: str) -> Facts:
    """Return `claimed_by`, a name or None, and `claimed_at`, as every card shows them."""
    claim = await work.claims.get(kind, subject)
    if claim is None:
        return {"claimed_by": None, "claimed_at": None}
    return {
        "claimed_by": await name_of(work, claim.claimed_by),
        "claimed_at": claim.claimed_at,
    }


def button(kind: str, subject: str, facts: Facts) -> Button:
    """Return what can be done about the claim that a card's facts tell of."""
    action = "claim" if facts["claimed_by"] is None else "hand_over"
    return Button(action, action, {"kind": kind, "subject": subject})


async def name_of(work: Work, user_id: int | None) -> str | None:
    """Return how a person of the staff is called; None for nobody."""
    if user_id is None:
        return None
    person = await work.people.person(user_id)
    return person.name if person and person.name else str(user_id)
