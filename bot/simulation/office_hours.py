"""What staff do to a partner now and then: prices, gifts, reversals, corrections, freezing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from billing.calendar import local_date
from billing.invoices import Invoice, InvoiceKind, InvoiceState
from billing.money import Money
from billing.services.desk import office
from billing.services.invoices import corrections
from billing.services.partners import agreeing
from billing.services.payments import giving, reversals
from bot.simulation.firm import DAY, Firm

PER_ACT = 150 * DAY


@dataclass
class OfficeHours:
    """Staff's acts upon one partner, each as likely as the others."""

    firm: Firm

    async def act(self) -> None:
        """Do one thing, and come back some other time."""
        firm = self.firm
        firm.agenda.put(firm.now() + firm.chance.gap(PER_ACT), self.act)
        does = (self._agree, self._give, self._reverse, self._correct, self._freeze)
        await firm.chance.one_of(does)()

    async def _agree(self) -> None:
        """A price of its own from next month on."""
        currency, minor = await self._price()
        since = local_date(self.firm.now() + 31 * DAY, "UTC").replace(day=1)
        price = Money(minor * self.firm.chance.between(80, 105) // 100, currency)
        await self.firm.staff.book(agreeing.agree, self.firm.partner_id, price, since)

    async def _price(self) -> tuple[str, int]:
        engine = self.firm.owner.engine
        partner = await engine.read(lambda work: work.partners.get(self.firm.partner_id))
        assert partner is not None, "a partner stays"
        return partner.currency, 3_000 if partner.currency == "USD" else 5_500

    async def _give(self) -> None:
        currency, minor = await self._price()
        gift = Money(minor * self.firm.chance.between(1, 4), currency)
        await self.firm.staff.book(giving.give, self.firm.partner_id, gift, "for the trouble")

    async def _reverse(self) -> None:
        """The newest payment bounces; the partner pays anew as it pays any invoice."""
        invoices = await self._invoices()
        paid = [one for one in invoices if one.state is InvoiceState.PAID and one.total]
        if paid and await self.firm.staff.book(reversals.reverse, paid[0].number, "bounced"):
            await self.firm.payer.plan()

    async def _correct(self) -> None:
        """An invoice that nobody paid yet is voided, and its month drawn up again."""
        for invoice in await self._invoices():
            if invoice.state is InvoiceState.DUE and invoice.kind is InvoiceKind.MONTHLY:
                await self.firm.staff.book(corrections.void, invoice.number, "a wrong name")
                await self.firm.staff.book(corrections.reissue, invoice.number)
                return

    async def _freeze(self) -> None:
        """For some days; thawed by whoever froze it."""
        firm = self.firm
        if await firm.staff.book(office.freeze, firm.partner_id, "to be looked at") is None:
            return

        async def thaw() -> None:
            await firm.staff.book(office.unfreeze, firm.partner_id)

        firm.agenda.put(firm.now() + firm.chance.span(DAY, timedelta(days=25)), thaw)

    async def _invoices(self) -> list[Invoice]:
        return await self.firm.owner.engine.read(
            lambda work: work.invoices.of_partner(self.firm.partner_id)
        )
