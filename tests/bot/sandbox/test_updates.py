import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.sandbox.box import Box
from tests.bot.sandbox.neighbour import ANA, BRUNO, SAM, SUPPORT, Neighbour


def texts(updates):
    return [update.message.text for update in updates]


class TestOffsets:
    async def test_forget_what_lies_below_them_at_once(self, bot: Bot, people: Neighbour):
        for word in ("one", "two", "three"):
            await people.say(word)
        first, *_ = await bot.get_updates()
        assert texts(await bot.get_updates()) == ["one", "two", "three"]  # nothing confirmed yet
        assert texts(await bot.get_updates(offset=first.update_id + 1)) == ["two", "three"]
        assert texts(await bot.get_updates()) == ["two", "three"]

    async def test_keep_only_the_last_if_negative(self, bot: Bot, people: Neighbour):
        for word in ("one", "two", "three"):
            await people.say(word)
        assert texts(await bot.get_updates(offset=-2)) == ["two", "three"]
        assert texts(await bot.get_updates()) == ["two", "three"]

    async def test_too_far_ahead_forget_nothing(self, bot: Bot, people: Neighbour):
        await people.say("one")
        (update,) = await bot.get_updates()
        assert texts(await bot.get_updates(offset=update.update_id + 12)) == ["one"]
        assert texts(await bot.get_updates(offset=1)) == ["one"]
        assert texts(await bot.get_updates(offset=update.update_id + 11)) == []

    async def test_count_up_by_one(self, bot: Bot, people: Neighbour):
        await people.say("one")
        await people.say("two")
        first, second = await bot.get_updates()
        assert second.update_id == first.update_id + 1
        assert texts(await bot.get_updates(limit=1)) == ["one"]


class TestLongPolling:
    async def test_wakes_at_once(self, bot: Bot, people: Neighbour):
        poll = asyncio.create_task(bot.get_updates(timeout=10))
        await asyncio.sleep(0.05)
        await people.say("hello")
        async with asyncio.timeout(1):
            assert texts(await poll) == ["hello"]

    async def test_ends_with_nothing_when_its_time_is_over(self, bot: Bot, people: Neighbour):
        async with asyncio.timeout(3):
            assert await bot.get_updates(timeout=1) == ()

    async def test_of_a_second_poller_ends_the_first_with_409(self, box, bot, people):
        first = asyncio.create_task(bot.get_updates(timeout=10))
        await asyncio.sleep(0.05)
        second = asyncio.create_task(bot.get_updates(timeout=10))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await people.say("hello")
        assert texts(await second) == ["hello"]

    async def test_is_given_up_when_the_caller_hangs_up(self, box: Box, bot: Bot):
        poll = asyncio.create_task(bot.get_updates(timeout=50))
        await asyncio.sleep(0.05)
        assert box._polls._current is not None
        poll.cancel()
        with pytest.raises(asyncio.CancelledError):
            await poll
        async with asyncio.timeout(1):
            while box._polls._current is not None:
                await box._exchange.happenings.wait(0.01)

    async def test_ends_when_the_box_stops(self, box: Box, bot: Bot):
        poll = asyncio.create_task(bot.get_updates(timeout=50))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(3):
            await box.stop()
            assert await poll == ()


class TestExpiry:
    async def test_of_messages_comes_after_a_day(self, bot: Bot, people: Neighbour):
        await people.say("old")
        await people.advance("23h59m")
        assert texts(await bot.get_updates()) == ["old"]
        await people.advance("1m")
        assert await bot.get_updates() == ()

    async def test_of_an_edit_counts_from_the_message(self, bot: Bot, people: Neighbour):
        message_id = await people.say("old")
        await people.advance("23h")
        await people.say("new", edit_of=message_id)
        await people.advance("2h")
        assert await bot.get_updates() == ()

    async def test_of_taps_comes_after_150_seconds(self, bot: Bot, people: Neighbour, box: Box):
        await tap(bot, people)
        assert len(await bot.get_updates()) == 1
        await people.post("clock", set=(box.clock.now() + timedelta(seconds=149)).isoformat())
        # The press itself took a while of sandbox time, so what is left is a hair.
        await people.post("clock", set=(box.clock.now() + timedelta(seconds=1)).isoformat())
        assert await bot.get_updates() == ()


class TestUpdateIds:
    async def test_jump_down_after_seven_idle_days(self, bot: Bot, people: Neighbour):
        await people.say("before")
        (before,) = await bot.get_updates()
        await people.advance("8d")
        await people.say("after")
        (after,) = await bot.get_updates()
        assert after.update_id < before.update_id
        # The bot's old offset now lies far ahead, and must not swallow the new update.
        assert texts(await bot.get_updates(offset=before.update_id + 1)) == ["after"]

    async def test_go_on_within_seven_days(self, bot: Bot, people: Neighbour):
        await people.say("before")
        (before,) = await bot.get_updates()
        await people.advance("6d")
        await people.say("after")
        (after,) = await bot.get_updates()
        assert after.update_id == before.update_id + 1


class TestAllowedUpdates:
    async def test_are_remembered_and_not_retroactive(self, bot: Bot, people: Neighbour):
        await bot.get_updates(allowed_updates=["callback_query"])
        await people.say("unwanted")
        assert await bot.get_updates() == ()
        await bot.get_updates(allowed_updates=[])
        await people.say("wanted")
        assert texts(await bot.get_updates()) == ["wanted"]


class TestPrivacy:
    @pytest.mark.parametrize(
        ("text", "heard"),
        [
            ("/queue", True),
            ("/queue@PartnerDesk_bot", True),
            ("/queue@other_bot", False),
            ("hello all", False),
            ("see /queue", False),  # a command is what a message begins with
        ],
    )
    async def test_lets_only_what_is_meant_for_the_bot_through(self, bot, people, text, heard):
        await people.say(text, who=SAM, chat=SUPPORT)
        assert texts(await bot.get_updates()) == ([text] if heard else [])

    async def test_lets_replies_to_the_bot_through(self, bot: Bot, people: Neighbour):
        said = await bot.send_message(SUPPORT, "card")
        other = await people.say("not you", who=SAM, chat=SUPPORT)
        await people.say("nor you", who=SAM, chat=SUPPORT, reply_to=other)
        await people.say("yes", who=SAM, chat=SUPPORT, reply_to=said.message_id)
        (update,) = await bot.get_updates()
        assert update.message.text == "yes"
        assert update.message.reply_to_message.text == "card"

    async def test_ends_where_the_bot_is_admin(self, bot: Bot, people: Neighbour):
        await people.post(f"chats/{SUPPORT}/rights", admin=True)
        await people.say("hello all", who=SAM, chat=SUPPORT)
        assert texts((await bot.get_updates())[1:]) == ["hello all"]


async def tap(bot: Bot, people: Neighbour, data: str = "go", **answer):
    buttons = {"inline_keyboard": [[{"text": "Go", "callback_data": data}]]}
    said = await bot.send_message(ANA, "press", reply_markup=buttons)
    return await people.post(
        "presses", chat_id=ANA, from_id=ANA, message_id=said.message_id, button="Go"
    )


class TestSenders:
    async def test_of_forwarded_messages_stay_visible(self, bot: Bot, people: Neighbour):
        await people.say("look", forward_from=BRUNO)
        (update,) = await bot.get_updates()
        assert update.message.forward_origin.sender_user.id == BRUNO

    async def test_that_are_anonymous_admins_share_an_id(self, bot: Bot, people: Neighbour):
        await people.say("/queue", who=SAM, chat=SUPPORT, sender_chat=SUPPORT)
        (update,) = await bot.get_updates()
        assert update.message.from_user.id == 1087968824
        assert update.message.sender_chat.id == SUPPORT

    async def test_that_are_channels_share_another(self, bot: Bot, people: Neighbour):
        await people.say("/queue", who=SAM, chat=SUPPORT, sender_chat=-1009999999999)
        (update,) = await bot.get_updates()
        assert update.message.from_user.id == 136817688
        assert update.message.sender_chat.type == "channel"
