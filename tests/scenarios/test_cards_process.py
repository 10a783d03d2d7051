"""The program with a key for Stripe: how it starts, what it needs, and what it refuses."""

from __future__ import annotations

import json

import aiohttp
import pytest

from tests.scenarios.card_world import stripe_beside
from tests.scenarios.process import free_port
from tests.scenarios.program import UP, started
from tests.scenarios.world import World
from tests.standins.stripe.standin import KEY, SECRET

MOST_MB = 150


async def test_it_serves_stripe_while_it_polls_and_needs_little_memory(tmp_path):
    async with stripe_beside() as (stripe, settings, clock):
        port = {"SANDBOX_PORT": str(free_port()), "LOG_LEVEL": "DEBUG"}
        arguments = ("run", "--fresh", "--at", "2026-01-30T15:00:00+00:00")
        async with started(tmp_path, *arguments, **settings, **port) as bot:
            url = (await bot.says(UP.pattern))[1]
            public = settings["PUBLIC_URL"]
            async with aiohttp.ClientSession() as http:
                world = World(http, url)
                clock.append(world)
                await world.settle()
                for name, status in (("paid", 200), ("left", 200), ("other", 404)):
                    async with http.get(f"{public}/stripe/{name}") as page:
                        assert page.status == status
                forged = json.dumps({"id": "evt_1", "object": "event"})
                headers = {"Stripe-Signature": "t=1769785200,v1=00"}
                async with http.post(f"{public}/stripe", data=forged, headers=headers) as said:
                    assert (said.status, await said.read()) == (400, b"")
                stripe.books.happened("customer.created", stripe.books.add("cus", name="x"))
                await stripe.settle()
                assert stripe.books.unsent == []
            assert bot.resident_mb() < MOST_MB, f"{bot.resident_mb():.0f} MB"
            code, seconds = await bot.terminate()
        assert (code, seconds < 10) == (0, True), bot.out
        assert "Traceback" not in bot.out, bot.out
        assert KEY not in bot.out
        assert SECRET not in bot.out
        # Once at the start, for the comparison: the key is good.
        assert [operation for operation, _ in stripe.asked] == ["read"]


@pytest.mark.parametrize("missing", ["STRIPE_WEBHOOK_SECRET", "PUBLIC_URL"])
async def test_a_start_without_what_a_key_needs_is_refused_by_name(tmp_path, missing):
    given = {
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "PUBLIC_URL": "http://127.0.0.1:1",
        "SANDBOX_PORT": str(free_port()),
    }
    del given[missing]
    async with started(tmp_path, "run", **given) as bot:
        assert await bot.ended() == 2
    assert f"partnerdesk does not start:\n{missing} " in bot.out
    assert KEY not in bot.out
