"""A partner under the programme that is paid in days, and what it does with them."""

from __future__ import annotations

from typing import Any

from billing.catalogue import Programmes
from billing.days.extensions import ByDays, Form
from billing.days.requests import DayRequest
from billing.invoices import Invoice
from billing.ledger import DAYS, balance
from billing.money import Money
from billing.services.days import auto_extending, buying, extending, handling
from billing.services.operations import Operation
from billing.services.payments import booking
from billing.services.ports import Work
from tests.billing.samples import PROGRAMMES, local
from tests.billing.services.people import FRED, Firm
from tests.billing.services.world import World

# Under the terms as they ship an invoice waits for the staff; under these it is there at once.
AT_ONCE = Programmes(
    programme.model_copy(update={"days": programme.days.model_copy(update={"invoice": "auto"})})
    if programme.days is not None
    else programme
    for programme in PROGRAMMES.all()
)


class DaysFirm(Firm):
    """A partner under `days`, through its owner; times are UTC."""

    async def asks(self, channels: int | None = None, by_days: int | None = None) -> Any:
        """Ask for days at the price that is shown."""
        shown = await self.do(buying.quote, channels=channels, by_days=by_days)
        asked = await self.do(buying.request, channels=channels, by_days=by_days, terms=shown.terms)
        await self.world.settle()
        return asked

    async def invoiced(self, request: DayRequest) -> Invoice:
        """Have staff prepare the invoice."""
        prepared = await self.world.staff(FRED).do(handling.prepare, request.id)
        await self.world.settle()
        found: Invoice = prepared.invoice
        return found

    async def pays_for(self, invoice: Invoice, minor: int | None = None, ref: str = "") -> Any:
        """Have a payment booked by staff: all that is owed unless told."""
        amount = invoice.owed if minor is None else Money(minor, invoice.total.currency)
        booked = await self.world.staff(FRED).do(
            booking.book, invoice.number, amount, ref or f"{invoice.number}:{minor}"
        )
        await self.world.settle()
        return booked

    async def buys(self, by_days: int) -> Invoice:
        """Ask for days, have them invoiced, and pay."""
        asked = await self.asks(by_days=by_days)
        invoice = asked.invoice or await self.invoiced(asked.request)
        await self.pays_for(invoice)
        return invoice

    async def extend(self, form: Form | int, *ids: str, settle: bool = True) -> Any:
        """Ask what it would mean, and do it."""
        wanted = ByDays(form) if isinstance(form, int) else form
        shown = await self.do(extending.quote, wanted, ids)
        key = f"answer:{self.world.causes}"

        async def confirm(work: Work, actor: Any) -> Any:
            done = await extending.carry_out(
                work, actor, wanted, ids, terms=shown.terms, message_key=key
            )
            await self._show(work, key, Operation.EXTEND)
            return done

        done = await self.do(confirm)
        if settle:
            await self.world.settle()
        return done

    async def auto(self, *ids: str, by: int | None = None) -> Any:
        """Let instances extend themselves."""
        done = await self.do(auto_extending.switch, ids, on=True, by=by)
        await self.world.settle()
        return done

    async def days(self) -> int:
        """Return the balance."""
        account = balance(self.partner_id)
        found: int = await self.world.read(lambda work: work.ledger.balance(account, DAYS))
        return found

    async def until(self, instance_id: str) -> str:
        """Return until when an instance runs."""
        found = (await self.get(instance_id)).active_until
        assert found is not None
        return found.isoformat(" ", "minutes").removesuffix("+00:00")

    def heard(self, *prefixes: str, zone: str = "UTC") -> list[tuple[str, str]]:
        return self.world.heard(self.chat_id, *prefixes, zone=zone)


async def a_firm(world: World, user_id: int = 11, company: str = "Acme") -> DaysFirm:
    """Return a partner under `days`, enrolled by staff."""
    firm = await world.enrolled(user_id, company, "days")
    return DaysFirm(world, firm.user_id, firm.name, firm.chat_id, firm.partner_id)


async def running(firm: DaysFirm, days: int, *names: str, bought: int = 1000) -> list[str]:
    """Return instances that run 5 days of trial and so many more, from 28 January, 15:00."""
    await firm.buys(bought)
    ids = await firm.new(*names)
    await firm.extend(days, *ids)
    return ids


def utc(text: str) -> Any:
    return local(text, "UTC")
