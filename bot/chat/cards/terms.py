"""What staff see of a partner's terms: a price that was agreed, a move that waits."""

from __future__ import annotations

from billing.services.messages import Button
from billing.services.partners.agreeing import Agreed
from billing.services.partners.moving import Planned
from billing.services.ports import Move
from bot.chat.cards.card import Card, undo


def agreed(found: Agreed, cause: str) -> Card:
    """Say from which invoice on a price counts."""
    return Card(
        "agreed",
        {
            "partner": found.partner.name,
            "price": found.price,
            "since": found.since,
            "first": found.first,
            "invoiced_on": found.invoiced_on,
            "daily": found.daily,
        },
        [[Button("partner", "partner", {"partner": found.partner.id}), undo(cause)]],
    )


def planned(found: Planned) -> Card:
    """Say when a partner is moved, and what that leaves as it is."""
    before = found.instead_of
    return Card(
        "moving",
        {
            "partner": found.partner.name,
            "was": found.partner.programme,
            "was_version": found.partner.programme_version,
            "programme": found.programme.id,
            "version": found.programme.version,
            "on": found.on,
            "instead_of": f"{before.programme} {before.version}" if before is not None else None,
        },
        [
            [
                Button("take_back", "take_back", {"partner": found.partner.id}, once=True),
                Button("partner", "partner", {"partner": found.partner.id}),
            ]
        ],
    )


def move(waiting: Move | None) -> dict[str, object] | None:
    """Return what a partner's card tells of a move that waits."""
    if waiting is None:
        return None
    return {"programme": waiting.programme, "version": waiting.version, "at": waiting.since}
