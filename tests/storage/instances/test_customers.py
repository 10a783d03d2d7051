"""Whose an instance is stays with it, whatever becomes of the instance."""

from datetime import date

import pytest

from billing.customers import Customer
from billing.money import Money
from storage.engine.rows import RowMissing
from tests.storage.stocked import instance


@pytest.fixture
async def shop(desk):
    await desk.write(lambda work: work.instances.add(instance()))
    return desk


BAKERY = Customer("Bakery", Money(5990, "BRL"), date(2026, 3, 9))


@pytest.mark.parametrize("customer", [BAKERY, Customer("Butcher")])
async def test_it_is_kept_whole(shop, customer):
    await shop.write(lambda work: work.customers.save("K7Q2M", customer))
    assert await shop.read(lambda work: work.customers.of_instance("K7Q2M")) == customer
    assert await shop.read(lambda work: work.customers.of_partner("P1")) == {"K7Q2M": customer}
    assert await shop.read(lambda work: work.customers.of_partner("P2")) == {}
    await shop.write(lambda work: work.customers.save("K7Q2M", None))
    assert await shop.read(lambda work: work.customers.of_instance("K7Q2M")) is None


async def test_there_is_none_of_what_is_not_there(shop):
    with pytest.raises(RowMissing):
        await shop.write(lambda work: work.customers.save("NONE1", BAKERY))
