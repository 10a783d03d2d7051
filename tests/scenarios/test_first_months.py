"""A partner's first months, told through the doors: the README's walk and the worked example."""

from __future__ import annotations

import re

import pytest

from tests.scenarios.world import Human, World, enrolled, living_in

NUMBER = re.compile(r"INT-2026-\d{5}")


async def subscribed(world: World, partner: Human, names: str) -> None:
    """Create instances and subscribe them the same minute."""
    await partner.says(f"/new {names}")
    await partner.says(f"/subscribe {names}")
    await partner.presses("Confirm")


async def test_the_walk_of_the_readme_comes_out_as_it_is_told():
    async with living_in() as world:
        carla = await enrolled(world, "Carla", "Acme")
        sofia = await world.staff()
        await carla.says("/new loja-1 loja-2 loja-3")
        assert await world.platform() == dict.fromkeys(("loja-1", "loja-2", "loja-3"), "trial")

        await world.advance("1d")
        reminder = await carla.last()
        assert all(name in reminder.text for name in ("loja-1", "loja-2", "loja-3"))
        await carla.presses("Subscribe", on=reminder)
        question = await carla.last()
        assert "179.70" in question.text
        assert "January" in question.text
        await carla.presses("Confirm")
        assert set((await world.platform()).values()) == {"active"}

        # A second partner, who will not pay.
        dora = await enrolled(world, "Dora", "Borges")
        await subscribed(world, dora, "zap-1 zap-2")

        await world.until("2026-02-01T09:05:00-03:00")
        issued = await carla.last()
        number = NUMBER.search(issued.text)
        assert number is not None
        assert "179.70" in issued.text
        for day in ("03", "05"):
            before = await carla.last_id()
            await world.until(f"2026-02-{day}T09:05:00-03:00")
            (reminder_text,) = await carla.texts(after=before)
            assert number[0] in reminder_text

        await world.until("2026-02-10T23:59:00-03:00")
        assert set((await world.platform()).values()) == {"active"}
        await world.until("2026-02-11T00:01:00-03:00")
        assert set((await world.platform()).values()) == {"stopped"}
        await world.until("2026-02-11T08:05:00-03:00")
        assert number[0] in (await carla.last()).text

        await sofia.says(f"/paid {number[0]} 179.70 PIX-1")
        assert number[0] in (await carla.last()).text
        held = await world.platform()
        assert {held[name] for name in ("loja-1", "loja-2", "loja-3")} == {"active"}
        assert {held[name] for name in ("zap-1", "zap-2")} == {"stopped"}

        await carla.says("/cancel loja-3")
        await carla.presses("Confirm")

        await world.until("2026-02-15T08:59:00-03:00")
        assert (await world.platform())["zap-1"] == "stopped"
        await world.until("2026-02-15T09:01:00-03:00")
        held = await world.platform()
        assert held.get("zap-1", "deleted") == held.get("zap-2", "deleted") == "deleted"

        await world.until("2026-03-01T09:05:00-03:00")
        second = NUMBER.search((await carla.last()).text)
        assert second is not None
        assert "179.70" in (await carla.last()).text
        await sofia.says(f"/paid {second[0]} 179.70 PIX-2")
        assert (await world.platform())["loja-3"] == "active"
        await world.until("2026-03-13T12:00:00-03:00")
        assert (await world.platform())["loja-3"] == "stopped"

        await world.until("2026-04-01T09:05:00-03:00")
        assert "119.80" in (await carla.last()).text
        for person in (carla, dora):
            texts = await person.texts()
            assert len(texts) == len(set(texts)), "somebody heard something twice"


async def test_the_invoices_of_the_worked_example_have_51_51_and_41_lines():
    async with living_in(at="2026-04-01T10:00:00-03:00") as world:
        partner = await enrolled(world)
        sofia = await world.staff()
        await sofia.says("/grant Acme definitive")
        first = [f"abril{n}" for n in range(1, 41)]
        await subscribed(world, partner, " ".join(first))
        await world.until("2026-05-01T09:05:00-03:00")
        await pay_all(world, partner, sofia)
        for day, names in (
            ("01", ["m1"]),
            ("10", ["m2", "m3"]),
            ("15", [f"m{n}" for n in range(4, 9)]),
            ("20", ["m9", "m10", "m11"]),
        ):
            await world.until(f"2026-05-{day}T12:00:00-03:00")
            await subscribed(world, partner, " ".join(names))
        assert await lines_told(world, partner, "2026-06-01") == 51
        await pay_all(world, partner, sofia)
        await world.until("2026-06-10T12:00:00-03:00")
        await partner.says("/cancel " + " ".join(first[:10]))
        assert "10" in (await partner.last()).text
        await partner.presses("Confirm")
        assert await lines_told(world, partner, "2026-07-01") == 51
        await pay_all(world, partner, sofia)
        assert await lines_told(world, partner, "2026-08-01") == 41


async def lines_told(world: World, partner: Human, day: str) -> int:
    """Move to 09:05 of a 1st, and return how many lines the new invoice has by what is told."""
    await world.until(f"{day}T09:05:00-03:00")
    number = NUMBER.search((await partner.last()).text)
    assert number is not None
    shown, _ = await partner.says(f"/invoice {number[0]}")
    count = re.search(r"(\d+) (?:lines|instances)", shown.text)
    assert count is not None, shown.text
    return int(count[1])


async def pay_all(world: World, partner: Human, sofia: Human) -> None:
    """Pay what the partner's newest notice asks for."""
    told = (await partner.last()).text
    number = NUMBER.search(told)
    assert number is not None, told
    shown, _ = await partner.says(f"/invoice {number[0]}")
    amount = re.search(r"[\d,]+\.\d\d", shown.text)
    assert amount is not None, shown.text
    await sofia.says(f"/paid {number[0]} {amount[0].replace(',', '')} REF-{number[0]}")


@pytest.mark.parametrize("language", ["en", "pt-br"])
async def test_a_stranger_is_told_how_to_begin(language):
    async with living_in() as world:
        stranger = await world.newcomer("Eva", language)
        (greeting,) = await stranger.says("/start")
        assert greeting.labels
