"""A partner whose instances are paid by card, told through the doors, with Stripe over HTTP."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.scenarios.card_world import CardWorld, taking_cards
from tests.scenarios.world import Human, living_in

PRICES = {"month": "$30.00", "6 months": "$180.00", "year": "$324.00"}


async def subscribed(
    desk: CardWorld, carla: Human, name: str = "loja-1", every: str = "month", how: str = "pay"
) -> None:
    """Subscribe an instance by card, and pay on Stripe's page."""
    await carla.says(f"/subscribe {name}")
    await carla.presses(f"💳 Every {every} · {PRICES[every]}")
    await desk.settle()
    assert await desk.pays(carla, how) == 200


async def shown(carla: Human, name: str = "loja-1") -> str:
    return (await carla.says(f"/show {name}"))[-1].text


async def told(carla: Human, words: str) -> int:
    """Return how many messages have these words."""
    return sum(words in text for text in await carla.texts())


class TestSubscribing:
    async def test_is_offered_at_three_prices_and_runs_when_it_is_paid(self):
        async with taking_cards() as desk:
            carla = await desk.customer("Carla", "loja-1", "loja-2", "loja-3")
            for name, every in zip(("loja-1", "loja-2", "loja-3"), PRICES, strict=True):
                await subscribed(desk, carla, name, every)
            assert set((await desk.world.platform()).values()) == {"active"}
            assert len(desk.there("customer")) == 1
            assert [one["total"] for one in desk.there("invoice")] == [3000, 18000, 32400]
            for name, until in (
                ("loja-1", "28 Feb"),
                ("loja-2", "30 Jul"),
                ("loja-3", "30 Jan 2027"),
            ):
                assert f"{until}" in await shown(carla, name), await shown(carla, name)
            # Asked again, nothing is charged again.
            await carla.says("/subscribe loja-1")
            assert not any("💳 Every" in label for label in (await carla.last()).labels)

    async def test_is_not_done_by_a_card_that_is_declined(self):
        async with taking_cards() as desk:
            carla = await desk.customer()
            await carla.says("/subscribe loja-1")
            await carla.presses("💳 Every month · $30.00")
            await desk.settle()
            assert await desk.pays(carla, "declined") == 402
            assert await desk.world.platform() == {"loja-1": "trial"}
            assert await desk.pays(carla) == 200
            assert await desk.world.platform() == {"loja-1": "active"}

    async def test_at_another_interval_ends_the_page_that_waited(self):
        async with taking_cards() as desk:
            carla = await desk.customer()
            for every in ("month", "year"):
                await carla.says("/subscribe loja-1")
                await carla.presses(f"💳 Every {every} · {PRICES[every]}")
                await desk.settle()
            states = [one["status"] for one in desk.there("checkout.session")]
            assert states == ["expired", "open"]
            await desk.pays(carla)
            assert [one["total"] for one in desk.there("invoice")] == [32400]

    async def test_is_hidden_without_a_key_and_health_says_so(self):
        async with living_in() as world:
            desk = CardWorld(world, None)
            carla = await desk.customer()
            await carla.says("/subscribe loja-1")
            assert not any("💳" in label for label in (await carla.last()).labels)
            sofia = await world.staff()
            assert "STRIPE_SECRET_KEY" in (await sofia.says("/health"))[-1].text


class TestRenewals:
    async def test_come_each_month_and_the_instance_never_stops(self):
        async with taking_cards() as desk:
            carla = await desk.customer()
            await subscribed(desk, carla)
            for month in range(1, 4):
                await desk.goes_on(31 if month != 1 else 30)
                assert await desk.world.platform() == {"loja-1": "active"}
            paid = [one["status"] for one in desk.there("invoice")]
            assert paid == ["paid"] * 4
            assert "stopped" not in "\n".join(await carla.texts())

    @pytest.mark.long
    async def test_of_half_a_year_are_told_a_week_before(self):
        async with taking_cards() as desk:
            carla = await desk.customer()
            await subscribed(desk, carla, every="6 months")
            await desk.until("2026-07-22T15:00:00+00:00")
            assert await told(carla, "30 Jul") == 1
            await desk.until("2026-07-24T15:00:00+00:00")
            assert await told(carla, "30 Jul") == 2

    async def test_that_fail_are_told_and_retried_and_a_new_card_mends_them(self):
        async with taking_cards() as desk:
            carla = await desk.customer()
            await subscribed(desk, carla, how="last")
            await desk.until("2026-03-01T15:00:00+00:00")
            assert desk.there("subscription")[0]["status"] == "past_due"
            assert await desk.world.platform() == {"loja-1": "active"}
            failed = (await carla.last()).text
            assert "loja-1" in failed
            await carla.says("/show loja-1")
            await carla.presses("💳 My cards")
            await desk.settle()
            assert "/portal/" in await desk.link(carla)
            desk.stripe.books.declined.clear()
            await desk.goes_on(4)
            assert desk.there("subscription")[0]["status"] == "active"
            assert await desk.world.platform() == {"loja-1": "active"}
            assert "30 Mar" in await shown(carla)

    async def test_that_never_succeed_end_it_and_after_thirty_days_it_is_deleted(self):
        async with taking_cards() as desk:
            carla = await desk.customer()
            await subscribed(desk, carla, how="last")
            await desk.until("2026-02-28T18:00:00+00:00")
            while desk.there("subscription")[0]["status"] != "canceled":
                assert await desk.world.platform() == {"loja-1": "active"}
                await desk.goes_on(3)
            ended = await desk.world.now()
            assert await desk.world.platform() == {"loja-1": "stopped"}
            await desk.goes_on(28)
            assert await desk.world.platform() == {"loja-1": "stopped"}
            await desk.goes_on(3)
            assert await desk.world.platform() == {"loja-1": "deleted"}
            assert len([one for one in desk.there("invoice") if one["status"] == "paid"]) == 1
            assert (await desk.world.now() - ended).days == 31


class TestEnding:
    async def test_with_the_period_can_be_taken_back(self):
        async with taking_cards() as desk:
            carla = await desk.customer()
            await subscribed(desk, carla)
            await carla.says("/cancel loja-1")
            await carla.presses("Confirm")
            await desk.settle()
            assert desk.there("subscription")[0]["cancel_at_period_end"] is True
            assert "not charged again" in await shown(carla)
            await carla.says("/keep loja-1")
            await desk.settle()
            assert desk.there("subscription")[0]["cancel_at_period_end"] is False
            await desk.goes_on(31)
            assert len(desk.there("invoice")) == 2
            assert await desk.world.platform() == {"loja-1": "active"}

    async def test_stops_it_at_the_periods_end_and_deletes_it_warned_twice(self):
        async with taking_cards() as desk:
            carla = await desk.customer()
            await subscribed(desk, carla)
            await carla.says("/cancel loja-1")
            await carla.presses("Confirm")
            await desk.settle()
            await desk.until("2026-02-28T14:00:00+00:00")
            assert await desk.world.platform() == {"loja-1": "active"}
            await desk.until("2026-03-01T15:00:00+00:00")
            assert await desk.world.platform() == {"loja-1": "stopped"}
            before = await carla.last_id()
            await desk.until("2026-03-30T18:00:00+00:00")
            warned = await carla.texts(after=before)
            assert len(warned) == 2, warned
            assert all("loja-1" in text for text in warned)
            await desk.until("2026-03-31T18:00:00+00:00")
            assert await desk.world.platform() == {"loja-1": "deleted"}
            assert len(desk.there("invoice")) == 1

    async def test_by_deletion_charges_the_card_no_more(self):
        async with taking_cards() as desk:
            carla = await desk.customer()
            await subscribed(desk, carla)
            await carla.says("/delete loja-1")
            await carla.presses("Confirm")
            await desk.settle()
            assert desk.there("subscription")[0]["status"] == "canceled"
            await desk.goes_on(40)
            assert len(desk.there("invoice")) == 1


class TestLostEvents:
    @pytest.mark.parametrize("lost", ["all", "checkout.session.completed"])
    async def test_are_found_by_the_comparison_within_an_hour(self, lost):
        async with taking_cards() as desk:
            carla = await desk.customer()
            hooks = desk.stripe.hooks
            if lost == "all":
                hooks.url = None
            hooks.lost = {lost}
            await carla.says("/subscribe loja-1")
            await carla.presses("💳 Every month · $30.00")
            await desk.settle()
            await desk.pays(carla)
            await desk.world.advance("61m")
            await desk.settle()
            assert await desk.world.platform() == {"loja-1": "active"}
            hooks.lost.add("invoice.paid")
            await desk.until("2026-03-01T16:00:00+00:00")
            until = datetime.fromisoformat("2026-03-01T16:00:00+00:00")
            assert await desk.world.now() >= until
            assert "30 Mar" in await shown(carla)
