"""Whoever speaks to the desk: partners' people in private, staff in their group."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from billing.partners import StaffRole
from billing.refusals import Refusal
from billing.services import access
from billing.services.access import Heard
from billing.services.desk import office
from billing.services.payments import approvals
from billing.services.people import Actor
from billing.services.ports import Approval, Work
from bot.simulation.engine import Engine
from bot.simulation.weather import Weather

GROUP = -100
SOFIA, FRED = 1, 2

UseCase = Callable[..., Awaitable[Any]]


@dataclass
class Person:
    """Somebody in a chat, who may do what their rights allow at that moment."""

    engine: Engine
    weather: Weather
    user_id: int
    chat_id: int
    updates: int = 0
    # What it was refused last, by its code.
    refused: str | None = None

    async def do(self, use_case: UseCase, *args: Any, **named: Any) -> Any:
        """Do something in a transaction of its own; a refusal takes it back and is raised."""
        self.updates += 1
        # Whoever speaks to the bot can be reached again.
        self.weather.blocked.discard(self.user_id)
        heard = Heard(
            user_id=self.user_id,
            name=f"person {self.user_id}",
            language="en",
            chat_id=self.chat_id,
            private=self.chat_id > 0,
            cause=self.cause,
        )

        async def unit(work: Work) -> Any:
            actor, _ = await access.recognise(work, heard)
            return await use_case(work, actor, *args, **named)

        return await self.engine.write(unit)

    async def tries(self, use_case: UseCase, *args: Any, **named: Any) -> Any:
        """Do something that may be refused: None then, and the refusal is counted."""
        try:
            return await self.do(use_case, *args, **named)
        except Refusal as refusal:
            self.refused = refusal.code
            self.weather.count(f"refusal {refusal.code}")
            return None

    @property
    def cause(self) -> str:
        return f"update:{self.user_id}:{self.updates}"


@dataclass(frozen=True, slots=True)
class Staff:
    """The operator's people: an admin, and who keeps the books."""

    admin: Person
    finance: Person

    async def book(self, use_case: UseCase, *args: Any) -> Any:
        """Have something booked; what wants a second person is confirmed by the other one."""
        done = await self.finance.tries(use_case, *args)
        if isinstance(done, Approval):
            return await self.admin.tries(approvals.confirm, done.id)
        return done


async def settle_in(engine: Engine, weather: Weather) -> Staff:
    """Bind the staff group; return its people."""
    admin, finance = (Person(engine, weather, user_id, GROUP) for user_id in (SOFIA, FRED))

    async def bind(work: Work, actor: Actor) -> None:
        code = await office.new_bind_code(work)
        assert code is not None, "no group is bound in a new database"
        await office.bind(work, actor, code, in_group=True)

    await admin.do(bind)
    await admin.do(office.appoint, FRED, StaffRole.FINANCE)
    return Staff(admin, finance)
