"""The stand-in for Stripe has Stripe's habits: asked by Stripe's own library."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import aiohttp
import pytest
import stripe

from billing.cards import Interval
from tests.bot.gateways.stripe_account import BEGIN, Account, account, library
from tests.standins.stripe.beside import beside


@pytest.fixture
async def box() -> AsyncIterator[Account]:
    async with account() as found:
        yield found


@pytest.fixture
async def asked(box: Account) -> AsyncIterator[stripe.StripeClient]:
    async with library(box.url) as client:
        yield client


async def ends(box: Account, id_: str) -> str:
    """Return the day on which the running period ends."""
    found = await box.cards.subscription(id_)
    assert found is not None
    return found.period_ends_at.date().isoformat()


class TestKeys:
    async def test_give_the_same_answer_again(self, asked):
        one = await asked.v1.customers.create_async({"name": "Acme"}, {"idempotency_key": "k"})
        two = await asked.v1.customers.create_async({"name": "Acme"}, {"idempotency_key": "k"})
        assert one.id == two.id
        assert two.last_response.headers["Idempotent-Replayed"] == "true"

    async def test_are_refused_for_anything_else(self, asked):
        await asked.v1.customers.create_async({"name": "Acme"}, {"idempotency_key": "k"})
        with pytest.raises(stripe.IdempotencyError):
            await asked.v1.customers.create_async({"name": "Other"}, {"idempotency_key": "k"})

    async def test_are_forgotten_after_a_day(self, box, asked):
        one = await asked.v1.customers.create_async({"name": "Acme"}, {"idempotency_key": "k"})
        await box.goes_on(hours=25)
        two = await asked.v1.customers.create_async({"name": "Acme"}, {"idempotency_key": "k"})
        assert one.id != two.id


class TestAsking:
    async def test_refuses_another_key_and_another_version(self, box):
        for key, version in (("sk_test_other", None), (None, "2020-08-27")):
            async with library(box.url) as client:
                options = {"api_key": key} if key else {"stripe_version": version}
                with pytest.raises(stripe.StripeError):
                    await client.v1.customers.create_async({}, options)

    async def test_refuses_what_it_does_not_know(self, asked):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await asked.v1.customers.create_async({"nome": "Acme"})
        assert refused.value.code == "parameter_unknown"

    async def test_has_no_such_thing(self, asked):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await asked.v1.subscriptions.retrieve_async("sub_0")
        assert refused.value.code == "resource_missing"

    async def test_shows_lists_by_pages(self, box, asked):
        for number in range(12):
            await box.asked(await box.customer(), f"op{number}")
            await box.stripe.pay(next(box.stripe.books.all("checkout.session"))["id"])
        page = await asked.v1.events.list_async({"limit": 5})
        assert (len(page.data), page.has_more) == (5, True)
        everything = [event.id async for event in page.auto_paging_iter()]
        assert everything == list(reversed(box.stripe.books.events))


class TestSubscriptions:
    @pytest.mark.parametrize(
        ("interval", "first", "second"),
        [
            # From the anchor: February's end does not become the day of March.
            (Interval.MONTH, "2026-02-28", "2026-03-31"),
            (Interval.HALF_YEAR, "2026-07-31", "2027-01-31"),
            (Interval.YEAR, "2027-01-31", "2028-01-31"),
        ],
    )
    async def test_are_renewed_from_the_anchor(self, box, interval, first, second):
        id_ = await box.subscribed(interval=interval)
        assert await ends(box, id_) == first
        while await ends(box, id_) == first:
            await box.goes_on(days=1)
        assert await ends(box, id_) == second

    async def test_move_their_period_before_it_is_paid(self, box, asked):
        id_ = await box.subscribed()
        await box.goes_on(days=28, minutes=30)
        (latest, first) = (await asked.v1.invoices.list_async({"subscription": id_})).data
        assert (latest.status, first.status) == ("draft", "paid")
        assert await ends(box, id_) == "2026-03-31"
        await box.goes_on(minutes=31)
        assert (await asked.v1.invoices.retrieve_async(latest.id)).status == "paid"

    async def test_are_retried_and_then_ended(self, box, asked):
        id_ = await box.subscribed()
        box.stripe.books.declined.add(await box.customer())
        seen = []
        for _ in range(60):
            await box.goes_on(days=1)
            status = (await asked.v1.subscriptions.retrieve_async(id_)).status
            seen += [status] if seen[-1:] != [status] else []
        assert seen == ["active", "past_due", "canceled"]
        assert box.types().count("invoice.payment_failed") == 4
        assert box.types().count("customer.subscription.deleted") == 1

    async def test_recover_by_a_good_card(self, box, asked):
        id_ = await box.subscribed()
        customer = await box.customer()
        box.stripe.books.declined.add(customer)
        await box.goes_on(days=29)
        assert (await asked.v1.subscriptions.retrieve_async(id_)).status == "past_due"
        box.stripe.books.declined.clear()
        await box.goes_on(days=3)
        assert (await asked.v1.subscriptions.retrieve_async(id_)).status == "active"
        assert box.types().count("invoice.paid") == 2


class TestPages:
    async def test_a_session_is_paid_by_a_press(self, box):
        session = await box.asked(await box.customer())
        async with aiohttp.ClientSession() as http:
            async with http.get(session.url) as page:
                assert "30.00 USD" in await page.text()
            async with http.post(session.url, data={"do": "declined"}) as page:
                assert page.status == 402
            async with http.post(session.url, data={"do": "pay"}, allow_redirects=False) as page:
                assert page.headers["Location"] == "https://desk.example.com/paid"
            async with http.post(session.url, data={"do": "pay"}) as page:
                assert page.status == 400
        assert box.types().count("checkout.session.completed") == 1

    async def test_a_session_expires_after_a_day(self, box):
        session = await box.asked(await box.customer())
        await box.goes_on(hours=24)
        assert box.types() == ["checkout.session.expired"]
        with pytest.raises(Exception, match="expired"):
            await box.stripe.pay(session.id)

    async def test_the_portal_takes_another_card(self, box):
        id_ = await box.customer()
        url = await box.cards.portal("portal", customer_id=id_, return_url="https://t.me/desk")
        async with aiohttp.ClientSession() as http, http.post(url, data={"do": "bad"}) as page:
            assert "Give a good card" in await page.text()
        assert box.stripe.books.declined == {id_}


class TestBesideABot:
    async def test_what_it_held_is_there_the_next_time_unless_begun_afresh(
        self, tmp_path, monkeypatch
    ):
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/desk.db")

        async def now() -> datetime:
            return BEGIN

        async def lived(*, fresh: bool) -> tuple[dict[str, str], int]:
            async with beside(now, fresh=fresh) as settings:
                async with library(settings["STRIPE_API_URL"]) as client:
                    await client.v1.customers.create_async({"name": "Acme"})
                async with (
                    aiohttp.ClientSession() as http,
                    http.get(f"{settings['STRIPE_API_URL']}/state") as state,
                ):
                    return dict(settings), len((await state.json())["objects"])

        first, held = await lived(fresh=True)
        again, then = await lived(fresh=False)
        assert (held, then, first) == (1, 2, again)
        assert (await lived(fresh=True))[1] == 1
        assert {"STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "PUBLIC_URL"} <= set(first)
