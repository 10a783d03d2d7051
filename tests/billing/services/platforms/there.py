"""What a platform holds, for tests: compared and looked at as the delivery does it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from billing.services.platforms import comparing, links, removing
from billing.services.platforms.comparing import Round
from billing.services.platforms.links import Sight
from billing.services.ports import Difference, Work
from billing.services.ports.platforms import Held, HeldState, Remote
from tests.billing.services.world import World


@dataclass
class There:
    """A platform, by its name; `rows` are what it holds, by their ids there."""

    world: World
    name: str = "embedded"
    rows: dict[str, Held] = field(default_factory=dict)
    days: int | None = None
    deleted: list[Remote] = field(default_factory=list)

    def hold(self, remote_id: str, **more: Any) -> None:
        """Hold an instance; the embedded one calls it by our reference."""
        row = Held(
            remote_id=remote_id,
            reference=remote_id,
            name=f"there-{remote_id}",
            state=HeldState.TRIAL,
            connected=False,
            paid_until=None,
            token=f"secret-{remote_id}",
        )
        self.rows[remote_id] = replace(row, **more)

    def lose(self, remote_id: str) -> None:
        del self.rows[remote_id]

    def change(self, remote_id: str, **more: Any) -> None:
        self.rows[remote_id] = replace(self.rows[remote_id], **more)

    async def compare(self, night: str = "2026-01-29") -> int:
        """Compare all, and return how many differences are new."""
        held = list(self.rows.values())
        sight = Sight.of(held, self.world.clock.at)
        current = Round(self.name, night, sight, len(held))
        new = 0
        for first in range(0, len(held), comparing.PAGE):
            page = held[first : first + comparing.PAGE]
            new += await self.world.write(
                lambda work: comparing.compare_theirs(work, current, page)  # noqa: B023
            )
        after: str | None = ""
        while after is not None:
            after, more = await self.world.write(
                lambda work: comparing.compare_ours(work, current, after)  # noqa: B023
            )
            new += more
        while await self.world.write(lambda work: comparing.close_gone(work, current)):
            pass
        await self.world.write(
            lambda work: comparing.finish(work, current, new=new, days_left=self.days)
        )
        await self.world.settle()
        return new

    async def look(self) -> int:
        """Look who is connected; return how many drops are in doubt."""
        sight = Sight.of(list(self.rows.values()), self.world.clock.at)
        page = await self.world.read(
            lambda work: work.links.page(self.name, after="", limit=links.PAGE)
        )
        changed = links.changed(page, sight, at=self.world.clock.at)
        doubted = await self.world.write(lambda work: links.note(work, changed, begun=sight.begun))
        await self.world.settle()
        return int(doubted)

    async def differences(self) -> list[Difference]:
        """Return what waits for people."""

        async def look(work: Work) -> list[Difference]:
            return await work.differences.shown(self.name, offset=0, limit=100)

        return await self.world.read(look)

    async def only(self) -> Difference:
        (one,) = await self.differences()
        return one

    async def remove(self) -> int:
        """Delete what people want deleted there."""
        waiting = await self.world.read(removing.due)
        for one in waiting:
            removal = await self.world.write(lambda work: removing.started(work, one.id))  # noqa: B023
            self.deleted.append(removal.remote)
            self.rows.pop(one.remote_id, None)
            await self.world.write(lambda work: removing.done(work, one.id))  # noqa: B023
        await self.world.settle()
        return len(waiting)
