"""What was promised of Stripe is done once, and what Stripe told of is so here, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from billing.cards import CardState, Interval
from billing.instances import State
from billing.services.cards import events, paying, reading, subscribing
from billing.services.operations import Operation
from billing.services.ports import CardOperation
from tests.billing.services.cards.test_paying import bought
from tests.bot.delivery.desk import until
from tests.bot.delivery.till import Till, till

CUTS = ("cut_before", "cut_after", "500", "killed")
Doing = Callable[[Till], Awaitable[object]]


@pytest.fixture
async def office() -> AsyncIterator[Till]:
    async with till() as found:
        yield found


async def nothing(office: Till) -> None:
    """There is nothing to be there before."""


async def pays_invoice(office: Till) -> None:
    invoice = await bought(office.desk)
    await office.desk.firm.do(paying.pay, invoice.number, message_key="answer:3")


async def ends(office: Till) -> None:
    await office.desk.firm.do(subscribing.end, office.desk.instance_id, message_key="answer:3")


async def ended(office: Till) -> None:
    await office.subscribed()
    await ends(office)
    await office.quiet()


async def keeps(office: Till) -> None:
    await office.desk.firm.do(
        subscribing.end, office.desk.instance_id, on=False, message_key="answer:4"
    )


@dataclass
class Flow:
    """What is there before, what is done, which call of it fails, and what there is then."""

    before: Doing
    done: Doing
    fails: str
    there: dict[str, int]


FLOWS = {
    "customer": Flow(
        nothing, lambda it: it.desk.asks(), "customer", {"customer": 1, "checkout.session": 1}
    ),
    "subscribe": Flow(
        nothing, lambda it: it.desk.asks(), "session", {"customer": 1, "checkout.session": 1}
    ),
    "expire": Flow(
        lambda it: it.asked(),
        lambda it: it.desk.asks(Interval.YEAR, key="answer:2"),
        "expire",
        {"customer": 1, "checkout.session": 2},
    ),
    "pay": Flow(nothing, pays_invoice, "session", {"customer": 1, "checkout.session": 1}),
    "portal": Flow(
        lambda it: it.subscribed(),
        lambda it: it.desk.firm.do(subscribing.portal, message_key="answer:3"),
        "portal",
        {"billing_portal.session": 1, "subscription": 1},
    ),
    "cancel": Flow(lambda it: it.subscribed(), ends, "change", {"subscription": 1, "invoice": 1}),
    "keep": Flow(ended, keeps, "change", {"subscription": 1, "invoice": 1}),
    "end": Flow(
        lambda it: it.subscribed(),
        lambda it: it.desk.firm.act(Operation.DELETE, it.desk.instance_id),
        "end",
        {"subscription": 1, "invoice": 1},
    ),
}


class TestACall:
    @pytest.mark.parametrize("cut", CUTS)
    @pytest.mark.parametrize("name", FLOWS)
    async def test_that_is_cut_is_made_again_by_the_next_start_with_one_effect(
        self, office, name, cut
    ):
        flow = FLOWS[name]
        await flow.before(office)
        # A DELETE is sent once more by itself where the connection was one used before.
        times = 2 if flow.fails == "end" and cut.startswith("cut") else 1
        office.stripe.fault(flow.fails, "slow" if cut == "killed" else cut, times)
        asked, before = office.stripe.asked, len(office.stripe.asked)
        await flow.done(office)
        if cut == "killed":

            async def reached() -> bool:
                return any(one == flow.fails for one, _ in asked[before:])

            await until(reached)
        else:
            await office.quiet()
        await office.restarts()
        office.clock.move(seconds=5)
        office.cashier.nudge()
        await office.quiet()
        assert {kind: len(office.there(kind)) for kind in flow.there} == flow.there
        last = [one for one in await office.calls() if one[1] != "void"]
        assert all(state == "done" for _, state, _ in last), last
        assert sum(attempts - 1 for _, _, attempts in last) == 1
        keys = {key for one, key in asked[before:] if one == flow.fails}
        assert len(keys) == 1 or flow.fails == "expire"

    async def test_that_is_refused_says_why_and_begins_nothing(self, office):
        office.stripe.fault("session", "refused")
        await office.desk.asks()
        await office.quiet()
        assert (await office.calls())[-1] == ("subscribe", "refused", 1)
        assert await office.desk.subscription() is None or (
            (await office.desk.subscription()).state is CardState.VOID
        )
        assert office.there("checkout.session") == []

    async def test_that_is_not_answered_for_a_day_is_not_repeated_blindly(self, office):
        office.stripe.fault("customer", "cut_after", 1)
        await office.desk.asks()
        await office.quiet()
        office.clock.move(days=2)
        office.cashier.nudge()
        await office.quiet()
        assert len(office.there("customer")) == 1

    async def test_is_made_with_patience_while_stripe_is_down(self, office):
        office.stripe.fault("customer", "500", 6)
        await office.desk.asks()
        for _ in range(6):
            await office.quiet()
            office.clock.move(minutes=5)
        await office.quiet()
        assert (await office.calls())[0] == ("customer", "done", 7)

    async def test_is_found_open_after_the_rows_could_not_be_read_or_written(self, office):
        office.store.failing_reads = 1
        office.store.failing_writes = 1
        await office.desk.asks()
        while office.store.failing_writes:
            office.cashier.nudge()
            await asyncio.sleep(0.002)
        office.clock.move(seconds=2)
        await office.quiet()
        assert {state for _, state, _ in await office.calls()} == {"done"}


class TestAnEvent:
    async def test_begins_the_subscription_once_however_often_it_comes(self, office):
        await office.subscribed()
        assert (await office.desk.instance()).state is State.ACTIVE
        books = await office.desk.books()
        for id_ in list(office.stripe.books.events):
            office.stripe.books.unsent.append(id_)
        await office.told()
        assert await office.desk.books() == books
        assert len(office.there("invoice")) == 1

    async def test_stored_before_a_restart_is_processed_after_it(self, office):
        session = await office.asked()
        await office.end()
        await office.stripe.pay(session)
        await office.stripe.catch_up()
        for event in office.stripe.books.events.values():
            told = reading.event(office.stripe.hooks.body(event))
            assert await office.world.write(lambda work, told=told: events.take(work, told))
        assert (await office.desk.instance()).state is State.TRIAL
        office.start()
        await office.quiet()
        assert (await office.desk.instance()).state is State.ACTIVE

    async def test_waits_while_stripe_does_not_answer(self, office):
        session = await office.asked()
        await office.stripe.pay(session)
        office.stripe.fault("read", "cut_before", 40)
        await office.told()
        assert (await office.desk.instance()).state is State.TRIAL
        office.stripe._faults.clear()
        office.clock.move(minutes=5)
        await office.quiet()
        assert (await office.desk.instance()).state is State.ACTIVE

    async def test_of_another_use_of_the_account_is_left_alone(self, office):
        books = office.stripe.books
        other = books.add("cus", name="Somebody", email=None)
        charge = books.add(
            "ch",
            amount=5,
            currency="jpy",
            customer=other["id"],
            payment_intent=None,
            amount_refunded=0,
        )
        books.happened("charge.refunded", charge)
        await office.told()
        rows = await office.world.sql("SELECT type, state FROM stripe_events")
        assert [(row["type"], row["state"]) for row in rows] == [("charge.refunded", "ignored")]


class TestTheComparison:
    async def test_finds_what_was_lost(self, office):
        session = await office.asked()
        await office.stripe.pay(session)
        await office.told("nothing.of.it")
        assert (await office.desk.instance()).state is State.TRIAL
        office.clock.move(hours=1)
        office.cashier.nudge()
        await office.quiet()
        assert (await office.desk.instance()).state is State.ACTIVE

    async def test_is_made_each_hour_and_again_where_it_was_not_answered(self, office):
        async def compared() -> str | None:
            kept: str | None = await office.world.read(
                lambda work: work.state.get("stripe_compared")
            )
            return kept

        first = await compared()
        assert first is not None
        office.stripe.fault("read", "500")
        office.clock.move(hours=1)
        office.cashier.nudge()
        await office.quiet()
        assert await compared() == first
        office.clock.move(seconds=5)

        async def again() -> bool:
            return await compared() != first

        await until(again)

    async def test_finds_a_year_of_renewals_that_nobody_told_of(self, office):
        await office.subscribed()
        for _ in range(12):
            office.clock.move(days=31)
            await office.stripe.catch_up()
            office.stripe.books.unsent.clear()
            office.cashier.nudge()
            await office.quiet()
        paid = await office.world.sql("SELECT COUNT(*) AS n FROM card_payments")
        assert paid[0]["n"] == len(office.there("invoice"))
        assert (await office.desk.instance()).state is State.ACTIVE


def test_no_call_is_without_its_flow():
    assert set(CardOperation) == set(FLOWS)
