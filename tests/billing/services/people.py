"""Whoever speaks to the desk: people in their chats, and partners through their owners."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from billing.calendar import Month
from billing.instances import Instance
from billing.invoices import Invoice
from billing.ledger import credit, receivable
from billing.money import Money
from billing.partners import Partner, Role
from billing.services import access
from billing.services.access import Heard
from billing.services.instances import creation, progressing, subscriptions
from billing.services.messages import Message
from billing.services.operations import Operation
from billing.services.partners import integrator
from billing.services.payments import booking
from billing.services.people import Member
from billing.services.ports import Work
from tests.billing.samples import SAO_PAULO, local

if TYPE_CHECKING:
    from tests.billing.services.world import World

GROUP = -100
SOFIA, FRED, SAM = 1, 2, 3


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

    async def joined(self, user_id: int, role: Role) -> Firm:
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
        said: Message = await progressing.progress(
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
        found = await self.world.read(lambda work: work.invoices.of_period(self.partner_id, month))
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
            booking.book, invoice.number, amount, reference or f"{invoice.number}:{minor}"
        )
        await self.world.settle()
        return booked

    async def pays_on_time(self, period: str) -> None:
        """Let the time pass until the day on which it is due, and pay."""
        calendar = self.world.programmes.get((await self.partner()).programme, 1).calendar
        month = Month.parse(period)
        await self.world.until_instant(calendar.morning(calendar.due_date(month)))
        await self.pays(period)

    async def pays_until(self, text: str) -> None:
        """Let the time pass; whatever is owed is paid on the day after it was told."""
        until = local(text)
        while self.world.clock.at < until:
            await self.world.until_instant(min(until, self.world.clock.at + timedelta(days=2)))
            for invoice in await self.invoices():
                if invoice.owed:
                    await self.pays(str(invoice.period))

    async def granted(self) -> None:
        """Have staff grant the next token."""
        await self.world.staff(SAM).do(integrator.grant, self.partner_id)

    async def held(self, period: str, until: str, reason: str = "bank strike") -> Invoice:
        """Have staff give an invoice more time."""
        invoice = await self.invoice(period)
        held: Invoice = await self.world.staff(FRED).do(
            booking.hold, invoice.number, date.fromisoformat(until), reason
        )
        await self.world.settle()
        return held

    async def balance(self) -> tuple[int, int]:
        """Return what is owed, and what was paid too much."""
        currency = (await self.partner()).currency

        async def look(work: Work) -> tuple[int, int]:
            owed = await work.ledger.balance(receivable(self.partner_id), currency)
            over = await work.ledger.balance(credit(self.partner_id), currency)
            return owed, -over

        found: tuple[int, int] = await self.world.read(look)
        return found

    def heard(self, *prefixes: str, zone: str = SAO_PAULO) -> list[tuple[str, str]]:
        return self.world.heard(self.chat_id, *prefixes, zone=zone)
