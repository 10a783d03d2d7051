"""What is kept about a person, and what forgetting it means."""

from __future__ import annotations

from billing.services.messages import Button
from billing.services.partners.personal import Farewell
from bot.chat.cards.card import Card


def forgetting(shown: Farewell) -> Card:
    """Say what goes and what stays, and ask once."""
    return Card(
        "forgetting",
        {"partner": shown.partner, "role": shown.role, "company": shown.company},
        [
            [Button("confirm", "forget_confirm", once=True), Button("back", "home")],
            [Button("export", "export")],
        ],
    )


def forgotten(done: Farewell, *, language: str) -> Card:
    """Say that it is done, in the language of before: nobody knows it any more."""
    return Card("forgotten", {"partner": done.partner, "spoken_in": language})
