"""Watches the messaging platforms: who is connected, what differs, what is to be deleted there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from billing.links import LASTS
from billing.services.platforms import comparing, removing
from billing.services.ports import Difference, Store, Work
from billing.services.ports.platforms import Platforms
from bot.clock import Clock
from bot.delivery import asking, visiting
from bot.delivery.backoff import pause_after
from bot.delivery.heartbeat import Heartbeats

log = structlog.get_logger(__name__)

PART = "watcher"
BEAT_SECONDS = 30.0
# A list of all that a platform holds is asked for so often.
EVERY = timedelta(minutes=10)
# A drop is looked at a second time then; what dropped shortly after it is told with it.
AGAIN_AFTER = LASTS + timedelta(minutes=1)
# Instances of which a platform says by itself that something changed: at most so many wait.
MOST_HINTS = 1000
HINTS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class _Due:
    """The platforms in use, which of them to compare for which night, what to delete there."""

    names: list[str]
    nights: dict[str, str]
    removals: list[Difference]


class Watcher:
    """
    Visits each platform every ten minutes, and for the night's comparison.

    Platforms are visited beside one another, so that one that is slow holds up no other; what is
    called there, the caller does. `chosen` are platforms that are looked at though nothing of ours
    lives there yet.
    """

    def __init__(
        self,
        store: Store,
        platforms: Platforms,
        clock: Clock,
        hearts: Heartbeats,
        *,
        chosen: Iterable[str] = (),
    ) -> None:
        self._store, self._platforms = store, platforms
        self._clock, self._hearts = clock, hearts
        self._chosen = frozenset(chosen)
        self._next_visit: dict[str, datetime] = {}
        self._turns: dict[str, str] = {}
        self._hints: dict[str, None] = {}
        self._underway: dict[str, asyncio.Task[None]] = {}
        self._alarms: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._looking = False
        self._stopping = False

    @property
    def busy(self) -> bool:
        """Whether a platform is asked something, or is about to be."""
        return self._looking or bool(self._underway) or self._news.is_set()

    def nudge(self) -> None:
        """Say that a unit of work was committed, or that the clock was moved."""
        self._news.set()

    def hint(self, instance_id: str) -> None:
        """Somebody says that the link of an instance changed: its platform is asked."""
        if len(self._hints) < MOST_HINTS:
            self._hints[instance_id] = None
            self.nudge()

    async def run(self) -> None:
        """Watch until stopped; the first time at once."""
        self._news.set()
        try:
            while not self._stopping:
                self._hearts.beat(PART)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), BEAT_SECONDS)
                self._looking = True
                self._news.clear()
                try:
                    await self._begin_what_is_due()
                except Exception:
                    # The rows are as they were: the next look finds them.
                    log.exception("what the platforms are to be asked cannot be read")
                finally:
                    self._looking = False
        finally:
            self._hearts.stop(PART)

    async def stop(self, grace_seconds: float = 1.0) -> None:
        """Begin nothing more; a visit that was cut short is made again from its beginning."""
        self._stopping = True
        self._news.set()
        for alarm in self._alarms:
            alarm.cancel()
        underway = set(self._underway.values())
        if underway:
            _, late = await asyncio.wait(underway, timeout=grace_seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    async def _begin_what_is_due(self) -> None:
        due = await self._store.read(self._due)
        if self._stopping:
            return
        now = self._clock.now()
        for name in due.names:
            night = due.nights.get(name)
            if night is not None or self._next_visit.get(name, now) <= now:
                self._begin(f"visit:{name}", partial(self._visit, name, night))
        for removal in due.removals:
            self._begin(f"remove:{removal.id}", partial(self._remove, removal))
        asking = sum(key.startswith("hint:") for key in self._underway)
        for instance_id in list(self._hints)[: HINTS_AT_ONCE - asking]:
            del self._hints[instance_id]
            self._begin(f"hint:{instance_id}", partial(self._ask_one, instance_id))

    async def _due(self, work: Work) -> _Due:
        names = sorted(self._chosen | set(await work.links.platforms()))
        nights = {
            name: night
            for name in names
            if (night := await comparing.wanted(work, name)) is not None
        }
        return _Due(names, nights, await removing.due(work))

    def _begin(self, key: str, doing: Callable[[], Awaitable[None]]) -> None:
        if key not in self._underway:
            self._underway[key] = asyncio.create_task(self._carry(key, doing))

    async def _carry(self, key: str, doing: Callable[[], Awaitable[None]]) -> None:
        try:
            await doing()
        except Exception:
            # What was to be done is a row, or is looked at again with the next visit.
            log.exception("a platform could not be watched", what=key)
            await self._clock.sleep_until(self._clock.now() + pause_after(1))
        finally:
            del self._underway[key]
            self.nudge()

    async def _visit(self, name: str, night: str | None) -> None:
        # Also where it fails: a platform that is down is not asked without a pause.
        self._next_visit[name] = self._clock.now() + EVERY
        gateway = self._platforms.at(name)
        doubted = await visiting.visit(
            self._store, gateway, self._clock, name, night, turns=self._turns
        )
        if doubted:
            self._look_again(name)

    async def _ask_one(self, instance_id: str) -> None:
        at = self._platforms.at
        name = await asking.ask_one(self._store, at, self._clock, instance_id)
        if name is not None:
            self._look_again(name)

    def _look_again(self, name: str) -> None:
        """Look a second time whether what dropped has stayed so."""
        until = self._clock.now() + AGAIN_AFTER
        self._next_visit[name] = min(self._next_visit.get(name, until), until)
        self._wake_at(until)

    async def _remove(self, difference: Difference) -> None:
        at = self._platforms.at
        until = await visiting.remove(self._store, at, self._clock, difference)
        if until is not None:
            self._wake_at(until)

    def _wake_at(self, until: datetime) -> None:
        alarm = asyncio.create_task(self._wake(until))
        self._alarms.add(alarm)
        alarm.add_done_callback(self._alarms.discard)

    async def _wake(self, instant: datetime) -> None:
        await self._clock.sleep_until(instant)
        self.nudge()
