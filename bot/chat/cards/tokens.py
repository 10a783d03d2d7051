"""The integrator token, and secrets; the secrets themselves are never in facts."""

from __future__ import annotations

from collections.abc import Sequence

from billing.services.messages import Button, Urgency
from billing.services.partners.integrator import RESPONSIBILITY, TokenCard
from bot.chat.cards.card import Card


def token(card: TokenCard, *, owner: bool) -> Card:
    """Show tier and quota. `unsaved`: its secret can still be shown; `has_secret`: it has one."""
    doing: list[Button] = []
    if owner:
        doing.append(Button("show_token", "token_show"))
    if owner and card.has_secret:
        doing.append(Button("rotate", "token_rotate"))
    asking = [Button("request_next_token", "token_next")] if owner and card.can_request else []
    return Card(
        "token",
        {
            "tier": card.tier.name,
            "created": card.token.created,
            "allowed": card.token.allowed,
            "left": card.token.left,
            "next_tier": card.next_tier,
            "next_from": card.next_from,
            "can_request": card.can_request,
            "requested": card.requested,
            "has_secret": card.has_secret,
            "unsaved": card.unsaved,
            "owner": owner,
        },
        [row for row in (doing, [] if card.requested else asking, [Button("home", "home")]) if row],
    )


def responsibility(*, rotate: bool) -> Card:
    """Say that whoever used the token, the partner owes; `rotate`: an old secret is replaced."""
    return Card(
        "responsibility",
        {"version": RESPONSIBILITY, "rotate": rotate},
        [[Button("confirm", "token_accept", once=True), Button("back", "token")]],
    )


def already_saved() -> Card:
    """Say that a saved secret cannot be shown again, only replaced."""
    return Card("token_saved", {}, [[Button("rotate", "token_rotate"), Button("back", "token")]])


def secret(keys: Sequence[str], names: Sequence[str] = ()) -> Card:
    """
    Show secrets by their keys (`token:…`, `instance:…`), put into the text when it is sent.

    `names` are those of the instances, in the order of the keys; none for the partner's token.
    """
    return Card(
        "secret",
        {"keys": list(keys), "names": list(names)},
        [[Button("saved", "saved", {"keys": list(keys)}, once=True)]],
        urgency=Urgency.MONEY,
    )


def secret_saved(count: int) -> Card:
    """Take the place of shown secrets."""
    return Card("secret_saved", {"count": count}, [[Button("home", "home")]])


def no_secrets(names: Sequence[str]) -> Card:
    """Say that the tokens of these instances were saved before, or are not there yet."""
    return Card("no_secrets", {"names": list(names)}, [[Button("list", "list")]])
