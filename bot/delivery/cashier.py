"""Carries the promised calls to Stripe, and what Stripe told of; compares the two each hour."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from billing.services.cards import calling, comparing, events, quarantine, reading
from billing.services.cards.events import Found
from billing.services.ports import CardCall, Store, Work
from billing.services.ports.cards import (
    NOT_OURS,
    Cards,
    CardsRefused,
    CardsSilent,
    Event,
    Urls,
)
from bot.clock import Clock
from bot.delivery.backoff import pause_after
from bot.delivery.heartbeat import Heartbeats

log = structlog.get_logger(__name__)

AT_ONCE = 8
PART = "cashier"
BEAT_SECONDS = 30.0
# Stripe that is down is asked again within this time.
LONGEST_PAUSE = timedelta(minutes=5)
COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class ToDo:
    """What may be done now; `since`: compare what has changed from then on."""

    calls: list[CardCall]
    events: list[Event]
    since: datetime | None


class Cashier:
    """
    Key stored → attempt counted → call → post; event stored → looked up → let be so here.

    Of one subject one call after the other, of one customer one event after the other. What was cut
    short is begun again by the next start: the rows know how far it was.
    """

    def __init__(
        self, store: Store, cards: Cards, urls: Urls, clock: Clock, hearts: Heartbeats
    ) -> None:
        self._store = store
        self._cards = cards
        self._urls = urls
        self._clock = clock
        self._hearts = hearts
        # By what must not be done twice at once.
        self._underway: dict[str, asyncio.Task[None]] = {}
        self._alarms: set[asyncio.Task[None]] = set()
        self._compare_from: datetime | None = None
        # Looks in a row that were not answered.
        self._silences = 0
        self._news = asyncio.Event()
        # What a former run left open.
        self._news.set()
        self._looking = False
        self._stopping = False

    @property
    def busy(self) -> bool:
        """Whether something is under way, or may have become due without being looked at."""
        return bool(self._underway) or self._looking or self._news.is_set()

    def nudge(self) -> None:
        """Say that a unit of work was committed, or that the clock was moved."""
        self._news.set()

    async def take(self, event: Event) -> None:
        """Keep an event that Stripe brought; return once it is committed."""
        await self._store.write(lambda work: events.take(work, event))

    async def run(self) -> None:
        """Work until stopped; begin with what a former run left open."""
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
                    log.exception("what Stripe is asked cannot be read")
                finally:
                    self._looking = False
        finally:
            self._hearts.stop(PART)

    async def stop(self, grace_seconds: float = 5.0) -> None:
        """Begin nothing more; let what is under way end, or leave it open after the grace."""
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
        now = self._clock.now()
        # What ends while the rows are read may still stand open in what was read of it.
        busy = set(self._underway)

        async def look(work: Work) -> ToDo:
            return ToDo(
                await calling.open_by(work, now),
                await events.waiting(work),
                await comparing.due(work),
            )

        todo = await self._store.read(look)
        # Somebody waits for what was promised; what is looked up may be much.
        for call in todo.calls:
            self._begin(f"call:{call.subject}", self._ask(call), busy)
        if todo.since is not None and (self._compare_from or now) <= now:
            self._begin(COMPARISON, self._compare(todo.since), busy)
        for event in todo.events:
            self._begin(f"about:{reading.lane(event)}", self._look_up(event), busy)

    def _begin(self, key: str, doing: Coroutine[Any, Any, None], busy: set[str]) -> None:
        full = len(self._underway) >= AT_ONCE
        if self._stopping or full or key in busy or key in self._underway:
            doing.close()
            return
        self._underway[key] = asyncio.create_task(self._carry(key, doing))

    async def _carry(self, key: str, doing: Coroutine[Any, Any, None]) -> None:
        try:
            await doing
        except Exception:
            # The row is as it was: the next look finds it open again.
            log.exception("what Stripe said could not be posted", about=key)
            await self._clock.sleep_until(self._clock.now() + pause_after(1))
        finally:
            del self._underway[key]
            self.nudge()

    async def _ask(self, call: CardCall) -> None:
        asked = await self._store.write(lambda work: calling.begin(work, call.id))
        if asked is None:
            return
        try:
            answer = await calling.ask(self._cards, asked, self._urls)
        except CardsRefused as refused:
            why, code = refused.why, refused.code
            log.warning("Stripe refuses", operation=call.operation, why=why, code=code)
            until = await self._store.write(lambda work: calling.refused(work, asked, why, code))
            if until is not None:
                self._wake_at(until)
        except CardsSilent as silent:
            why = silent.why
            log.warning("Stripe does not answer", operation=call.operation, why=why)
            until = self._again_after(asked.attempts)
            await self._store.write(lambda work: calling.put_off(work, asked, why, until=until))
            self._wake_at(until)
        else:
            await self._store.write(lambda work: calling.succeeded(work, asked, answer))

    async def _look_up(self, event: Event) -> None:
        try:
            found = await events.look(self._cards, event)
        except CardsRefused as refused:
            why, code = refused.why, refused.code
            log.warning("Stripe does not show it", about=event.about, why=why)
            await self._store.write(
                lambda work: (
                    events.process(work, event, Found())
                    if code == NOT_OURS
                    else quarantine.keep(work, event, why, None)
                )
            )
            return
        except CardsSilent as silent:
            why = silent.why
            log.warning("Stripe does not answer", about=event.about, why=why)
            self._silences += 1
            until = self._again_after(self._silences)
            await self._store.write(lambda work: events.put_off(work, event, why, until=until))
            self._wake_at(until)
            return
        self._silences = 0
        await self._store.write(lambda work: events.process(work, event, found))

    async def _compare(self, since: datetime) -> None:
        asked_at = self._clock.now()
        try:
            changed = await self._cards.changed_since(since)
        except (CardsRefused, CardsSilent) as silent:
            log.warning("Stripe does not tell what has changed", why=silent.why)
            self._silences += 1
            self._compare_from = self._again_after(self._silences)
            self._wake_at(self._compare_from)
            return
        self._silences = 0
        for first in range(0, len(changed), comparing.PAGE):
            page = changed[first : first + comparing.PAGE]
            await self._store.write(partial(comparing.keep, events=page))
        for look in (comparing.look_at_sessions, comparing.look_at_subscriptions):
            after: str | None = ""
            nth = 0
            while after is not None:
                after = await self._store.write(partial(look, after=after, nth=nth))
                nth += 1
        await self._store.write(lambda work: comparing.finish(work, asked_at=asked_at))

    def _again_after(self, failures: int) -> datetime:
        return self._clock.now() + min(pause_after(failures) * 5, LONGEST_PAUSE)

    def _wake_at(self, until: datetime) -> None:
        alarm = asyncio.create_task(self._look_again_at(until))
        self._alarms.add(alarm)
        alarm.add_done_callback(self._alarms.discard)

    async def _look_again_at(self, instant: datetime) -> None:
        await self._clock.sleep_until(instant)
        self.nudge()
