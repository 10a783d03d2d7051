"""Puts a simulation together: a desk over a database in memory, with no door to the outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from billing import programmes
from billing.services import clockwork
from billing.services.ports import Ids, Store
from bot.simulation.chance import OpenVault, StandingClock
from bot.simulation.ports import Crashed, Fate
from storage.desk_state import DeskState
from storage.figures import Figures, Horizon, Stretch
from storage.inline import InlineDatabase
from storage.sending import Sending
from storage.transaction import Transaction
from storage.unit_of_work import DeskStore

AT_ONCE = 100


class SimulatedDesk:
    """The desk as the simulation sees it."""

    def __init__(self, clock: StandingClock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._database = InlineDatabase()
        self._programmes = programmes.load()
        self._vault = OpenVault()
        self._store = self._opened()
        self._told = 0
        self._counted = 0

    @property
    def store(self) -> Store:
        return self._store

    async def horizon(self) -> Horizon:
        """Return what comes next, or is due already."""

        async def look(tx: Transaction) -> Horizon:
            halted = await DeskState(tx).get(clockwork.HALTED) is not None
            return await Figures(tx).horizon(clockwork.HELD_BY_HALT if halted else ())

        return await self._database.read(look)

    async def deliver(self, fate: Callable[[int], Fate]) -> Sequence[tuple[int, str]]:
        """Send what is to be sent by now, all of it in one transaction."""
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
        while heads := await sending.heads(now, AT_ONCE):
            for head in heads:
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
