"""One tick: everything that is due by now is done or said, row by row."""

from __future__ import annotations

from datetime import timedelta

import structlog

from billing.services import clockwork, office
from billing.services.ports import Due, Store, Work
from bot.clock import Clock

log = structlog.get_logger(__name__)


class Sweep:
    """
    Carries out what has come, each row in a transaction of its own.

    A row that fails stays as it is for the next tick, staff hear of it once, and the rows
    behind it are done all the same.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def tick(self) -> None:
        """Do what is due; rows that become due by that are done as well."""
        jump = self._clock.jump()
        if abs(jump) > clockwork.JUMP:
            log.error("the clock jumped", hours=jump / timedelta(hours=1))
            await self._store.write(lambda work: clockwork.clock_jumped(work, jump))
        failed: set[str] = set()
        while rows := [row for row in await self._due() if row.key not in failed]:
            for row in rows:
                if not await self._carry_out(row):
                    failed.add(row.key)

    async def _due(self) -> list[Due]:
        async def look(work: Work) -> list[Due]:
            return await work.due.next_by(work.now, without=await clockwork.held_kinds(work))

        return await self._store.read(look)

    async def _carry_out(self, row: Due) -> bool:
        async def unit(work: Work) -> bool:
            return await clockwork.carry_out(work, row)

        try:
            return await self._store.write(unit)
        except Exception as error:
            log.exception("something due could not be done", key=row.key)
            why = f"{type(error).__name__}: {error}"
            await self._store.write(lambda work: office.due_failed(work, row.key, why))
            return False
