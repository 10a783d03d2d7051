"""Numbers that drop, and a platform that holds other instances than we know, through HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.scenarios.world import Human, Refused, Said, World, enrolled, living_in

NIGHT = "2026-01-31T02:00:00-03:00"
NEXT_NIGHT = "2026-02-01T02:00:00-03:00"
GONE = "is not connected any more"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with living_in() as found:
        yield found


async def made(world: World, *names: str) -> dict[str, str]:
    """Return the ids of a new partner's instances by name."""
    carla = await enrolled(world, programme="days")
    await carla.says(f"/new {', '.join(names)}")
    return {one["name"]: one["id"] for one in await world.get("platform/instances")}


async def link(world: World, reference: str, *, connected: bool) -> None:
    await world.post(f"platform/instances/{reference}/link", {"connected": connected})
    await world.settle()


async def press(person: Human, ending: str) -> Said:
    """Press the newest button that ends so, and return the newest message."""
    for one in reversed(await person.heard()):
        for label in one.labels:
            if label.endswith(ending):
                await person.presses(label, on=one)
                return (await person.heard())[-1]
    raise AssertionError(f"nobody sees a button {ending!r}")


async def card(staff: Human) -> Said:
    return next(one for one in await staff.heard() if "Compared with" in one.text)


class TestANumber:
    async def test_that_drops_is_told_after_a_while_with_a_way_to_connect_it(self, world):
        ids = await made(world, "loja-1", "loja-2")
        carla = await world.person("Carla")
        for reference in ids.values():
            await link(world, reference, connected=True)
        assert "📱" in (await carla.says("/list"))[-1].text
        for reference in ids.values():
            await link(world, reference, connected=False)
        shown = (await carla.says("/show loja-1"))[-1]
        assert "📵 Not connected since Fri 30 Jan, 18:00" in shown.text
        assert "📵 since Fri 30 Jan, 18:00" in (await carla.says("/list"))[-1].text
        after = await carla.last_id()
        await world.advance("4m")
        assert await carla.texts(after) == []
        await world.advance("10m")
        (told,) = [one for one in await carla.heard(after) if one.by_bot]
        assert "2 instances are not connected any more" in told.text
        assert told.labels == ["loja-1", "loja-2", "My instances"]
        await carla.presses("loja-1", on=told)
        assert "loja-1" in (await carla.last()).text
        await world.advance("3h")
        assert len([text for text in await carla.texts(after) if GONE in text]) == 0

    async def test_that_is_back_soon_is_not_told(self, world):
        ids = await made(world, "loja-1")
        carla = await world.person("Carla")
        await link(world, ids["loja-1"], connected=True)
        after = await carla.last_id()
        await link(world, ids["loja-1"], connected=False)
        await world.advance("4m")
        await link(world, ids["loja-1"], connected=True)
        await world.advance("2h")
        assert await carla.texts(after) == []


class TestANight:
    async def test_says_nothing_where_nothing_differs(self, world):
        await made(world, "loja-1")
        staff = await world.staff()
        await world.until(NIGHT)
        await world.until(NEXT_NIGHT)
        assert [text for text in await staff.texts() if "Compared with" in text] == []
        assert "Partner Desk, compared Sun 1 Feb: " in (await staff.says("/health"))[-1].text

    async def test_finds_one_that_nobody_knows_and_a_partner_gets_it(self, world):
        await made(world, "loja-1")
        staff, carla = await world.staff(), await world.person("Carla")
        reference = (await world.post("platform/instances", {"name": "stranger"}))["id"]
        await world.advance("20h")
        assert "stranger" in (await card(staff)).text
        assert "is there, and nobody here knows it" in (await card(staff)).text
        await staff.presses("Claim")
        assert "👤 Sofia" in (await card(staff)).text
        await press(staff, "stranger")
        asked = await press(staff, "Adopt")
        (shown,) = await staff.says("Acme 2026-12-31", reply_to=asked.message_id)
        assert f"{reference} of Partner Desk comes to Acme as stranger" in shown.text
        done = await press(staff, "Confirm")
        assert "belongs to Acme now" in done.text
        assert "stranger" in (await carla.says("/list"))[-1].text
        assert (await world.platform())["stranger"] == "active"
        assert "✅ Nothing differs any more." in (await card(staff)).text
        await world.advance("24h")
        assert len([text for text in await staff.texts() if "Compared with" in text]) == 1

    async def test_finds_ours_that_is_gone_there_and_a_person_corrects_it(self, world):
        ids = await made(world, "loja-1", "loja-2")
        staff, carla = await world.staff(), await world.person("Carla")
        await world.delete(f"platform/instances/{ids['loja-1']}")
        await world.delete(f"platform/instances/{ids['loja-2']}")
        with pytest.raises(Refused):
            await world.delete(f"platform/instances/{ids['loja-2']}")
        await world.advance("20h")
        assert "is not there any more; here it is trial" in (await card(staff)).text
        # Until somebody says so nothing is changed.
        assert "2 instances" in (await carla.says("/list"))[-1].text
        await press(staff, "loja-1")
        asked = await press(staff, "Correct here")
        assert "Its partner is told" in asked.text
        await press(staff, "Confirm")
        assert "does not exist at the messaging platform any more" in (await carla.last()).text
        await press(staff, "loja-2")
        await press(staff, "Create there again")
        await press(staff, "Confirm")
        assert await world.platform() == {"loja-2": "trial"}
        await world.until(NEXT_NIGHT)
        assert "✅ Nothing differs any more." in (await card(staff)).text

    async def test_deletes_there_only_what_a_person_confirms(self, world):
        await made(world, "loja-1")
        staff = await world.staff()
        await world.post("platform/instances", {"name": "stranger"})
        await world.advance("20h")
        await world.until(NEXT_NIGHT)
        assert (await world.platform())["stranger"] == "trial"
        await world.post("faults", {"platform": "delete", "kind": "500", "times": 2})
        await press(staff, "stranger")
        asked = await press(staff, "Delete there")
        assert "Delete it at the platform?" in asked.text
        assert (await world.platform())["stranger"] == "trial"
        await press(staff, "Confirm")
        assert "is being deleted there, tried again" in (await card(staff)).text
        await world.advance("5m")
        assert (await world.platform())["stranger"] == "deleted"
        assert "☑️ stranger: deleted there, Sofia" in (await card(staff)).text
        history = (await staff.says("/audit"))[-1].text
        assert "to be deleted at the platform" in history
        assert "deletion at the platform" in history

    async def test_waits_in_the_queue_and_may_be_left_as_it_is(self, world):
        await made(world, "loja-1")
        staff = await world.staff("Sam")
        await world.post("platform/instances", {"name": "stranger"})
        await world.advance("20h")
        (queue,) = await staff.says("/queue")
        assert "Differ at the platform: 1" in queue.text
        await press(staff, "🔍 embedded")
        shown = await press(staff, "stranger")
        # Support may do without an admin what changes no partner.
        refused = await press(staff, "Adopt")
        assert refused.text == shown.text
        await press(staff, "Leave it so")
        (queue,) = await staff.says("/queue")
        assert "Differ at the platform" not in queue.text
