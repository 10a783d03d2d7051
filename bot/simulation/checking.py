"""Sees that everything is as it has to be: each month what is new, at the end all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from billing.instances import State
from billing.services.books import proving
from billing.services.books.rounds import Finding, Round, Stage
from billing.services.ports import Work
from billing.services.ports.proofs import Check, Head
from bot.simulation.engine import Engine

# What is late while something is wrong with the desk is no contradiction.
LATE = frozenset({Check.TRIAL_ALIVE, Check.DAYS_OVER, Check.STOP_MISSED, Check.CALL_STUCK})
AT_ONCE = 10_000
# What an instance is at the platform once every call was made.
AT_PLATFORM = {
    State.CREATING: "",
    State.TRIAL: "trial",
    State.STOPPED: "stopped",
    State.ACTIVE: "active",
    State.CANCELLED: "active",
    State.OVERDUE: "stopped",
    State.ENDED: "stopped",
    State.DELETED: "deleted",
    State.FAILED: "",
}


class Wrong(Exception):
    """The books contradict one another, or what is contradicts them."""


class Checks:
    """
    The desk's own audit, carried on from month to month.

    What was verified before is not looked at again until the end; partners take turns.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._verified = {"entries": Head(), "audit": Head()}
        self._partner = ""

    async def month(self) -> None:
        """
        Look at what was written since the month before, and at the partners whose turn it is.

        :raises Wrong:
        """
        await self._engine.read(self._follow)
        turn = Round(stage=Stage.PARTNERS, partner=self._partner)
        after, found = await self._engine.read(lambda work: proving.step(work, turn, halted=False))
        self._partner = after.partner if after.stage is Stage.PARTNERS else ""
        self._see(found)

    async def everything(self, at_platform: Mapping[str, str]) -> None:
        """
        Look at all of it, from the first row; and whether the platform holds what it should.

        :raises Wrong:
        """
        current = Round()
        while current.stage is not Stage.OVER:
            step = replace(current)
            current, found = await self._engine.read(
                lambda work: proving.step(work, step, halted=False)  # noqa: B023
            )
            self._see(found)
        await self._engine.read(lambda work: _compare(work, at_platform))

    async def _follow(self, work: Work) -> None:
        before = self._verified["entries"].length
        for name, head in self._verified.items():
            followed = await work.chains.follow(name, head, limit=AT_ONCE)
            while not followed.over:
                followed = await work.chains.follow(name, followed.head, limit=AT_ONCE)
            if followed.broken is not None:
                raise Wrong(f"the chain of {name} is broken: {followed.broken}")
            self._verified[name] = followed.head
        last = self._verified["entries"].length
        if unbalanced := await work.proofs.unbalanced(after=before, until=last):
            raise Wrong(f"entries do not sum to nothing: {unbalanced}")

    def _see(self, findings: Iterable[Finding]) -> None:
        calm = not self._engine.is_troubled
        wrong = [one for one in findings if calm or one.check not in LATE]
        if wrong:
            raise Wrong(f"{self._engine.now()}: {wrong}")


async def _compare(work: Work, at_platform: Mapping[str, str]) -> None:
    for instance_id, held in at_platform.items():
        instance = await work.instances.by_id(instance_id)
        expected = AT_PLATFORM[instance.state] if instance else ""
        if held != expected:
            raise Wrong(f"{instance} is {held} at the platform, not {expected}")
