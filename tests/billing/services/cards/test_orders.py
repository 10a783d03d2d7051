"""
Six events of one subscription's life in all 720 orders: one final state.

Each event comes twice, and each is lost once and found by the comparison. An event is a hint: the
life is over when they come, and before it, too, when they come as it goes on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import permutations
from typing import Any

import pytest

from billing.services.cards import comparing, events
from billing.services.ports.cards import Event
from tests.billing.services.cards.compared import compared
from tests.billing.services.cards.conftest import Desk, made
from tests.billing.services.world import World, living

SIX = (
    "checkout.session.completed",
    "customer.subscription.created",
    "invoice.paid",
    "invoice.payment_failed",
    "customer.subscription.updated",
    "customer.subscription.deleted",
)
TABLES = ("card_subscriptions", "card_sessions", "card_payments", "balances")
LEFT_OUT = frozenset({"id", "at", "seq"})


class TakenBack(Exception):
    """What was tried is not kept."""


@pytest.fixture
async def over() -> AsyncIterator[tuple[Desk, list[Event]]]:
    """Return a desk that was told nothing of a life that is over, and its six events."""
    async with living() as world:
        desk = await made(world)
        session = await desk.begins()
        desk.stripe.tells = False
        subscription_id = desk.stripe.subscribes(str(session.session_id))
        desk.stripe.fails(subscription_id)
        desk.stripe.ends(subscription_id)
        assert sorted(event.type for event in desk.stripe.said) == sorted(SIX)
        yield desk, desk.stripe.said


async def after(desk: Desk, told: list[Event], *, compared: bool = False) -> Any:
    """
    Return how all is after these events, and let it be as it was before them.

    `compared`: the hourly comparison came then.
    """
    found = [(event, await events.look(desk.stripe, event)) for event in told]
    kept: Any = None

    async def unit(work: Any) -> None:
        nonlocal kept
        for event, seen in found:
            if await events.take(work, event):
                await events.process(work, event, seen)
        if compared:
            await compare(desk, work)
        kept = await state(desk, work.transaction)
        raise TakenBack

    with pytest.raises(TakenBack):
        await desk.world.store.write(unit)
    return kept


async def compare(desk: Desk, work: Any) -> None:
    """Store what Stripe has told, look at what is open, and process all of it."""
    changed = await desk.stripe.changed_since(work.now - comparing.OVERLAP)
    await compared(work, changed, asked_at=work.now)
    for event in await events.waiting(work):
        await events.process(work, event, await events.look(desk.stripe, event))


async def state(desk: Desk, tx: Any) -> Any:
    """Return the rows that an order could leave different from another one."""
    rows = {table: await tx.all(f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}
    rows["instances"] = await tx.all("SELECT * FROM instances")
    rows["entries"] = await tx.all("SELECT kind, reference FROM entries ORDER BY id")
    rows["calls"] = await tx.all(
        "SELECT operation, state FROM platform_calls WHERE state = 'open' ORDER BY seq"
    )
    rows["due"] = await tx.all("SELECT key, at FROM due WHERE state = 'waiting' ORDER BY key")
    rows["audit"] = await tx.all("SELECT action, before, after FROM audit WHERE object_id = :id "
                                 "ORDER BY id", id=desk.instance_id)  # fmt: skip
    rows["events"] = await tx.all("SELECT DISTINCT state FROM stripe_events")
    return {table: [dict(row) for row in found] for table, found in rows.items()}


async def test_all_720_orders_end_in_one_state(over: tuple[Desk, list[Event]]) -> None:
    desk, six = over
    assert len(six) == len(SIX)
    first = await after(desk, six)
    assert [row["state"] for row in first["card_subscriptions"]] == ["ended"]
    assert [row["state"] for row in first["instances"]] == ["stopped"]
    assert [row["state"] for row in first["events"]] == ["done"]
    assert [row["kind"] for row in first["entries"]] == ["card_paid"]
    orders = 0
    for order in permutations(six):
        assert await after(desk, list(order)) == first, [event.type for event in order]
        orders += 1
    assert orders == 720


async def test_each_event_doubled_changes_nothing(over: tuple[Desk, list[Event]]) -> None:
    desk, six = over
    first = await after(desk, six)
    for order in permutations(six):
        twice = [event for one in order for event in (one, one)]
        assert await after(desk, twice) == first


@pytest.mark.parametrize("lost", SIX)
async def test_each_event_lost_is_found_by_the_comparison(
    over: tuple[Desk, list[Event]], lost: str
) -> None:
    desk, six = over
    first = await after(desk, six)
    # Of the 720 orders those that differ once the event is left out.
    for order in permutations([event for event in six if event.type != lost]):
        assert await after(desk, list(order), compared=True) == first


async def test_the_comparison_alone_finds_a_life_of_which_nothing_was_told(
    over: tuple[Desk, list[Event]],
) -> None:
    desk, six = over
    first = await after(desk, six)
    await desk.stripe.compare(desk.world)

    async def look(work: Any) -> Any:
        return await state(desk, work.transaction)

    found = await desk.world.read(look)
    for table in ("card_subscriptions", "card_payments", "balances", "entries", "audit"):
        assert found[table] == first[table]


@pytest.mark.parametrize("told", [0, 1, 2, 3, 4, 5])
async def test_told_as_it_goes_on_it_ends_the_same(told: int) -> None:
    """Whatever was heard while it ran: at its end all is as if nothing had been."""
    ends = []
    for heard in (0, told):
        async with living() as world:
            desk = await _lived(world, heard)
            ends.append(await _end(desk))
    assert ends[0] == ends[1]


async def _lived(world: World, heard: int) -> Desk:
    desk = await made(world)
    session = await desk.begins()
    desk.stripe.tells = False
    subscription_id = desk.stripe.subscribes(str(session.session_id))
    for event in desk.stripe.said[:heard]:
        await world.write(lambda work, event=event: events.take(work, event))
    await world.settle()
    desk.stripe.fails(subscription_id)
    desk.stripe.ends(subscription_id)
    desk.stripe.tells = True
    await world.settle()
    return desk


async def _end(desk: Desk) -> tuple[Any, ...]:
    subscription, instance = await desk.subscription(), await desk.instance()
    return (
        subscription.state,
        subscription.period_ends_at,
        subscription.ending,
        instance.state,
        instance.settlement,
        instance.active_until,
        await desk.books(),
        [row["id"] for row in await desk.world.sql("SELECT id FROM card_payments")],
    )
