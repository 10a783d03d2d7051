import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from telegram.error import Forbidden, NetworkError

from bot.sandbox.box import Box
from tests.bot.sandbox.neighbour import ANA, BRUNO, SAM, SOFIA, SUPPORT, Neighbour, bot_of

AT = datetime(2026, 1, 30, 18, tzinfo=UTC)
ALONE = """
import asyncio, sys
from datetime import datetime
from bot.sandbox.box import Box

async def main():
    box = Box(sys.argv[1], at=datetime.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else None)
    print(await box.start(0), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


class Alone:
    """A process that is nothing but a box."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments

    async def __aenter__(self) -> "Alone":
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", ALONE, *self._arguments, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout
        port = int(await self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.kill()
        await self._process.wait()


class TestKill:
    async def test_loses_nothing_that_was_acknowledged(self, tmp_path: Path):
        url = f"sqlite:///{tmp_path}/desk.db"
        async with Alone(url, AT.isoformat()) as box, Neighbour(box.url) as people:
            zoe = (await people.post("people", name="Zoe"))["id"]
            team = (await people.post("chats", title="Team", type="group", members=[zoe]))["id"]
            await people.post(f"people/{BRUNO}/block")
            await people.post("faults", method="leaveChat", times=1, kind="500")
            await people.say("pending", who=zoe)
            async with bot_of(box.url) as bot:
                await bot.set_my_commands([("new", "Create")])
                sent = await bot.send_document(zoe, b"abc", filename="a.txt")
                pending = await bot.get_updates(offset=-1, allowed_updates=["message"])
            before = await people.advance("40h")
            after = await people.say("later", who=zoe)
        async with Alone(url) as box, Neighbour(box.url) as people:
            assert await people.now() >= before
            assert await people.now() - before < timedelta(minutes=5)
            names = {one["id"]: one for one in await people.get("people")}
            assert names[zoe]["name"] == "Zoe"
            assert names[BRUNO]["blocked"] is True
            assert team in {one["id"] for one in await people.get("chats")}
            heard = await people.heard(zoe)
            assert [one["text"] for one in heard] == ["pending", "", "later"]
            assert heard[-1]["message_id"] == after
            async with bot_of(box.url) as bot:
                with pytest.raises(Forbidden):
                    await bot.send_message(BRUNO, "x")
                with pytest.raises(NetworkError, match="Internal Server Error"):
                    await bot.leave_chat(team)
                file = await bot.get_file(sent.document.file_id)
                assert bytes(await file.download_as_bytearray()) == b"abc"
                (update,) = await bot.get_updates()
                assert update.message.text == "later"
                assert update.update_id > pending[0].update_id
                assert [one.command for one in await bot.get_my_commands()] == ["new"]

    async def test_keeps_the_webhook_and_what_waits_for_it(self, tmp_path: Path):
        url = f"sqlite:///{tmp_path}/desk.db"
        async with Alone(url) as box, Neighbour(box.url) as people:
            async with bot_of(box.url) as bot:
                await bot.set_webhook("http://127.0.0.1:9/hook")
            await people.say("waits")
        async with Alone(url) as box, bot_of(box.url) as bot:
            info = await bot.get_webhook_info()
            assert (info.url, info.pending_update_count) == ("http://127.0.0.1:9/hook", 1)


class TestBox:
    async def test_goes_on_where_it_was_stopped(self, tmp_path: Path):
        url = f"sqlite:///{tmp_path}/desk.db"
        first = Box(url, at=AT)
        assert first.is_new
        now = first.clock.now()
        await first.start(0)
        await first.stop()
        stopped = first.clock.now()
        again = Box(url)
        assert not again.is_new
        assert again.inhabitants == first.inhabitants
        assert now < again.clock.now() < stopped + timedelta(seconds=1)
        await again.stop()

    async def test_begins_anew_at_another_time(self, tmp_path: Path):
        url = f"sqlite:///{tmp_path}/desk.db"
        await Box(url).stop()
        with pytest.raises(ValueError, match="only a fresh box"):
            Box(url, at=AT)
        fresh = Box(url, fresh=True, at=AT)
        assert fresh.clock.now() - AT < timedelta(seconds=1)
        await fresh.stop()

    async def test_has_its_people_under_the_same_ids_always(self):
        box = Box("sqlite://")
        who = box.inhabitants
        assert (who.ana, who.bruno, who.sofia, who.sam) == (ANA, BRUNO, SOFIA, SAM)
        assert who.support == SUPPORT
        await box.stop()

    async def test_starts_well_under_half_a_second(self):
        began = time.monotonic()
        box = Box("sqlite://")
        await box.start(0)
        assert time.monotonic() - began < 0.5
        await box.stop()

    async def test_says_that_its_port_is_taken(self):
        box, other = Box("sqlite://"), Box("sqlite://")
        port = await box.start(0)
        with pytest.raises(OSError, match="in use"):
            await other.start(port)
        await other.stop()
        await box.stop()
        await box.stop()  # once more changes nothing

    async def test_can_be_asked_for_the_time_when_it_has_stopped(self):
        box = Box("sqlite://")
        await box.stop()
        box.clock.move_to(box.clock.now() + timedelta(days=1))

    async def test_serves_the_page(self, box: Box):
        async with aiohttp.ClientSession(box.url) as session:
            async with session.get("/") as answer:
                assert answer.content_type == "text/html"
                assert answer.status == 200
            async with session.get("/page/page.js") as answer:
                assert answer.status == 200
                assert "javascript" in answer.content_type
