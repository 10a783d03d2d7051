"""Topics and groups as the chat hears of them: where one speaks, and what the bot may do there."""

from typing import Any

import pytest
from telegram import ChatMemberAdministrator, Update, User
from telegram.error import BadRequest, NetworkError

from billing.services import surroundings
from bot.chat import looking
from bot.chat.hearing import Met, Spoken, hear
from tests.bot.chat.talk import ADMIN, BOT, FOREIGN_GROUP, OWNER, STAFF_GROUP, message, person

ROOT = {
    **message(BOT["id"], "", STAFF_GROUP),
    "forum_topic_created": {"name": "Acme", "icon_color": 1},
}
RIGHTS = dict.fromkeys(
    ("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
     "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
     "can_edit_stories", "can_delete_stories"), True
)  # fmt: skip


def heard(**more: Any) -> Any:
    raw = {"update_id": 1, "message": message(ADMIN, "hi", STAFF_GROUP, **more)}
    return hear(Update.de_json(raw, None), bot_id=BOT["id"])


def administrator(*, topics: bool | None) -> ChatMemberAdministrator:
    return ChatMemberAdministrator(
        User(**BOT), can_be_edited=False, is_anonymous=False, can_manage_topics=topics, **RIGHTS
    )


def change(chat_id: int, by: int, new: dict[str, Any]) -> dict[str, Any]:
    bot = {"user": dict(BOT)}
    place = {"id": chat_id, "type": "supergroup", "title": "G", "is_forum": True}
    return {
        "my_chat_member": {
            "chat": place, "from": person(by), "date": 1,
            "old_chat_member": {**bot, "status": "left"}, "new_chat_member": {**bot, **new},
        }
    }  # fmt: skip


class TestATopic:
    def test_is_where_one_speaks(self):
        said = heard(is_topic_message=True, message_thread_id=9)
        assert isinstance(said, Spoken)
        assert said.heard.thread_id == 9

    def test_is_none_where_replies_only_have_threads(self):
        assert heard(message_thread_id=9).heard.thread_id is None

    def test_is_no_reply_to_the_message_that_opened_it(self):
        said = heard(is_topic_message=True, message_thread_id=9, reply_to_message=ROOT)
        assert (said.to_bot, said.reply_to) == (False, None)

    @pytest.mark.parametrize(
        ("kind", "content"),
        [
            ("photo", [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]),
            ("voice", {"file_id": "f", "file_unique_id": "u", "duration": 1}),
            ("other", {"latitude": 1.0, "longitude": 2.0}),
        ],
    )
    def test_of_a_file_is_what_kind_it_is(self, kind, content):
        raw = message(ADMIN, "", STAFF_GROUP, **{"location" if kind == "other" else kind: content})
        del raw["text"]
        said = hear(Update.de_json({"update_id": 1, "message": raw}, None), bot_id=BOT["id"])
        assert isinstance(said, Spoken)
        assert said.file_kind == kind


class TestRights:
    @pytest.mark.parametrize(
        ("new", "topics"),
        [
            ({"status": "member"}, False),
            ({"status": "administrator", "can_be_edited": False, "is_anonymous": False, **RIGHTS,
              "can_manage_topics": True}, True),
        ],
    )  # fmt: skip
    async def test_are_kept_as_telegram_tells_them(self, talk, new, topics):
        await talk.receive(change(STAFF_GROUP, ADMIN, new))
        standing = await talk.store.read(lambda work: surroundings.standing(work, STAFF_GROUP))
        assert (standing.status, standing.topics) == (new["status"], topics)
        assert standing.forum

    async def test_of_a_group_that_lost_its_topics_follow_its_messages(self, talk):
        await talk.receive(change(STAFF_GROUP, ADMIN, {"status": "member"}))
        await talk.say(ADMIN, "/queue", STAFF_GROUP)
        standing = await talk.store.read(lambda work: surroundings.standing(work, STAFF_GROUP))
        assert not standing.forum

    async def test_in_a_group_that_is_nobodys_are_not_kept(self, talk):
        said = await talk.receive(change(FOREIGN_GROUP, OWNER, {"status": "member"}))
        assert [one.kind for one in said] == ["bind_hint"]
        assert (
            await talk.store.read(lambda work: surroundings.standing(work, FOREIGN_GROUP)) is None
        )


class TestLookingAround:
    async def test_asks_what_the_bot_is_in_each_staff_group(self, talk, monkeypatch):
        class Chat:
            is_forum = True
            title = "Staff"

        async def get_chat(chat_id):
            assert chat_id == STAFF_GROUP
            return Chat()

        async def get_chat_member(chat_id, user_id):
            return administrator(topics=True)

        monkeypatch.setattr(talk.bot, "get_chat", get_chat)
        monkeypatch.setattr(talk.bot, "get_chat_member", get_chat_member)
        await looking.look_around(talk.store, talk.bot)
        standing = await talk.store.read(lambda work: surroundings.standing(work, STAFF_GROUP))
        assert standing.opens_topics
        assert await talk.store.read(surroundings.reads_all) is False

    @pytest.mark.parametrize(
        ("error", "status"), [(BadRequest("chat not found"), "left"), (NetworkError("x"), None)]
    )
    async def test_takes_no_silence_for_an_answer(self, talk, monkeypatch, error, status):
        async def get_chat(chat_id):
            raise error

        monkeypatch.setattr(talk.bot, "get_chat", get_chat)
        await looking.look_around(talk.store, talk.bot)
        standing = await talk.store.read(lambda work: surroundings.standing(work, STAFF_GROUP))
        assert (standing.status if standing else None) == status


def test_met_tells_whether_topics_may_be_opened():
    raw = {"update_id": 1, **change(STAFF_GROUP, ADMIN, {"status": "kicked", "until_date": 0})}
    met = hear(Update.de_json(raw, None), bot_id=BOT["id"])
    assert isinstance(met, Met)
    assert (met.status, met.present, met.topics) == ("kicked", False, False)
