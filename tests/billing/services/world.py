"""A desk over a database in memory, a clock moved by hand, and whoever is on the other side."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet

from billing.calendar import Month
from billing.instances import Instance
from billing.invoices import Invoice
from billing.ledger import credit, receivable
from billing.money import Money
from billing.partners import Partner, Role, StaffRole
from billing.services import (
    access,
    clockwork,
    creation,
    enrolment,
    noticing,
    office,
    payments,
    platform,
    subscriptions,
)
from billing.services.access import Heard
from billing.services.facts import moment
from billing.services.messages import Message
from billing.services.people import Member
from billing.services.platform import Operation
from billing.services.ports import Work
from storage.database import Database, Row
from storage.ids import RandomIds
from storage.sending import Sending
from storage.unit_of_work import DeskStore
from storage.vault import Vault
from storage.waiting import Waiting
from tests.billing.samples import PROGRAMMES, SAO_PAULO, local, there
from tests.billing.services import invariants

START = "2026-01-28 12:00"
GROUP = -100
SOFIA, FRED, SAM = 1, 2, 3
KEY = Fernet.generate_key().decode()


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a chat was sent: `edit` if it changed one that stood there."""

    at: datetime
    chat_id: int
    kind: str
    key: str
    facts: Any
    edit: bool


@dataclass
class World:
    """The desk, and Telegram and the platform as they treat it."""

    database: Database
    clock: HandClock
    sent: list[Sent] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    telegram_is_down: bool = False
    # What the platform refuses, and where it does not answer, by operation.
    refusing: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    # What the platform did, in order.
    asked: list[tuple[str, str]] = field(default_factory=list)
    causes: int = 0

    def __post_init__(self) -> None:
        self.store = DeskStore(
            self.database,
            clock=self.clock,
            programmes=PROGRAMMES,
            ids=RandomIds(),
            vault=Vault(KEY),
        )

    async def settle_in(self) -> None:
        """Sofia binds the staff group and so is admin; Fred keeps the books, Sam helps."""
        code = await self.write(office.new_bind_code)
        await self.staff(SOFIA).do(office.bind, code, in_group=True)
        await self.staff(SOFIA).do(office.appoint, FRED, StaffRole.FINANCE)
        await self.staff(SOFIA).do(office.appoint, SAM, StaffRole.SUPPORT)

    # People.

    def staff(self, user_id: int = SOFIA) -> "Human":
        return Human(self, user_id, f"staff {user_id}", GROUP)

    def person(self, user_id: int) -> "Human":
        return Human(self, user_id, f"person {user_id}", user_id)

    async def enrolled(
        self, user_id: int = 11, company: str = "Acme", programme: str = "integrator"
    ) -> "Firm":
        """Return a partner, approved by staff."""
        owner = self.person(user_id)
        applied = await owner.do(enrolment.apply, company)
        partner = await self.staff().do(enrolment.approve, applied.application.id, programme)
        await self.settle()
        return Firm(self, user_id, owner.name, user_id, partner.id)

    # Units of work.

    async def write(self, unit: Callable[[Work], Awaitable[Any]]) -> Any:
        """Run one transaction; whatever it was, the invariants hold afterwards."""
        try:
            return await self.store.write(unit)
        finally:
            await self.check()

    async def read(self, unit: Callable[[Work], Awaitable[Any]]) -> Any:
        return await self.store.read(unit)

    async def sql(self, text: str, **parameters: Any) -> list[Row]:
        return await self.database.write(lambda tx: tx.all(text, **parameters))

    async def check(self) -> None:
        await self.database.read(lambda tx: invariants.check(tx, PROGRAMMES))

    async def kept(self) -> dict[str, list[Row]]:
        """Return every row there is, to see that nothing was changed."""
        tables = await self.sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {row["name"]: await self.sql(f"SELECT * FROM {row['name']}") for row in tables}

    # Time.

    async def until(self, text: str, zone: str = SAO_PAULO) -> None:
        """Let the time pass up to a local instant, everything done and said when it is due."""
        await self.until_instant(local(text, zone))

    async def until_instant(self, at: datetime) -> None:
        while True:
            await self.settle()
            held = await self.read(clockwork.held_kinds)
            now = self.clock.at
            following = await self.database.read(lambda tx: Waiting(tx).next_at(now, held))  # noqa: B023
            if following is None or following > at:
                break
            self.clock.at = following
        self.clock.at = max(at, self.clock.at)
        await self.settle()

    def down_until(self, text: str) -> None:
        """Let the time pass with nobody at the desk."""
        self.clock.at = local(text)

    async def settle(self) -> None:
        """Do all that is due now, and let it be answered."""
        busy = True
        while busy:
            busy = await self.sweep()
            busy = await self.call() or busy
            busy = await self.deliver() or busy

    async def sweep(self) -> bool:
        """Carry out the rows that have come, as the delivery does it."""

        async def look(work: Work) -> list[Any]:
            return await work.due.next_by(work.now, without=await clockwork.held_kinds(work))

        any_done, left = False, set()
        while rows := [row for row in await self.read(look) if row.key not in left]:
            for row in rows:
                done = await self.store.write(lambda work: clockwork.carry_out(work, row))  # noqa: B023
                any_done = any_done or done
                left.add(row.key)
            await self.check()
        return any_done

    async def call(self) -> bool:
        """Let the platform answer what it was promised."""
        any_done = False
        while calls := await self.read(lambda work: work.calls.open_by(work.now)):
            for call in calls:
                any_done = True
                await self.answer(call)
        return any_done

    async def answer(self, call: Any) -> None:
        attempts = await self.store.write(lambda work: work.calls.started(call.id))
        if call.operation in self.silent:
            until = self.clock.at + timedelta(minutes=5)
            await self.write(
                lambda work: platform.put_off(
                    work, call, "no answer", attempts=attempts, until=until
                )
            )
        elif why := self.refusing.get(call.operation):
            await self.write(lambda work: platform.refused(work, call, why))
        else:
            self.asked.append((call.operation, call.instance_id))
            await self.write(
                lambda work: platform.succeeded(work, call, token=f"tok-{call.instance_id}")
            )

    async def deliver(self) -> bool:
        """Let Telegram take what is to be sent by now."""
        if self.telegram_is_down:
            return False
        unreachable: list[tuple[int, str]] = []

        async def unit(tx: Any) -> int:
            sending, now, count = Sending(tx), self.clock.at, 0
            while heads := await sending.heads(now, 100):
                for head in heads:
                    count += 1
                    message = await sending.begin(head.key, now)
                    if message is None:
                        continue
                    if message.chat_id in self.blocked:
                        await sending.failed(message.key, message.version, "blocked")
                        unreachable.append((message.chat_id, message.key))
                        continue
                    edit = message.message_id is not None
                    await sending.sent(message.key, len(self.sent) + 1, message.version, now)
                    self._hear(message, edit=edit)
            return count

        count = await self.database.write(unit)
        for chat_id, key in unreachable:
            await self.write(lambda work: noticing.unreachable(work, chat_id, key, "blocked"))  # noqa: B023
        return count > 0

    def _hear(self, message: Any, *, edit: bool) -> None:
        if not edit:
            assert message.key not in {sent.key for sent in self.sent}, f"twice: {message.key}"
        at = self.clock.at
        self.sent.append(
            Sent(at, message.chat_id, message.kind, message.key, message.facts, edit)
        )

    # What can be seen.

    def heard(self, chat_id: int, *prefixes: str, zone: str = SAO_PAULO) -> list[tuple[str, str]]:
        """Return when a chat was told what, in the order of it, kinds that begin so."""
        return [
            (there(sent.at, zone), sent.kind)
            for sent in self.sent
            if sent.chat_id == chat_id and not sent.edit and sent.kind.startswith(prefixes or "")
        ]

    def last(self, chat_id: int, kind: str) -> Sent:
        return [one for one in self.sent if (one.chat_id, one.kind) == (chat_id, kind)][-1]

    def nobody_was_woken(self, chat_id: int, zone: str = SAO_PAULO) -> None:
        for sent in self.sent:
            if sent.chat_id == chat_id and sent.kind.startswith("notice_"):
                assert time(8) <= sent.at.astimezone(ZoneInfo(zone)).time() < time(22), sent

    async def due(self, like: str = "%") -> list[tuple[str, str]]:
        """Return the rows that wait: when, and their keys."""
        rows = await self.sql(
            "SELECT key, at FROM due WHERE state = 'waiting' AND key LIKE :like ORDER BY at, key",
            like=like,
        )
        return [(there(moment(row["at"])), row["key"]) for row in rows]

    async def actions(self, about: str | None = None) -> list[str]:
        """Return what the audit has of something, oldest first."""
        rows = await self.read(lambda work: work.audit.about(about, limit=1000))
        return [row.action for row in reversed(rows)]


@asynccontextmanager
async def living(at: str = START) -> AsyncIterator[World]:
    """Return a desk of its own for a while, with staff."""
    database = await Database.open("sqlite://")
    world = World(database, HandClock(local(at)))
    await world.settle_in()
    yield world
    await world.check()
    await database.close()


@dataclass
class Human:
    """Somebody in a chat, who may do what their rights allow at that moment."""

    world: World
    user_id: int
    name: str
    chat_id: int

    async def do(self, use_case: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> Any:
        """Do something in a transaction of its own; a refusal is raised, and takes it back."""
        self.world.causes += 1
        heard = Heard(
            self.user_id, self.name, "en", self.chat_id, self.chat_id > 0,
            f"update:{self.world.causes}",
        )  # fmt: skip

        async def unit(work: Work) -> Any:
            actor, _ = await access.recognise(work, heard)
            return await use_case(work, actor, *args, **named)

        return await self.world.write(unit)


@dataclass
class Firm(Human):
    """A partner, through its owner."""

    partner_id: str

    async def joined(self, user_id: int, role: Role) -> "Firm":
        """Return the firm through another member."""
        member = Member(user_id, self.partner_id, role)
        await self.world.write(lambda work: work.people.add_member(member, at=work.now))
        return replace(self, user_id=user_id, chat_id=user_id, name=f"person {user_id}")

    async def new(self, *names: str) -> list[str]:
        """Create instances, answered by the message that shows their progress."""
        key = f"answer:{self.world.causes}"

        async def ask(work: Work, actor: access.Actor) -> list[Instance]:
            made = await creation.create(work, actor, names, message_key=key)
            await self._show(work, key, Operation.CREATE)
            return made

        made = await self.do(ask)
        await self.world.settle()
        return [instance.id for instance in made]

    async def _show(self, work: Work, key: str, operation: str) -> None:
        said: Message = await platform.progress(
            work, key, self.chat_id, operation, reader=self.user_id
        )
        await work.messages.say(said, at=work.now)

    async def act(self, operation: Operation, *ids: str, settle: bool = True) -> Any:
        """Ask what it would mean, and do it."""
        quote = await self.do(subscriptions.quote, operation, ids)
        key = f"answer:{self.world.causes}"

        async def confirm(work: Work, actor: access.Actor) -> Any:
            done = await subscriptions.carry_out(
                work, actor, operation, ids, terms=quote.terms, message_key=key
            )
            await self._show(work, key, operation)
            return done

        done = await self.do(confirm)
        if settle:
            await self.world.settle()
        return done

    async def subscribe(self, *ids: str) -> Any:
        return await self.act(Operation.SUBSCRIBE, *ids)

    async def cancel(self, *ids: str) -> Any:
        return await self.act(Operation.CANCEL, *ids)

    async def keep(self, *ids: str) -> Any:
        return await self.act(Operation.KEEP, *ids)

    async def delete(self, *ids: str) -> Any:
        return await self.act(Operation.DELETE, *ids)

    async def running(self, *names: str) -> list[str]:
        """Create instances and subscribe them."""
        ids = await self.new(*names)
        await self.subscribe(*ids)
        return ids

    async def get(self, instance_id: str) -> Instance:
        found: Instance = await self.world.read(lambda work: work.instances.by_id(instance_id))
        return found

    async def states(self) -> dict[str, str]:
        """Return the state of every instance by name, deleted ones too."""
        rows = await self.world.sql(
            "SELECT name, state FROM instances WHERE partner_id = :id ORDER BY name",
            id=self.partner_id,
        )
        return {row["name"]: row["state"] for row in rows}

    async def partner(self) -> Partner:
        found: Partner = await self.world.read(lambda work: work.partners.get(self.partner_id))
        return found

    async def invoices(self) -> list[Invoice]:
        """Oldest first."""
        found = await self.world.read(lambda work: work.invoices.of_partner(self.partner_id))
        return list(reversed(found))

    async def invoice(self, period: str) -> Invoice:
        month = Month.parse(period)
        found = await self.world.read(
            lambda work: work.invoices.of_period(self.partner_id, month)
        )
        assert found is not None, f"no invoice of {period}"
        return found

    async def billed(self) -> dict[str, list[str]]:
        """Return the months on each invoice, by the month it was drawn up for."""
        lines = {}
        for invoice in await self.invoices():
            found = await self.world.read(lambda work: work.invoices.lines(invoice.id))  # noqa: B023
            lines[str(invoice.period)] = [f"{line.name} {line.period}" for line in found]
        return lines

    async def pays(self, period: str, minor: int | None = None, reference: str = "") -> Any:
        """Have a payment booked by staff: all that is owed unless told."""
        invoice = await self.invoice(period)
        amount = invoice.owed if minor is None else Money(minor, invoice.total.currency)
        booked = await self.world.staff(FRED).do(
            payments.book, invoice.number, amount, reference or f"{invoice.number}:{minor}"
        )
        await self.world.settle()
        return booked

    async def pays_on_time(self, period: str) -> None:
        """Let the time pass until the day on which it is due, and pay."""
        calendar = PROGRAMMES.get((await self.partner()).programme, 1).calendar
        month = Month.parse(period)
        await self.world.until_instant(calendar.morning(calendar.due_date(month)))
        await self.pays(period)

    async def held(self, period: str, until: str, reason: str = "bank strike") -> Invoice:
        """Have staff give an invoice more time."""
        invoice = await self.invoice(period)
        held: Invoice = await self.world.staff(FRED).do(
            payments.hold, invoice.number, date.fromisoformat(until), reason
        )
        await self.world.settle()
        return held

    async def balance(self) -> tuple[int, int]:
        """Return what is owed, and what was paid too much."""
        currency = (await self.partner()).currency

        async def look(work: Work) -> tuple[int, int]:
            owed = await work.ledger.balance(receivable(self.partner_id), currency)
            over = await work.ledger.balance(credit(self.partner_id), currency)
            return owed.minor, -over.minor

        found: tuple[int, int] = await self.world.read(look)
        return found

    def heard(self, *prefixes: str, zone: str = SAO_PAULO) -> list[tuple[str, str]]:
        return self.world.heard(self.chat_id, *prefixes, zone=zone)
