"""The README's walk with each real platform behind: it does what it can, the staff do the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.scenarios.test_first_months import NUMBER, subscribed
from tests.scenarios.world import START, Human, World, enrolled, living_in
from tests.standins import evolution, whapi, zapi
from tests.standins.base import ms
from tests.standins.serving import served

KINDS = {"zapi": zapi.Zapi, "whapi": whapi.Whapi, "evolution": evolution.Evolution}
DAY_MS = 86_400_000


@dataclass
class Desk:
    """The bot in its box, with a platform's stand-in beside it."""

    name: str
    world: World
    stand: Any
    sofia: Human

    def row(self, shop: str) -> dict[str, Any] | None:
        """Return what the platform holds under a partner's name."""
        rows = self.stand.rows.values()
        return next((row for row in rows if row.get("name", "").startswith(f"{shop}-")), None)

    def rows(self, *shops: str) -> list[dict[str, Any]]:
        found = [self.row(shop) for shop in shops]
        assert None not in found, "one is not there"
        return [row for row in found if row is not None]

    async def tasks(self) -> list[str]:
        """Return the first lines of what the staff have to do at the platform."""
        return [
            said.text.splitlines()[0] for said in await self.sofia.heard() if "Done" in said.labels
        ]

    async def do_tasks(self, what: str) -> None:
        """Say of each of a kind that it was done there."""
        for said in await self.sofia.heard():
            if "Done" in said.labels and said.text.startswith(f"🛠 To {what} at "):
                await self.sofia.presses("Done", on=said)


@asynccontextmanager
async def desk_with(name: str) -> AsyncIterator[Desk]:
    worlds: list[World] = []

    async def now() -> datetime:
        if worlds:
            return await worlds[0].now()
        return datetime.fromisoformat(START).astimezone(UTC)

    stand = KINDS[name](now)
    async with served(stand) as url:
        settings = {key.lower(): value for key, value in stand.environment(url).items()}
        async with living_in(**settings) as world:
            worlds.append(world)
            yield Desk(name, world, stand, await world.staff())


async def invoiced(person: Human) -> str:
    number = NUMBER.search((await person.last()).text)
    assert number is not None
    return number[0]


CARLAS, DORAS = ("loja-1", "loja-2", "loja-3"), ("zap-1", "zap-2")


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", KINDS)
async def test_the_walk(name, monkeypatch):
    # How far apart its calls are is seen in its own tests.
    monkeypatch.setattr("bot.gateways.zapi.GAP", timedelta(0))
    async with desk_with(name) as desk:
        carla, dora = await begun(desk)
        await unpaid_and_stopped(desk, carla)
        await paid_and_one_cancelled(desk, carla)
        await deleted(desk)
        await ended(desk, carla)
        for person in (carla, dora):
            texts = await person.texts()
            assert len(texts) == len(set(texts)), "somebody heard something twice"


async def begun(desk: Desk) -> tuple[Human, Human]:
    """Trials on Friday, subscribed on Saturday."""
    carla = await enrolled(desk.world, "Carla", "Acme")
    await carla.says(f"/new {' '.join(CARLAS)}")
    rows = desk.rows(*CARLAS)
    assert len(desk.stand.rows) == len(rows) + (desk.name == "whapi")
    for row in rows:
        row["connected"] = True
    await desk.world.advance("1d")
    await carla.presses("Subscribe", on=await carla.last())
    await carla.presses("Confirm")
    dora = await enrolled(desk.world, "Dora", "Borges")
    await subscribed(desk.world, dora, " ".join(DORAS))
    if desk.name == "whapi":
        assert "our team does it" in (await carla.last()).text
        assert sorted(await desk.tasks()) == [
            f"🛠 To subscribe at Whapi: {row['name'].rpartition('-')[0]} {row['name'][-5:]} of {who}"
            for shops, who in ((CARLAS, "Acme"), (DORAS, "Borges"))
            for row in desk.rows(*shops)
        ]
        for row in desk.rows(*CARLAS, *DORAS):
            row |= {"mode": "live", "activeTill": row["activeTill"] + 365 * DAY_MS}
        await desk.do_tasks("subscribe")
    else:
        assert await desk.tasks() == []
    assert "3 instances subscribed" in (await carla.last()).text
    if desk.name == "zapi":
        assert {row["paymentStatus"] for row in desk.rows(*CARLAS, *DORAS)} == {"PAID"}
    return carla, dora


async def unpaid_and_stopped(desk: Desk, carla: Human) -> None:
    """Nobody pays in February, so all five stop after the 10th."""
    await desk.world.until("2026-02-01T09:05:00-03:00")
    assert "179.70" in (await carla.last()).text
    await desk.world.until("2026-02-10T23:59:00-03:00")
    assert all(row["connected"] for row in desk.rows(*CARLAS))
    await desk.world.until("2026-02-11T08:05:00-03:00")
    tasks = await desk.tasks()
    match desk.name:
        case "zapi":
            assert len(tasks) == 5
            assert all(line.startswith("🛠 To stop at Z-API: ") for line in tasks)
        case "whapi":
            assert tasks == [], "it stops by itself"
        case "evolution":
            assert tasks == []
            assert not any(row["connected"] for row in desk.rows(*CARLAS, *DORAS))


async def paid_and_one_cancelled(desk: Desk, carla: Human) -> None:
    """Carla pays: hers run again at once, and one is cancelled."""
    before = dict(desk.stand.calls)
    number = await invoiced(carla)
    await desk.sofia.says(f"/paid {number} 179.70 PIX-1")
    match desk.name:
        case "zapi":
            # They were paid there all along, and what was not yet stopped stays as it is.
            assert desk.stand.calls["subscribe"] == before["subscribe"] + 3
            assert {row["subscriptions"] for row in desk.rows(*CARLAS)} == {1}
            assert len(await desk.tasks()) == 2
            for row in desk.rows(*DORAS):
                row["connected"] = False
            await desk.do_tasks("stop")
        case "whapi":
            assert {row["mode"] for row in desk.rows(*CARLAS)} == {"live"}
        case "evolution":
            assert desk.stand.calls["connect"] == 3
            assert all(row["connecting"] for row in desk.rows(*CARLAS))
    await carla.says("/cancel loja-3")
    await carla.presses("Confirm")
    if desk.name == "zapi":
        states = [row["paymentStatus"] for row in desk.rows(*CARLAS)]
        assert states == ["PAID", "PAID", "CANCELED"]


async def deleted(desk: Desk) -> None:
    """What Dora did not pay is deleted on the 15th; at Z-API 40 days later."""
    balance = desk.stand.rows.get("balance", {}).get("liveDays")
    await desk.world.until("2026-02-15T08:59:00-03:00")
    desk.rows(*DORAS)
    await desk.world.until("2026-02-15T09:01:00-03:00")
    if desk.name == "zapi":
        assert {row["paymentStatus"] for row in desk.rows(*DORAS)} == {"CANCELED"}
        tasks = await desk.tasks()
        assert len(tasks) == 2
        assert all(line.startswith("🛠 To delete at Z-API: zap-") for line in tasks)
        return
    assert [desk.row(shop) for shop in DORAS] == [None, None]
    if desk.name == "whapi":
        assert desk.stand.rows["balance"]["liveDays"] > balance, "days came back"


async def ended(desk: Desk, carla: Human) -> None:
    """March: loja-3 ends; April: two lines."""
    await desk.world.until("2026-03-01T09:05:00-03:00")
    await desk.sofia.says(f"/paid {await invoiced(carla)} 179.70 PIX-2")
    for row in desk.rows(*CARLAS):
        row["connected"] = True
    await desk.world.until("2026-03-13T12:00:00-03:00")
    if desk.name == "zapi":
        *deletions, stop = await desk.tasks()
        assert stop.startswith("🛠 To stop at Z-API: loja-3 ")
        assert len(deletions) == 2
        desk.rows("loja-3")[0]["connected"] = False
        await desk.do_tasks("stop")
    else:
        assert await desk.tasks() == []
    if desk.name == "evolution":
        assert [row["connected"] for row in desk.rows(*CARLAS)] == [True, True, False]
    await desk.world.until("2026-04-01T09:05:00-03:00")
    assert "119.80" in (await carla.last()).text
    assert await desk.tasks() == [], "what was queued for 40 days was done"
    assert [desk.row(shop) for shop in DORAS] == [None, None]


@pytest.mark.timeout(120)
async def test_days_are_bought_and_given_at_whapi():
    async with desk_with("whapi") as desk:
        carla = await enrolled(desk.world, "Carla", "Acme", "days")
        await carla.says("/new chat-1")
        (row,) = desk.rows("chat-1")
        assert row["mode"] == "trial"
        await carla.says("/buy 2 channels")
        await carla.presses("Confirm")
        await desk.sofia.presses("Prepare invoice")
        await desk.sofia.says("/paid DAY-2026-00001 60.00 WIRE-1")
        await carla.says("/extend all to 30")
        (given,) = row["extended"]
        assert row["mode"] == "live"
        assert given["comment"] == row["name"][-5:]
        now = await desk.world.now()
        assert timedelta(milliseconds=row["activeTill"] - ms(now)) >= timedelta(days=29)
        assert desk.stand.rows["balance"]["liveDays"] == whapi.LIVE_DAYS - given["days"]
        assert await desk.tasks() == []
