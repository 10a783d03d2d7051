"""A partner that pays in days, command by command."""

from __future__ import annotations

import pytest

from tests.scenarios.commands.telling import Scene, Speaker, Stories
from tests.scenarios.commands.tongues import CODES

STORIES = Stories(*CODES, at="2026-03-02T10:02:00+00:00")


@pytest.mark.parametrize("code", STORIES.codes)
async def test_stories(code):
    await STORIES.tell(code)


async def balance(scene: Scene, owner: Speaker, days: str) -> None:
    """Assert how many days there are."""
    scene.tongue.told(await owner.asks("days"), "📅 Balance: {days}", days)


async def with_days(scene: Scene, company: str, days: int) -> Speaker:
    """Return the owner of a new partner that was given so many days."""
    owner = await scene.partner(company, "days")
    sofia = await scene.staff()
    if days:
        await sofia.says("credit", f"{company} {days} days for the stories")
    return owner


@STORIES.about("days", "buy")
async def bought(scene):
    dora = await with_days(scene, "Compras", 0)
    await balance(scene, dora, "0")
    few = await dora.asks(
        "buy", scene.tongue.of(en="0 days", pt="0 dias", es="0 días", ru="0 дней")
    )
    scene.tongue.told(few, "{asked}: the number has to be 1 or more.")
    odd = await dora.asks(
        "buy",
        scene.tongue.of(en="1.5 channels", pt="1,5 canais", es="1,5 canales", ru="1,5 канала"),
    )
    scene.tongue.told(odd, "{asked}: days and channels are whole numbers.")
    asked = await dora.confirms(
        "buy", scene.tongue.of(en="75 channels", pt="75 canais", es="75 canales", ru="75 каналов")
    )
    scene.tongue.told(asked, "Buy {what}?", scene.tongue.number(2250))
    card = await dora.find("Withdraw")
    scene.tongue.told(card, "⏳ The invoice is here by {at}.", "10:32")
    sofia = await scene.staff()
    await sofia.presses("Prepare invoice")
    number = await dora.number()
    scene.tongue.told(
        await dora.now(card), "🧾 Invoice {number} is here. Paid, the days are yours."
    )
    await sofia.says("paid", f"{number} 2250.00 WIRE-1")
    await balance(scene, dora, scene.tongue.number(2250))


@STORIES.about("buy")
async def bought_every_month(scene):
    dora = await with_days(scene, "Mensal", 60)
    monthly, on, off = scene.tongue.of(
        en="monthly on off",
        pt="mensal ligar desligar",
        es="mensual activar desactivar",
        ru="ежемесячно вкл выкл",
    ).split()
    asked = await dora.confirms("buy", f"{monthly} {on}")
    scene.tongue.told(asked, "Buy days every month, for every running instance?")
    neither = await dora.asks("buy", f"{monthly} perhaps")
    scene.tongue.told(neither, "{wanted}: every month, or no longer? {form}")
    await dora.says("buy", f"{monthly} {off}")
    sofia = await scene.staff()
    shown = await sofia.asks("partner", "Mensal")
    assert not scene.tongue.tells(shown, "🔁 Standing order: on the 1st of each month.")


@STORIES.about("extend", "days")
async def extended(scene):
    dora = await with_days(scene, "Extensas", 40)
    await dora.says("new", "chip-1 chip-2")
    much = await dora.asks("extend", "chip-1 50")
    scene.tongue.told(much, "Possible now: {possible}.", "40")
    await balance(scene, dora, "40")
    await dora.says("extend", "chip-1 10")
    assert (await scene.world.platform())["chip-1"] == "active"
    await balance(scene, dora, "30")
    both = await dora.asks(
        "extend", scene.tongue.of(en="all 5", pt="todas 5", es="todas 5", ru="все 5")
    )
    await balance(scene, dora, "30")
    await dora.presses("Confirm", on=both)
    assert (await scene.world.platform())["chip-2"] == "active"
    await balance(scene, dora, "20")


@STORIES.about("auto", "extend")
async def extends_itself(scene):
    dora = await with_days(scene, "Sozinhas", 65)
    await dora.says("new", "auto-1")
    await dora.says("extend", "auto-1 25")
    on, off = scene.tongue.of(
        en="on off", pt="ligar desligar", es="activar desactivar", ru="вкл выкл"
    ).split()
    await dora.says("auto", f"auto-1 {on} 10")
    shown = await dora.asks("show", "auto-1")
    scene.tongue.told(shown, "🔁 It extends itself by {n} day, with less than a day left.", "10")
    wrong = await dora.asks("auto", "auto-1 maybe")
    assert not scene.tongue.tells(wrong, "✅ {n} instance extended.")
    await scene.world.advance("30d")
    assert (await scene.world.platform())["auto-1"] == "active"
    await balance(scene, dora, "30")
    await dora.says("auto", f"auto-1 {off}")
    shown = await dora.asks("show", "auto-1")
    assert not scene.tongue.tells(
        shown, "🔁 It extends itself by {n} day, with less than a day left."
    )
