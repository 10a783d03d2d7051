"""Invoices that are paid by card on Stripe's page; what went back; what does not agree."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.scenarios.card_world import CardWorld, number_in, taking_cards
from tests.scenarios.world import Human, enrolled
from tests.standins.stripe import money
from tests.standins.stripe.forms import Wrong


@asynccontextmanager
async def invoiced() -> AsyncIterator[tuple[CardWorld, Human, str]]:
    """Yield a desk, a partner with the invoice of a month, and its number."""
    async with taking_cards(at="2026-01-30T15:00:00-03:00") as desk:
        carla = await enrolled(desk.world, "Carla", "Acme")
        await carla.says("/new loja-1")
        await carla.says("/subscribe loja-1")
        await carla.presses("Confirm")
        await desk.until("2026-02-01T12:00:00-03:00")
        yield desk, carla, number_in((await carla.last()).text)


async def opened(desk: CardWorld, carla: Human) -> str:
    """Have the page opened, and return Stripe's session."""
    await carla.says("/pay")
    await carla.presses("💳 Pay by card")
    await desk.settle()
    return str(desk.there("checkout.session")[-1]["id"])


class TestAMonthlyInvoice:
    async def test_is_paid_on_stripes_page_once(self):
        async with invoiced() as (desk, carla, number):
            await opened(desk, carla)
            assert await desk.pays(carla) == 200
            said = "\n".join(await carla.texts())
            assert f"R$59.90 received for invoice {number}" in said
            assert said.count("received for invoice") == 1
            # Told once more of all of it, nothing changes.
            desk.stripe.books.unsent += list(desk.stripe.books.events)
            await desk.settle()
            await desk.goes_on(20)
            assert await desk.world.platform() == {"loja-1": "active"}
            assert "\n".join(await carla.texts()).count("received for invoice") == 1

    async def test_booked_by_staff_meanwhile_can_be_paid_no_more(self):
        async with invoiced() as (desk, carla, number):
            session = await opened(desk, carla)
            sofia = await desk.world.staff()
            await sofia.says(f"/paid {number} 59.90 WIRE-1")
            await desk.settle()
            assert desk.there("checkout.session")[0]["status"] == "expired"
            with pytest.raises(Wrong):
                await desk.stripe.pay(session)
            assert desk.there("payment_intent") == []

    async def test_paid_at_the_moment_in_which_staff_book_it_is_a_credit(self):
        async with invoiced() as (desk, carla, number):
            session = await opened(desk, carla)
            # Paid, but nobody has heard of it yet.
            await desk.stripe.pay(session)
            sofia = await desk.world.staff()
            await sofia.says(f"/paid {number} 59.90 WIRE-1")
            await desk.settle()
            await desk.world.advance("61m")
            await desk.settle()
            # The page could not be ended any more: the money is not lost, and not spent twice.
            assert "credit" in "\n".join(await carla.texts()).lower()
            assert len(desk.there("payment_intent")) == 1


class TestWhatGoesBack:
    async def test_a_refund_makes_it_due_again_and_the_staff_hear_of_it(self):
        async with invoiced() as (desk, carla, number):
            await opened(desk, carla)
            await desk.pays(carla)
            (intent,) = desk.there("payment_intent")
            money.refund(desk.stripe.books, intent["id"], None)
            await desk.settle()
            assert "due again" in (await carla.last()).text
            sofia = await desk.world.staff()
            assert f"Refunded at Stripe: R$59.90 to Acme for {number}" in (await sofia.last()).text

    async def test_a_dispute_takes_it_back_and_one_that_is_won_waits_for_a_person(self):
        async with invoiced() as (desk, carla, number):
            await opened(desk, carla)
            await desk.pays(carla)
            (intent,) = desk.there("payment_intent")
            dispute = money.dispute(desk.stripe.books, intent["id"])
            await desk.settle()
            assert "due again" in (await carla.last()).text
            sofia = await desk.world.staff()
            assert number in (await sofia.last()).text
            money.close_dispute(desk.stripe.books, dispute["id"], won=True)
            await desk.settle()
            found = await sofia.find("Looked at")
            await sofia.presses("Looked at", on=found)
            seen = next(one for one in await sofia.heard() if one.message_id == found.message_id)
            assert "Sofia" in seen.text
            assert "Looked at" not in seen.labels


class TestWhatDoesNotAgree:
    async def test_is_kept_aside_and_changes_nothing(self):
        async with invoiced() as (desk, carla, _number):
            session = await opened(desk, carla)
            # Somebody at Stripe's dashboard, or an attacker with a stolen key.
            desk.stripe.books.objects[session]["amount_total"] = 100
            await desk.pays(carla)
            assert "received for invoice" not in "\n".join(await carla.texts())
            sofia = await desk.world.staff()
            await sofia.find("Looked at")
            assert "Stripe" in (await sofia.says("/queue"))[-1].text
            await sofia.presses("Looked at")
            await desk.settle()

    async def test_another_use_of_the_account_is_left_alone(self):
        async with invoiced() as (desk, _carla, _number):
            books = desk.stripe.books
            other = books.add("cus", name="Somebody", email=None)
            books.happened("customer.created", other)
            charge = books.add(
                "ch",
                amount=500,
                amount_refunded=0,
                currency="usd",
                customer=other["id"],
                payment_intent=None,
            )
            books.happened("charge.refunded", charge)
            sofia = await desk.world.staff()
            before = await sofia.last_id()
            await desk.settle()
            assert await sofia.texts(after=before) == []
