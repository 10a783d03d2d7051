"""Puts a simulation together: a desk over a database in memory, with no door to the outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from billing import catalogue
from billing.services import clockwork, halting
from billing.services.ports import Ids, Store
from bot.simulation.chance import OpenVault, StandingClock
from bot.simulation.ports import Crashed, Fate
from storage.books.figures import Figures, Horizon, Stretch
from storage.delivery.sending import Sending
from storage.engine.inline import InlineDatabase
from storage.engine.transaction import Transaction
from storage.unit_of_work import DeskStore

AT_ONCE = 100


class SimulatedDesk:
    """The desk as the simulation sees it."""

    def __init__(self, clock: StandingClock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._database = InlineDatabase()
        self._programmes = catalogue.load()
        self._vault = OpenVault()
        self._store = self._opened()
        self._told = 0
        self._counted = 0
        # As it was after so many rows were changed.
        self._horizon: tuple[int, Horizon] | None = None

    @property
    def store(self) -> Store:
        return self._store

    async def horizon(self) -> Horizon:
        """Return what comes next, or is due already."""
        # It follows from the rows alone: where none was changed it is what it was.
        changes = self._database.changes
        if self._horizon is None or self._horizon[0] != changes:
            found = await self._database.read(
                lambda tx: Figures(tx).horizon(halting.HALTED, clockwork.HELD_BY_HALT)
            )
            self._horizon = (changes, found)
        return self._horizon[1]

    async def deliver(self, fate: Callable[[int], Fate]) -> Sequence[tuple[int, str]]:
        """Send to each chat what is its turn by now, all of it in one transaction."""
        now = self._clock.now()
        return await self._database.write(lambda tx: self._send(Sending(tx), now, fate))

    async def restart(self) -> None:
        """Begin anew, as a process does that finds the database as another one left it."""
        self._database.crash_after(0, None)
        self._store = self._opened()
        await self._database.write(lambda tx: Sending(tx).recover())

    def crash_after(self, statements: int) -> None:
        """Let the process die in its next transaction, after so many statements."""
        self._database.crash_after(statements, Crashed())

    async def figures(self) -> Mapping[str, Stretch]:
        """Return by currency what happened since this was asked before."""
        now, since = self._clock.now(), self._counted

        async def look(tx: Transaction) -> tuple[Mapping[str, Stretch], int]:
            return await Figures(tx).since(since, now=now), await Figures(tx).last()

        found, self._counted = await self._database.read(look)
        return found

    async def fingerprint(self) -> str:
        """Return a hash of all the books and the audit."""
        return await self._database.read(lambda tx: Figures(tx).fingerprint())

    def close(self) -> None:
        """Forget it all."""
        self._database.close()

    async def _send(
        self, sending: Sending, now: datetime, fate: Callable[[int], Fate]
    ) -> list[tuple[int, str]]:
        unreachable = []
        for head in await sending.heads(now, AT_ONCE):
            message = await sending.begin(head.key, now)
            if message is None:
                continue
            self._told += 1
            match fate(message.chat_id):
                case Fate.BLOCKED:
                    await sending.failed(message.key, message.version, "blocked")
                    unreachable.append((message.chat_id, message.key))
                case Fate.DOUBTED:
                    await sending.doubted(message.key)
                case Fate.ARRIVED:
                    place = message.message_id or self._told
                    await sending.sent(message.key, place, message.version, now)
        return unreachable

    def _opened(self) -> Store:
        return DeskStore(
            self._database,
            clock=self._clock,
            programmes=self._programmes,
            ids=self._ids,
            vault=self._vault,
        )
