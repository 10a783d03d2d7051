"""/undo: taking back one's own last act."""

from __future__ import annotations

from typing import Any

from billing.services import finding
from billing.services.desk import undoing
from billing.services.desk.undoing import Undone
from billing.services.messages import Button
from bot.chat.cards.card import Card
from bot.chat.handlers import correcting
from bot.chat.turn import Answer, Turn


async def undo(turn: Turn, words: str) -> Answer:
    """Take back what the speaker did last."""
    del words
    return await _shown(turn, await undoing.undo(turn.work, turn.actor))


async def undo_pressed(turn: Turn, args: dict[str, Any]) -> Answer:
    """Take back what the card says was done, if it is what the speaker did last."""
    return await _shown(turn, await undoing.undo(turn.work, turn.actor, str(args["cause"])))


async def _shown(turn: Turn, done: Undone) -> Answer:
    act = done.act
    if done.asks == "unpaid":
        return await correcting.ask_why_unpaid(turn, act.object_id, others=done.others)
    partner, about = None, act.object_id
    if act.kind == "person":
        person = await turn.work.people.person(int(act.object_id))
        about = (person.name if person is not None else "") or about
    if act.partner_id is not None:
        partner = (await finding.the_partner(turn.work, act.partner_id)).name
    buttons = [Button("queue", "queue")]
    if act.partner_id is not None:
        buttons = [Button("partner", "partner", {"partner": act.partner_id})]
    return Card(
        "undone",
        {
            "action": act.action,
            "about": about,
            "partner": partner,
            "amount": act.amount,
            "at": act.at,
        },
        [buttons],
    )
