"""What is asked of Stripe: begun, asked, posted once; and what an event says about itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billing.cards import Interval
from billing.instances import State
from billing.services.cards import calling, comparing, events, promising, reading, subscribing
from billing.services.messages import Message
from billing.services.operations import Operation
from billing.services.ports import CardOperation, SessionStep
from tests.billing.services.cards.conftest import Desk
from tests.billing.services.cards.stripe import URLS


async def promised(desk: Desk, operation: CardOperation, subject: str, key: str = "") -> str:
    """Promise a call; return its id."""
    await desk.world.write(
        lambda work: promising.promise(
            work, operation, desk.firm.partner_id, subject, message_key=key or None
        )
    )
    rows = await desk.world.sql("SELECT id FROM card_calls ORDER BY seq DESC LIMIT 1")
    return str(rows[0]["id"])


async def begun(desk: Desk, call_id: str) -> Any:
    return await desk.world.write(lambda work: calling.begin(work, call_id))


async def said(desk: Desk, kind: str, key: str, **facts: Any) -> None:
    message = Message(key, desk.firm.chat_id, kind, facts, reader=desk.firm.user_id)
    await desk.world.write(lambda work: work.messages.say(message, at=work.now))


class TestNeedless:
    async def test_what_nobody_promised(self, desk: Desk) -> None:
        assert await begun(desk, "nobody's") is None

    @pytest.mark.parametrize(
        "operation", [CardOperation.CANCEL, CardOperation.END, CardOperation.PORTAL]
    )
    async def test_what_there_is_nothing_for(self, desk: Desk, operation: CardOperation) -> None:
        assert await begun(desk, await promised(desk, operation, "x")) is None

    async def test_a_subscription_that_was_never_begun(self, desk: Desk) -> None:
        session = await desk.begins()
        assert await begun(desk, await promised(desk, CardOperation.END, session.id)) is None

    async def test_a_second_customer(self, desk: Desk) -> None:
        await desk.begins()
        call = await promised(desk, CardOperation.CUSTOMER, desk.firm.partner_id)
        assert await begun(desk, call) is None

    async def test_a_page_that_nobody_wants_any_more_is_not_opened(self, desk: Desk) -> None:
        op = await desk.asks()
        await desk.firm.act(Operation.DELETE, desk.instance_id)
        session = await desk.world.read(lambda work: work.card_sessions.get(op))
        assert session.state is SessionStep.OVER
        assert desk.stripe.sessions == {}

    async def test_a_page_that_is_closed_is_not_closed_again(self, desk: Desk) -> None:
        session = await desk.begins()
        desk.stripe.expires(str(session.session_id))
        await desk.world.settle()
        call = await promised(desk, CardOperation.EXPIRE, session.id)
        assert await begun(desk, call) is None
        assert await begun(desk, await promised(desk, CardOperation.SUBSCRIBE, session.id)) is None


class TestPromising:
    async def test_a_customer_and_an_end_are_promised_once(self, desk: Desk) -> None:
        await desk.asks()
        await desk.asks(Interval.YEAR, key="answer:2")
        rows = await desk.world.sql("SELECT id FROM card_calls WHERE operation = 'customer'")
        assert len(rows) == 1
        await desk.world.settle()
        subscription = await desk.subscription()
        for _ in range(2):
            await desk.world.write(lambda work: promising.end(work, subscription))
        rows = await desk.world.sql("SELECT id FROM card_calls WHERE operation = 'end'")
        assert len(rows) == 1

    async def test_asked_for_again_after_it_was_left_it_is_opened_anew(self, desk: Desk) -> None:
        first = await desk.begins()
        await desk.begins(Interval.YEAR)
        desk.stripe.silent.add("expire")
        again = await desk.begins()
        assert again.id != first.id
        await desk.begins(Interval.YEAR)
        assert (await desk.begins()).id not in {first.id, again.id}
        desk.stripe.silent.clear()
        desk.stripe.tell("checkout.session.expired", str(first.session_id))
        await desk.world.settle()
        assert not await desk.quarantined()


class TestRefused:
    async def test_without_a_customer_no_page_is_opened(self, desk: Desk) -> None:
        desk.stripe.refusing["customer"] = "the account is closed"
        await desk.begins()
        assert desk.world.last(desk.firm.chat_id, "card_payment").facts["step"] == "over"

    async def test_the_end_of_a_subscription_is_insisted_on(self, desk: Desk) -> None:
        subscription_id = await desk.pays()
        desk.stripe.refusing["end"] = "not now"
        await desk.firm.act(Operation.DELETE, desk.instance_id)
        await desk.world.until_instant(desk.world.clock.at + timedelta(hours=2))
        assert len([it for it in desk.world.sent if it.kind == "card_trouble"]) == 1
        desk.stripe.refusing.clear()
        await desk.world.until_instant(desk.world.clock.at + timedelta(hours=1))
        assert ("end", subscription_id) in desk.stripe.asked

    async def test_who_wanted_an_end_hears_that_there_is_none(self, desk: Desk) -> None:
        await desk.pays()
        desk.stripe.refusing["cancel"] = "not now"
        await said(desk, "card_ending", "answer:30", step="asked", on=True, id=desk.instance_id)
        await desk.firm.do(subscribing.end, desk.instance_id, message_key="answer:30")
        await desk.world.settle()
        facts = desk.world.last(desk.firm.chat_id, "card_ending").facts
        assert (facts["step"], facts["why"]) == ("refused", "not now")

    async def test_a_page_of_ones_own_that_cannot_be_opened_says_so(self, desk: Desk) -> None:
        await desk.pays()
        desk.stripe.refusing["portal"] = "not set up"
        await said(desk, "card_portal", "answer:31", step="asked")
        await desk.firm.do(subscribing.portal, message_key="answer:31")
        await desk.world.settle()
        assert desk.world.last(desk.firm.chat_id, "card_portal").facts["why"] == "not set up"


class TestAsking:
    async def test_ones_own_page_is_brought_in_place(self, desk: Desk) -> None:
        await desk.pays()
        await said(desk, "card_portal", "answer:32", step="asked")
        await desk.firm.do(subscribing.portal, message_key="answer:32")
        await desk.world.settle()
        assert desk.world.last(desk.firm.chat_id, "card_portal").facts["step"] == "open"

    async def test_what_is_too_late_is_not_asked(self, desk: Desk) -> None:
        await desk.pays()
        desk.stripe.silent |= {"portal"}
        await desk.firm.do(subscribing.portal, message_key="answer:33")
        await desk.world.until_instant(desk.world.clock.at + timedelta(hours=24))
        desk.stripe.silent.clear()
        await desk.world.settle()
        await desk.world.until_instant(desk.world.clock.at + timedelta(minutes=6))
        assert ("portal", "cus_1") not in desk.stripe.asked

    async def test_a_customer_that_may_be_there_is_looked_for_after_a_day(self, desk: Desk) -> None:
        desk.stripe.silent.add("customer")
        await desk.asks()
        await desk.world.until_instant(desk.world.clock.at + timedelta(hours=24))
        desk.stripe.customers["cus_made"] = desk.firm.partner_id
        desk.stripe.silent.clear()
        await desk.world.until_instant(desk.world.clock.at + timedelta(minutes=6))
        customer = await desk.world.read(
            lambda work: work.card_subscriptions.customer(desk.firm.partner_id)
        )
        assert customer == "cus_made"

    async def test_posted_twice_it_counts_once(self, desk: Desk) -> None:
        await desk.pays()
        call = await promised(desk, CardOperation.PORTAL, desk.firm.partner_id)
        request = await begun(desk, call)
        url = await calling.ask(desk.stripe, request, URLS)
        for _ in range(2):
            await desk.world.write(lambda work: calling.succeeded(work, request, url))
        assert await desk.world.write(lambda work: calling.refused(work, request, "x")) is None

    async def test_a_page_that_was_paid_while_it_was_closed_is_paid(self, desk: Desk) -> None:
        session = await desk.begins()
        desk.stripe.tells = False
        desk.stripe.subscribes(str(session.session_id))
        await desk.begins(Interval.YEAR)
        assert (await desk.instance()).state is State.ACTIVE

    async def test_an_answer_that_comes_after_the_event_changes_nothing(self, desk: Desk) -> None:
        session = await desk.begins()
        call = await promised(desk, CardOperation.EXPIRE, session.id)
        request = await begun(desk, call)
        desk.stripe.silent.add("expire")
        desk.stripe.expires(str(session.session_id))
        await desk.world.settle()
        await desk.world.write(lambda work: calling.succeeded(work, request, None))
        ended = await desk.world.read(lambda work: work.card_sessions.get(session.id))
        assert ended.state is SessionStep.OVER

    async def test_for_who_acts_for_the_partner_there_is_no_way_to_pay(self, desk: Desk) -> None:
        op = await desk.asks(key="answer:40")
        await said(desk, "card_payment", "answer:40", on_behalf="Acme", step="asked")
        await desk.world.settle()
        assert op
        assert await desk.world.labels("answer:40") == set()


def told(**changed: Any) -> str:
    event: dict[str, Any] = {
        "object": "event", "id": "evt_1", "type": "invoice.paid", "created": 1772366400,
        "livemode": False, "data": {"object": {"object": "invoice", "id": "in_1"}},
    }  # fmt: skip
    return json.dumps({**event, **changed})


class TestReading:
    def test_an_event_says_what_it_is_about(self) -> None:
        event = reading.event(told())
        assert (event.id, event.type, event.about) == ("evt_1", "invoice.paid", "in_1")
        assert event.created_at == datetime(2026, 3, 1, 12, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("held", "about"),
        [
            ({"object": "refund", "id": "re_1", "charge": "ch_1"}, "ch_1"),
            ({"object": "dispute", "id": "dp_1", "charge": "ch_2"}, "ch_2"),
            ({"object": "checkout.session", "id": "cs_test_1"}, "cs_test_1"),
            ({"object": "customer", "id": "cus_1"}, ""),
            ({"object": "refund", "id": "re_1"}, ""),
            ("nonsense", ""),
        ],
    )
    def test_of_what_went_back_its_charge_is_looked_up(self, held: Any, about: str) -> None:
        assert reading.event(told(data={"object": held})).about == about

    def test_one_about_nothing_is_an_event_too(self) -> None:
        assert reading.event(told(data=None)).about == ""

    @pytest.mark.parametrize(
        ("data", "lane"),
        [
            ({"object": {"object": "invoice", "id": "in_1", "customer": "cus_1"}}, "cus_1"),
            ({"object": {"object": "invoice", "id": "in_1", "customer": None}}, "in_1"),
            ({"object": []}, "evt_1"),
            (None, "evt_1"),
        ],
    )
    def test_of_one_customer_one_is_looked_up_after_the_other(self, data: Any, lane: str) -> None:
        event = replace(reading.event(told(data=data)), id="evt_1")
        assert reading.lane(event) == lane

    @pytest.mark.parametrize(
        "changed",
        [
            {"object": "charge"}, {"id": None}, {"id": ""}, {"type": 3}, {"created": "now"},
            {"created": True}, {"created": 10**30}, {"livemode": None},
        ],
    )  # fmt: skip
    def test_anything_else_is_none(self, changed: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="event"):
            reading.event(told(**changed))

    @pytest.mark.parametrize("body", ["", "[]", "null", "{"])
    def test_nor_is_what_is_no_json(self, body: str) -> None:
        with pytest.raises(ValueError):  # noqa: PT011 - of json, or ours
            reading.event(body)


class TestWithoutAKey:
    async def test_nothing_is_compared_and_nothing_processed(self, desk: Desk) -> None:
        session = await desk.begins()
        event = desk.stripe.tell("told", str(session.session_id))
        desk.stripe.tells = False
        await desk.world.write(lambda work: events.take(work, event))
        found = await events.look(desk.stripe, event)
        desk.world.cards = None
        desk.world.set_programmes(desk.world.programmes)
        assert await desk.world.read(comparing.due) is None
        await desk.world.write(lambda work: events.process(work, event, found))
