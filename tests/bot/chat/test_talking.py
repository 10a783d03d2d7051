"""Partners and staff talking, as the chat hears it: what is a reply, to what, and whose."""

from typing import Any

from billing.services import surroundings
from tests.bot.chat.talk import (
    ADMIN,
    BOT,
    FOREIGN_GROUP,
    MANAGER,
    OWNER,
    STAFF_GROUP,
    STRANGER,
    VIEWER,
    Said,
    Talk,
    message,
    replying,
)

PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
THREAD = 70


async def arrived(talk: Talk, like: str, message_id: int) -> None:
    """Let Telegram have taken a message."""
    await talk.sql(
        "UPDATE messages SET message_id = :id, state = 'sent' WHERE key LIKE :like RETURNING key",
        id=message_id,
        like=like,
    )


def replies(chat: int, message_id: int) -> dict[str, Any]:
    return {"reply_to_message": {**message(BOT["id"], "before", chat), "message_id": message_id}}


def file(caption: str = "", **more: Any) -> dict[str, Any]:
    return {"photo": PHOTO, "caption": caption, **more}


async def sends(talk: Talk, user: int, chat: int, **more: Any) -> list[str]:
    """Send something without a text of its own; return the kinds that are said."""
    raw = message(user, "", chat, **more)
    del raw["text"]
    return [one.kind for one in await talk.receive({"message": raw})]


async def in_topic(talk: Talk, user: int, text: str, replied: int | None = None) -> list[Said]:
    """Say something in the partner's topic."""
    raw = message(user, text, STAFF_GROUP, is_topic_message=True, message_thread_id=THREAD)
    raw["chat"]["is_forum"] = True
    raw |= {} if replied is None else replies(STAFF_GROUP, replied)
    return await talk.receive({"message": raw})


class TestAPartner:
    async def test_sends_an_album_as_one_message(self, talk):
        kinds = await sends(talk, OWNER, OWNER, **file("/support Look", media_group_id="a"))
        assert sorted(kinds) == ["said", "support_card", "support_file"]
        more = await sends(talk, OWNER, OWNER, **file(media_group_id="a", message_id=6))
        assert more == ["support_file"]
        assert await sends(talk, OWNER, OWNER, **file(media_group_id="b")) != ["support_file"]

    async def test_is_shown_a_topic_by_its_name_and_a_file_as_a_copy(self, talk):
        await talk.store.write(
            lambda work: surroundings.note(
                work, STAFF_GROUP, status="administrator", forum=True, topics=True
            )
        )
        await sends(talk, OWNER, OWNER, **file("/support Look"))
        rendered = {
            one.kind: await talk.replies.render(one)
            for one in await talk.messages()
            if one.chat_id == STAFF_GROUP
        }
        assert rendered["staff_topic"].topic == "Loja Norte"
        assert rendered["support_file"].copies == (OWNER, 5)
        assert not rendered["support_card"].leaves

    async def test_answers_the_question_with_a_file(self, talk):
        assert (await talk.tell(VIEWER, "/support")).kind == "ask"
        assert "support_file" in await sends(talk, VIEWER, VIEWER, **file())

    async def test_replies_to_a_broadcast(self, talk):
        card = await talk.tell(ADMIN, "/broadcast all News", STAFF_GROUP)
        await talk.press(ADMIN, card, "confirm")
        await talk.sql(
            "INSERT INTO messages (key, chat_id, kind, facts, buttons, class, version, state,"
            " not_before, created_at, message_id) VALUES ('broadcast:x:21', 21, 'broadcast',"
            """ '{"support":"","text":"News"}', '[]', 'broadcast', 1, 'sent', 0, 0, 44)"""
            " RETURNING key"
        )
        said = await talk.say(OWNER, "Thanks", **replies(OWNER, 44))
        assert {one.kind for one in said} == {"support_card", "said"}

    async def test_who_replies_to_what_nobody_knows_says_something_new(self, talk):
        (said,) = await talk.say(OWNER, "list", **replies(OWNER, 44))
        assert said.kind == "list"

    async def test_changing_a_reply_is_told_that_it_does_not_count(self, talk):
        await talk.say(OWNER, "/support Help")
        await arrived(talk, "support:%", 60)
        await talk.say(ADMIN, "Yes", STAFF_GROUP, **replies(STAFF_GROUP, 60))
        await arrived(talk, "said:%", 61)
        raw = message(OWNER, "changed", OWNER, **replies(OWNER, 61))
        (said,) = await talk.receive({"edited_message": raw})
        assert said.facts["what"] == "edited"


class TestStaff:
    async def test_answer_a_card_by_a_reply_with_or_without_words(self, talk):
        await talk.say(OWNER, "/support Help")
        await arrived(talk, "support:%", 60)
        said = await talk.say(ADMIN, "Yes", STAFF_GROUP, **replies(STAFF_GROUP, 60))
        assert {one.kind for one in said} == {"support_card", "staff_says"}
        assert await sends(talk, ADMIN, STAFF_GROUP, **replies(STAFF_GROUP, 60)) == []
        kinds = await sends(talk, ADMIN, STAFF_GROUP, **file(), **replies(STAFF_GROUP, 60))
        assert kinds == ["staff_says", "said"]

    async def test_are_told_that_a_reply_to_another_card_reaches_nobody(self, talk):
        await talk.say(STRANGER, "/apply Padaria")
        await arrived(talk, "application:%", 60)
        said = await talk.tell(ADMIN, "what about it?", STAFF_GROUP, **replies(STAFF_GROUP, 60))
        assert (said.kind, said.facts["partner"], said.labels) == ("nobody_reads", None, ["queue"])
        await talk.say(OWNER, "/support Help")
        await arrived(talk, "support:%", 61)
        await talk.sql(
            "UPDATE messages SET kind = 'token_request', facts = :facts WHERE message_id = 61"
            " RETURNING key",
            facts='{"partner": "Loja Norte"}',
        )
        said = await talk.tell(ADMIN, "what about it?", STAFF_GROUP, **replies(STAFF_GROUP, 61))
        assert said.labels == ["partner", "queue"]
        assert "/say Loja Norte" in said.text
        # Colleagues talk among themselves, strangers do, and so do those who answer an answer.
        assert await talk.say(STRANGER, "Hm", STAFF_GROUP, **replies(STAFF_GROUP, 61)) == []
        await arrived(talk, said.key, 62)
        assert await talk.say(ADMIN, "Hm", STAFF_GROUP, **replies(STAFF_GROUP, 62)) == []

    async def test_are_told_apart_from_whoever_else_is_in_the_group(self, talk):
        await talk.say(OWNER, "/support Help")
        await arrived(talk, "support:%", 60)
        for stranger in (STRANGER, MANAGER):
            (said,) = await talk.say(stranger, "Yes", STAFF_GROUP, **replies(STAFF_GROUP, 60))
            assert said.facts["code"] == "no_right"
        assert await talk.say(STRANGER, "Yes", FOREIGN_GROUP, **replies(FOREIGN_GROUP, 60)) == []

    async def test_open_a_message_from_the_queue_and_close_it_there(self, talk):
        await talk.say(OWNER, "/support Help")
        queue = await talk.tell(ADMIN, "/queue", STAFF_GROUP)
        (card,) = await talk.press(ADMIN, queue, "Loja Norte")
        assert card.labels == ["claim", "done", "partner", "queue"]
        said = await talk.press(ADMIN, card, "claim")
        assert {one.facts["claimed_by"] for one in said} == {"Ada"}
        copy = next(one for one in said if one.key.startswith("answer:"))
        await talk.press(ADMIN, copy, "done")
        assert "messages" not in str((await talk.tell(ADMIN, "/queue", STAFF_GROUP)).facts)

    async def test_in_a_topic_reply_to_its_events_and_not_to_answers(self, talk):
        await talk.store.write(
            lambda work: surroundings.note(
                work, STAFF_GROUP, status="administrator", forum=True, topics=True
            )
        )
        await talk.say(OWNER, "/support Help")
        await arrived(talk, "topic:%", THREAD)
        await talk.sql("UPDATE messages SET facts = '{}' WHERE kind = 'support_card' RETURNING key")
        await arrived(talk, "support:%", 60)
        said = await in_topic(talk, ADMIN, "Yes", 60)
        told = {one.chat_id for one in said if one.kind == "staff_says"}
        assert told == {OWNER}, "the owners"
        (answered,) = await in_topic(talk, ADMIN, "/queue")
        await arrived(talk, answered.key, 61)
        (row,) = await talk.sql("SELECT thread_id FROM messages WHERE key = :key", key=answered.key)
        assert row["thread_id"] == THREAD
        assert await in_topic(talk, ADMIN, "hm", 61) == []
        assert await in_topic(talk, STRANGER, "hm", 60) == []
        (card,) = await in_topic(talk, ADMIN, "/partner")
        assert (card.kind, card.facts["partner"]) == ("partner", "Loja Norte")
        assert await in_topic(talk, ADMIN, "", 60) == []

    async def test_say_as_it_was_written(self, talk):
        said = await talk.say(ADMIN, "/say Loja Norte one\n\n  two", STAFF_GROUP)
        assert {one.facts["text"] for one in said if one.kind == "staff_says"} == {"one\n\n  two"}
        (choice,) = await talk.say(ADMIN, "/say Loja hello", STAFF_GROUP)
        assert choice.kind == "partner_choice"
        (asked,) = await talk.say(ADMIN, "/say", STAFF_GROUP)
        assert asked.kind == "ask"

    async def test_broadcast_needs_to_whom_and_what(self, talk):
        for words, known in (("", None), (" all", "all")):
            said = await talk.tell(ADMIN, f"/broadcast{words}", STAFF_GROUP)
            assert (said.kind, said.facts["what"], said.facts.get("known")) == (
                "ask", "broadcast", known,
            )  # fmt: skip
        (said,) = await talk.say(ADMIN, "hello", STAFF_GROUP, **replying(BOT["id"]))
        assert "hello" in said.text
        card = await talk.tell(ADMIN, "/broadcast Todos olá", STAFF_GROUP)
        assert card.facts["people"] == 5
        (said,) = await talk.press(ADMIN, card, "back")
        assert said.facts["what"] == "question_left"


class TestActing:
    async def test_asks_and_takes_the_answer_for_the_partner(self, talk):
        (asked,) = await talk.say(ADMIN, "/as Loja Norte new", STAFF_GROUP)
        assert asked.text.startswith("👤 For <b>Loja Norte</b>:")
        await arrived(talk, asked.key, 80)
        said = await talk.say(ADMIN, "loja-1", STAFF_GROUP, **replies(STAFF_GROUP, 80))
        assert "progress" in {one.kind for one in said}
        assert await talk.states() == {"loja-1": "creating"}
        assert {one.kind for one in said if one.chat_id in {OWNER, MANAGER}} == {"acted_for"}

    async def test_presses_nothing_that_is_no_managers(self, talk):
        await talk.create("loja-1")
        listed = await talk.tell(ADMIN, "/as Loja Norte show loja-1", STAFF_GROUP)
        assert "instance_token" not in str(listed.buttons)
        await talk.sql(
            """UPDATE intents SET args = '{"as":{"partner":"P1AAA","action":"leave_confirm"}}'
                WHERE message_key = :key RETURNING id""",
            key=listed.key,
        )
        before = await talk.denied()
        await talk.press(ADMIN, listed, "subscribe")
        assert await talk.denied() == before + 1
