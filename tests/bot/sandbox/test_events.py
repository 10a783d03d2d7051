import asyncio
import json

import aiohttp
import pytest
from telegram import Bot

from bot.sandbox import events
from bot.sandbox.box import Box
from tests.bot.sandbox.neighbour import ANA, SAM, Neighbour


class Reader:
    """A page's event stream."""

    def __init__(self, answer):
        self._content = answer.content

    async def next(self):
        """Return the next event as (kind, data); None when the stream has ended."""
        kind = None
        async with asyncio.timeout(5):
            while line := (await self._content.readline()).decode():
                name, _, value = line.rstrip("\n").partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    return kind, json.loads(value)
        return None


@pytest.fixture
async def reader(box: Box):
    async with aiohttp.ClientSession(box.url) as session, session.get("/sandbox/events") as answer:
        yield Reader(answer)


class TestEvents:
    async def test_begin_with_the_clock_and_tell_all_that_people_see(
        self, bot: Bot, people: Neighbour, reader: Reader
    ):
        assert (await reader.next())[0] == "clock"
        await people.say("hello")
        kind, data = await reader.next()
        assert (kind, data["chat_id"], data["message"]["text"]) == ("message", ANA, "hello")
        sent = await bot.send_message(ANA, "<b>hi</b>", parse_mode="HTML")
        assert (await reader.next())[1]["message"]["html"] == "<b>hi</b>"
        await sent.edit_text("there")
        edited = (await reader.next())[1]["message"]
        assert (edited["message_id"], edited["edited"]) == (sent.message_id, True)
        await sent.delete()
        gone = (await reader.next())[1]["message"]
        assert gone == {"message_id": sent.message_id, "deleted": True}
        await people.post("people", name="Zoe")
        assert [(await reader.next())[0] for _ in range(2)] == ["person", "chat"]
        await people.post("chats", title="Team", members=[SAM])
        assert [(await reader.next())[0] for _ in range(2)] == ["chat", "message"]
        now = await people.advance("1d")
        kind, data = await reader.next()
        assert kind == "clock"
        assert data["now"][:16] == now.isoformat()[:16]

    async def test_end_when_the_box_stops(self, box: Box, reader: Reader):
        await reader.next()
        async with asyncio.timeout(2):
            await box.stop()
        assert await reader.next() is None

    async def test_let_go_of_a_page_that_does_not_read(self, box: Box, monkeypatch):
        monkeypatch.setattr(events, "MOST_UNREAD", 2)
        stream = box._events._read()
        await anext(stream)
        for _ in range(4):
            box._exchange.happenings.tell("clock", box.clock.now())
        # What was begun is ended, what was not read is dropped: the page comes back for all.
        assert len([event async for event in stream]) == 1
        assert box._events._streams == set()
