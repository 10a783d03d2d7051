import asyncio
from datetime import timedelta

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, Conflict

from bot.sandbox.box import Box
from bot.sandbox.webhook_push import pause_seconds
from tests.bot.sandbox.neighbour import BRUNO, Neighbour
from tests.bot.sandbox.test_updates import tap


class Receiver:
    """A bot's webhook that answers as the test says."""

    def __init__(self):
        self.got = []
        self.secrets = []
        self.status = {}  # by text or callback data: what to answer, 200 if nothing is said
        self.headers = {}
        self._runner = None

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/hook"
        return self

    async def __aexit__(self, *_):
        await self._runner.cleanup()

    async def _take(self, request):
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update = await request.json()
        query = update.get("callback_query")
        text = query["data"] if query else update["message"]["text"]
        self.got.append(text)
        return web.Response(status=self.status.get(text, 200), headers=self.headers)

    async def until(self, count):
        async with asyncio.timeout(5):
            while len(self.got) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.005)


@pytest.fixture
async def receiver():
    async with Receiver() as receiver:
        yield receiver


class TestWebhook:
    async def test_gets_updates_with_its_secret(self, bot: Bot, people: Neighbour, receiver):
        await people.say("before")
        await bot.set_webhook(receiver.url, secret_token="s3cret", max_connections=5)
        await people.say("after")
        await receiver.until(2)
        assert receiver.got == ["before", "after"]
        assert set(receiver.secrets) == {"s3cret"}
        await people.post("settle")
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count, info.max_connections) == (receiver.url, 0, 5)

    async def test_ends_polling_until_it_is_deleted(self, bot: Bot, people: Neighbour, receiver):
        await bot.set_webhook(receiver.url)
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
        await people.say("polled")
        assert len(await bot.get_updates()) == 1
        assert receiver.got == []

    async def test_that_fails_holds_up_its_chat_only(self, bot, people, receiver, box: Box):
        receiver.status["poison"] = 500
        await bot.set_webhook(receiver.url)
        for text in ("poison", "behind"):
            await people.say(text)
        await people.say("elsewhere", who=BRUNO)
        await receiver.until(3)
        assert sorted(receiver.got) == ["elsewhere", "poison", "poison"]  # the first retry at once
        info = await bot.get_webhook_info()
        assert info.pending_update_count == 2
        assert "500" in info.last_error_message
        # By the sandbox's clock: 2 s, then 4 s.
        await people.post("clock", set=(box.clock.now() + timedelta(seconds=2.5)).isoformat())
        assert receiver.got.count("poison") == 3
        receiver.status.clear()
        await people.advance("1m")
        assert receiver.got[-2:] == ["poison", "behind"]

    async def test_serves_taps_past_a_stuck_message(self, bot: Bot, people: Neighbour, receiver):
        receiver.status["poison"] = 500
        await bot.set_webhook(receiver.url)
        await people.say("poison")
        await tap(bot, people, data="tapped")
        await receiver.until(3)
        assert "tapped" in receiver.got

    async def test_names_its_own_pause(self, bot: Bot, people: Neighbour, receiver, box: Box):
        receiver.status["busy"] = 503
        receiver.headers["Retry-After"] = "30"
        await bot.set_webhook(receiver.url)
        await people.say("busy")
        await receiver.until(1)
        await people.post("clock", set=(box.clock.now() + timedelta(seconds=25)).isoformat())
        assert receiver.got == ["busy"]
        await people.advance("1m")
        assert receiver.got[:2] == ["busy", "busy"]

    async def test_is_not_asked_again_about_what_expired(self, bot, people, receiver):
        receiver.status["poison"] = 500
        await bot.set_webhook(receiver.url)
        await people.say("poison")
        await people.advance("25h")
        assert (await bot.get_webhook_info()).pending_update_count == 0
        await people.say("fresh")
        await people.post("settle")
        assert receiver.got[-1] == "fresh"

    async def test_that_nobody_answers_is_tried_again(self, bot: Bot, people: Neighbour):
        await bot.set_webhook("http://127.0.0.1:9/hook")
        await people.say("lost?")
        await people.advance("1m")
        info = await bot.get_webhook_info()
        assert "Connection failed" in info.last_error_message
        assert info.pending_update_count == 1

    async def test_can_begin_without_what_waited(self, bot: Bot, people: Neighbour, receiver):
        await people.say("old")
        await bot.set_webhook(receiver.url, drop_pending_updates=True)
        await people.say("new")
        await receiver.until(1)
        assert receiver.got == ["new"]
        await bot.set_webhook("", drop_pending_updates=True)
        assert (await bot.get_webhook_info()).url == ""

    @pytest.mark.parametrize(
        ("url", "secret", "words"),
        [
            ("http://example.org/hook", None, "(?i)an https url must be provided"),
            ("ftp://127.0.0.1/", None, "Bad webhook"),
            ("https://example.org/hook", "not allowed!", "Secret token contains unallowed"),
        ],
    )
    async def test_must_be_one_that_telegram_takes(self, bot: Bot, url, secret, words):
        with pytest.raises(BadRequest, match=words):
            await bot.set_webhook(url, secret_token=secret)


def test_pauses_grow_from_none_to_a_minute_or_two():
    assert [pause_seconds(failures) for failures in range(1, 7)] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= pause_seconds(failures) <= 120 for failures in (8, 9, 50))
