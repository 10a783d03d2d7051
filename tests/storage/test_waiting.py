"""Whoever asks whether all is done, or when something is next, reads what is open alone."""

import re
from dataclasses import replace

import pytest

from billing.services.messages import Message
from billing.services.ports import Call, CardCall, CardOperation, Due
from billing.services.ports.cards import Event
from storage import waiting
from storage.delivery.inbox import Inbox
from storage.delivery.sending import Sending
from storage.waiting import Waiting
from tests.engines import plan
from tests.storage.stocked import DAY, HOUR, NOW, instance

DUE = Due("stop:I1", "stop", "I1", "P1", NOW)
CALL = Call("C1", "K7Q2M", "P1", "create", None, 0, NOW, NOW)
CARD_CALL = CardCall("K1", "P1", CardOperation.CANCEL, "S1", 0, NOW, NOW)
EVENT = Event("evt_1", "invoice.paid", NOW, False, "in_1", "{}")
MESSAGE = Message("answer:1", 5, "home", {})


def open_counts(desk, at=NOW, held=()):
    return desk.database.read(lambda tx: Waiting(tx).open_counts(at, held))


def next_at(desk, at=NOW, held=()):
    return desk.database.read(lambda tx: Waiting(tx).next_at(at, held))


@pytest.fixture
async def shop(desk):
    await desk.write(lambda work: work.instances.add(instance()))
    return desk


class TestOpenCounts:
    async def test_are_empty_when_all_is_done(self, shop):
        assert await open_counts(shop) == {}

    async def test_hold_what_is_due_by_now(self, shop):
        await shop.database.write(lambda tx: Inbox(tx).store([(1, "5", "{}")], NOW))

        async def fill(work):
            await work.messages.say(MESSAGE, at=NOW)
            await work.messages.say(replace(MESSAGE, key="other"), at=NOW)
            await work.messages.say(replace(MESSAGE, key="later", not_before=NOW + DAY), at=NOW)
            await work.calls.promise(CALL)
            await work.due.plan(DUE)
            await work.due.plan(replace(DUE, key="later", at=NOW + HOUR))

        await shop.write(fill)
        await shop.database.write(lambda tx: Sending(tx).begin("other", NOW))
        assert await open_counts(shop) == {
            "inbox": 1,
            "messages": 1,
            "sending": 1,
            "platform_calls": 1,
            "due": 1,
        }
        assert "due" not in await open_counts(shop, held=["stop"])

    async def test_leave_out_a_call_behind_one_that_is_put_off(self, shop):
        await shop.write(lambda work: work.calls.promise(CALL))
        await shop.write(lambda work: work.calls.promise(replace(CALL, id="C2")))
        await shop.write(lambda w: w.calls.put_off("C1", until=NOW + HOUR, error="down"))
        assert await open_counts(shop) == {}
        assert await next_at(shop) == NOW + HOUR

    async def test_hold_what_is_asked_of_stripe_and_what_it_told(self, shop):
        await shop.write(lambda work: work.card_calls.promise(CARD_CALL))
        behind = replace(CARD_CALL, id="K2")
        await shop.write(lambda work: work.card_calls.promise(behind))
        await shop.write(lambda work: work.stripe_events.add(EVENT, at=NOW))
        assert await open_counts(shop) == {"card_calls": 1, "stripe_events": 1}
        await shop.write(lambda w: w.card_calls.put_off("K1", until=NOW + DAY, error="down"))
        await shop.write(lambda w: w.stripe_events.put_off("evt_1", until=NOW + HOUR, error="down"))
        assert await open_counts(shop) == {}
        assert await next_at(shop) == NOW + HOUR


class TestNextAt:
    async def test_is_none_when_nothing_is_planned(self, shop):
        await shop.write(lambda work: work.due.plan(DUE))  # due, not next
        assert await next_at(shop) is None

    async def test_is_the_earliest_of_all(self, shop):
        await shop.write(lambda w: w.due.plan(replace(DUE, at=NOW + 3 * HOUR)))
        assert await next_at(shop) == NOW + 3 * HOUR
        assert await next_at(shop, held=["stop"]) is None
        later = replace(CALL, not_before=NOW + 2 * HOUR)
        await shop.write(lambda work: work.calls.promise(later))
        assert await next_at(shop) == NOW + 2 * HOUR
        soon = replace(MESSAGE, not_before=NOW + HOUR)
        await shop.write(lambda work: work.messages.say(soon, at=NOW))
        assert await next_at(shop) == NOW + HOUR
        assert await next_at(shop, NOW + HOUR) == NOW + 2 * HOUR


@pytest.mark.parametrize("question", [waiting._OPEN, waiting._NEXT])
async def test_no_table_is_read_through(desk, question):
    found = await plan(desk.database, question.replace(":kinds", ":kind_0"), now=1, kind_0="")
    read = [line for line in found if re.search(r"SCAN|SEARCH|(?:Seq|Index.*) Scan", line)]
    assert len(read) >= 3
    assert all(re.search("index", line, re.IGNORECASE) for line in read), read
