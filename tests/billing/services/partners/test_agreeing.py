"""A partner's own price, from a date on."""

from datetime import date

import pytest

from billing.calendar import Month
from billing.invoices import AmountRefused
from billing.money import Money
from billing.refusals import AlreadyDone, NoRight
from billing.services.invoices import invoicing
from billing.services.partners import agreeing
from billing.services.partners.agreeing import MonthClosed
from tests.billing.samples import brl
from tests.billing.services.people import FRED, SAM


async def agree(world, firm, minor, since, *, by=FRED, currency="BRL"):
    price = Money(minor, currency)
    return await world.staff(by).do(
        agreeing.agree, firm.partner_id, price, date.fromisoformat(since)
    )


async def totals(firm) -> dict[str, int]:
    return {str(invoice.period): invoice.total.minor for invoice in await firm.invoices()}


class TestAPrice:
    async def test_from_the_1st_holds_for_all_of_that_month(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-20 10:00")
        agreed = await agree(world, acme, 4000, "2026-02-01")
        assert (agreed.first, agreed.invoiced_on) == (Month(2026, 2), date(2026, 3, 1))
        await acme.pays_until("2026-03-03 10:00")
        assert await totals(acme) == {"2026-01": 5990, "2026-02": 4000}

    async def test_from_mid_month_holds_from_the_month_after(self, world, acme):
        await acme.running("loja-1")
        agreed = await agree(world, acme, 4000, "2026-02-02")
        assert (agreed.first, agreed.invoiced_on) == (Month(2026, 3), date(2026, 4, 1))
        await acme.pays_until("2026-04-02 10:00")
        assert await totals(acme) == {"2026-01": 5990, "2026-02": 5990, "2026-03": 4000}

    async def test_leaves_an_issued_invoice_as_it_is(self, world, acme):
        await acme.running("loja-1")
        await world.until("2026-02-02 10:00")
        with pytest.raises(MonthClosed) as refused:
            await agree(world, acme, 4000, "2026-01-31")
        assert refused.value.facts == {"month": Month(2026, 1), "earliest": date(2026, 2, 1)}
        assert await totals(acme) == {"2026-01": 5990}

    async def test_given_last_counts_of_two_from_the_same_date_and_both_are_kept(self, world, acme):
        await acme.running("loja-1")
        await agree(world, acme, 4000, "2026-02-01")
        await agree(world, acme, 3000, "2026-02-01")
        await acme.pays_until("2026-03-02 10:00")
        assert (await totals(acme))["2026-02"] == 3000
        kept = await world.read(lambda work: work.partners.agreements(acme.partner_id))
        assert [agreement.price for agreement in kept] == [brl(4000), brl(3000)]

    async def test_that_was_agreed_is_agreed_once(self, world, acme):
        await agree(world, acme, 4000, "2026-02-01")
        with pytest.raises(AlreadyDone):
            await agree(world, acme, 4000, "2026-02-01")

    @pytest.mark.parametrize(("minor", "currency", "why"), [
        (4000, "USD", "currency"), (0, "BRL", "not_positive"), (-1, "BRL", "not_positive"),
    ])  # fmt: skip
    async def test_that_is_none_is_refused(self, world, acme, minor, currency, why):
        with pytest.raises(AmountRefused) as refused:
            await agree(world, acme, minor, "2026-02-01", currency=currency)
        assert refused.value.facts == {"why": why, "currency": "BRL"}

    async def test_is_for_those_who_keep_the_books(self, world, acme):
        with pytest.raises(NoRight):
            await agree(world, acme, 4000, "2026-02-01", by=SAM)

    async def test_is_told_to_the_partner_and_is_in_its_preview(self, world, acme):
        await acme.running("loja-1")
        await agree(world, acme, 4000, "2026-01-01")
        await world.settle()
        assert world.last(acme.chat_id, "price_agreed").facts["first"] == {"$month": "2026-01"}
        preview = await acme.do(invoicing.preview)
        assert preview.draft.total == brl(4000)
