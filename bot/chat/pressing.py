"""A button was pressed: is it one of ours, still good, and for whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from billing.refusals import AlreadyDone, NoRight, Refusal
from billing.services.access import Heard
from billing.services.messages import Intent
from billing.services.ports import Work
from bot.chat import dispatch
from bot.chat.actions import ACTIONS
from bot.chat.commands import Place
from bot.chat.trying import attempt, denied, say
from bot.chat.turn import Answer, Turn

# What shows the course of something stays readable: what is pressed there is answered below it.
NOT_EDITED = frozenset({"progress", "booked", "pairing"})


class UsedMeanwhile(Exception):
    """A button that has its effect once has had it."""


async def pressed(turn: Turn, intent_id: str) -> str | None:
    """
    Do what a button stands for, and return the name of the toast that it gets.

    One that was never given, is for somebody else or has expired: the toast of an old one.
    """
    work, heard = turn.work, turn.heard
    intent = await work.messages.intent(intent_id, at=work.now)
    if intent is None or not _belongs(intent, heard) or intent.action not in ACTIONS:
        if intent is not None:
            await denied(turn, "press")
        await _show_home(turn)
        return "button_old"
    if not intent.current or intent.used_at is not None:
        if intent.current:
            await _show_standing(turn, intent)
        return "button_old" if intent.used_at is None else "already_done"
    edits = await _may_edit(work, intent)
    doing = replace(turn, pressed=intent, key=intent.message_key if edits else turn.key)
    try:
        answer, refused = await attempt(doing, intent.action, lambda: _press(doing, intent))
    except UsedMeanwhile:
        return "already_done"
    toast = _toast(refused)
    told_enough = isinstance(refused, NoRight) or (toast and not heard.private)
    if not told_enough:
        await say(doing, answer, fresh_key=turn.key, refused=refused is not None)
    return toast


async def _show_home(turn: Turn) -> None:
    if turn.heard.private and turn.actor.partner_id is not None:
        await _show(turn, "home", {})


async def _press(turn: Turn, intent: Intent) -> Answer:
    dispatch.check(turn, ACTIONS[intent.action], Place.ANYWHERE)
    if intent.once and not await turn.work.messages.use(
        intent.id, by=turn.user_id, at=turn.work.now
    ):
        raise UsedMeanwhile
    if turn.heard.private:
        # Who goes on by a button has left the question; the next words must not answer it.
        await turn.work.conversations.answered(turn.heard.chat_id, turn.user_id)
    return await dispatch.press(turn, intent.action, intent.args)


async def _show_standing(turn: Turn, intent: Intent) -> None:
    """Show what a button was about, as it stands now."""
    ids = intent.args.get("instances") or []
    if turn.heard.private and len(ids) == 1:
        await _show(turn, "show", {"instance": ids[0]})
    else:
        await _show_home(turn)


async def _show(turn: Turn, action: str, args: dict[str, Any]) -> None:
    answer, _ = await attempt(turn, action, lambda: dispatch.press(turn, action, args))
    await say(turn, answer)


async def _may_edit(work: Work, intent: Intent) -> bool:
    """Whether the answer takes the pressed message's place: only what was an answer itself."""
    if not intent.message_key.startswith("answer:"):
        return False
    shown = await work.messages.get(intent.message_key)
    return shown is not None and shown.kind not in NOT_EDITED


def _belongs(intent: Intent, heard: Heard) -> bool:
    """Whether the button is pressed where it was shown; in a group the presser's rights decide."""
    if intent.chat_id != heard.chat_id:
        return False
    return not heard.private or intent.reader in {None, heard.user_id}


def _toast(refused: Refusal | None) -> str | None:
    if isinstance(refused, NoRight):
        return "no_right"
    return "already_done" if isinstance(refused, AlreadyDone) else None
