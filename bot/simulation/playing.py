"""Plays years of partners, and keeps account of them month by month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from billing.calendar import BillingCalendar, Month
from billing.services import clockwork
from billing.services.desk import office
from bot.simulation.agenda import Act, Agenda
from bot.simulation.chance import Chance, SeededIds, StandingClock
from bot.simulation.checking import Checks
from bot.simulation.days_firm import DaysFirm
from bot.simulation.engine import Engine
from bot.simulation.firm import Firm
from bot.simulation.office_hours import PER_ACT, OfficeHours
from bot.simulation.people import Person, settle_in
from bot.simulation.ports import Desk, Stretch
from bot.simulation.weather import MOST_STATEMENTS, Trouble, Weather

ZONE = "America/Sao_Paulo"
FIRST = Month(2026, 1)
CALENDAR = BillingCalendar(zone=ZONE)
# Half of a second before a month closes its figures are taken.
BEFORE = timedelta(milliseconds=500)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CALM = timedelta(days=2)
FIRST_OWNER = 1001
ENROLS_WITHIN = timedelta(days=20)
# Of five partners that come one after the other.
PROGRAMMES = ("integrator", "days", "integrator", "integrator-classic", "integrator")
PER_BLOCK = timedelta(days=500)

Opens = Callable[[StandingClock, SeededIds], Desk]


@dataclass(frozen=True, slots=True)
class Played:
    """What a simulation came to: months by currency, what went wrong, a hash of the books."""

    months: list[tuple[Month, Mapping[str, Stretch]]]
    met: Mapping[str, int]
    transactions: int
    fingerprint: str


@dataclass
class Play:
    """
    One simulation.

    If it is `audited` the desk proves all its books each night from their beginning, as it does
    outside; else what was written since the night before.
    """

    years: int
    seed: int
    partners: int
    size: int = 20
    faults: bool = True
    audited: bool = False
    months: list[tuple[Month, Mapping[str, Stretch]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = CALENDAR.start(FIRST)
        self.ends = CALENDAR.start(FIRST.plus(12 * self.years))
        self.clock = StandingClock(self.began)
        self.agenda = Agenda()
        self.weather = Weather(self._chance("weather"), self.faults)

    async def run(self, opens: Opens) -> Played:
        """Play it to its end; raises whatever is not as it has to be."""
        self.desk = opens(self.clock, SeededIds(self._chance("ids")))
        self.engine = Engine(self.desk, self.clock, self.weather)
        self.checks = Checks(self.engine)
        self.staff = await settle_in(self.engine, self.weather)
        await self.engine.write(
            clockwork.plan_nights if self.audited else clockwork.plan_housekeeping
        )
        for nth in range(self.partners):
            self._expect(nth)
        for at, trouble, comes in self.weather.forecast(self.began, self.ends):
            self.agenda.put(at, self._turn(trouble, comes=comes))
        for nth in range(12 * self.years):
            self._expect_month(FIRST.plus(nth))
        for day in self._days():
            self._expect_night(day)
        while entry := self.agenda.take(self.ends):
            await self.engine.until(entry.at)
            await entry.act()
        await self._calm_down()
        await self.checks.everything(self.engine.at_platform)
        await self.checks.reported(self._days())
        return Played(
            months=self.months,
            met=dict(sorted(self.weather.met.items())),
            transactions=self.engine.transactions,
            fingerprint=await self.desk.fingerprint(),
        )

    async def _calm_down(self) -> None:
        """Let everything that hangs be done."""
        if Trouble.HALTED in self.weather.present:
            await self.staff.admin.tries(office.resume)
        self.weather.present.clear()
        self.weather.faults = False
        await self.engine.until(self.ends + CALM)

    def _chance(self, *what: object) -> Chance:
        return Chance(self.seed, *what)

    def _expect(self, nth: int) -> None:
        """A partner comes, and stays; staff freeze it once in a while, and it blocks the bot."""
        chance = self._chance("partner", nth)
        owner = FIRST_OWNER + nth
        programme = PROGRAMMES[nth % len(PROGRAMMES)]
        firm = (DaysFirm if programme == "days" else Firm)(
            owner=Person(self.engine, self.weather, owner, owner),
            staff=self.staff,
            chance=chance,
            agenda=self.agenda,
            programme=programme,
            size=self.size,
        )
        comes = self.began + chance.span(timedelta(0), ENROLS_WITHIN)
        self.agenda.put(comes, firm.enrol)
        for month in range(1, 12 * self.years):
            at = CALENDAR.morning(FIRST.plus(month).day(1)) + chance.span(
                timedelta(0), timedelta(hours=20)
            )
            self.agenda.put(at, firm.pay_day)
        self.agenda.put(comes + chance.gap(PER_ACT), OfficeHours(firm).act)
        while self.faults and (comes := comes + chance.gap(PER_BLOCK)) < self.ends:
            self.agenda.put(comes, self._blocks(firm))

    def _blocks(self, firm: Firm) -> Act:
        async def block() -> None:
            self.weather.blocked.add(firm.owner.user_id)

        return block

    def _expect_month(self, month: Month) -> None:
        async def close() -> None:
            self.months.append((month, await self.desk.figures()))

        self.agenda.put(CALENDAR.end(month) - BEFORE, close)

    def _days(self) -> Iterator[date]:
        day = FIRST.day(1)
        while CALENDAR.morning(day) < self.ends:
            yield day
            day += DAY

    def _expect_night(self, day: date) -> None:
        self.agenda.put(CALENDAR.morning(day) - HOUR, lambda: self.checks.night(day.day))

    def _turn(self, trouble: Trouble, *, comes: bool) -> Act:
        async def turn() -> None:
            if comes:
                self.weather.count(trouble)
            match trouble:
                case Trouble.RESTART:
                    await self.desk.restart()
                case Trouble.CRASH:
                    self.desk.crash_after(self.weather.chance.between(0, MOST_STATEMENTS))
                case _ if comes:
                    self.weather.present.add(trouble)
                case _:
                    self.weather.present.discard(trouble)
            if trouble is Trouble.HALTED:
                does = office.halt if comes else office.resume
                await self.staff.admin.tries(does, *(["to be looked at"] if comes else []))

        return turn
