"""Hands stored updates to the handler: one at a time per lane, many lanes at once."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.delivery.backoff import pause_after
from bot.delivery.ports import Handle, InboxStore, OnQuarantine

log = structlog.get_logger(__name__)

AT_ONCE = 64
# Short: an update that nobody can read should not keep its chat waiting.
RETRY_PAUSE = timedelta(milliseconds=250)
LONGEST_ERROR = 2000


class LeftUndone(Exception):
    """The handler returned, and the update's row does not say done."""


@dataclass(slots=True)
class _Lane:
    """A lane in which something waits, or did a moment ago."""

    # Woken while it was being looked at: that look may have come too early.
    again: bool = False
    # Handled last; found at the head once more, it was left undone.
    handled: int | None = None
    # Times in a row the store could not be asked.
    stumbles: int = 0


class Lanes:
    """
    Serves the lanes in turn, each from the store.

    Nothing waits in memory but the lanes' names, so a chat that floods the
    bot takes one place among the others, and a restart begins where the rows
    say. The handler marks an update done within its own unit of work;
    whether it did is read back, never assumed.
    """

    def __init__(
        self,
        handle: Handle,
        inbox: InboxStore,
        clock: Clock,
        on_quarantine: OnQuarantine,
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        self._handle = handle
        self._inbox = inbox
        self._clock = clock
        self._on_quarantine = on_quarantine
        self._at_once = at_once
        self._awake: dict[str, _Lane] = {}
        self._ready: deque[str] = deque()
        self._serving: set[asyncio.Task[None]] = set()
        self._resting: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._stopping = False
        self._crash: BaseException | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing is being handled or about to be."""
        return not self._awake

    def wake(self, lane: str) -> None:
        """Say that something was stored in a lane."""
        if lane in self._awake:
            self._awake[lane].again = True
        else:
            self._awake[lane] = _Lane()
            self._make_ready(lane)

    async def run(self) -> None:
        """Serve until stopped; begin with what a former run left."""
        await self._resume()
        while not self._stopping:
            self._news.clear()
            while self._ready and len(self._serving) < self._at_once:
                task = asyncio.create_task(self._serve(self._ready.popleft()))
                self._serving.add(task)
                task.add_done_callback(self._served)
            await self._news.wait()
            if self._crash is not None:
                raise self._crash

    async def stop(self, grace_seconds: float = 5.0) -> None:
        """Begin nothing more; let what is being handled finish, or cancel it after the grace."""
        self._stopping = True
        self._news.set()
        for task in self._resting:
            task.cancel()
        if self._serving:
            await asyncio.wait(self._serving, timeout=grace_seconds)
        for task in self._serving:
            task.cancel()
        left = self._serving | self._resting
        if left:
            await asyncio.wait(left)

    async def _resume(self) -> None:
        failures = 0
        while True:
            try:
                lanes = await self._inbox.lanes()
            except Exception:
                failures += 1
                log.exception("the inbox cannot be read")
                await self._clock.sleep_until(self._clock.now() + pause_after(failures))
            else:
                for lane in lanes:
                    self.wake(lane)
                return

    async def _serve(self, name: str) -> None:
        lane = self._awake[name]
        lane.again = False
        try:
            pause = await self._serve_one(name, lane)
            lane.stumbles = 0
        except Exception:
            # Not the update's fault, so it is not counted against it.
            lane.stumbles += 1
            log.exception("the inbox cannot be used", lane=name)
            pause = pause_after(lane.stumbles)
        if pause is None:
            del self._awake[name]
        elif pause:
            resting = asyncio.create_task(self._rest(name, pause))
            self._resting.add(resting)
            resting.add_done_callback(self._resting.discard)
        else:
            self._make_ready(name)

    async def _serve_one(self, name: str, lane: _Lane) -> timedelta | None:
        """Handle the head of a lane; return when to look again, None for never."""
        update = await self._inbox.head(name)
        if update is None:
            return timedelta(0) if lane.again else None
        update_id = update.update_id
        if lane.handled == update_id:
            lane.handled = None
            return await self._failed(update_id, LeftUndone("handled, but not marked done"))
        try:
            await self._handle(update_id, _decoded(update.body))
        except Exception as error:
            log.warning("an update could not be handled", update_id=update_id, exc_info=True)
            return await self._failed(update_id, error)
        lane.handled = update_id
        return timedelta(0)

    async def _failed(self, update_id: int, error: Exception) -> timedelta:
        told = _told(error)
        outcome = await self._inbox.failed(update_id, told)
        if outcome is None:
            return timedelta(0)
        if not outcome.quarantined:
            return RETRY_PAUSE * outcome.attempts
        log.error("an update was put aside", update_id=update_id, error=told)
        try:
            await self._on_quarantine(update_id, told)
        except Exception:
            log.exception("nobody could be told of the update put aside", update_id=update_id)
        return timedelta(0)

    async def _rest(self, name: str, pause: timedelta) -> None:
        await self._clock.sleep_until(self._clock.now() + pause)
        self._make_ready(name)

    def _make_ready(self, name: str) -> None:
        self._ready.append(name)
        self._news.set()

    def _served(self, task: asyncio.Task[None]) -> None:
        self._serving.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._crash = task.exception()
        self._news.set()


def _decoded(body: str) -> dict[str, Any]:
    raw = json.loads(body)
    if not isinstance(raw, dict):
        raise ValueError("an update is an object")
    return raw


def _told(error: Exception) -> str:
    """Put an error into text that every database takes."""
    text = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
