"""Lets the time pass at the desk: what is due is done, promised calls are made, messages sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TypeVar

from billing.services import clockwork, reaching
from billing.services.instances import answered
from billing.services.operations import Operation
from billing.services.ports import Call, Due, Work
from billing.services.ports.platforms import Made
from bot.simulation.agenda import Act
from bot.simulation.chance import StandingClock
from bot.simulation.ports import Crashed, Desk, Horizon
from bot.simulation.weather import Trouble, Weather

T = TypeVar("T")

# What a call leaves an instance in at the platform; a cancellation leaves it as it is.
LEAVES = {
    Operation.CREATE: "trial",
    Operation.SUBSCRIBE: "active",
    Operation.KEEP: "active",
    Operation.RESTART: "active",
    Operation.EXTEND: "active",
    Operation.STOP: "stopped",
    Operation.DELETE: "deleted",
}


class Engine:
    """The desk's own work, as the delivery does it, one thing after the other."""

    def __init__(self, desk: Desk, clock: StandingClock, weather: Weather) -> None:
        self._desk = desk
        self._clock = clock
        self._weather = weather
        # What the platform holds, and in which state.
        self.at_platform: dict[str, str] = {}
        self.transactions = 0

    async def write(self, unit: Callable[[Work], Awaitable[T]]) -> T:
        """Run a transaction; if the process dies in it, start anew and do it again."""
        self.transactions += 1
        try:
            return await self._desk.store.write(unit)
        except Crashed:
            await self._desk.restart()
            return await self._desk.store.write(unit)

    async def read(self, unit: Callable[[Work], Awaitable[T]]) -> T:
        return await self._desk.store.read(unit)

    def now(self) -> datetime:
        return self._clock.now()

    @property
    def is_troubled(self) -> bool:
        """Whether something is late for a reason."""
        return bool(self._weather.present)

    async def until(self, at: datetime) -> None:
        """Let the time pass, everything done and said when it is due."""
        while not self.is_away:
            following = self._following(await self._desk.horizon())
            if following is None or following[0] > at:
                break
            instant, act = following
            self._clock.move_to(instant)
            await act()
        self._clock.move_to(at)

    def _following(self, found: Horizon) -> tuple[datetime, Act] | None:
        """Return what is done next, and when; of one instant what is said comes last."""
        heard = None if Trouble.TELEGRAM_DOWN in self._weather.present else found.message
        now = self.now()
        waiting = [
            (max(at, now), act)
            for at, act in (
                (found.row, self._sweep),
                (found.call, self._call_platform),
                (heard, self._deliver),
            )
            if at is not None
        ]
        return min(waiting, key=itemgetter(0), default=None)

    async def _sweep(self) -> None:
        async def look(work: Work) -> list[Due]:
            return await work.due.next_by(work.now, without=await clockwork.held_kinds(work))

        for rows in clockwork.in_batches(await self.read(look)):
            await self.write(_carries_out(rows))

    @property
    def is_away(self) -> bool:
        """Whether nobody is there who closes months and sends invoices."""
        return Trouble.NOBODY_THERE in self._weather.present

    async def _call_platform(self) -> None:
        async def begin(work: Work) -> list[tuple[Call, int]]:
            calls = await work.calls.open_by(work.now)
            return [(call, await work.calls.started(call.id)) for call in calls]

        for call, attempts in await self.write(begin):
            await self._call(call, attempts)

    async def _call(self, call: Call, attempts: int) -> None:
        if Trouble.PLATFORM_SILENT in self._weather.present:
            await self._put_off(call, attempts)
            # Some of what got no answer was done all the same.
            if self._weather.chance.happens(0.5):
                self._hold(call)
        elif attempts == 1 and self._weather.refuses():
            await self.write(lambda work: answered.refused(work, call, "no room"))
        else:
            self._hold(call)
            made = Made(f"tok-{call.instance_id}")
            await self.write(lambda work: answered.succeeded(work, call, made))

    def _hold(self, call: Call) -> None:
        state = LEAVES.get(Operation(call.operation))
        if state is not None:
            self.at_platform[call.instance_id] = state

    async def _put_off(self, call: Call, attempts: int) -> None:
        pause = min(timedelta(seconds=5 * 2 ** min(attempts - 1, 10)), timedelta(hours=1))
        until = self._clock.now() + pause

        async def unit(work: Work) -> None:
            await answered.put_off(work, call, "no answer", attempts=attempts, until=until)

        await self.write(unit)

    async def _deliver(self) -> None:
        try:
            unreachable = await self._desk.deliver(self._weather.fate)
        except Crashed:
            await self._desk.restart()
            return
        for chat_id, key in unreachable:
            await self.write(lambda work: reaching.unreachable(work, chat_id, key, "blocked"))  # noqa: B023


def _carries_out(rows: Sequence[Due]) -> Callable[[Work], Awaitable[object]]:
    """As the sweep does: months are closed together, all else is done by itself."""
    if len(rows) > 1:
        return lambda work: clockwork.carry_out_together(work, rows)
    return lambda work: clockwork.carry_out(work, rows[0])
