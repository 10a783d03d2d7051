"""Sees that everything is as it has to be: each night what is new, at the end all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from billing.instances import State
from billing.services.books import proving
from billing.services.books.rounds import Finding, Round, Stage
from billing.services.ports import Work
from billing.services.ports.proofs import Check, Head
from bot.simulation.engine import Engine
from bot.simulation.people import GROUP

# What is late while something is wrong with the desk is no contradiction.
LATE = frozenset(
    {
        *(Check.TRIAL_ALIVE, Check.DAYS_OVER, Check.STOP_MISSED),
        *(Check.CALL_STUCK, Check.TASK_FORGOTTEN),
    }
)
AT_ONCE = 10_000
# Each month has so many.
NIGHTS = 28
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
    The desk's own audit, carried on from night to night.

    What was proved before is not looked at again until the end. Of the partners each has its
    night of the month: all that is asked of it is asked then.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._heads: dict[Stage, Head] = {}
        self._books = Round(stage=Stage.BOOKS)

    async def night(self, day: int) -> None:
        """
        Look at what was written since the night before, at the desk, and at whose turn it is.

        :raises Wrong:
        """

        async def look(work: Work) -> None:
            for stage in (Stage.ENTRIES, Stage.AUDIT):
                head = self._heads.get(stage, Head())
                if await work.chains.head(stage) != head:
                    after = await self._through(work, Round(stage=stage, head=head))
                    self._heads[stage] = after.heads[stage]
            after = await self._through(work, self._books)
            self._books = Round(stage=Stage.BOOKS, entry=after.entry, folded=after.folded)
            await self._through(work, Round(stage=Stage.DESK))
            partners = await work.proofs.partners(after="", limit=AT_ONCE)
            for partner_id in partners[day - 1 :: NIGHTS]:
                self._see(await proving.of_partner(work, partner_id, halted=False))

        await self._engine.read(look)

    async def _through(self, work: Work, current: Round) -> Round:
        """Take all steps of one stage."""
        stage = current.stage
        while current.stage is stage:
            current, found = await proving.step(work, current, halted=False)
            self._see(found)
        return current

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

    async def reported(self, nights: Iterable[date]) -> None:
        """
        Look at what the desk reported of its own audits of these nights.

        :raises Wrong: if it found more than what was late for a reason.
        """

        async def look(work: Work) -> list[Finding]:
            said = [await work.messages.get(f"staff:findings:{day}:{GROUP}") for day in nights]
            shown = [one for message in said if message for one in message.facts["findings"]]
            return [Finding(**one) for one in shown if one["check"] not in LATE]

        self._see(await self._engine.read(look))

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
