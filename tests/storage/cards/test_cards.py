"""What is paid by card is kept once; who comes second finds what the first one left."""

from dataclasses import replace

import pytest

from billing.cards import CardState, CardSubscription, Interval
from billing.money import Money
from billing.services.ports import (
    CardCall,
    CardOperation,
    CardPayment,
    CardReturn,
    CardSession,
    EventState,
    SessionKind,
    SessionStep,
)
from billing.services.ports.cards import Event
from storage.engine.rows import RowMissing
from tests.engines import Refused, plan
from tests.storage.stocked import DAY, NOW, instance

PRICE = Money(3000, "USD")
FIRST = CardSubscription(
    "op1", "I1", "P1", Interval.YEAR, PRICE, CardState.ACTIVE, NOW,
    customer_id="cus_1", session_id="cs_1", subscription_id="sub_1", period_ends_at=NOW + DAY,
    ending=True, ended_at=NOW, card_key="answer:1",
)  # fmt: skip
SESSION = CardSession(
    "op1", SessionKind.SUBSCRIPTION, "op1", "P1", PRICE, SessionStep.OPEN, NOW,
    "cs_1", "https://pay.example/1", NOW + DAY, False, "answer:1",
)  # fmt: skip
CALL = CardCall("key1", "P1", CardOperation.PAY, "op1", 0, NOW, NOW, "answer:1")
EVENT = Event("evt_1", "invoice.paid", NOW, True, "in_1", "{}")


@pytest.fixture
async def kept(desk):
    """Return the desk with an instance, I1, and its subscription that runs."""
    await desk.write(lambda work: work.instances.add(instance("I1")))
    await desk.write(lambda work: work.card_subscriptions.add(FIRST))
    return desk


async def test_a_subscription_is_read_as_it_was_written(kept):
    assert await kept.read(lambda work: work.card_subscriptions.get("op1")) == FIRST
    over = replace(FIRST, state=CardState.ENDED, ending=False)
    await kept.write(lambda work: work.card_subscriptions.save(over))
    assert await kept.read(lambda work: work.card_subscriptions.latest("I1")) == over
    assert await kept.read(lambda work: work.card_subscriptions.living("I1")) == []
    assert await running(kept, None) == []


async def running(desk, until, after=""):
    return await desk.read(
        lambda work: work.card_subscriptions.running(after=after, until=until, limit=9)
    )


async def test_what_runs_is_found_by_how_far_it_is_paid(kept):
    assert await running(kept, None) == await running(kept, FIRST.period_ends_at) == [FIRST]
    assert await running(kept, FIRST.period_ends_at - DAY) == []
    unpaid = replace(FIRST, state=CardState.PAST_DUE)
    await kept.write(lambda work: work.card_subscriptions.save(unpaid))
    assert await running(kept, FIRST.period_ends_at - DAY) == [unpaid]
    assert await running(kept, None, "I1") == []


RUNNING = """
state IN ('active', 'past_due') AND instance_id > 'I'
AND (period_ends_at <= 1 OR state = 'past_due') ORDER BY instance_id
"""


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (f"card_subscriptions WHERE {RUNNING}", "card_subscriptions_running"),
        ("card_sessions WHERE state = 'open' AND id > 'A' ORDER BY id", "card_sessions_open"),
        ("stripe_events WHERE type = 'look' AND received_at < 1", "stripe_events_looks"),
    ],
)
async def test_the_comparison_costs_no_more_however_much_there_was(desk, query, index):
    found = await plan(desk.database, f"SELECT * FROM {query}")
    assert index in " ".join(found)


async def test_of_an_instance_one_subscription_runs(kept):
    second = replace(FIRST, id="op2", subscription_id="sub_2")
    with pytest.raises(Refused):
        await kept.write(lambda work: work.card_subscriptions.add(second))
    waiting = replace(second, state=CardState.OPEN, asked_at=NOW + DAY)
    await kept.write(lambda work: work.card_subscriptions.add(waiting))
    assert await kept.read(lambda work: work.card_subscriptions.latest("I1")) == FIRST
    assert await kept.read(lambda work: work.card_subscriptions.living("I1")) == [FIRST, waiting]


async def test_a_partner_has_one_customer_the_first(desk):
    for customer in ("cus_1", "cus_2"):
        await desk.write(lambda work, it=customer: work.card_subscriptions.keep_customer("P1", it))
    assert await desk.read(lambda work: work.card_subscriptions.customer("P1")) == "cus_1"
    assert await desk.read(lambda work: work.card_subscriptions.whose("cus_1")) == "P1"
    assert await desk.read(lambda work: work.card_subscriptions.whose("cus_2")) is None


async def test_a_session_is_read_as_it_was_written(desk):
    await desk.write(lambda work: work.card_sessions.add(SESSION))
    for after, found in (("", [SESSION]), (SESSION.id, [])):
        assert found == await desk.read(
            lambda work, after=after: work.card_sessions.open(after=after, limit=9)
        )
    paid = replace(SESSION, state=SessionStep.PAID, url=None)
    await desk.write(lambda work: work.card_sessions.save(paid))
    assert await desk.read(lambda work: work.card_sessions.of_subject("op1")) == [paid]
    assert "pay.example" not in repr(SESSION)


async def test_calls_about_one_thing_go_one_after_the_other_behind_the_customer(desk):
    customer = replace(CALL, id="key0", operation=CardOperation.CUSTOMER, subject="P1")
    expire = replace(CALL, id="key2", operation=CardOperation.EXPIRE)
    other = replace(CALL, id="key3", subject="op9")
    for call in (customer, CALL, expire, other):
        await desk.write(lambda work, it=call: work.card_calls.promise(it))

    async def open_now():
        return [it.id for it in await desk.read(lambda work: work.card_calls.open_by(NOW))]

    assert await open_now() == ["key0"]
    assert await desk.write(lambda work: work.card_calls.close("key0", "done", error=None, at=NOW))
    assert await open_now() == ["key1", "key3"]
    await desk.write(lambda work: work.card_calls.put_off("key1", until=NOW + DAY, error="silent"))
    assert await open_now() == ["key3"]
    for nth in (1, 2, 3):
        assert await desk.write(lambda work: work.card_calls.started("key1")) == nth
    (failing,) = await desk.read(lambda work: work.card_calls.failing())
    assert (failing.id, failing.error, failing.attempts) == ("key1", "silent", 3)
    assert not await desk.write(
        lambda work: work.card_calls.close("key0", "void", error=None, at=NOW)
    )
    with pytest.raises(RowMissing):
        await desk.write(lambda work: work.card_calls.put_off("key0", until=NOW, error="x"))


async def test_an_event_is_stored_once_and_settled_once(desk):
    assert await desk.write(lambda work: work.stripe_events.add(EVENT, at=NOW))
    assert not await desk.write(lambda work: work.stripe_events.add(EVENT, at=NOW + DAY))
    assert await desk.read(lambda work: work.stripe_events.waiting(NOW)) == [EVENT]
    assert len(await desk.read(lambda work: work.stripe_events.late(NOW + DAY))) == 1

    async def settled(work):
        return await work.stripe_events.settle("evt_1", EventState.QUARANTINED, error="amount")

    assert [await desk.write(settled) for _ in range(2)] == [True, False]
    assert await desk.read(lambda work: work.stripe_events.kept_aside("in_1", "amount"))
    looked = [
        await desk.write(lambda work: work.stripe_events.looked_at("evt_1", by=1, at=NOW))
        for _ in range(2)
    ]
    assert looked == [True, False]
    assert await desk.read(lambda work: work.stripe_events.quarantined()) == []
    await desk.write(lambda work: work.stripe_events.forget_looks(before=NOW + DAY))
    assert await desk.read(lambda work: work.stripe_events.get("evt_1")) is not None


async def test_money_is_booked_once_and_goes_back_once(kept):
    payment = CardPayment("in_1", SessionKind.SUBSCRIPTION, "op1", "P1", PRICE, NOW, NOW)
    assert await kept.write(lambda work: work.card_money.book(payment))
    assert not await kept.write(lambda work: work.card_money.book(payment))
    assert await kept.read(lambda work: work.card_money.get("in_1")) == payment
    back = CardReturn("dp_1", "in_1", "P1", PRICE, True, NOW)
    assert await kept.write(lambda work: work.card_money.give_back(back))
    assert not await kept.write(lambda work: work.card_money.give_back(back))
    assert await kept.write(lambda work: work.card_money.came_back("dp_1", at=NOW + DAY))
    assert not await kept.write(lambda work: work.card_money.came_back("dp_1", at=NOW))
    found = await kept.read(lambda work: work.card_money.returned("dp_1"))
    assert found == replace(back, back_at=NOW + DAY)
