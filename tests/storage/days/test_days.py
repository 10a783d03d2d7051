"""Rows of the days come back as they went in, and the balance is taken by one statement."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing import ledger
from billing.days.allocations import DAY, Allocation
from billing.days.requests import DayRequest, RequestState
from billing.money import Money
from tests.billing.services.days.people import DaysFirm, a_firm
from tests.billing.services.world import World, living


@pytest.fixture
async def desk():
    async with living() as world:
        yield world, await a_firm(world)


def a_request(world: World, firm: DaysFirm, request_id: str = "R1") -> DayRequest:
    return DayRequest(
        id=request_id, partner_id=firm.partner_id, days=60, channels=2, total=Money(6000, "USD"),
        state=RequestState.WITHDRAWN, requested_by=11, requested_at=world.clock.at,
        promised_by=world.clock.at + timedelta(minutes=30), standing=True, claimed_by=3,
        claimed_at=world.clock.at,
    )  # fmt: skip


async def test_a_request_comes_back_as_it_was(desk):
    world, firm = desk
    asked = a_request(world, firm)
    await world.write(lambda work: work.days.add_request(asked))
    assert await world.read(lambda work: work.days.request("R1")) == asked
    free = replace(asked, claimed_by=None, claimed_at=None, state=RequestState.VOID)
    await world.write(lambda work: work.days.save_request(free))
    assert await world.read(lambda work: work.days.requests(firm.partner_id)) == [free]
    assert await world.read(lambda work: work.days.waiting()) == []
    assert await world.read(lambda work: work.days.request_of("none")) is None


async def test_of_several_requests_the_one_promised_first_leads(desk):
    world, firm = desk
    late = await firm.asks(channels=1)
    world.clock.at -= timedelta(minutes=5)
    early = await firm.asks(channels=2)
    waiting = await world.read(lambda work: work.days.waiting())
    assert [one.id for one in waiting] == [early.request.id, late.request.id]


async def test_an_allocation_comes_back_and_says_what_is_open(desk):
    world, firm = desk
    await firm.buys(60)
    (loja,) = await firm.new("loja-1")
    await firm.extend(30, loja)
    (held,) = await world.read(lambda work: work.days.of_instance(loja))
    assert (held.days, held.kept, held.used) == (30, 30, 0)
    assert held.ends_at == (await firm.get(loja)).active_until
    assert await world.read(lambda work: work.days.open(firm.partner_id)) == [held]
    for since, found in ((None, [held]), (held.ends_at, []), (held.ends_at - DAY, [held])):
        assert (
            await world.read(lambda work: work.days.ending_after(firm.partner_id, since))  # noqa: B023
            == found
        )


async def test_more_is_neither_returned_nor_used_than_was_given(desk):
    world, firm = desk
    await firm.buys(60)
    (loja,) = await firm.new("loja-1")
    await firm.extend(30, loja)
    (held,) = await world.read(lambda work: work.days.of_instance(loja))
    for wrong in (replace(held, returned=31), replace(held, used=31, returned=0)):
        with pytest.raises(Exception, match=r"(?i)check"):
            await world.store.write(lambda work: work.days.save_allocation(wrong))  # noqa: B023
    assert isinstance(held, Allocation)


async def test_an_invoice_is_credited_once_until_that_is_taken_back(desk):
    world, firm = desk
    invoice = await firm.buys(60)

    async def mark(work):
        return await work.days.mark_credited(invoice.id, firm.partner_id, 60, at=work.now)

    assert await world.write(mark) is False
    assert await world.write(lambda work: work.days.take_credit_back(invoice.id)) == 60
    assert await world.write(lambda work: work.days.take_credit_back(invoice.id)) == 0
    assert await world.write(mark) is True


async def test_a_low_balance_is_noted_once_per_occasion(desk):
    world, firm = desk

    async def note(work):
        return await work.days.note_low(firm.partner_id, at=work.now)

    assert [await world.write(note), await world.write(note)] == [True, False]
    await world.write(lambda work: work.days.forget_low(firm.partner_id))
    assert await world.write(note) is True


@pytest.mark.parametrize(
    ("amount", "floor", "reached"),
    [(60, 0, True), (61, 0, False), (160, -100, True), (161, -100, False)],
)
async def test_a_balance_can_be_reserved_down_to_its_floor(desk, amount, floor, reached):
    world, firm = desk
    await firm.buys(60)
    account = ledger.balance(firm.partner_id)
    found = await world.store.write(
        lambda work: work.ledger.reserve(account, ledger.DAYS, amount, floor=floor)
    )
    assert found is reached
    assert await firm.days() == 60


@pytest.mark.parametrize(("floor", "reached"), [(0, False), (-5, True), (-4, False)])
async def test_an_account_without_postings_has_nothing(desk, floor, reached):
    world, firm = desk
    account = ledger.balance("nobody")
    found = await world.store.write(
        lambda work: work.ledger.reserve(account, ledger.DAYS, 5, floor=floor)
    )
    await world.sql("DELETE FROM balances WHERE account = :account", account=account)
    assert found is reached
    assert firm.partner_id
