"""Stripe through the cards port, over HTTP."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import aiohttp
import pytest

from billing.cards import Interval, Standing
from billing.money import Money
from billing.services.ports.cards import (
    CardsRefused,
    CardsSilent,
    DisputeState,
    SessionState,
)
from bot import logs
from bot.gateways.stripe import EVENT_TYPES, StripeCards
from tests.bot.gateways.stripe_account import BEGIN, PRICE, URLS, Account, account
from tests.scenarios.process import free_port
from tests.standins.stripe.standin import KEY


@pytest.fixture
async def box() -> AsyncIterator[Account]:
    async with account() as found:
        yield found


async def paid_once(box: Account) -> tuple[str, str]:
    """Return a session that was paid once, and its payment."""
    session = await box.cards.payment_session(
        "pay:1",
        customer_id=await box.customer(),
        amount=Money(12345, "BRL"),
        title="INT-2026-00001",
        metadata={"op": "pay1", "invoice": "i1", "partner": "p1"},
        urls=URLS,
    )
    await box.stripe.pay(session.id)
    seen = await box.cards.session(session.id)
    assert seen is not None
    assert seen.payment_id is not None
    return session.id, seen.payment_id


class TestSessions:
    @pytest.mark.parametrize("interval", Interval)
    async def test_begin_a_subscription(self, box, interval):
        customer = await box.customer()
        session = await box.asked(customer, interval=interval)
        assert session.expires_at == datetime(2026, 2, 1, 12, tzinfo=UTC)
        assert session.url not in repr(session)
        seen = await box.cards.session(session.id)
        assert (seen.state, seen.paid, seen.live) == (SessionState.OPEN, False, False)
        await box.stripe.pay(session.id)
        seen = await box.cards.session(session.id)
        assert (seen.state, seen.paid, seen.amount) == (SessionState.COMPLETE, True, PRICE)
        assert seen.metadata["op"] == "op1"
        found = await box.cards.subscription(seen.subscription_id)
        assert (found.standing, found.interval) == (Standing.ACTIVE, interval)
        assert (found.amount, found.customer_id) == (PRICE, customer)
        assert found.metadata == {"op": "op1", "instance": "7K2QM", "partner": "p1"}
        (invoice,) = found.paid
        assert (invoice.paid, invoice.amount, invoice.subscription_id) == (True, PRICE, found.id)
        assert invoice.period_ends_at == found.period_ends_at
        assert invoice.paid_at == BEGIN
        assert await box.cards.invoice(invoice.id) == invoice

    async def test_are_paid_once(self, box):
        session_id, payment_id = await paid_once(box)
        seen = await box.cards.session(session_id)
        assert (seen.amount, seen.subscription_id) == (Money(12345, "BRL"), None)
        assert payment_id.startswith("pi_")

    async def test_are_the_same_by_the_same_key(self, box):
        customer = await box.customer()
        assert await box.asked(customer) == await box.asked(customer)

    async def test_are_ended_once_and_for_all(self, box):
        session = await box.asked(await box.customer())
        for _ in range(2):
            await box.cards.expire(session.id)
        assert (await box.cards.session(session.id)).state is SessionState.EXPIRED

    async def test_that_were_paid_are_not_ended(self, box):
        session_id, _ = await paid_once(box)
        with pytest.raises(CardsRefused):
            await box.cards.expire(session_id)

    async def test_below_the_least_amount_are_refused(self, box):
        with pytest.raises(CardsRefused) as refused:
            await box.cards.payment_session(
                "pay:2",
                customer_id=await box.customer(),
                amount=Money(10, "BRL"),
                title="x",
                metadata={},
                urls=URLS,
            )
        assert refused.value.code == "amount_too_small"


class TestCustomers:
    async def test_are_found_by_the_partner_the_oldest_first(self, box):
        assert await box.cards.find_customer("p1") is None
        first = await box.customer()
        await box.goes_on(days=2)
        assert await box.customer() != first  # the key was forgotten
        assert await box.cards.find_customer("p1") == first
        assert await box.cards.find_customer("p2") is None

    async def test_called_otherwise_meanwhile_are_found(self, box):
        first = await box.customer()
        again = await box.cards.customer("customer:p1", partner_id="p1", name="New", email=None)
        assert again == first
        with pytest.raises(CardsRefused):
            await box.cards.customer("customer:p1", partner_id="p2", name="New", email=None)

    async def test_have_an_address_only_if_there_is_one(self, box):
        made = await box.cards.customer("c", partner_id="p", name="A", email="a@example.com")
        assert box.stripe.books.objects[made]["email"] == "a@example.com"


class TestEnding:
    async def test_with_the_period_and_going_on_after_all(self, box):
        id_ = await box.subscribed()
        for on in (True, True, False):
            await box.cards.cancel_at_period_end(f"end:{on}", id_, on=on)
            assert (await box.cards.subscription(id_)).cancel_at_period_end is on

    async def test_now_and_again(self, box):
        id_ = await box.subscribed()
        for key in ("now1", "now2"):
            await box.cards.cancel_now(key, id_)
        assert (await box.cards.subscription(id_)).standing is Standing.ENDED
        await box.cards.cancel_at_period_end("end1", id_, on=True)
        with pytest.raises(CardsRefused):
            await box.cards.cancel_at_period_end("end2", id_, on=False)

    async def test_of_what_is_not_there_is_refused(self, box):
        with pytest.raises(CardsRefused) as refused:
            await box.cards.cancel_now("now", "sub_0")
        assert refused.value.code == "resource_missing"


class TestReturns:
    async def test_are_those_of_the_charge(self, box):
        _, payment_id = await paid_once(box)
        async with aiohttp.ClientSession() as http:
            for what, given in (("refund", {"amount": 45}), ("dispute", {})):
                body = {"payment_intent": payment_id, **given}
                async with http.post(f"{box.url}/standin/{what}", json=body) as done:
                    assert done.status == 200
                await box.goes_on(hours=1)
        about = {event.about for event in await box.cards.changed_since(BEGIN)}
        charge_id = next(one for one in about if one.startswith("ch_"))
        seen = await box.cards.charge(charge_id)
        assert (seen.payment_id, seen.invoice_id) == (payment_id, None)
        assert [(one.amount.minor, one.dispute) for one in seen.returned] == [
            (45, None),
            (12345, DisputeState.OPEN),
        ]

    async def test_of_a_subscription_name_its_invoice(self, box):
        id_ = await box.subscribed()
        (invoice,) = (await box.cards.subscription(id_)).paid
        charge = next(box.stripe.books.all("charge"))
        seen = await box.cards.charge(charge["id"])
        assert (seen.invoice_id, seen.returned) == (invoice.id, ())


class TestEvents:
    async def test_come_oldest_first_and_all_of_them(self, box):
        await box.subscribed()
        for _ in range(130):
            await box.goes_on(days=1)
        found = await box.cards.changed_since(BEGIN)
        wanted = [one for one in box.stripe.books.recent_events() if one["type"] in EVENT_TYPES]
        assert [one.id for one in found] == [one["id"] for one in reversed(wanted)]
        assert all(one.created_at <= box.at and not one.live and one.about for one in found)
        assert {one.about.split("_")[0] for one in found} <= {"cs", "sub", "in", "ch"}
        assert json.loads(found[0].body)["id"] == found[0].id

    async def test_from_an_instant_on(self, box):
        await box.subscribed()
        assert await box.cards.changed_since(BEGIN)
        assert not await box.cards.changed_since(datetime(2026, 1, 31, 12, 0, 1, tzinfo=UTC))


class TestSilence:
    @pytest.mark.parametrize("kind", ["cut_before", "cut_after", "500"])
    async def test_is_told_from_a_no(self, box, kind):
        box.stripe.fault("customer", kind)
        with pytest.raises(CardsSilent):
            await box.customer()
        made = await box.customer()
        assert [one["id"] for one in box.stripe.books.all("customer")] == [made]

    async def test_of_everything(self, box):
        customer, id_ = await box.customer(), await box.subscribed()
        session = await box.asked(customer, "op2")
        cards = box.cards
        asked: list[tuple[str, Callable[[], Awaitable[object]]]] = [
            ("read", lambda: cards.session(session.id)),
            ("read", lambda: cards.subscription(id_)),
            ("read", lambda: cards.invoice("in_1")),
            ("read", lambda: cards.charge("ch_1")),
            ("read", lambda: cards.changed_since(BEGIN)),
            ("read", lambda: cards.find_customer("p1")),
            ("read", cards.check),
            ("session", lambda: box.asked(customer, "op3")),
            ("expire", lambda: cards.expire(session.id)),
            ("portal", lambda: cards.portal("p", customer_id=customer, return_url="https://a.b")),
            ("change", lambda: cards.cancel_at_period_end("c", id_, on=True)),
            ("end", lambda: cards.cancel_now("e", id_)),
        ]
        for operation, asking in asked:
            box.stripe.fault(operation, "500")
            with pytest.raises(CardsSilent):
                await asking()

    async def test_is_what_nobody_who_listens_says(self):
        cards = StripeCards(KEY, f"http://127.0.0.1:{free_port()}")
        try:
            with pytest.raises(CardsSilent):
                await cards.check()
        finally:
            await cards.close()

    @pytest.mark.parametrize(
        "answer",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<ht>",
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\noops!",
            b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{",
            b'HTTP/1.1 429 Slow\r\nContent-Length: 32\r\n\r\n{"error": {"message": "slowly"}}',
            b"HTTP/1.1 409 Busy\r\nContent-Length: 30\r\n\r\n" + b'{"error": {"message": "busy"}}',
            b"nonsense",
        ],
    )
    async def test_is_an_answer_that_is_none(self, answer):
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        cards = StripeCards(KEY, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        try:
            with pytest.raises(CardsSilent):
                await cards.check()
        finally:
            await cards.close()
            server.close()
            await server.wait_closed()


class TestTheKey:
    async def test_that_is_wrong_is_a_no_to_the_question_alone(self, box):
        cards = StripeCards("sk_test_wrong", box.url)
        try:
            with pytest.raises(CardsRefused, match="key"):
                await cards.check()
            with pytest.raises(CardsSilent, match="key"):
                await cards.customer("k", partner_id="p", name="A", email=None)
        finally:
            await cards.close()

    async def test_is_in_no_log(self, box, tmp_path):
        written = io.StringIO()
        logs.set_up("DEBUG", "json", stream=written)
        try:
            await box.cards.check()
            await box.cards.customer("k", partner_id="p", name="A", email="ana@example.com")
            box.stripe.fault("customer", "refused")
            with pytest.raises(CardsRefused):
                await box.customer("p3")
        finally:
            logs.set_up("WARNING", "console")
        assert "Stripe refuses" in written.getvalue()
        for secret in (KEY, "ana@example.com"):
            assert secret not in written.getvalue()
