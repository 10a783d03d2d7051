"""A partner in the days programme, told through the doors: bought, extended, run out, returned."""

from __future__ import annotations

import re

from tests.scenarios.world import Human, Said, World, enrolled, living_in

NUMBER = re.compile(r"DAY-2026-\d{5}")
START = "2026-03-02T10:02:00+00:00"


async def bought(world: World, carla: Human, sofia: Human, what: str, amount: str) -> str:
    """Buy days, have the invoice prepared and paid; return its number."""
    await carla.says(f"/buy {what}")
    await carla.presses("Confirm")
    await sofia.presses("Prepare invoice")
    number = NUMBER.search((await carla.last()).text)
    assert number is not None, (await carla.last()).text
    await sofia.says(f"/paid {number[0]} {amount} WIRE-{number[0]}")
    return number[0]


async def test_days_are_bought_run_out_are_extended_and_come_back():
    async with living_in(at=START) as world:
        carla = await enrolled(world, "Carla", "Acme", "days")
        sofia = await world.staff()
        await carla.says("/new chip-1 chip-2")
        assert await world.platform() == {"chip-1": "trial", "chip-2": "trial"}

        await carla.says("/buy 75 channels")
        quote = await carla.last()
        assert "2,250 days" in quote.text
        assert "$2,250.00" in quote.text
        await carla.presses("Confirm")
        card = await carla.find("Withdraw")
        assert "received 10:02" in card.text
        assert "by 10:32" in card.text
        await sofia.presses("Claim")
        assert "Sofia" in (await the_same(carla, card)).text
        await sofia.presses("Prepare invoice")
        number = NUMBER.search((await carla.last()).text)
        assert number is not None
        assert number[0] in (await the_same(carla, card)).text
        assert "0 days" in (await carla.says("/days"))[0].text

        await sofia.says(f"/paid {number[0]} 2250.00 WIRE-1")
        assert "the days are yours" in (await the_same(carla, card)).text
        assert "2,250 days" in (await carla.says("/days"))[0].text
        again = (await sofia.says(f"/paid {number[0]} 2250.00 WIRE-1"))[-1]
        assert "Booked already" in again.text
        assert "2,250 days" in (await carla.says("/days"))[0].text

        await carla.says("/extend all 25")
        assert "50 days" in (await carla.last()).text
        await carla.presses("Confirm")
        assert set((await world.platform()).values()) == {"active"}
        assert "2,200 days" in (await carla.says("/days"))[0].text

        # Five days of trial and 25 of days end on 1 April, 10:02.
        for at, words in (
            ("2026-03-29T10:05:00+00:00", "run out"),
            ("2026-03-31T10:05:00+00:00", "run out"),
        ):
            before = await carla.last_id()
            await world.until(at)
            (notice,) = await carla.texts(after=before)
            assert words in notice
            assert "chip-1" in notice
            assert "chip-2" in notice
        await world.until("2026-04-01T10:01:00+00:00")
        assert set((await world.platform()).values()) == {"active"}
        before = await carla.last_id()
        await world.until("2026-04-01T10:05:00+00:00")
        assert set((await world.platform()).values()) == {"stopped"}
        out = "\n".join(await carla.texts(after=before))
        assert "used up" in out

        # They end moments apart, so each may have a notice of its own.
        await carla.presses("Extend")
        await carla.presses("Confirm")
        if "stopped" in (await world.platform()).values():
            await carla.says("/extend stopped 30")
        assert set((await world.platform()).values()) == {"active"}
        assert "2,140 days" in (await carla.says("/days"))[0].text

        # Twelve days and five hours later 17 of 30 come back.
        await world.until("2026-04-13T15:05:00+00:00")
        await carla.says("/delete chip-1")
        assert "17 days" in (await carla.last()).text
        await carla.presses("Confirm")
        assert "2,157 days" in (await carla.says("/days"))[0].text


async def test_what_extends_itself_goes_on_until_the_balance_is_short():
    async with living_in(at=START) as world:
        carla = await enrolled(world, "Carla", "Acme", "days")
        sofia = await world.staff()
        await carla.says("/new chip-1")
        await bought(world, carla, sofia, "60 days", "60.00")
        await carla.says("/extend chip-1 25")
        await carla.says("/auto chip-1 on")
        before = await carla.last_id()
        await world.until("2026-04-01T10:05:00+00:00")
        assert await world.platform() == {"chip-1": "active"}
        assert "5 days" in (await carla.says("/days"))[0].text
        told = "\n".join(await carla.texts(after=before))
        assert "run out" not in told

        # The next 30 are not there: it is said 3 days before, 1 day before, and when it stops.
        for at, words in (
            ("2026-04-28T10:05:00+00:00", "does not reach"),
            ("2026-04-30T10:05:00+00:00", "does not reach"),
            ("2026-05-01T10:05:00+00:00", "used up"),
        ):
            before = await carla.last_id()
            await world.until(at)
            assert any(words in text for text in await carla.texts(after=before)), at
        assert await world.platform() == {"chip-1": "stopped"}
        # Days that come in are taken by what waits for them.
        await bought(world, carla, sofia, "1 channel", "30.00")
        assert await world.platform() == {"chip-1": "active"}


async def test_a_request_that_waits_is_escalated():
    async with living_in(at=START) as world:
        carla = await enrolled(world, "Carla", "Acme", "days")
        sofia = await world.staff()
        await carla.says("/buy 30 days")
        await carla.presses("Confirm")
        before = await sofia.last_id()
        await world.advance("20m")
        (soon,) = await sofia.texts(after=before)
        assert "is not there yet" in soon
        before = await sofia.last_id()
        await world.advance("10m")
        (over,) = await sofia.texts(after=before)
        assert "The time is over" in over
        await carla.presses("Withdraw")
        assert "Withdrawn" in (await sofia.last()).text


async def the_same(person: Human, card: Said) -> Said:
    """Return a message as it stands now."""
    return next(said for said in await person.heard() if said.message_id == card.message_id)
