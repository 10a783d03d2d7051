"""
Taking back one's own last act within ten minutes, where that is possible: one table.

What can be undone has a use case that takes it back, with a right of its own; what a question has
to be asked for first is named; of the rest the table says what to do instead. Rights are asked at
that moment: who was a colleague then need not be one now. Commands: "/undo".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from billing.partners import Right, StaffRole
from billing.refusals import Refusal
from billing.services.access import requires
from billing.services.days import handling
from billing.services.desk import claiming, office
from billing.services.partners import agreeing, moving, reopening
from billing.services.payments import approvals, unholding
from billing.services.people import Actor
from billing.services.ports import AuditRow, Work

WITHIN = timedelta(minutes=10)

Acts = Sequence[AuditRow]
Undo = Callable[[Work, Actor, AuditRow, Acts], Awaitable[Any]]


class NothingToUndo(Refusal):
    """
    Nothing can be taken back now.

    Facts: `why`: none (nothing of one's own within ten minutes), undone (the last was an undo),
    other (a button is of something that is not one's own last act any more).
    """

    code = "nothing_to_undo"


class CannotUndo(Refusal):
    """That cannot be taken back. Facts: `action`, `instead` (what can be done), its `number`."""

    code = "cannot_undo"


@dataclass(frozen=True, slots=True)
class Undone:
    """
    What was taken back; `asks` names the way with questions that it has to go instead.

    `others` are the numbers of what was booked with it, before it: of a bank's statement.
    """

    act: AuditRow
    asks: str | None = None
    others: Sequence[str] = ()


@requires(Right.SERVE)
async def undo(work: Work, actor: Actor, cause: str | None = None) -> Undone:
    """
    Take back the actor's own last act, or say by which questions it is taken back.

    With a `cause` only if that act is the last one still.

    :raises NothingToUndo, CannotUndo:
    :raises Refusal: as the use case that takes it back does.
    """
    assert actor.user_id is not None, "staff are persons"
    acts = await work.audit.last_acts(actor.user_id, work.now - WITHIN)
    if not acts:
        raise NothingToUndo(why="none")
    if cause is not None and acts[0].cause != cause:
        raise NothingToUndo(why="other")
    done = {act.action for act in acts}
    if "undo" in done:
        raise NothingToUndo(why="undone")
    for act in acts:
        if act.action in INSTEAD:
            raise _cannot(act, INSTEAD[act.action])
    booked = [act for act in acts if act.action in ASKS]
    if booked:
        # Of several one at a time, beginning with the last.
        *others, last = booked
        numbers = dict.fromkeys(act.object_id for act in others if act.object_id != last.object_id)
        return Undone(last, ASKS[last.action], list(numbers))
    for act in acts:
        if act.action in UNDOABLE:
            await _note(work, actor, act)
            await UNDOABLE[act.action](work, actor, act, acts)
            return Undone(act)
    raise _cannot(acts[0], "other")


def _cannot(act: AuditRow, instead: str) -> CannotUndo:
    number = act.object_id if act.kind == "invoice" else None
    return CannotUndo(action=act.action, instead=instead, number=number)


async def _note(work: Work, actor: Actor, act: AuditRow) -> None:
    await work.audit.record(
        actor,
        "undo",
        at=work.now,
        kind=act.kind,
        object_id=act.object_id,
        partner_id=act.partner_id,
        before=act.action,
        after=act.cause,
    )


async def _freeze(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del acts
    await office.unfreeze(work, actor, act.object_id)


async def _unfreeze(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del acts
    await office.freeze(work, actor, act.object_id, act.before)


async def _halt(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del act, acts
    await office.resume(work, actor)


async def _resume(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del acts
    await office.halt(work, actor, act.before)


async def _claim(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del acts
    if act.kind == "day_request":
        await handling.hand_over(work, actor, act.object_id)
    else:
        await claiming.hand_over(work, actor, act.kind, act.object_id)


async def _decline(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del acts
    await reopening.application(work, actor, act.object_id)


async def _token_refused(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del acts
    await reopening.token_request(work, actor, act.object_id)


async def _price(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    """A price is written down as `from DAY, first for MONTH`."""
    del acts
    since = date.fromisoformat(act.after.split(",")[0].removeprefix("from "))
    if await agreeing.has_begun(work, act.object_id, since):
        raise _cannot(act, "price_begun")
    await agreeing.take_back(work, actor, act.object_id, since)


async def _programme(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del acts
    await moving.take_back(work, actor, act.object_id)


async def _limit(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    """A limit is written down as `advance` or `arrears N`."""
    del acts
    word, _, limit = act.before.partition(" ")
    before = None if word == "advance" else int(limit)
    await handling.set_limit(work, actor, act.object_id, before)


async def _staff(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del acts
    before = StaffRole(act.before) if act.before else None
    await office.appoint(work, actor, int(act.object_id), before)


async def _hold(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    """What runs again because of a hold is not stopped by a slip of the finger."""
    if any(other.action == "restore" for other in acts):
        raise _cannot(act, "hold_restored")
    earlier = [
        row
        for row in await work.audit.about(act.object_id, limit=20)
        if row.action == "hold" and row.cause != act.cause
    ]
    day = date.fromisoformat(act.before)
    held = [row.after for row in earlier if row.after.startswith(f"{day}: ")]
    reason = held[0].partition(": ")[2] if held else None
    await unholding.take_back(work, actor, act.object_id, day, reason)


async def _second_person(work: Work, actor: Actor, act: AuditRow, acts: Acts) -> None:
    del acts
    await approvals.drop(work, actor, act.object_id)


# An act, by its name in the audit, and what takes it back.
UNDOABLE: dict[str, Undo] = {
    "freeze": _freeze,
    "unfreeze": _unfreeze,
    "halt": _halt,
    "resume": _resume,
    "claim": _claim,
    "decline": _decline,
    "token_refused": _token_refused,
    "price": _price,
    "programme": _programme,
    "day_limit": _limit,
    "staff": _staff,
    "hold": _hold,
    "second_person": _second_person,
}
# What is taken back by a way of its own, that shows first what follows and asks.
ASKS = {"paid": "unpaid"}
# What is done cannot be taken back, and what can be done instead.
INSTEAD = {
    "approve": "approved",
    "grant": "granted",
    "delete": "deleted",
    "prepare": "prepared",
    "unpaid": "reversed",
    "void": "voided",
    "credit": "given",
    "credit_days": "days_given",
    "refund": "refunded",
    "hand_over": "handed_over",
    "import": "imported",
    "by_hand": "by_hand",
    "bind": "bound",
    "say": "said",
    "broadcast": "said",
    "move_taken_back": "move_taken_back",
}
