"""Topics that are opened, messages that are copied, chats that are left: each as a row."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from storage.delivery.sending import Sending
from storage.engine.database import Database
from tests.bot.delivery.clock import HurriedClock
from tests.bot.delivery.telegram import FORBIDDEN, HANG_UP_AFTER, FakeTelegram, refusal
from tests.bot.delivery.test_sender import Desk

GONE = refusal("message thread not found")


@pytest.fixture
async def desk(
    bot: Bot, telegram: FakeTelegram, database: Database, clock: HurriedClock
) -> AsyncIterator[Desk]:
    opened = Desk(bot, telegram, database, clock)
    yield opened
    await opened.stop()


async def opened(desk, **more):
    await desk.say("topic:a", "Acme", kind="topic", class_="place", run=False, **more)


class TestATopic:
    async def test_is_opened_before_what_is_said_in_it(self, desk):
        await desk.say("money", class_="money", topic="topic:a", run=False)
        await opened(desk)
        await desk.say("more", topic="topic:a")
        await desk.settle()
        assert [name for name, _ in desk.telegram.calls] == [
            "createForumTopic", "sendMessage", "sendMessage",
        ]  # fmt: skip
        (made,) = desk.telegram.called("createForumTopic")
        assert made["name"] == "Acme"
        sent = desk.telegram.called("sendMessage")
        assert {one["message_thread_id"] for one in sent} == {"900"}

    async def test_is_renamed_in_place(self, desk):
        await opened(desk)
        desk.go()
        await desk.settle()
        await desk.say("topic:a", "Acme Ltd", kind="topic", class_="place")
        await desk.settle()
        (renamed,) = desk.telegram.called("editForumTopic")
        assert (renamed["name"], renamed["message_thread_id"]) == ("Acme Ltd", "900")
        desk.telegram.fail("editForumTopic", refusal("TOPIC_NOT_MODIFIED"))
        await desk.say("topic:a", "Acme", kind="topic", class_="place")
        await desk.settle()
        assert await desk.state("topic:a") == "sent"

    async def test_that_was_deleted_is_opened_anew_and_said_in(self, desk):
        await opened(desk)
        desk.go()
        await desk.settle()
        desk.telegram.fail("sendMessage", GONE)
        await desk.say("card", topic="topic:a")
        await desk.settle()
        assert len(desk.telegram.called("createForumTopic")) == 2
        assert desk.telegram.called("sendMessage")[-1]["message_thread_id"] == "901"
        assert await desk.state("card") == "sent"

    async def test_that_was_deleted_is_opened_anew_when_it_is_renamed(self, desk):
        await opened(desk)
        desk.go()
        await desk.settle()
        desk.telegram.fail("editForumTopic", GONE)
        await desk.say("topic:a", "Acme Ltd", kind="topic", class_="place")
        await desk.settle()
        assert [one["name"] for one in desk.telegram.called("createForumTopic")] == [
            "Acme", "Acme Ltd",
        ]  # fmt: skip

    async def test_that_cannot_be_written_in_is_not_opened_for_ever(self, desk):
        await opened(desk)
        desk.telegram.fail("sendMessage", *[GONE] * 3)
        await desk.say("card", topic="topic:a")
        await desk.settle()
        assert await desk.state("card") == "sent"
        assert "message_thread_id" not in desk.telegram.called("sendMessage")[-1]
        assert len(desk.telegram.called("createForumTopic")) <= 4

    async def test_that_is_refused_leaves_all_outside_and_is_told(self, desk):
        desk.telegram.fail("createForumTopic", refusal("not enough rights to create a topic"))
        await opened(desk)
        await desk.say("card", topic="topic:a")
        await desk.settle()
        ((chat_id, key, why),) = desk.refused
        assert (chat_id, key) == (7, "topic:a")
        assert "not enough rights" in why.lower()
        assert "message_thread_id" not in desk.telegram.called("sendMessage")[-1]

    async def test_of_which_nobody_knows_is_never_opened_twice(self, desk):
        desk.telegram.fail("createForumTopic", HANG_UP_AFTER)
        await opened(desk)
        await desk.say("card", topic="topic:a")
        await desk.settle()
        assert len(desk.telegram.called("createForumTopic")) == 1
        assert await desk.state("topic:a") == "ambiguous"
        assert desk.refused == [(7, "topic:a", "no answer")]
        assert await desk.state("card") == "sent"

    async def test_that_was_being_opened_when_the_process_ended_is_left_and_told(self, desk):
        await opened(desk)
        await desk.database.write(lambda tx: Sending(tx).begin("topic:a", desk.clock.now()))
        desk.go()
        await desk.settle()
        assert desk.telegram.called("createForumTopic") == []
        assert desk.refused == [(7, "topic:a", "no answer")]


class TestAnswersInATopic:
    async def test_are_said_where_they_were_asked_for(self, desk):
        await desk.say("answer", thread_id=55)
        await desk.settle()
        assert desk.telegram.called("sendMessage")[0]["message_thread_id"] == "55"

    async def test_are_said_outside_where_it_is_gone(self, desk):
        desk.telegram.fail("sendMessage", GONE)
        await desk.say("answer", thread_id=55)
        await desk.settle()
        assert await desk.state("answer") == "sent"
        assert "message_thread_id" not in desk.telegram.called("sendMessage")[-1]


class TestCopying:
    async def test_brings_the_file_with_words_beside_it(self, desk):
        await desk.say("file", "From Carla", kind="copy", reply_to=3)
        await desk.settle()
        (given,) = desk.telegram.called("copyMessage")
        assert (given["from_chat_id"], given["message_id"]) == ("9", "5")
        assert given["caption"] == "From Carla"
        assert '"message_id": 3' in given["reply_parameters"]
        assert await desk.state("file") == "sent"

    async def test_of_what_is_gone_is_told(self, desk):
        desk.telegram.fail("copyMessage", refusal("message to copy not found"))
        await desk.say("file", kind="copy")
        await desk.settle()
        assert [(key, "copy not found" in why) for _, key, why in desk.refused] == [("file", True)]


class TestLeaving:
    async def test_is_done_once_and_last(self, desk):
        await desk.say("leave", kind="leave", class_="broadcast", run=False)
        await desk.say("hint")
        await desk.settle()
        assert [name for name, _ in desk.telegram.calls] == ["sendMessage", "leaveChat"]
        assert await desk.state("leave") == "sent"

    async def test_where_it_is_not_any_more_is_over(self, desk):
        desk.telegram.fail("leaveChat", FORBIDDEN)
        await desk.say("leave", kind="leave")
        await desk.settle()
        assert await desk.state("leave") == "failed"
