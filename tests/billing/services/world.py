"""A desk over a database in memory, a clock moved by hand, and whoever is on the other side."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet

from billing.catalogue import Programmes
from billing.partners import Partner, StaffRole
from billing.services import clockwork, reaching
from billing.services.books import proving
from billing.services.books.rounds import Finding, Round, Stage
from billing.services.desk import office
from billing.services.facts import moment
from billing.services.instances import answered
from billing.services.partners import enrolment
from billing.services.ports import StripeSetup, Work
from billing.services.ports.platforms import Made
from bot.ids import RandomIds
from bot.vault import Vault
from storage.delivery.sending import Sending
from storage.engine.database import Database, Row
from storage.unit_of_work import DeskStore
from storage.waiting import Waiting
from tests.billing.samples import PROGRAMMES, SAO_PAULO, local, there
from tests.billing.services import invariants
from tests.billing.services.cards.stripe import FakeStripe
from tests.billing.services.people import FRED, GROUP, SAM, SOFIA, Firm, Human
from tests.engines import TABLES, TestDatabase

START = "2026-01-28 12:00"
KEY = Fernet.generate_key().decode()


def pause_of_silence(attempts: int) -> timedelta:
    """
    Return how long a silent platform is left alone: 5, 10, 20 … seconds, an hour at most.

    The caller does so up to five minutes, which has tests of its own. Going on to an hour makes
    weeks of silence short, and changes nothing: past the third time only an answer does.
    """
    return min(timedelta(seconds=5 * 2 ** min(attempts - 1, 10)), timedelta(hours=1))


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
    # What it takes from an instant on, and what a person has to do there.
    later: dict[str, datetime] = field(default_factory=dict)
    unable: set[str] = field(default_factory=set)
    # With what is put off a person sees to it as well.
    by_person: bool = False
    # What the platform did, in order.
    asked: list[tuple[str, str]] = field(default_factory=list)
    causes: int = 0
    # Stripe, where it is used; None: nobody has a key.
    cards: FakeStripe | None = None

    def __post_init__(self) -> None:
        self.set_programmes(PROGRAMMES)

    def set_programmes(self, programmes: Programmes) -> None:
        """Let these be the terms."""
        self.programmes = programmes
        self.store = DeskStore(
            self.database,
            clock=self.clock,
            programmes=programmes,
            ids=RandomIds(),
            vault=Vault(KEY),
            stripe=None if self.cards is None else StripeSetup(live=self.cards.live),
        )

    def take_cards(self) -> FakeStripe:
        """Let there be a key for Stripe from now on."""
        self.cards = FakeStripe(self.clock)
        self.set_programmes(self.programmes)
        return self.cards

    async def settle_in(self) -> None:
        """Sofia binds the staff group and so is admin; Fred keeps the books, Sam helps."""
        code = await self.write(office.new_bind_code)
        await self.staff(SOFIA).do(office.bind, code, in_group=True)
        await self.staff(SOFIA).do(office.appoint, FRED, StaffRole.FINANCE)
        await self.staff(SOFIA).do(office.appoint, SAM, StaffRole.SUPPORT)

    # People.

    def staff(self, user_id: int = SOFIA) -> Human:
        return Human(self, user_id, f"staff {user_id}", GROUP)

    def person(self, user_id: int) -> Human:
        return Human(self, user_id, f"person {user_id}", user_id)

    async def enrolled(
        self, user_id: int = 11, company: str = "Acme", programme: str = "integrator"
    ) -> Firm:
        """Return a partner, approved by staff."""
        owner = self.person(user_id)
        applied = await owner.do(enrolment.apply, company)
        partner = await self.staff().do(enrolment.approve, applied.application.id, programme)
        await self.settle()
        return Firm(self, user_id, owner.name, user_id, partner.id)

    async def under_days(self, firm: Firm) -> Partner:
        """Put a partner under the programme that is paid in days, as an import would."""
        days = self.programmes.get("days", 1)
        partner = replace(
            await firm.partner(), programme=days.id, currency=days.currency, zone=days.zone
        )
        await self.write(lambda work: work.partners.save(partner))
        return partner

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
        await self.database.read(lambda tx: invariants.check(tx, self.programmes))

    async def kept(self) -> dict[str, list[Row]]:
        """Return every row there is, to see that nothing was changed."""
        tables = await self.sql(TABLES)
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
            busy = await self.charge() or busy

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

    async def charge(self) -> bool:
        """Let Stripe answer what it was asked, and what it told of be looked at."""
        return self.cards is not None and await self.cards.carry(self)

    async def answer(self, call: Any) -> None:
        attempts = await self.store.write(lambda work: work.calls.started(call.id))
        if call.operation in self.silent:
            until = self.clock.at + pause_of_silence(attempts)
            await self.write(
                lambda work: answered.put_off(
                    work, call, "no answer", attempts=attempts, until=until
                )
            )
        elif until := self.later.get(call.operation):
            await self.write(
                lambda work: answered.queued(
                    work, call, "too many", until=until, by_person=self.by_person
                )
            )
        elif call.operation in self.unable:
            await self.write(lambda work: answered.unable(work, call, "no call for it"))
        elif why := self.refusing.get(call.operation):
            await self.write(lambda work: answered.refused(work, call, why))
        else:
            self.asked.append((call.operation, call.instance_id))
            await self.write(
                lambda work: answered.succeeded(work, call, Made(f"tok-{call.instance_id}"))
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
            await self.write(lambda work: reaching.unreachable(work, chat_id, key, "blocked"))  # noqa: B023
        return count > 0

    def _hear(self, message: Any, *, edit: bool) -> None:
        if not edit:
            assert message.key not in {sent.key for sent in self.sent}, f"twice: {message.key}"
        at = self.clock.at
        self.sent.append(Sent(at, message.chat_id, message.kind, message.key, message.facts, edit))

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

    def nobody_was_woken(self, chat_id: int, zone: str = SAO_PAULO, since: str = START) -> None:
        for sent in self.sent:
            if (
                sent.at >= local(since)
                and sent.chat_id == chat_id
                and sent.kind.startswith("notice_")
            ):
                assert time(8) <= sent.at.astimezone(ZoneInfo(zone)).time() < time(22), sent

    async def due(self, like: str = "%") -> list[tuple[str, str]]:
        """Return the rows that wait: when, and their keys."""
        rows = await self.sql(
            "SELECT key, at FROM due WHERE state = 'waiting' AND key LIKE :like ORDER BY at, key",
            like=like,
        )
        return [(there(moment(row["at"])), row["key"]) for row in rows]

    async def labels(self, prefix: str) -> set[str]:
        """Return the labels of the buttons of the messages whose key begins so."""
        return {button["label"] for button in await self._buttons(prefix)}

    async def args(self, prefix: str) -> list[Any]:
        """Return what the buttons of these messages are about."""
        return [button["args"] for button in await self._buttons(prefix)]

    async def _buttons(self, prefix: str) -> list[Any]:
        rows = await self.sql(
            "SELECT buttons FROM messages WHERE key LIKE :like ORDER BY key", like=f"{prefix}:%"
        )
        return [button for row in rows for shown in json.loads(row["buttons"]) for button in shown]

    async def actions(self, about: str | None = None) -> list[str]:
        """Return what the audit has of something, oldest first."""
        rows = await self.read(lambda work: work.audit.about(about, limit=1000))
        return [row.action for row in reversed(rows)]


@asynccontextmanager
async def living(at: str = START) -> AsyncIterator[World]:
    """Return a desk of its own for a while, with staff."""
    database = await TestDatabase.anew()
    world = World(database, HandClock(local(at)))
    await world.settle_in()
    yield world
    await world.check()
    found = await world.read(audited)
    assert found == [], found
    await database.close()


async def audited(work: Work) -> list[Finding]:
    """Return what the nightly audit finds."""
    halted = bool(await clockwork.held_kinds(work))
    current = Round()
    while current.stage is not Stage.OVER:
        current, _ = await proving.step(work, current, halted=halted)
    return list(current.findings)
