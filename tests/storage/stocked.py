"""A desk over a database in memory, and rows to fill it with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from cryptography.fernet import Fernet

from billing import catalogue
from billing.calendar import Month
from billing.instances import Instance, Origin, State
from billing.invoices import Invoice, InvoiceState, Line
from billing.money import Money
from billing.partners import Partner
from billing.programmes import Settlement
from billing.services.people import Actor, Channel
from billing.services.ports import Work
from billing.tokens import Token
from bot.ids import RandomIds
from bot.vault import Vault
from storage.engine.database import Database, Row
from storage.unit_of_work import DeskStore

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PROGRAMMES = catalogue.load()
PROGRAMME = PROGRAMMES.newest("integrator")
CALENDAR = PROGRAMME.calendar
CURRENCY = PROGRAMME.currency
CLOCK_ACTOR = Actor(Channel.CLOCK, "due:1")


@dataclass
class StandingClock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """A desk's store, and the database under it."""

    database: Database
    clock: StandingClock = field(default_factory=StandingClock)
    commits: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = DeskStore(
            self.database,
            clock=self.clock,
            programmes=PROGRAMMES,
            ids=RandomIds(),
            vault=Vault(Fernet.generate_key().decode()),
            on_commit=lambda: self.commits.append(self.clock.at),
        )

    async def write(self, unit: Callable[[Work], Awaitable[Any]]) -> Any:
        return await self.store.write(unit)

    async def read(self, unit: Callable[[Work], Awaitable[Any]]) -> Any:
        return await self.store.read(unit)

    async def sql(self, text: str, **parameters: Any) -> list[Row]:
        return await self.database.write(lambda tx: tx.all(text, **parameters))


def partner(partner_id: str = "P1", name: str = "Loja Ação", **changes: Any) -> Partner:
    values = {
        "programme": PROGRAMME.id,
        "programme_version": PROGRAMME.version,
        "currency": CURRENCY,
        "zone": "America/Sao_Paulo",
        "created_at": NOW,
    }
    return Partner(id=partner_id, name=name, **(values | changes))


def token(token_id: str = "T1", partner_id: str = "P1", **changes: Any) -> Token:
    return Token(
        **(
            {"id": token_id, "partner_id": partner_id, "tier": 1, "created": 0, "allowed": 25}
            | changes
        )
    )


def instance(
    instance_id: str = "K7Q2M", name: str = "loja-7", partner_id: str = "P1", **changes: Any
) -> Instance:
    values = {
        "state": State.TRIAL,
        "settlement": Settlement.POSTPAID,
        "origin": Origin.BOT,
        "band": 1,
        "created_at": NOW,
    }
    return Instance(id=instance_id, partner_id=partner_id, name=name, **(values | changes))


def line(of: Instance, period: str, minor: int = 5000) -> Line:
    assert of.subscribed_at is not None
    return Line(
        instance_id=of.id,
        name=of.name,
        period=Month.parse(period),
        price=Money(minor, CURRENCY),
        band=of.band,
        subscribed_at=of.subscribed_at,
        cancelled_at=of.cancelled_at,
        service_ends_at=of.service_ends_at,
    )


_numbers = count(1)


def invoice(period: str = "2026-03", partner_id: str = "P1", **changes: Any) -> Invoice:
    number = next(_numbers)
    month = Month.parse(period)
    values = {
        "id": f"I{number}",
        "number": f"INT-2026-{number:05d}",
        "programme": PROGRAMME.id,
        "total": Money(10_000, CURRENCY),
        "settled": Money(0, CURRENCY),
        "state": InvoiceState.DUE,
        "issued_at": CALENDAR.end(month),
        "due_on": date(2026, 4, 5),
        "last_on": date(2026, 4, 10),
        "due_until": NOW + 30 * DAY,
        "stop_at": NOW + 40 * DAY,
        "delete_at": NOW + 45 * DAY,
    }
    return Invoice(partner_id=partner_id, period=month, **(values | changes))
