"""A partner under the monthly invoice: makes instances, tries, subscribes, cancels, keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from billing.instances import Instance, State
from billing.services.instances import creation, progressing, subscriptions
from billing.services.operations import Operation
from billing.services.partners import enrolment, integrator
from billing.services.people import Actor
from billing.services.ports import Work
from billing.tokens import TokenUsedUp
from bot.simulation.agenda import Act, Agenda
from bot.simulation.chance import Chance
from bot.simulation.paying import Payer
from bot.simulation.people import Person, Staff

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Between two rounds, on average.
ROUND = 12 * DAY
# What it does in a round in which nothing is missing, to one instance.
LIKELY = (
    (None, 0.74),
    (Operation.CANCEL, 0.18),
    (Operation.DELETE, 0.03),
    (Operation.KEEP, 0.05),
)
AT_ONCE = 6
FORGETS = 0.12
TOO_LATE = 0.08
CHANGES_ITS_MIND = 0.15
TWICE = 0.03
LIVING = (State.CREATING, State.TRIAL, State.ACTIVE, State.OVERDUE)
WANTED = {
    Operation.CANCEL: {State.ACTIVE, State.OVERDUE},
    Operation.KEEP: {State.CANCELLED},
    Operation.DELETE: {State.ACTIVE, State.TRIAL, State.ENDED, State.OVERDUE},
}


@dataclass
class Firm:
    """A partner, through its owner."""

    owner: Person
    staff: Staff
    chance: Chance
    agenda: Agenda
    programme: str
    size: int
    made: int = 0
    partner_id: str = ""
    payer: Payer = field(init=False)

    async def enrol(self) -> None:
        """Apply, be approved by staff, and begin."""
        applied = await self.owner.do(enrolment.apply, f"Firm {self.owner.user_id}")
        partner = await self.staff.finance.do(
            enrolment.approve, applied.application.id, self.programme
        )
        self.partner_id = partner.id
        self.payer = Payer(partner.id, self.chance, self.agenda, self.staff, partner.zone)
        await self.owner.do(integrator.issue_secret)
        await self.look_after()

    async def look_after(self) -> None:
        """Make what is missing, or change one of those that are there; and again later."""
        now = self.now()
        self.agenda.put(now + self.until_next_round(), self.look_after)
        missing = await self._missing()
        if missing > 0:
            await self._make(min(missing, AT_ONCE))
            if missing > AT_ONCE:
                self.agenda.put(now + self.chance.span(HOUR, DAY), self._fill)
            return
        operation = self.chance.weighed(LIKELY)
        if operation is not None:
            await self.change_one(operation)

    def until_next_round(self) -> timedelta:
        """Return how long it takes until it looks after its instances again."""
        return self.chance.gap(ROUND)

    async def _fill(self) -> None:
        missing = await self._missing()
        if missing > 0 and await self._make(min(missing, AT_ONCE)) and missing > AT_ONCE:
            self.agenda.put(self.now() + self.chance.span(HOUR, DAY), self._fill)

    async def _missing(self) -> int:
        counts = await self.counts()
        return self.size - sum(counts.get(state, 0) for state in LIVING)

    async def pay_day(self) -> None:
        """Decide what becomes of the invoices of the month that has closed, once they have come."""
        if self.owner.engine.is_away:
            self.agenda.put(self.now() + DAY, self.pay_day)
        elif self.partner_id and await self.owes():
            await self.payer.plan()

    async def owes(self) -> bool:
        """Whether there is an invoice to pay."""
        return bool(await self.payer.owed())

    async def counts(self) -> dict[State, int]:
        """Return how many are in which state."""
        return await self.owner.engine.read(lambda work: work.instances.counts(self.partner_id))

    async def instances(self) -> list[Instance]:
        """Return those that are not gone."""
        found = await self.owner.engine.read(
            lambda work: work.instances.of_partner(self.partner_id)
        )
        return sorted(found, key=lambda instance: (instance.created_at, instance.id))

    async def act(self, operation: Operation, *ids: str) -> None:
        """Ask what it would mean, and do it; now and then twice."""
        quote = await self.owner.tries(subscriptions.quote, operation, ids)
        if quote is None:
            return
        for _ in range(1 + self.chance.happens(TWICE)):
            await self.owner.tries(_carry_out, operation, ids, quote.terms, self.owner)

    async def _make(self, count: int) -> bool:
        names = [f"line {self.made + nth}" for nth in range(1, count + 1)]
        made = await self.owner.tries(_create, names, self.owner)
        if made is None:
            return await self._make_fewer(count)
        self.made += count
        for instance in made:
            if self.chance.happens(FORGETS):
                continue
            at = self.now() + self.chance.span(*self.decides_within())
            self.agenda.put(at, self._decides_for(instance.id))
        return True

    def decides_within(self) -> tuple[timedelta, timedelta]:
        """Return when it decides for what it tries: before the trial's end or after it."""
        return (50 * HOUR, 70 * HOUR) if self.chance.happens(TOO_LATE) else (HOUR, 46 * HOUR)

    async def decide_for(self, instance_id: str) -> None:
        """Let a trial become one that is paid for."""
        await self.act(Operation.SUBSCRIBE, instance_id)

    def _decides_for(self, instance_id: str) -> Act:
        async def decide() -> None:
            await self.decide_for(instance_id)

        return decide

    async def _make_fewer(self, count: int) -> bool:
        """Use the token up where it was that which did not reach, then get the next one."""
        if self.owner.refused != TokenUsedUp.code:
            return False
        if await self.owner.tries(integrator.request_next) is not None:
            await self.staff.book(integrator.grant, self.partner_id)
            return True
        return count > 1 and await self._make(count // 2)

    async def change_one(self, operation: Operation) -> None:
        """Do that to one of those that it can be done to."""
        living = await self.instances()
        those = [one.id for one in living if one.state in WANTED[operation]]
        if not those:
            return
        chosen = self.chance.one_of(those)
        await self.act(operation, chosen)
        if operation is Operation.CANCEL and self.chance.happens(CHANGES_ITS_MIND):
            at = self.now() + self.chance.span(HOUR, 20 * DAY)

            async def keep() -> None:
                await self.act(Operation.KEEP, chosen)

            self.agenda.put(at, keep)

    def now(self) -> datetime:
        return self.owner.engine.now()


async def _create(work: Work, actor: Actor, names: Sequence[str], owner: Person) -> list[Instance]:
    key = f"answer:{owner.cause}"
    made = await creation.create(work, actor, names, message_key=key)
    await show(work, key, Operation.CREATE, owner)
    return made


async def _carry_out(
    work: Work, actor: Actor, operation: Operation, ids: Sequence[str], terms: str, owner: Person
) -> None:
    key = f"answer:{owner.cause}"
    await subscriptions.carry_out(work, actor, operation, ids, terms=terms, message_key=key)
    await show(work, key, operation, owner)


async def show(work: Work, key: str, operation: Operation, owner: Person) -> None:
    """Answer with the message that shows how far the platform is."""
    said = await progressing.progress(work, key, owner.chat_id, operation, reader=owner.user_id)
    await work.messages.say(said, at=work.now)
