"""The bot is killed at each call to Stripe, before and after its effect: nothing is done twice."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.bot.delivery.desk import until
from tests.scenarios.card_world import CardWorld, stripe_beside
from tests.scenarios.process import BotProcess
from tests.scenarios.world import Human, World

AT = "2026-01-30T15:00:00+00:00"
CUTS = ("cut_before", "cut_after")


@dataclass
class Cut:
    """A desk in a process of its own, that is killed where Stripe's answer is cut off."""

    bot: BotProcess
    desk: CardWorld
    table: list[str]

    async def at(self, operation: str, kind: str, human: Human, *doing: str) -> None:
        """Say or press; the call fails, the bot is killed, and begins anew."""
        stripe = self.desk.stripe
        asked = len(stripe.asked)
        # A DELETE is sent once more by itself where the connection was one used before.
        stripe.fault(operation, kind, 2 if operation == "end" else 1)
        for what in doing:
            await (human.says(what) if what.startswith("/") else human.presses(what))

        async def reached() -> bool:
            return operation in [one for one, _ in stripe.asked[asked:]]

        await until(reached)
        await self.bot.kill()
        stripe._faults.clear()
        await self.bot.start()
        await self.desk.world.advance("1m")
        await self.desk.settle()
        tries = [key for one, key in stripe.asked[asked:] if one == operation]
        assert len(set(tries)) == 1 or operation == "expire", tries
        self.table.append(f"{operation:9} {kind:10} asked {len(tries)} times")

    def count(self, kind: str) -> int:
        return len(self.desk.there(kind))


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", CUTS)
async def test_every_call_that_is_cut_has_one_effect(tmp_path: Path, kind: str, capsys: Any):
    async with stripe_beside(AT) as (stripe, settings, clock):
        bot = BotProcess(tmp_path, webhook=False)
        bot._environment |= settings
        await bot.start("--fresh", "--at", AT)
        try:
            async with aiohttp.ClientSession() as http:
                world = World(http, bot.url)
                clock.append(world)
                cut = Cut(bot, CardWorld(world, stripe), [])
                await lived(cut, kind)
                with capsys.disabled():
                    sys.stdout.write("\n" + "\n".join(cut.table) + "\n")
        finally:
            await bot.kill()


async def lived(cut: Cut, kind: str) -> None:
    """Let a partner subscribe, change its mind, cancel, keep and delete, each cut off once."""
    desk = cut.desk
    carla = await desk.customer()
    month, year = "💳 Every month · $30.00", "💳 Every year · $324.00"
    await cut.at("customer", kind, carla, "/subscribe loja-1", month)
    assert (cut.count("customer"), cut.count("checkout.session")) == (1, 1)
    await cut.at("expire", kind, carla, "/subscribe loja-1", year)
    assert [one["status"] for one in desk.there("checkout.session")] == ["expired", "open"]
    await cut.at("session", kind, carla, "/subscribe loja-1", month)
    assert [one["status"] for one in desk.there("checkout.session")][:2] == ["expired"] * 2
    assert cut.count("checkout.session") == 3
    await desk.pays(carla)
    assert await desk.world.platform() == {"loja-1": "active"}
    await cut.at("change", kind, carla, "/cancel loja-1", "Confirm")
    assert desk.there("subscription")[0]["cancel_at_period_end"] is True
    await cut.at("change", kind, carla, "/keep loja-1")
    assert desk.there("subscription")[0]["cancel_at_period_end"] is False
    await cut.at("portal", kind, carla, "/show loja-1", "💳 My cards")
    assert cut.count("billing_portal.session") == 1
    await cut.at("end", kind, carla, "/delete loja-1", "Confirm")
    assert desk.there("subscription")[0]["status"] == "canceled"
    counted = {what: cut.count(what) for what in ("customer", "subscription", "invoice", "charge")}
    assert counted == {"customer": 1, "subscription": 1, "invoice": 1, "charge": 1}
