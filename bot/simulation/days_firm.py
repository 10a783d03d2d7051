"""A partner under the days programme: buys days, gives them to instances, lets some run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from billing import ledger
from billing.days.extensions import ByDays, Form, ToRemaining
from billing.services.days import auto_extending, buying, extending, handling
from billing.services.days.buying import Requested
from billing.services.operations import Operation
from billing.services.people import Actor
from billing.services.ports import Work
from bot.simulation.firm import DAY, HOUR, Firm, show
from bot.simulation.people import Person

MINUTE = timedelta(minutes=1)
CHANNEL_DAYS = 30
# What ends within this time is extended, together, until so many days remain.
SOON = 15 * DAY
STOCKED_DAYS = 70
# So many months for each instance.
AT_A_TIME = 2
# It orders while the balance is below so many days for each instance.
LOW = 60
BY_ITSELF = 0.2
IN_ARREARS = 0.2
LIMIT = 900


@dataclass
class DaysFirm(Firm):
    """Keeps a stock of days; most instances extend themselves from it."""

    orders: int = 0

    async def enrol(self) -> None:
        """As others do; a few may use days before they pay."""
        await super().enrol()
        if self.chance.happens(IN_ARREARS):
            await self.staff.book(handling.set_limit, self.partner_id, LIMIT)
        await self._stock_up()

    def until_next_round(self) -> timedelta:
        """It looks after its days about three times a month, and seldom later."""
        return self.chance.span(7 * DAY, 12 * DAY)

    async def look_after(self) -> None:
        """See to the stock as well, and extend together what ends soon or has run out."""
        await super().look_after()
        await self._stock_up()
        soon = self.now() + SOON
        ending = [
            instance.id
            for instance in await self.instances()
            if instance.active_until is not None and instance.active_until < soon
        ]
        if ending:
            await self._extend(ending, ToRemaining(STOCKED_DAYS))

    def decides_within(self) -> tuple[timedelta, timedelta]:
        """Its trials last five days."""
        return (HOUR, 150 * HOUR)

    async def decide_for(self, instance_id: str) -> None:
        """Give it a month's days, and mostly let it take the next ones by itself."""
        await self._extend([instance_id], ByDays(CHANNEL_DAYS))
        if self.chance.happens(BY_ITSELF):
            await self.owner.tries(auto_extending.switch, [instance_id], on=True)

    async def change_one(self, operation: Operation) -> None:
        """To cancel is to delete here, and nothing can be kept."""
        if operation is not Operation.KEEP:
            await super().change_one(Operation.DELETE)

    async def owes(self) -> bool:
        """Whether days are to be paid that were used before; orders are paid as they come."""
        return any(not invoice.channels for invoice in await self.payer.owed())

    async def _extend(self, ids: Sequence[str], form: Form) -> None:
        quote = await self.owner.tries(extending.quote, form, ids)
        if quote is not None:
            await self.owner.tries(_extend, form, ids, quote.terms, self.owner)

    async def _stock_up(self) -> None:
        have = await self.owner.engine.read(self._balance)
        if have >= LOW * self.size or await self.payer.owed():
            return
        channels = AT_A_TIME * self.size
        quote = await self.owner.tries(buying.quote, channels=channels)
        if quote is None:
            return
        asked = await self.owner.tries(buying.request, channels=channels, terms=quote.terms)
        if asked is not None:
            at = self.now() + self.chance.span(2 * MINUTE, 50 * MINUTE)
            self.agenda.put(at, lambda: self._is_served(asked))

    async def _is_served(self, asked: Requested) -> None:
        """Staff prepare the invoice, sometimes later than was promised."""
        if await self.staff.book(handling.prepare, asked.request.id) is not None:
            self.payer.plan_days()

    async def _balance(self, work: Work) -> int:
        return await work.ledger.balance(ledger.balance(self.partner_id), ledger.DAYS)


async def _extend(
    work: Work, actor: Actor, form: Form, ids: Sequence[str], terms: str, owner: Person
) -> None:
    key = f"answer:{owner.cause}"
    await extending.carry_out(work, actor, form, ids, terms=terms, message_key=key)
    await show(work, key, Operation.EXTEND, owner)
