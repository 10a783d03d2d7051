"""Waiting until all that is due was done and said, and moving the clock so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.sandbox.boxed_app import BoxedApp
from bot.sandbox.errors import Mistake, NotSettled, Stuck
from bot.sandbox.exchange import Exchange

# Real seconds: work that is still open after so long will not end by waiting.
BOUND_SECONDS = 60.0
# The bot may become idle without the box hearing of it, so it is asked this often.
LOOK_SECONDS = 0.005
# An instant that stays due through so many rounds is never dealt with.
MOST_ROUNDS = 200
# Sandbox time for which `settle` waits on a message that is held back.
LONGEST_WAIT = timedelta(minutes=2)
# More stops than this within one second of sandbox time lead nowhere.
MOST_STOPS_A_SECOND = 2000
# Turns of the event loop in which those whom a move woke begin their work.
WAKING_TURNS = 5


class Settling:
    """Knows when the box and the bot in it have come to rest."""

    def __init__(self, exchange: Exchange, is_listening: Callable[[], bool]) -> None:
        self._exchange, self._is_listening = exchange, is_listening
        self._moving = asyncio.Lock()
        self.app: BoxedApp | None = None
        # A bot that is still starting: until it is there nothing is settled.
        self.app_is_coming = False

    async def settle(self) -> None:
        """
        Return when every update is confirmed and the bot is idle.

        :raises NotSettled: if that does not come within the bound.
        """
        await self._settle(self._is_empty)
        if self.app is not None:
            async with self._moving:
                await self._let_the_pace_pass(self.app)

    async def _let_the_pace_pass(self, app: BoxedApp) -> None:
        """
        Go to the instants at which what only the pace holds back may go out.

        To everybody in the box that is the same as waiting for them, and takes no time.
        """
        clock = self._exchange.clock
        until = clock.now() + LONGEST_WAIT
        for _ in range(MOST_ROUNDS):
            if await app.said():
                return
            due = await self._next_due()
            if due is None or due > until:
                return
            if due <= clock.now():
                await self._exchange.happenings.wait(LOOK_SECONDS)
            self._move(due)
            await self._settle(self._is_empty)

    async def advance(self, target: Callable[[datetime], datetime]) -> datetime:
        """
        Move the clock to what `target` makes of now, and return where it stands then.

        It stops at every instant at which something is due, in order. Several calls queue.

        :raises Mistake: if the target lies in the past.
        :raises NotSettled: if something due is not done within the bound, at any stop.
        :raises Stuck: if the same thing stays due for ever.
        """
        async with self._moving:
            clock = self._exchange.clock
            until = target(clock.now())
            if until < clock.now():
                raise Mistake(f"the clock moves forward only; it is {clock.now().isoformat()}")
            await self._stop_on_the_way(until)
            self._move(until)
            await self._settle(self._is_at_rest)
            return clock.now()

    async def _stop_on_the_way(self, until: datetime) -> None:
        clock = self._exchange.clock
        # Where the count of stops began, and how often the same instant was overdue.
        counted_from, stops = clock.now(), 0
        overdue, rounds = None, 0
        while True:
            await self._settle(self._is_at_rest)
            due = await self._next_due()
            if due is None or due > until:
                return
            if due <= clock.now():
                rounds = rounds + 1 if due == overdue else 1
                overdue = due
                if rounds > MOST_ROUNDS:
                    raise Stuck(f"what is due at {due.isoformat()} stays due")
                await self._exchange.happenings.wait(LOOK_SECONDS)
            self._move(due)
            stops += 1
            if clock.now() - counted_from > timedelta(seconds=1):
                counted_from, stops = clock.now(), 0
            if stops > MOST_STOPS_A_SECOND:
                raise Stuck(f"around {due.isoformat()} something new is due without end")

    def _move(self, instant: datetime) -> None:
        self._exchange.clock.move_to(instant)
        self._exchange.happenings.tell("clock", self._exchange.clock.now())
        if self.app is not None:
            self.app.nudge()

    async def _next_due(self) -> datetime | None:
        sleeper = self._exchange.clock.next_sleeper()
        named = await self.app.next_due() if self.app is not None else None
        return min((one for one in (sleeper, named) if one is not None), default=None)

    async def _settle(self, box_is_quiet: Callable[[], bool]) -> None:
        happenings = self._exchange.happenings
        until = time.monotonic() + BOUND_SECONDS
        for _ in range(WAKING_TURNS):
            await asyncio.sleep(0)
        while True:
            before = happenings.count
            # The bot is asked between two looks at the box: an answer counts only if
            # nothing came in while it was given.
            if box_is_quiet() and await self._app_is_idle() and box_is_quiet():
                if happenings.count == before:
                    return
            else:
                await happenings.wait(LOOK_SECONDS)
            if time.monotonic() > until:
                raise NotSettled(await self._open())

    async def _app_is_idle(self) -> bool:
        if self.app is None:
            return not self.app_is_coming
        return await self.app.idle()

    def _is_empty(self) -> bool:
        return len(self._exchange.queue) == 0

    def _is_at_rest(self) -> bool:
        """
        Tell whether the queue holds nothing that could be handed over now.

        Without a bot the clock must still move, or no tap could ever be too old.
        """
        if self._is_empty():
            return True
        if self._exchange.push.webhook is not None:
            return self._exchange.push.at_rest()
        return self.app is None and not self._is_listening()

    async def _open(self) -> str:
        waiting = len(self._exchange.queue)
        idle = await self._app_is_idle()
        bot = (
            "no bot is attached" if self.app is None else f"the bot is {'idle' if idle else 'busy'}"
        )
        return f"still open after {BOUND_SECONDS:.0f} s: {waiting} updates unhandled; {bot}"
