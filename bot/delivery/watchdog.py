"""Ends the process when a long-running part died or hangs: the supervisor starts it again."""

import asyncio
from collections.abc import Mapping

from bot.delivery.heartbeat import Heartbeats

SILENCE_SECONDS = 120.0
LOOK_SECONDS = 5.0


class PartEnded(Exception):
    """A part that runs as long as the process ended."""


class PartHangs(Exception):
    """A part has not advanced for too long."""


async def guard(
    parts: Mapping[str, asyncio.Task[None]],
    hearts: Heartbeats,
    *,
    silence_seconds: float = SILENCE_SECONDS,
    look_seconds: float = LOOK_SECONDS,
) -> None:
    """
    Watch the parts until one fails; cancel it to stop watching.

    :raises PartEnded: as soon as a part's task is over, with its error as the cause.
    :raises PartHangs: if a part with a heartbeat was silent for too long.
    """
    names = {task: name for name, task in parts.items()}
    while True:
        done, _ = await asyncio.wait(
            names, timeout=look_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            cause = None if task.cancelled() else task.exception()
            raise PartEnded(f"{names[task]} ended: {cause!r}") from cause
        for part, seconds in hearts.silent_seconds().items():
            if seconds > silence_seconds:
                raise PartHangs(f"{part} has not advanced for {seconds:.0f} seconds")
