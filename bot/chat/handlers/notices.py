"""/notices: which reminders come, to whom, and the hours in which nobody is woken."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from billing.families import Family
from billing.nights import BEGINS, ENDS
from billing.services.partners import notified
from bot.chat.cards import notices as cards
from bot.chat.turn import Answer, Turn
from bot.chat.words.understanding import NotUnderstood, folded

QUIET = frozenset({"quiet", "silencio", "тишина"})
NONE = frozenset({"off", "none", "nao", "desligado", "nunca", "no", "desactivar", "выкл", "нет"})
USUAL = frozenset(
    {"on", "yes", "да", "usual", "normal", "sim", "ligado", "si", "activar", "вкл", "обычные"}
)
HOURS = re.compile(
    r"(\d{1,2})(?:[:h](\d{2})?)?\s*(?:-|–|to|a|as|ate|a las|hasta|до)\s*(\d{1,2})(?:[:h](\d{2})?)?"
)
# As they are offered, beside the usual ones and none.
OFFERED = ("21:00-07:00", "22:00-10:00", "20:00-08:00")


class HoursUnclear(NotUnderstood):
    """These are no hours. Facts: `wanted`."""

    code = "hours_unclear"


async def notices(turn: Turn, words: str) -> Answer:
    """Show what the speaker gets; `quiet FROM-TO` sets the quiet hours."""
    first, _, rest = words.strip().partition(" ")
    if not first:
        return await shown(turn, {})
    if folded(first) not in QUIET:
        raise HoursUnclear(wanted=words.strip()[:64])
    return await quiet(turn, {"hours": rest.strip()} if rest.strip() else {})


async def shown(turn: Turn, args: dict[str, Any]) -> Answer:
    """Show what one reader gets: a member, or the group."""
    reader = str(args["reader"]) if "reader" in args else None
    return cards.notices(await notified.look(turn.work, turn.actor, reader), turn.user_id)


async def choose(turn: Turn, args: dict[str, Any]) -> Answer:
    """Let a reader get some notices, or no more."""
    chosen = await notified.choose(
        turn.work,
        turn.actor,
        str(args["reader"]),
        Family(args["family"]),
        wanted=bool(args["wanted"]),
    )
    return cards.notices(chosen, turn.user_id)


async def quiet(turn: Turn, args: dict[str, Any]) -> Answer:
    """Set the quiet hours, or offer some."""
    if "hours" not in args:
        found = await notified.look(turn.work, turn.actor)
        return cards.quiet_hours(found, OFFERED)
    await notified.sleep(turn.work, turn.actor, _hours(str(args["hours"])))
    return cards.quiet_hours(await notified.look(turn.work, turn.actor), OFFERED, changed=True)


def _hours(words: str) -> tuple[time, time] | None:
    """
    Return the hours that are written, None for the usual ones.

    :raises HoursUnclear:
    """
    if folded(words) in USUAL:
        return None
    if folded(words) in NONE:
        return time(0), time(0)
    found = HOURS.fullmatch(folded(words))
    try:
        if found is None:
            raise HoursUnclear(wanted=words[:64])
        hours = (
            time(int(found[1]), int(found[2] or 0)),
            time(int(found[3]), int(found[4] or 0)),
        )
    except ValueError:
        raise HoursUnclear(wanted=words[:64]) from None
    return None if hours == (BEGINS, ENDS) else hours
