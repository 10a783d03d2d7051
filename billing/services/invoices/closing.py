"""
How far the close of a month is, when it is a long one: one message to the staff, edited.

Message: `staff_closing` {done, of, over}.
"""

from __future__ import annotations

from dataclasses import dataclass

from billing.services import telling
from billing.services.ports import Work

# So many closes are over before anybody could read of them.
LONG = 200
# What staff were told last, in the desk's state: a process that takes over goes on with it.
TOLD = "closing"


@dataclass(frozen=True, slots=True)
class SoFar:
    """How many partners' months are closed, of how many."""

    done: int
    of: int


async def say_how_far(work: Work, closed: int, *, over: bool) -> SoFar | None:
    """
    Tell staff how many closes are done, after `closed` of them since it was said first.

    None where a close that is over was not a long one, or somebody else said it. What is left
    then could not be done, and is told by itself.
    """
    waiting = await work.due.count_by(work.now, "close")
    told = await work.state.get(TOLD)
    if told is None and over:
        return None
    key, of = _read(told) if told else (work.ids.opaque(), closed + waiting)
    # A close that became due meanwhile, of another zone, is counted with these.
    so_far = SoFar(max(0, of - waiting), max(of, waiting))
    await telling.tell_staff(
        work,
        "staff_closing",
        {"done": so_far.done, "of": so_far.of, "over": over},
        key=f"staff:closing:{key}",
    )
    await work.state.set(TOLD, None if over else f"{key} {so_far.of}")
    return so_far


def _read(told: str) -> tuple[str, int]:
    key, _, of = told.partition(" ")
    return key, int(of)
