"""Whose an instance is: told bit by bit, kept as it is, for the partner's eyes alone."""

from datetime import date

import pytest

from billing.customers import Customer
from billing.invoices import AmountRefused
from billing.partners import NameRefused
from billing.refusals import NoRight, NotFound
from billing.services.desk import overview
from billing.services.instances import customers
from billing.services.instances.customers import CustomerUnnamed, Told
from tests.billing.samples import brl

WHOLE = Told("Bakery", 9900, None, date(2026, 2, 28))
BAKERY = Customer("Bakery", brl(9900), date(2026, 2, 28))


@pytest.fixture
async def loja(acme):
    (made,) = await acme.new("loja-1")
    return made


async def test_what_is_told_is_kept(world, acme, loja):
    assert (await acme.do(customers.look, loja)).customer is None
    told = await acme.do(customers.tell, loja, WHOLE)
    assert (told.customer, told.to_charge) == (BAKERY, False)
    assert (await acme.do(customers.look, loja)).customer == BAKERY
    assert (await acme.do(overview.instance_card, loja)).customer == BAKERY
    assert await acme.do(customers.names) == {loja: "Bakery"}


@pytest.mark.parametrize(
    ("told", "then"),
    [
        (Told(paid_until=date(2026, 3, 31)), Customer("Bakery", brl(9900), date(2026, 3, 31))),
        (Told(minor=1, currency="BRL"), Customer("Bakery", brl(1), date(2026, 2, 28))),
        (Told(" Bakery "), BAKERY),
        (Told("Butcher"), Customer("Butcher")),
    ],
    ids=["day", "price", "the same", "another"],
)
async def test_of_the_same_customer_the_rest_stays(acme, loja, told, then):
    await acme.do(customers.tell, loja, WHOLE)
    assert (await acme.do(customers.tell, loja, told)).customer == then


async def test_it_is_written_down_once(world, acme, loja):
    await acme.do(customers.tell, loja, WHOLE)
    await acme.do(customers.tell, loja, WHOLE)
    await acme.do(customers.clear, loja)
    cleared = await acme.do(customers.clear, loja)
    assert (cleared.customer, cleared.to_charge) == (None, False)
    rows = await world.read(lambda work: work.audit.about(loja, limit=9))
    whole = "Bakery; 9900 BRL; until 2026-02-28"
    assert [(row.before, row.after) for row in rows if row.action == "customer"] == [
        (whole, "-"), ("-", whole),
    ]  # fmt: skip
    await acme.do(customers.tell, loja, Told("Bakery"))
    (last, *_) = await world.read(lambda work: work.audit.about(loja, limit=1))
    assert last.after == "Bakery"


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (Told(minor=100), CustomerUnnamed),
        (Told("x" * 65), NameRefused),
        (Told("Bakery", 100, "USD"), AmountRefused),
    ],
)
async def test_what_cannot_be_is_refused(world, acme, loja, told, refusal):
    before = await world.kept()
    with pytest.raises(refusal):
        await acme.do(customers.tell, loja, told)
    assert await world.kept() == before


async def test_it_is_told_by_who_operates_and_read_by_all_its_own(world, acme, loja):
    viewer = await acme.joined(31, "viewer")
    await viewer.do(customers.look, loja)
    for use_case in ((customers.tell, loja, WHOLE), (customers.clear, loja)):
        with pytest.raises(NoRight):
            await viewer.do(*use_case)
    other = await world.enrolled(12, "Other")
    for use_case in (
        (customers.tell, loja, WHOLE),
        (customers.clear, loja),
        (customers.look, loja),
    ):
        with pytest.raises(NotFound):
            await other.do(*use_case)
    assert await other.do(customers.names) == {}
