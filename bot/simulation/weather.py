"""What goes wrong around the desk, and for how long: all of it drawn from the seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.simulation.chance import Chance
from bot.simulation.ports import Fate


class Trouble(StrEnum):
    """Something that comes once in a while, and goes."""

    PLATFORM_SILENT = "platform silent"
    TELEGRAM_DOWN = "telegram down"
    NOBODY_THERE = "nobody there"
    HALTED = "halted"
    RESTART = "restart"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a trouble comes, and how long it stays."""

    mean: timedelta
    shortest: timedelta = timedelta(0)
    longest: timedelta = timedelta(0)


DAY = timedelta(days=1)
HABITS = {
    Trouble.PLATFORM_SILENT: Habit(45 * DAY, timedelta(minutes=10), timedelta(hours=30)),
    Trouble.TELEGRAM_DOWN: Habit(45 * DAY, timedelta(minutes=10), timedelta(hours=30)),
    Trouble.NOBODY_THERE: Habit(60 * DAY, timedelta(minutes=1), timedelta(hours=60)),
    Trouble.HALTED: Habit(300 * DAY, timedelta(hours=1), 6 * DAY),
    Trouble.RESTART: Habit(12 * DAY),
    Trouble.CRASH: Habit(6 * DAY),
}
# Once in a while nobody is there for more than a month.
LONG_ABSENCE = 40 * DAY
PER_LONG_ABSENCE = 0.02

REFUSED = 0.004
DOUBTED = 0.01
MOST_STATEMENTS = 40


@dataclass
class Weather:
    """What is wrong at present. Without `faults` nothing ever is."""

    chance: Chance
    faults: bool = True
    present: set[Trouble] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    met: dict[str, int] = field(default_factory=dict)

    def forecast(
        self, since: datetime, until: datetime
    ) -> Iterator[tuple[datetime, Trouble, bool]]:
        """Yield when which trouble comes (True) and goes, one kind after the other."""
        if not self.faults:
            return
        for trouble, habit in HABITS.items():
            at = since + self.chance.gap(habit.mean)
            while at < until:
                yield at, trouble, True
                if habit.longest:
                    at += self._lasts(trouble, habit)
                    yield at, trouble, False
                at += self.chance.gap(habit.mean)

    def _lasts(self, trouble: Trouble, habit: Habit) -> timedelta:
        if trouble is Trouble.NOBODY_THERE and self.chance.happens(PER_LONG_ABSENCE):
            return LONG_ABSENCE
        return self.chance.span(habit.shortest, habit.longest)

    def count(self, what: str) -> None:
        self.met[what] = self.met.get(what, 0) + 1

    def fate(self, chat_id: int) -> Fate:
        """Say what becomes of a message to a chat."""
        if chat_id in self.blocked:
            self.count("blocked")
            return Fate.BLOCKED
        if self.faults and self.chance.happens(DOUBTED):
            self.count("doubted send")
            return Fate.DOUBTED
        return Fate.ARRIVED

    def refuses(self) -> bool:
        """Say whether the platform refuses a call."""
        if self.faults and self.chance.happens(REFUSED):
            self.count("refused call")
            return True
        return False
