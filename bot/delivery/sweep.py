"""One tick: everything that is due by now is done or said, row by row."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from billing.services import clockwork, office
from billing.services.ports import Due, Store, Work
from bot.clock import Clock

log = structlog.get_logger(__name__)

AT_ONCE = 100
AGAIN_AFTER = timedelta(minutes=1)


class Sweep:
    """
    Carries out what has come, each row in a transaction of its own.

    A row that fails stays as it is and is tried again in a minute, staff hear of it once, and
    the rows behind it are done all the same.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        # Rows that failed, and when each is tried again.
        self._again_at: dict[str, datetime] = {}

    async def tick(self) -> None:
        """Do what is due; rows that become due by that are done as well."""
        jump = self._clock.jump()
        if abs(jump) > clockwork.JUMP:
            log.error("the clock jumped", hours=jump / timedelta(hours=1))
            await self._store.write(lambda work: clockwork.clock_jumped(work, jump))
        while rows := await self._due():
            for row in rows:
                await self._carry_out(row)

    async def _due(self) -> list[Due]:
        async def look(work: Work) -> list[Due]:
            held = await clockwork.held_kinds(work)
            most = AT_ONCE + len(self._again_at)
            return await work.due.next_by(work.now, without=held, limit=most)

        now = self._clock.now()
        rows = await self._store.read(look)
        return [row for row in rows if self._again_at.get(row.key, now) <= now]

    async def _carry_out(self, row: Due) -> None:
        async def unit(work: Work) -> bool:
            return await clockwork.carry_out(work, row)

        try:
            await self._store.write(unit)
        except Exception as error:
            log.exception("something due could not be done", key=row.key)
            if row.key not in self._again_at:
                why = f"{type(error).__name__}: {error}"
                await self._store.write(lambda work: office.due_failed(work, row.key, why))
            self._again_at[row.key] = self._clock.now() + AGAIN_AFTER
        else:
            self._again_at.pop(row.key, None)
