"""What partners write, and what is said to many of them."""

from __future__ import annotations

from collections.abc import Sequence

from billing.partners import Partner
from billing.services.facts import Facts
from billing.services.messages import Button
from billing.services.ports import Broadcast
from bot.chat.cards.card import Card


def asked(facts: Facts, buttons: Sequence[Sequence[Button]]) -> Card:
    """Show a partner's message again; who replies to it answers it."""
    return Card("support_card", facts, [*buttons, [Button("queue", "queue")]])


def nobody_reads(partner: Partner | None) -> Card:
    """Say that a reply to a card reaches nobody; `partner` is whom the card is about."""
    look = [] if partner is None else [Button("partner", "partner", {"partner": partner.id})]
    name = None if partner is None else partner.name
    return Card("nobody_reads", {"partner": name}, [[*look, Button("queue", "queue")]])


def preview(prepared: Broadcast, partners: int) -> Card:
    """Show what would be said to how many, and ask once."""
    args = {"broadcast": prepared.id}
    return Card(
        "broadcast_preview",
        {
            "segment": prepared.segment,
            "partners": partners,
            "people": len(prepared.receivers),
            "text": prepared.text,
            "file": prepared.copies is not None,
        },
        [
            [
                Button("confirm", "broadcast_confirm", args, once=True),
                Button("back", "broadcast_drop", args),
            ]
        ],
    )
