"""Carries the promised calls to Stripe, and what Stripe told of; compares the two each hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

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
from bot.delivery.heartbeat import Heartbeats
from bot.delivery.lookout import Lookout

log = structlog.get_logger(__name__)

AT_ONCE = 8
PART = "cashier"
COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class ToDo:
    """What may be done now; `since`: compare what has changed from then on."""

    calls: list[CardCall]
    events: list[Event]
    since: datetime | None


class Cashier(Lookout):
    """
    Key stored → attempt counted → call → post; event stored → looked up → let be so here.

    Of one subject one call after the other, of one customer one event after the other. What was cut
    short is begun again by the next start: the rows know how far it was.
    """

    def __init__(
        self, store: Store, cards: Cards, urls: Urls, clock: Clock, hearts: Heartbeats
    ) -> None:
        super().__init__(PART, clock, hearts, at_once=AT_ONCE)
        self._store = store
        self._cards = cards
        self._urls = urls
        self._compare_from: datetime | None = None
        # Looks in a row that were not answered.
        self._silences = 0
        # What a former run left open.
        self._news.set()

    async def take(self, event: Event) -> None:
        """Keep an event that Stripe brought; return once it is committed."""
        await self._store.write(lambda work: events.take(work, event))

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
            self._begin(f"call:{call.subject}", partial(self._ask, call), but=busy)
        if todo.since is not None and (self._compare_from or now) <= now:
            self._begin(COMPARISON, partial(self._compare, todo.since), but=busy)
        for event in todo.events:
            self._begin(f"about:{reading.lane(event)}", partial(self._look_up, event), but=busy)

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
