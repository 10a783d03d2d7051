import asyncio
from datetime import datetime, timedelta

import pytest
from telegram import Bot

from bot.sandbox import settling
from bot.sandbox.box import Box
from tests.bot.sandbox.neighbour import ANA, Neighbour, Refused


class Diary:
    """A bot with entries that are due, each done when the clock was moved there."""

    def __init__(self, box: Box, *entries: datetime):
        self.clock = box.clock
        self.entries = sorted(entries)
        self.done = []
        self.open = 0
        self.faults = []

    async def said(self):
        return True

    async def idle(self):
        due = [entry for entry in self.entries if entry <= self.clock.now()]
        return not due and self.open == 0

    async def next_due(self):
        return min(self.entries, default=None)

    def nudge(self):
        for entry in [entry for entry in self.entries if entry <= self.clock.now()]:
            self.entries.remove(entry)
            self.done.append((entry, self.clock.now()))

    async def platform_instances(self):
        return [{"id": "K7Q2M", "name": "loja-1", "state": "trial"}]

    async def platform_fault(self, operation, kind, times):
        if operation != "create":
            raise ValueError(f"no operation {operation}")
        self.faults.append((operation, kind, times))


async def confirm(bot: Bot):
    """Poll as a bot does: what was got is confirmed by the next poll."""
    offset, got = 0, []
    while True:
        for update in await bot.get_updates(offset=offset, timeout=10):
            got.append(update)
            offset = update.update_id + 1


class TestClock:
    async def test_stops_at_every_instant_that_is_due_in_order(self, box: Box, people: Neighbour):
        start = box.clock.now()
        days = [start + timedelta(days=day) for day in (3, 1, 2, 9)]
        diary = Diary(box, *days)
        box.attach(diary)
        slept = []

        async def sleep():
            await box.clock.sleep_until(start + timedelta(days=1.5))
            slept.append(box.clock.now())

        sleeper = asyncio.create_task(sleep())
        now = await people.advance("5d")
        assert [entry for entry, _ in diary.done] == sorted(days)[:3]
        assert all(at - entry < timedelta(seconds=1) for entry, at in diary.done)
        await sleeper
        assert slept[0] - start < timedelta(days=1.6)  # woken in its turn, not at the end
        assert timedelta(days=5) <= now - start < timedelta(days=5, seconds=5)

    async def test_wants_new_things_done_that_come_up_on_the_way(self, box, people):
        start = box.clock.now()
        diary = Diary(box, start + timedelta(hours=1))
        plain_nudge = diary.nudge

        def nudge():
            before = len(diary.done)
            plain_nudge()
            if len(diary.done) > before and len(diary.done) < 5:
                diary.entries.append(diary.done[-1][0] + timedelta(hours=1))

        diary.nudge = nudge
        box.attach(diary)
        await people.advance("1d")
        assert [entry - start for entry, _ in diary.done] == [
            timedelta(hours=hour) for hour in (1, 2, 3, 4, 5)
        ]

    async def test_can_be_set_to_an_instant(self, people: Neighbour):
        told = await people.post("clock", set="2040-03-01T10:00:00-03:00")
        assert told["now"].startswith("2040-03-01T13:00:00")
        assert (await people.now()).year == 2040

    @pytest.mark.parametrize(
        "move",
        [
            {},
            {"advance": "2d", "set": "2040-03-01T10:00:00-03:00"},
            {"advance": "2w"},
            {"advance": "-1d"},
            {"advance": "d"},
            {"advance": ""},
            {"advance": 5},
            {"advance": "٢d"},  # digits of another script
            {"set": "2040-03-01T10:00:00"},  # where?
            {"set": "tomorrow"},
            {"set": "2001-03-01T10:00:00-03:00"},  # backwards
            {"set": "9999-12-31T23:59:59-03:00"},
            {"advance": "999999d999999d999999d999999d"},
        ],
    )
    async def test_refuses_moves_that_make_no_sense(self, people: Neighbour, move):
        before = await people.now()
        with pytest.raises(Refused) as refused:
            await people.post("clock", **move)
        assert refused.value.status == 400
        assert await people.now() - before < timedelta(seconds=5)

    async def test_moves_once_for_each_of_two_that_move_it(self, box: Box, people: Neighbour):
        start = box.clock.now()
        await asyncio.gather(people.advance("1d"), people.advance("1d12h"))
        assert timedelta(days=2.5) <= box.clock.now() - start < timedelta(days=2.6)

    async def test_says_what_stays_due_for_ever(self, box, people, monkeypatch):
        monkeypatch.setattr(settling, "MOST_ROUNDS", 5)
        diary = Diary(box)

        async def always():
            return box.clock.now() - timedelta(seconds=1)

        diary.next_due = always
        box.attach(diary)
        monkeypatch.setattr(settling, "MOST_STOPS_A_SECOND", 5)
        with pytest.raises(Refused, match="due") as refused:
            await people.advance("1d")
        assert refused.value.status == 500

    async def test_says_what_stays_due_at_one_instant(self, box, people, monkeypatch):
        monkeypatch.setattr(settling, "MOST_ROUNDS", 5)
        past = box.clock.now()
        diary = Diary(box)

        async def always():
            return past

        diary.next_due = always
        box.attach(diary)
        with pytest.raises(Refused, match="stays due") as refused:
            await people.advance("1d")
        assert refused.value.status == 500

    async def test_moves_without_a_bot_though_updates_wait(self, bot: Bot, people: Neighbour):
        await people.say("anybody?")
        await people.advance("1h")
        assert len(await bot.get_updates()) == 1


class TestSettle:
    async def test_waits_until_the_bot_has_confirmed(self, bot: Bot, people: Neighbour):
        poller = asyncio.create_task(confirm(bot))
        body = {"chat_id": ANA, "from_id": ANA, "text": "hello"}
        async with asyncio.timeout(3):
            await people.post("messages?settle=1", **body)
            await people.post("settle")
        poller.cancel()
        await asyncio.gather(poller, return_exceptions=True)
        assert await bot.get_updates() == ()

    async def test_waits_until_the_bot_is_idle(self, box: Box, people: Neighbour):
        diary = Diary(box)
        diary.open = 1
        box.attach(diary)
        settled = asyncio.create_task(people.post("settle"))
        await asyncio.sleep(0.1)
        assert not settled.done()
        diary.open = 0
        async with asyncio.timeout(1):
            await settled

    async def test_waits_for_a_bot_that_is_still_starting(self, box, people):
        box.expect_app()
        settling = asyncio.create_task(people.post("settle"))
        await asyncio.sleep(0.1)
        assert not settling.done()
        box.attach(Diary(box))
        await settling

    async def test_gives_up_with_what_is_open(self, people: Neighbour, monkeypatch):
        monkeypatch.setattr(settling, "BOUND_SECONDS", 0.1)
        await people.say("anybody?")
        with pytest.raises(Refused, match="1 updates unhandled; no bot is attached") as refused:
            await people.post("settle")
        assert refused.value.status == 503


class TestPlatform:
    async def test_is_the_bots_own(self, box: Box, people: Neighbour):
        diary = Diary(box)
        with pytest.raises(Refused, match="no bot lives in this box"):
            await people.get("platform/instances")
        box.attach(diary)
        assert (await people.get("platform/instances"))[0]["name"] == "loja-1"
        await people.post("faults", platform="create", times=2, kind="refused")
        assert diary.faults == [("create", "refused", 2)]
        with pytest.raises(Refused, match="no operation fly"):
            await people.post("faults", platform="fly", times=2, kind="refused")
