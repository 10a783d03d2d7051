"""A staff group with topics: one for each partner, made once and made again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.world import Human, Said, World, enrolled, living_in


class Forum:
    """A staff group with topics, beside the sandbox's own."""

    def __init__(self, world: World, sofia: Human, chat_id: int) -> None:
        self.world = world
        self.sofia = Human(world, sofia.id, "Sofia", chat_id)
        self.chat_id = chat_id

    async def topics(self) -> dict[str, int]:
        chats = await self.world.get("chats")
        here = next(chat for chat in chats if chat["id"] == self.chat_id)
        return {one["name"]: one["thread_id"] for one in here["topics"]}

    async def told(self, thread_id: int | None) -> list[Said]:
        return [
            one
            for one in await self.sofia.heard()
            if one.by_bot and one.raw["thread_id"] == thread_id and not one.raw["service"]
        ]

    async def rights(self, **rights: bool) -> None:
        await self.world.post(f"chats/{self.chat_id}/rights", rights, settle=1)


async def forum(world: World, **rights: bool) -> Forum:
    sofia = await world.staff()
    body: dict[str, Any] = {
        "title": "Desk", "type": "supergroup", "members": [sofia.id], "is_forum": True,
    }  # fmt: skip
    made = await world.post("chats", body, settle=1)
    found = Forum(world, sofia, made["id"])
    if rights:
        await found.rights(**rights)
    await found.sofia.says("/bind")
    return found


async def test_a_partner_has_a_topic_made_once_and_made_again():
    async with living_in() as world:
        desk = await forum(world, admin=True, manage_topics=True)
        carla = await enrolled(world, "Carla", "Acme")
        assert await desk.topics() == {}
        await carla.says("/support First")
        thread = (await desk.topics())["Acme"]
        (card,) = await desk.told(thread)
        assert "First" in card.text
        # Only a reply is for the partner; what is answered to a command stays in the topic.
        await desk.sofia.says("between us", thread_id=thread)
        (queue,) = await desk.sofia.says("/queue", thread_id=thread)
        assert queue.raw["thread_id"] == thread
        await desk.sofia.says("Noted.", thread_id=thread, reply_to=card.message_id)
        assert (await carla.last()).text == "💬 Our staff:\nNoted."

        await carla.says("Thanks", reply_to=(await carla.last()).message_id)
        assert "Thanks" in (await desk.told(thread))[-1].text
        assert list(await desk.topics()) == ["Acme"]

        await world.get("chats")
        async with world._http.delete(f"{world._url}/sandbox/chats/{desk.chat_id}/topics/{thread}"):
            pass
        await carla.says("/support Second")
        again = (await desk.topics())["Acme"]
        assert again != thread
        assert "Second" in (await desk.told(again))[-1].text


async def test_events_are_told_there_and_replies_to_them_reach_the_owners():
    async with living_in() as world:
        desk = await forum(world, admin=True, manage_topics=True)
        carla = await enrolled(world, "Carla", "Acme")
        await carla.says("/token")
        await carla.says("/leave")
        await carla.presses("Confirm")
        thread = (await desk.topics())["Acme"]
        event = (await desk.told(thread))[-1]
        assert "has ended the partnership" in event.text
        (sent,) = await desk.sofia.says("Farewell!", thread_id=thread, reply_to=event.message_id)
        assert "Sent to Acme" in sent.text
        assert sent.raw["thread_id"] == thread
        assert (await carla.last()).text.endswith("Farewell!")


@pytest.mark.parametrize("rights", [{}, {"admin": True}], ids=["member", "admin"])
async def test_without_the_right_all_is_said_outside(rights):
    async with living_in() as world:
        desk = await forum(world, **rights)
        carla = await enrolled(world, "Carla", "Acme")
        await carla.says("/support First")
        assert await desk.topics() == {}
        card = (await desk.told(None))[-1]
        assert "First" in card.text
        await desk.sofia.says("Noted.", reply_to=card.message_id)
        assert (await carla.last()).text == "💬 Our staff:\nNoted."
        await desk.rights(admin=True, manage_topics=True)
        await carla.says("/support Second")
        assert "Second" in (await desk.told((await desk.topics())["Acme"]))[-1].text


async def test_a_topic_of_which_nobody_knows_is_never_made_twice():
    async with living_in() as world:
        desk = await forum(world, admin=True, manage_topics=True)
        carla = await enrolled(world, "Carla", "Acme")
        await world.post(
            "faults", {"method": "createForumTopic", "kind": "timeout_after", "times": 1}
        )
        await carla.says("/support First")
        await carla.says("/support Second")
        texts = [one.text for one in await desk.told(None)]
        assert sum("I cannot open topics here" in text for text in texts) == 1
        assert [one for one in texts if "First" in one]
        assert [one for one in texts if "Second" in one]
        assert len(await desk.topics()) <= 1
