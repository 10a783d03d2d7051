"""How partners pay their monthly invoices: mostly on time, sometimes late, in part, or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from billing.calendar import local_date
from billing.invoices import Invoice
from billing.money import Money
from billing.services.payments import booking
from bot.simulation.agenda import Act, Agenda
from bot.simulation.chance import Chance
from bot.simulation.people import Staff

DAY = timedelta(days=1)


class Habit(StrEnum):
    """What a partner does about the invoice of a month."""

    ON_TIME = "on time"
    LATE = "late"
    STOPPED = "after the stop"
    IN_PART = "in part"
    TOO_MUCH = "too much"
    HELD = "held"
    NEVER = "never"


LIKELY = (
    (Habit.ON_TIME, 0.77),
    (Habit.LATE, 0.10),
    (Habit.STOPPED, 0.03),
    (Habit.IN_PART, 0.04),
    (Habit.TOO_MUCH, 0.025),
    (Habit.HELD, 0.03),
    (Habit.NEVER, 0.005),
)
# Days after the issue on which a habit pays, and how many hundredths of what is owed then.
PAYS: dict[Habit, tuple[tuple[int, int, int], ...]] = {
    Habit.ON_TIME: ((0, 3, 100),),
    Habit.LATE: ((5, 8, 100),),
    Habit.STOPPED: ((10, 12, 100),),
    Habit.IN_PART: ((1, 3, 40), (4, 8, 100)),
    Habit.TOO_MUCH: ((0, 3, 130),),
    Habit.HELD: ((14, 19, 100),),
    Habit.NEVER: ((25, 80, 100),),
}
# A day invoice lapses after 14 days; whoever has not paid by then orders anew.
LIKELY_FOR_DAYS = (
    (Habit.ON_TIME, 0.86),
    (Habit.LATE, 0.06),
    (Habit.IN_PART, 0.04),
    (Habit.NEVER, 0.04),
)
TWICE = 0.03


@dataclass
class Payer:
    """Pays for one partner, through the staff that book it."""

    partner_id: str
    chance: Chance
    agenda: Agenda
    staff: Staff
    zone: str

    async def plan(self) -> None:
        """Decide what becomes of the invoices that came this month."""
        habit = self.chance.weighed(LIKELY)
        self._plan(habit)
        if habit is Habit.HELD:
            now = self._now()
            until = local_date(now, self.zone) + timedelta(days=self.chance.between(14, 20))

            async def ask() -> None:
                for invoice in await self.owed():
                    await self.staff.book(booking.hold, invoice.number, until, "asked for it")

            self.agenda.put(now + self.chance.span(2 * DAY, 13 * DAY), ask)

    def plan_days(self) -> None:
        """Decide what becomes of an invoice for days."""
        self._plan(self.chance.weighed(LIKELY_FOR_DAYS))

    async def owed(self) -> list[Invoice]:
        """Return what is due, of every kind."""
        return await self.staff.admin.engine.read(
            lambda work: work.invoices.open_of(self.partner_id)
        )

    def _plan(self, habit: Habit) -> None:
        for first, last, hundredths in PAYS[habit]:
            at = self._now() + self.chance.span(first * DAY, last * DAY)
            self.agenda.put(at, self._pays(hundredths))

    def _pays(self, hundredths: int) -> Act:
        async def pay() -> None:
            for invoice in await self.owed():
                minor = max(invoice.owed.minor * hundredths // 100, 1)
                reference = f"{invoice.number}-{minor}-{self._now():%m%d}"
                for _ in range(1 + self.chance.happens(TWICE)):
                    amount = Money(minor, invoice.total.currency)
                    await self.staff.book(booking.book, invoice.number, amount, reference)

        return pay

    def _now(self) -> datetime:
        return self.staff.admin.engine.now()
