"""A card: what kind of answer it is, its facts, what can be done from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from billing.services.facts import Facts
from billing.services.messages import Button, Urgency

T = TypeVar("T")
Buttons = Sequence[Sequence[Button]]


@dataclass(frozen=True, slots=True)
class Card:
    """
    An answer without its place.

    `fresh`: said as a new message also where a button was pressed, so that it stands last.
    """

    kind: str
    facts: Facts = field(default_factory=dict)
    buttons: Buttons = ()
    fresh: bool = False
    urgency: Urgency = Urgency.REPLY


def rows_of(buttons: Sequence[Button], width: int) -> list[list[Button]]:
    """Lay buttons out, so many in a row."""
    return [list(buttons[at : at + width]) for at in range(0, len(buttons), width)]


def on_page(found: Sequence[T], page: int, each: int) -> tuple[int, int, Sequence[T]]:
    """Return the page (from 1) that there is nearest to it, of how many, and what it shows."""
    pages = max(1, -(-len(found) // each))
    page = min(max(page, 1), pages)
    return page, pages, found[(page - 1) * each : page * each]


def named(name: str, action: str, **args: object) -> Button:
    """Return a button that shows `name` as it is, in no language."""
    return Button("named", action, {"name": name, **args})


def undo(cause: str) -> Button:
    """Return the button that takes back what was done by that update."""
    return Button("undo", "undo", {"cause": cause}, once=True)
