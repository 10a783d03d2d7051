"""What the sandbox asks of the bot that lives in it; a bot among people is never asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billing.partners import StaffRole
from billing.services import clockwork
from billing.services.access import by_clock
from billing.services.desk import office
from billing.services.ports import Work
from bot.clock import Clock
from bot.gateways.embedded import EmbeddedPlatform
from bot.running import Parts
from storage.engine.database import Database
from storage.unit_of_work import DeskStore
from storage.waiting import Waiting

# What waits for its turn to be sent is the sender's to say: it knows the pace.
PACED = "messages"
# What waits for Stripe waits on where there is no key any more.
PAID_BY_CARD = frozenset({"card_calls", "stripe_events"})


class Boxed:
    """The bot, as far as the sandbox knows it: to move its clock, and to fail its platform."""

    def __init__(
        self,
        parts: Parts,
        store: DeskStore,
        database: Database,
        platform: EmbeddedPlatform,
        clock: Clock,
    ) -> None:
        self._parts = parts
        self._store = store
        self._database = database
        self._platform = platform
        self._clock = clock

    def nudge(self) -> None:
        """Look now: the clock was moved."""
        self._parts.nudge()

    async def idle(self) -> bool:
        """
        Tell whether all that is due was done, and said as far as the pace allows by now.

        What waits for the pace has its instant in `next_due`.
        """
        if self._parts.busy:
            return False
        if await self._open(but=PACED):
            self.nudge()  # its instant came by itself, and nobody has looked since
            return False
        return not self._parts.busy

    async def said(self) -> bool:
        """Tell whether nothing that is due waits to be said, not even for the pace."""
        return not await self._open()

    async def next_due(self) -> datetime | None:
        """Return the earliest instant at which something will be due or tried."""
        now = self._clock.now()
        held = await self._store.read(clockwork.held_kinds)
        row = await self._database.read(lambda tx: Waiting(tx).next_at(now, held))
        instants = [at for at in (row, self._parts.sender.next_due()) if at is not None]
        return min(instants, default=None)

    async def platform_instances(self) -> list[dict[str, Any]]:
        """Return what the embedded platform holds."""
        return [
            {
                "id": row.id,
                "name": row.name,
                "state": row.state,
                "connected": row.connected,
                "paid_until": row.paid_until and row.paid_until.isoformat(),
            }
            for row in await self._platform.shelved()
        ]

    async def connect_number(self, reference: str, *, connected: bool) -> bool:
        """Let a number be connected at the platform, or not; False if there is no such instance."""
        known = await self._platform.connect(reference, connected=connected)
        if known:
            # As a platform does that calls whoever made the instance.
            self._parts.watcher.hint(reference)
        return known

    async def appear(self, name: str) -> str:
        """Let somebody make an instance at the platform, and not through the bot; return its id."""
        return await self._platform.appear(name)

    async def vanish(self, reference: str) -> bool:
        """Let an instance be lost at the platform; False if there is no such instance."""
        return await self._platform.vanish(reference)

    async def platform_fault(self, operation: str, kind: str, times: int) -> None:
        """
        Let the next calls of that operation of the platform fail.

        :raises ValueError: if there is no such operation or kind.
        """
        self._platform.faults.order(operation, kind, times)

    async def settle_in(self, group: int, admin: int, support: int) -> None:
        """Bind the sandbox's staff group and give its people their roles, the first time."""

        async def unit(work: Work) -> None:
            if await work.people.groups():
                return
            await office.bind_group(work, by_clock("sandbox"), group)
            for user_id, role in ((admin, StaffRole.ADMIN), (support, StaffRole.SUPPORT)):
                await work.people.save_staff(user_id, role, by=None, at=work.now)

        await self._store.write(unit)

    async def _open(self, *, but: str = "") -> bool:
        held = await self._store.read(clockwork.held_kinds)
        now = self._clock.now()
        counts = await self._database.read(lambda tx: Waiting(tx).open_counts(now, held))
        stays = {but} if self._parts.cashier is not None else {but, *PAID_BY_CARD}
        return bool(counts.keys() - stays)
