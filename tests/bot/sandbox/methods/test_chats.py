import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.bot.sandbox.neighbour import ANA, SAM, SOFIA, SUPPORT, Neighbour


class TestChats:
    async def test_tell_who_is_in_them(self, bot: Bot):
        assert (await bot.get_chat(SUPPORT)).title == "Support"
        assert (await bot.get_chat(ANA)).first_name == "Ana"
        assert (await bot.get_chat_member(SUPPORT, SOFIA)).status == "creator"
        assert (await bot.get_chat_member(SUPPORT, SAM)).status == "member"
        assert (await bot.get_chat_member(SUPPORT, ANA)).status == "left"
        assert (await bot.get_chat_member(SUPPORT, bot.id)).status == "member"
        assert [one.user.id for one in await bot.get_chat_administrators(SUPPORT)] == [SOFIA]
        assert await bot.get_chat_member_count(SUPPORT) == 3
        with pytest.raises(BadRequest, match="Invalid user_id"):
            await bot.get_chat_member(SUPPORT, 1)

    async def test_that_the_bot_left_are_closed_to_it(self, bot: Bot, people: Neighbour):
        await bot.leave_chat(SUPPORT)
        with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
            await bot.send_message(SUPPORT, "x")
        await people.say("/queue", who=SAM, chat=SUPPORT)
        assert await bot.get_updates() == ()
        await people.post(f"chats/{SUPPORT}/rights", admin=False)
        await bot.send_message(SUPPORT, "back")

    async def test_keep_a_pinned_message(self, bot: Bot, people: Neighbour):
        sent = await bot.send_message(ANA, "x")
        await sent.pin()
        assert (await bot.get_chat(ANA)).pinned_message.message_id == sent.message_id
        await sent.unpin()
        assert (await bot.get_chat(ANA)).pinned_message is None
        card = await bot.send_message(SUPPORT, "x")
        with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages"):
            await card.pin()


class TestMigration:
    async def test_gives_a_new_id_and_says_so_everywhere(self, bot: Bot, people: Neighbour):
        group = await people.post("chats", title="Team", type="group", members=[SOFIA, SAM])
        old = group["id"]
        await bot.send_message(old, "before")
        new = (await people.post(f"chats/{old}/migrate"))["id"]
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(old, "x")
        assert moved.value.new_chat_id == new
        await bot.send_message(new, "after")
        updates = [one.message for one in await bot.get_updates() if one.message]
        assert [one.migrate_to_chat_id for one in updates] == [None, new, None]
        assert [one.migrate_from_chat_id for one in updates] == [None, None, old]
        assert (await bot.get_chat(new)).type == "supergroup"


class TestTopics:
    @pytest.fixture
    async def forum(self, people: Neighbour) -> int:
        chat = await people.post(
            "chats", title="Desk", type="supergroup", is_forum=True, members=[SOFIA]
        )
        await people.post(f"chats/{chat['id']}/rights", admin=True, manage_topics=True)
        return chat["id"]

    async def test_are_opened_written_in_and_deleted(self, bot, people, forum):
        topic = await bot.create_forum_topic(forum, "Ana")
        thread = topic.message_thread_id
        sent = await bot.send_message(forum, "x", message_thread_id=thread)
        assert sent.is_topic_message
        assert (await people.heard(forum))[-1]["thread_id"] == thread
        await people.say("y", who=SOFIA, chat=forum, thread_id=thread)
        assert (await bot.get_updates())[-1].message.message_thread_id == thread
        await people.call("DELETE", f"chats/{forum}/topics/{thread}")
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(forum, "x", message_thread_id=thread)
        assert [one["thread_id"] for one in await people.heard(forum)] == [None]

    async def test_can_be_renamed_closed_and_deleted_by_the_bot(self, bot, people, forum):
        thread = (await bot.create_forum_topic(forum, "Ana")).message_thread_id
        await bot.edit_forum_topic(forum, thread, name="Bruno")
        with pytest.raises(BadRequest, match="Topic_not_modified"):
            await bot.edit_forum_topic(forum, thread, name="Bruno")
        await bot.close_forum_topic(forum, thread)
        (chat,) = [one for one in await people.get("chats") if one["id"] == forum]
        assert chat["topics"] == [{"thread_id": thread, "name": "Bruno", "closed": True}]
        await bot.delete_forum_topic(forum, thread)
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.close_forum_topic(forum, thread)

    async def test_need_the_right_to_manage_them(self, bot, people, forum):
        await people.post(f"chats/{forum}/rights", admin=True, manage_topics=False)
        with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
            await bot.create_forum_topic(forum, "Ana")
        with pytest.raises(BadRequest, match="The chat is not a forum"):
            await bot.create_forum_topic(SUPPORT, "Ana")


async def test_what_happens_to_a_group_is_told_in_words(bot: Bot, people: Neighbour):
    forum = (await people.post("chats", title="Desk", is_forum=True, members=[SOFIA]))["id"]
    await people.post(f"chats/{forum}/rights", admin=True, manage_topics=True)
    thread = (await bot.create_forum_topic(forum, "Ana")).message_thread_id
    await bot.edit_forum_topic(forum, thread, name="Bruno")
    await bot.close_forum_topic(forum, thread)
    await bot.leave_chat(forum)
    assert [one["text"] for one in await people.heard(forum)] == [
        "Sofia added Partner Desk",
        "The bot opened the topic Ana",
        "The bot changed the topic",
        "The bot closed the topic",
        "Partner Desk left",
    ]
