"""One tick: everything that is due by now is done or said, row by row."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from billing.services import clockwork
from billing.services.desk import office
from billing.services.ports import Due, Store, Work
from bot.clock import Clock
from bot.delivery.closing import Progress

log = structlog.get_logger(__name__)

AT_ONCE = 256
AGAIN_AFTER = timedelta(minutes=1)
# Share a transaction: what each costs hardly falls beyond.
IN_ONE = 64


class Sweep:
    """
    Carries out what has come, each row in a transaction of its own.

    Closes of different partners share one; where it fails, each has its own. A row
    that fails stays as it is and is tried again in a minute, staff hear of it once, and the rows
    behind it are done all the same.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        # Rows that failed, and when each is tried again.
        self._again_at: dict[str, datetime] = {}
        # How far the clock was set, until that is written down.
        self._jump = timedelta(0)
        self._stopping = False
        self._progress = Progress(store)

    def stop(self) -> None:
        """Let the tick that runs end after the row it is at: the rest waits in its rows."""
        self._stopping = True

    async def tick(self) -> None:
        """Do what is due; rows that become due by that are done as well."""
        while rows := await self._due():
            for together in clockwork.in_batches(rows):
                if self._stopping:
                    return
                await self._carry_out_all(together)
                await self._progress.closed(len(together))
        await self._progress.over()

    async def _mind_the_clock(self) -> None:
        jump = self._clock.jump()
        if abs(jump) > clockwork.JUMP:
            log.error("the clock jumped", hours=jump / timedelta(hours=1))
            self._jump = jump
        if not self._jump:
            return
        try:
            await self._store.write(lambda work: clockwork.clock_jumped(work, self._jump))
        except Exception:
            # Until it is, this process holds the stops and deletions back by itself.
            log.exception("the jump of the clock could not be written down")
        else:
            self._jump = timedelta(0)

    async def _due(self) -> list[Due]:
        await self._mind_the_clock()

        async def look(work: Work) -> list[Due]:
            held = clockwork.HELD_BY_HALT if self._jump else await clockwork.held_kinds(work)
            most = AT_ONCE + len(self._again_at)
            return await work.due.next_by(work.now, without=held, limit=most)

        now = self._clock.now()
        rows = await self._store.read(look)
        return [row for row in rows if self._again_at.get(row.key, now) <= now]

    async def _carry_out_all(self, rows: list[Due]) -> None:
        parts = [rows[first : first + IN_ONE] for first in range(0, len(rows), IN_ONE)]
        await asyncio.gather(*map(self._carry_out_part, parts))

    async def _carry_out_part(self, rows: list[Due]) -> None:
        if len(rows) > 1:
            try:
                await self._store.write(lambda work: clockwork.carry_out_together(work, rows))
            except Exception:
                # One of them is at fault: where each is done by itself, only that one fails.
                log.warning("could not be done together", rows=len(rows), exc_info=True)
            else:
                for row in rows:
                    self._again_at.pop(row.key, None)
                return
        await asyncio.gather(*map(self._carry_out, rows))

    async def _carry_out(self, row: Due) -> None:
        async def unit(work: Work) -> bool:
            return await clockwork.carry_out(work, row)

        try:
            await self._store.write(unit)
        except Exception as error:
            log.exception("something due could not be done", key=row.key)
            is_news = row.key not in self._again_at
            self._again_at[row.key] = self._clock.now() + AGAIN_AFTER
            if is_news:
                await self._tell_staff(row, f"{type(error).__name__}: {error}")
        else:
            self._again_at.pop(row.key, None)

    async def _tell_staff(self, row: Due, why: str) -> None:
        try:
            await self._store.write(lambda work: office.due_failed(work, row.key, why))
        except Exception:
            # The rows behind it are not held up by this either.
            log.exception("nobody could be told of what could not be done", key=row.key)
