"""Days given to instances and credited to the balance: all or none, and once."""

import pytest

from billing.days import allocations
from billing.days.extensions import Item
from billing.days.quotes import NotEnoughDays
from billing.services import access
from billing.services.days import crediting, life
from tests.billing.samples import DAYS
from tests.billing.services.days.people import a_firm

CLOCK = access.by_clock("a test")


@pytest.fixture
async def firm(world):
    return await a_firm(world)


class TestGivingDays:
    async def test_gives_all_or_none_whatever_was_looked_at_before(self, world, firm):
        await firm.buys(50)
        found = [await firm.get(one) for one in await firm.new("loja-1", "loja-2")]
        items = [
            Item(one, allocations.extend(one, 30, at=world.clock.at, programme=DAYS), 30)
            for one in found
        ]

        async def give(work):
            partner = await work.partners.lock(firm.partner_id)
            await life.give(work, CLOCK, partner, items)

        before = await world.kept()
        with pytest.raises(NotEnoughDays) as refused:
            await world.write(give)
        assert refused.value.facts == {"asked": 60, "balance": 50, "possible": 50, "limit": 0}
        assert await world.kept() == before


class TestCrediting:
    async def test_an_invoice_twice_credits_its_days_once(self, world, firm):
        await firm.buys(60)
        (invoice,) = await firm.invoices()
        again = await world.write(lambda work: crediting.credit(work, CLOCK, invoice))
        assert (again, await firm.days()) == (False, 60)
        assert len(firm.heard("days_credited")) == 1
