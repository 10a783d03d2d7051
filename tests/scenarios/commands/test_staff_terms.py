"""What staff agree on with partners, command by command."""

from __future__ import annotations

import base64

import pytest

from tests.scenarios.commands.telling import Stories
from tests.scenarios.commands.tongues import CODES

STORIES = Stories(*CODES)
TABLE = """partner,programme,instance,paid_until,migrate,price,balance
Trazidos,integrator,vinda-1,2026-05-15,yes,49.90,
Trazidos,,vinda-2,2026-03-10,no,,
Trazidos,,vinda-2,2026-03-10,no,,
"""


@pytest.mark.parametrize("code", STORIES.codes)
async def test_stories(code):
    await STORIES.tell(code)


@STORIES.about("price")
async def agreed(scene):
    owner, sofia = await scene.partner("Baratos"), await scene.staff()
    since = scene.tongue.of(
        en="from 2026-02-01", pt="a partir de 01/02/2026", es="desde 01/02/2026", ru="с 01.02.2026"
    )
    unclear = await sofia.asks("price", f"Baratos 49.9x {since}")
    scene.tongue.told(unclear, "{wanted} is no amount. An amount looks like {plain} or {large}.")
    await sofia.says("cancel")
    closed = await sofia.asks("price", "Baratos 49.90 2025-11-01")
    scene.tongue.told(
        closed,
        "{month} is closed, and what was issued keeps its price. The earliest possible: {day}",
    )
    await sofia.says("cancel")
    amount = scene.tongue.amount("49.90")
    done = await sofia.asks("price", f"Baratos {amount} {since}")
    scene.tongue.told(done, "✅ {partner}: {price} an instance from {day} on.", amount)
    scene.tongue.told(
        await owner.last(), "🧾 We have agreed on {price} a month for an instance.", amount
    )
    await scene.world.until("2026-02-02T10:00:00-03:00")
    await owner.says("new", "barato-1")
    asked = await owner.asks("subscribe", "barato-1")
    scene.tongue.told(asked, "Price: {total} a month", amount)


@STORIES.about("limit")
async def paid_afterwards(scene):
    owner, sofia = await scene.partner("Depois", "days"), await scene.staff()
    negative = await sofia.asks("limit", "Depois -5")
    scene.tongue.told(
        negative, "A limit is 0 or more: so many days the balance may go below nothing."
    )
    await sofia.says("cancel")
    await sofia.says("limit", "Depois 300")
    await owner.says("new", "depois-1")
    await owner.says("extend", "depois-1 30")
    assert (await scene.world.platform())["depois-1"] == "active"
    scene.tongue.told(
        await owner.asks("days"), "You pay afterwards: the balance may go {n} day below nothing."
    )


@STORIES.about("programme")
async def moved(scene):
    owner, sofia = await scene.partner("Mudados"), await scene.staff()
    wrong = await sofia.asks("programme", "Mudados nonsense")
    scene.tongue.told(wrong, "There is no programme {wanted}. There are: {known}")
    await sofia.says("cancel")
    done = await sofia.asks("programme", "Mudados integrator-classic")
    scene.tongue.told(
        done, "✅ {partner}: from {was} {was_version} to {programme} {version}, on {day}."
    )
    scene.tongue.told(
        await owner.last(), "📋 From {day} on your terms are {programme}, version {version}."
    )
    assert "integrator-classic" not in (await card(sofia)).text.splitlines()[1]
    now = await scene.world.now()
    await scene.world.until(f"{now.year}-{now.month + 1:02}-01T00:05:00-03:00")
    assert "integrator-classic" in (await card(sofia)).text.splitlines()[1]


async def card(sofia):
    return await sofia.asks("partner", "Mudados")


@STORIES.about("import")
async def brought_in(scene):
    sofia, sam = await scene.staff(), await scene.staff("Sam")
    table = {"file_name": "t.csv", "base64": base64.b64encode(TABLE.encode()).decode()}
    refused = await sam.asks("import", document=table)
    scene.tongue.told(
        refused, "⛔ That needs a staff right that you do not have, in the staff group."
    )
    shown = await sofia.asks("import", document=table)
    scene.tongue.told(shown, "This would be brought in:", "vinda-1", "vinda-2", "❌")
    assert "vinda-1" not in await scene.world.platform()
    await sofia.presses("Confirm", on=shown)
    scene.tongue.told(await sofia.last(), "✅ Brought in:", "❌")
    held = await scene.world.platform()
    assert (held["vinda-1"], held["vinda-2"]) == ("active", "active")
    assert "Trazidos" in (await sofia.asks("partner", "Trazidos")).text
