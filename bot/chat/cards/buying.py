"""Buying days: what they cost, the request, what staff see of it."""

from __future__ import annotations

from collections.abc import Sequence

from billing.days.requests import DayRequest
from billing.services.days.buying import Buy
from billing.services.facts import Facts
from billing.services.messages import Button
from bot.chat.cards.card import Card

OFFERED = (1, 5, 10)


def quote(shown: Buy, *, changed: bool = False) -> Card:
    """
    Say what days cost and when the invoice is there, and ask once.

    `at_once`: it is drawn up when it is asked for. `by` is until when it would be there.
    `changed`: what an earlier card showed is no longer true, and nothing was asked for.
    """
    it = shown.quote
    wanted = {"channels": it.channels, "days": None if it.channels else it.days}
    args = {**wanted, "terms": shown.terms}
    return Card(
        "day_quote",
        {
            "changed": changed,
            "days": it.days,
            "channels": it.channels,
            "channel_price": it.channel_price,
            "channel_days": it.channel_days,
            "total": it.total,
            "balance": shown.balance,
            "at_once": shown.at_once,
            "by": shown.by,
        },
        [[Button("confirm", "buy_confirm", args, once=True), Button("back", "days")]],
    )


def offers() -> list[list[Button]]:
    """Return what can be bought by a press where nothing was said."""
    return [[Button("so_many_channels", "buy", {"channels": count}) for count in OFFERED]]


def either(count: int) -> list[list[Button]]:
    """Return what a mere number may mean."""
    return [
        [
            Button("so_many_channels", "buy", {"channels": count}),
            Button("so_many_days", "buy", {"days": count}),
        ]
    ]


def told_apart(request: DayRequest) -> dict[str, object]:
    """Return what tells a request from another of the same partner, on a button."""
    return {"days": request.days, "since": request.requested_at.isoformat()}


def request(facts: Facts, buttons: Sequence[Sequence[Button]]) -> Card:
    """Show staff one request, from the queue."""
    return Card("day_request", facts, [*buttons, [Button("queue", "queue")]])
