"""The bot among strangers: groups that are nobody's, people who block it, groups that move."""

from __future__ import annotations

from tests.scenarios.test_support import card_of
from tests.scenarios.world import Human, World, enrolled, living_in


async def group(world: World, who: Human, kind: str = "supergroup") -> Human:
    made = await world.post(
        "chats", {"title": "Somewhere", "type": kind, "members": [who.id]}, settle=1
    )
    return Human(world, who.id, who.name, made["id"])


async def left(who: Human) -> bool:
    """Whether the bot has left a group, as its members see it."""
    return any(one.raw["service"] and "left" in one.text for one in await who.heard())


async def test_a_strange_group_is_left_at_once_others_after_an_hour_unless_bound():
    async with living_in() as world:
        steve = await group(world, await world.newcomer("Steve"))
        assert "I leave" in (await steve.texts())[0]
        assert await left(steve)

        carla = await enrolled(world, "Carla", "Acme")
        hers = await group(world, carla)
        assert "an hour" in (await hers.last()).text
        sofia = await world.staff()
        second = await group(world, sofia)
        await second.says("/bind")
        await world.advance("59m")
        assert not await left(hers)
        await world.advance("2m")
        assert await left(hers)
        assert not await left(second)


async def test_a_group_that_became_a_supergroup_keeps_its_cards():
    async with living_in() as world:
        sofia = await world.staff()
        desk = await group(world, sofia, "group")
        await desk.says("/bind")
        carla = await enrolled(world, "Carla", "Acme")
        await carla.says("/support Before")
        heir = await world.post(f"chats/{desk.chat_id}/migrate", settle=1)
        moved = Human(world, sofia.id, "Sofia", heir["id"])
        await carla.says("/support After")
        await moved.presses("Claim", on=await card_of(moved, "After"))
        assert "Sofia sees to it" in (await card_of(moved, "After")).text
        await moved.says("Both.", reply_to=(await card_of(moved, "After")).message_id)
        assert (await carla.last()).text.endswith("Both.")
        assert "Answered by Sofia" in (await card_of(moved, "Before")).text
        shown = [one for one in await moved.heard() if "Before" in one.text]
        assert len(shown) == 1, "said anew where it is found"


async def test_another_member_hears_what_one_who_blocked_the_bot_cannot():
    async with living_in(at="2026-03-02T10:00:00-03:00") as world:
        carla = await enrolled(world, "Carla", "Acme")
        sofia = await world.staff()
        await sofia.says("/partner Acme")
        await sofia.presses("Owner code")
        code = (await sofia.last()).text
        otto = await world.newcomer("Otto")
        await otto.says("/start " + next(word for word in code.split() if len(word) == 22))
        await carla.says("/new loja-1")
        await world.post(f"people/{carla.id}/block", settle=1)
        before = await sofia.last_id()
        await world.advance("7d")
        notes = [one.text for one in await otto.heard() if "cannot be reached" in one.text]
        assert len(notes) == 1
        assert "Carla" in notes[0]
        told = [text for text in await sofia.texts(before) if "cannot be reached" in text]
        assert len(told) == 1
        assert "Otto was told instead" in told[0]
