"""The integrator token and instances' own tokens; secrets are shown in private, by key."""

from __future__ import annotations

from typing import Any

from billing.instances import GONE
from billing.partners import Right
from billing.services import finding
from billing.services.messages import Button
from billing.services.partners import integrator
from bot.chat.cards import tokens as cards
from bot.chat.cards.plain import HOME, said
from bot.chat.turn import Answer, Turn


async def token(turn: Turn, words: str) -> Answer:
    """Show tier and quota."""
    del words
    return cards.token(await integrator.look(turn.work, turn.actor), owner=turn.may(Right.OWN))


async def token_show(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show the secret that waits; make the first one only once the responsibility is accepted."""
    del args
    waiting = await integrator.waiting_secret(turn.work, turn.actor)
    if waiting is not None:
        return cards.secret([waiting])
    card = await integrator.look(turn.work, turn.actor)
    return cards.already_saved() if card.has_secret else cards.responsibility(rotate=False)


async def token_rotate(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask before the secret is replaced."""
    del args
    card = await integrator.look(turn.work, turn.actor)
    return cards.responsibility(rotate=card.has_secret)


async def token_accept(turn: Turn, args: dict[str, Any]) -> Answer:
    """Make a secret and show it."""
    del args
    return cards.secret([await integrator.issue_secret(turn.work, turn.actor)])


async def token_next(turn: Turn, args: dict[str, Any]) -> Answer:
    """Ask the staff for the next tier."""
    del args
    request = await integrator.request_next(turn.work, turn.actor)
    partner = await finding.own_partner(turn.work, turn.actor)
    tier = finding.programme_of(turn.work, partner).tier(request.tier)
    return said("token_requested", [[Button("back", "token"), *HOME]], tier=tier.name)


async def instance_token(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show those instances' own tokens that were not saved yet."""
    ids = [str(found) for found in args["instances"]]
    partner_id = finding.own_partner_id(turn.actor)
    instances = [await finding.the_instance(turn.work, partner_id, found) for found in ids]
    living = [instance.id for instance in instances if instance.state not in GONE]
    waiting = await integrator.instance_secrets(turn.work, turn.actor, living)
    names = {instance.id: instance.name for instance in instances}
    if not waiting:
        return cards.no_secrets(list(names.values()))
    return cards.secret([f"instance:{it}" for it in waiting], [names[it] for it in waiting])


async def saved(turn: Turn, args: dict[str, Any]) -> Answer:
    """Forget secrets that were saved."""
    keys = [str(key) for key in args["keys"]]
    await integrator.saved(turn.work, turn.actor, keys)
    return cards.secret_saved(len(keys))
