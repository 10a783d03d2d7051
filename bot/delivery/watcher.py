"""Watches the messaging platforms: who is connected, what differs, what is to be deleted there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from billing.links import LASTS
from billing.services.platforms import comparing, removing
from billing.services.ports import Difference, Store, Work
from billing.services.ports.platforms import Platforms
from bot.clock import Clock
from bot.delivery import asking, visiting
from bot.delivery.heartbeat import Heartbeats
from bot.delivery.lookout import Lookout

PART = "watcher"
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


class Watcher(Lookout):
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
        super().__init__(PART, clock, hearts)
        self._store, self._platforms = store, platforms
        self._chosen = frozenset(chosen)
        self._next_visit: dict[str, datetime] = {}
        self._turns: dict[str, str] = {}
        self._hints: dict[str, None] = {}

    def hint(self, instance_id: str) -> None:
        """Somebody says that the link of an instance changed: its platform is asked."""
        if len(self._hints) < MOST_HINTS:
            self._hints[instance_id] = None
            self.nudge()

    async def stop(self, grace_seconds: float = 1.0) -> None:
        """Begin nothing more; a visit that was cut short is made again from its beginning."""
        await super().stop(grace_seconds)

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
