import asyncio
import base64

import pytest
from telegram import Bot

from tests.bot.sandbox.neighbour import ANA, BRUNO, SAM, SOFIA, SUPPORT, Neighbour, Refused

LINK = {"inline_keyboard": [[{"text": "Site", "url": "https://example.org"}]]}


def keyboard(*buttons):
    return {
        "inline_keyboard": [[{"text": label, "callback_data": data} for label, data in buttons]]
    }


class TestPeople:
    async def test_are_four_and_a_group_at_the_first_start(self, people: Neighbour):
        found = await people.get("people")
        assert [(one["id"], one["name"]) for one in found] == [
            (ANA, "Ana"), (BRUNO, "Bruno"), (SOFIA, "Sofia"), (SAM, "Sam"),
        ]  # fmt: skip
        chats = {one["id"]: one for one in await people.get("chats")}
        assert set(chats) == {ANA, BRUNO, SOFIA, SAM, SUPPORT}
        assert chats[SUPPORT]["type"] == "supergroup"
        assert chats[SUPPORT]["members"] == [SOFIA, SAM]
        assert chats[SUPPORT]["admins"] == [SOFIA]

    async def test_who_come_have_a_private_chat(self, bot: Bot, people: Neighbour):
        person = await people.post("people", name="Zé da Silva", language_code="pt-br")
        await people.say("oi", who=person["id"])
        (update,) = await bot.get_updates()
        sender = update.message.from_user
        assert (sender.first_name, sender.last_name) == ("Zé", "da Silva")
        assert sender.language_code == "pt-br"

    async def test_may_have_the_same_name(self, people: Neighbour):
        first = await people.post("people", name="Ana")
        second = await people.post("people", name="Ana")
        assert first["id"] != second["id"]
        assert first["username"] != second["username"]


class TestMessages:
    async def test_carry_their_commands(self, bot: Bot, people: Neighbour):
        await people.say("  /new loja\r\n")
        (update,) = await bot.get_updates()
        assert update.message.text == "/new loja"
        (entity,) = update.message.entities
        assert (entity.type, entity.offset, entity.length) == ("bot_command", 0, 4)

    async def test_bring_files_and_pictures(self, bot: Bot, people: Neighbour):
        content = base64.b64encode(b"a;b").decode()
        await people.say("", document={"file_name": "list.csv", "base64": content})
        await people.say("look", photo={"base64": content})
        document, photo = [one.message for one in await bot.get_updates()]
        assert document.document.file_name == "list.csv"
        file = await document.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"a;b"
        assert (photo.caption, len(photo.photo)) == ("look", 1)

    async def test_can_be_edited_by_who_said_them(self, bot: Bot, people: Neighbour):
        said = await people.say("one")
        assert await people.say("two", edit_of=said) == said
        _, update = await bot.get_updates()
        assert update.edited_message.text == "two"
        (heard,) = await people.heard(ANA)
        assert (heard["text"], heard["edited"]) == ("two", True)

    async def test_are_listed_from_a_place_and_up_to_a_number(self, people: Neighbour):
        for number in range(1, 6):
            await people.say(str(number))

        async def texts(query):
            return [one["text"] for one in await people.get(f"messages?chat_id={ANA}{query}")]

        assert await texts("") == ["1", "2", "3", "4", "5"]
        assert await texts("&after=3") == ["4", "5"]
        assert await texts("&after=0&limit=2") == ["1", "2"]
        assert await texts("&limit=2") == ["4", "5"]  # the newest

    @pytest.mark.parametrize(
        "body",
        [
            {"text": "x", "from_id": ANA},
            {"text": "x", "chat_id": str(ANA), "from_id": ANA},
            {"text": "x", "chat_id": True, "from_id": ANA},
            {"text": "x", "chat_id": 1, "from_id": ANA},
            {"text": "x", "chat_id": SUPPORT, "from_id": ANA},  # not in that group
            {"text": "x", "chat_id": ANA, "from_id": BRUNO},
            {"text": "x", "chat_id": ANA, "from_id": 1},
            {"text": "", "chat_id": ANA, "from_id": ANA},
            {"text": " \n", "chat_id": ANA, "from_id": ANA},
            {"text": 5, "chat_id": ANA, "from_id": ANA},
            {"text": "x" * 4097, "chat_id": ANA, "from_id": ANA},
            {"text": "x", "chat_id": ANA, "from_id": ANA, "reply_to": 99},
            {"text": "x", "chat_id": ANA, "from_id": ANA, "thread_id": 99},
            {"text": "x", "chat_id": ANA, "from_id": ANA, "edit_of": 99},
            {"text": "x", "chat_id": ANA, "from_id": ANA, "forward_from": 99},
            {"text": "x", "chat_id": ANA, "from_id": ANA, "sender_chat": ANA},
            {"text": "x", "chat_id": SUPPORT, "from_id": SAM, "sender_chat": 5},
            {"text": "x", "chat_id": ANA, "from_id": ANA, "document": {"base64": "?"}},
            {"text": "x", "chat_id": ANA, "from_id": ANA, "document": {"base64": ""}},
            {"text": "x", "chat_id": ANA, "from_id": ANA, "document": 5},
        ],
    )
    async def test_that_nobody_could_send_are_refused(self, bot: Bot, people: Neighbour, body):
        with pytest.raises(Refused) as refused:
            await people.post("messages", **body)
        assert refused.value.status == 400
        assert await bot.get_updates() == ()

    @pytest.mark.parametrize("query", ["", "chat_id=x", "chat_id=1", f"chat_id={ANA}&limit=0"])
    async def test_of_nowhere_are_refused(self, people: Neighbour, query):
        with pytest.raises(Refused) as refused:
            await people.get(f"messages?{query}")
        assert refused.value.status == 400

    async def test_of_who_blocked_the_bot_are_refused(self, people: Neighbour):
        await people.post(f"people/{ANA}/block")
        with pytest.raises(Refused, match="unblock it first"):
            await people.say("x")

    async def test_in_a_group_that_moved_are_refused(self, people: Neighbour):
        group = await people.post("chats", title="Team", type="group", members=[SOFIA])
        await people.post(f"chats/{group['id']}/migrate")
        with pytest.raises(Refused, match="became a supergroup"):
            await people.say("x", who=SOFIA, chat=group["id"])

    @pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
    async def test_that_are_no_json_are_refused(self, people: Neighbour, body):
        status, answer = await people.raw("POST", "/sandbox/messages", data=body)
        assert status == 400
        assert "error" in answer


class TestPresses:
    async def press(self, people: Neighbour, message_id: int, button: str, who: int = ANA):
        return await people.post(
            "presses", chat_id=ANA, from_id=who, message_id=message_id, button=button
        )

    async def test_show_what_the_bot_answered(self, bot: Bot, people: Neighbour):
        sent = await bot.send_message(ANA, "?", reply_markup=keyboard(("Yes", "y"), ("No", "n")))

        async def answer():
            (update,) = await bot.get_updates(timeout=5)
            assert update.callback_query.from_user.id == ANA
            assert update.callback_query.message.message_id == sent.message_id
            await update.callback_query.answer("Chosen", show_alert=True)
            return update.callback_query.data

        data, shown = await asyncio.gather(answer(), self.press(people, sent.message_id, "No"))
        assert (data, shown) == ("n", {"answer": "Chosen", "alert": True})

    async def test_show_nothing_if_the_bot_says_nothing(self, bot: Bot, people: Neighbour):
        sent = await bot.send_message(ANA, "?", reply_markup=keyboard(("Yes", "y")))
        shown = await self.press(people, sent.message_id, "y")
        assert shown == {"answer": None, "alert": None}

    @pytest.mark.parametrize(("button", "words"), [("Maybe", "Site"), ("Site", "example.org")])
    async def test_find_only_buttons_that_tell_the_bot(self, bot, people, button, words):
        sent = await bot.send_message(ANA, "?", reply_markup=LINK)
        with pytest.raises(Refused, match=words) as refused:
            await self.press(people, sent.message_id, button)
        assert refused.value.status == 400

    async def test_find_only_buttons_that_are_still_there(self, bot: Bot, people: Neighbour):
        sent = await bot.send_message(ANA, "?", reply_markup=keyboard(("Yes", "y")))
        await sent.edit_text("done")
        with pytest.raises(Refused, match="none"):
            await self.press(people, sent.message_id, "Yes")
        with pytest.raises(Refused, match="no message 99"):
            await self.press(people, 99, "Yes")
        with pytest.raises(Refused, match="not in this chat"):
            await self.press(people, sent.message_id, "Yes", who=BRUNO)


class TestGroups:
    async def test_that_are_new_tell_the_bot(self, bot: Bot, people: Neighbour):
        group = await people.post("chats", title="Team", members=[SAM, SOFIA])
        status, added = await bot.get_updates()
        assert status.my_chat_member.new_chat_member.status == "member"
        assert status.my_chat_member.old_chat_member.status == "left"
        assert added.message.new_chat_members[0].id == bot.id
        assert added.message.chat.id == group["id"] < -(10**12)
        assert (await people.heard(group["id"]))[0]["text"] == "Sam added Partner Desk"

    async def test_tell_the_bot_of_its_rights(self, bot: Bot, people: Neighbour):
        await people.post(f"chats/{SUPPORT}/rights", admin=True, manage_topics=True)
        (update,) = await bot.get_updates()
        now = update.my_chat_member.new_chat_member
        assert (now.status, now.can_manage_topics) == ("administrator", True)
        await people.post(f"chats/{SUPPORT}/rights", admin=True, manage_topics=True)
        assert len(await bot.get_updates()) == 1  # nothing changed, nothing is told

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("chats", {"title": "", "members": [SAM]}),
            ("chats", {"title": "x", "members": []}),
            ("chats", {"title": "x", "members": [1]}),
            ("chats", {"title": "x", "members": ["a"]}),
            ("chats", {"title": "x", "members": [SAM], "type": "channel"}),
            ("chats", {"title": "x", "members": [SAM], "type": "group", "is_forum": True}),
            ("chats", {"title": "x", "members": [SAM], "is_forum": "yes"}),
            (f"chats/{ANA}/rights", {"admin": True}),
            (f"chats/{SUPPORT}/rights", {"admin": False, "manage_topics": True}),
            (f"chats/{SUPPORT}/migrate", {}),  # is one already
            ("chats/abc/migrate", {}),
            ("people", {"name": " "}),
            ("people", {"name": "x" * 65}),
            ("people/1/block", {}),
        ],
    )
    async def test_and_people_that_cannot_be_are_refused(self, people: Neighbour, path, body):
        with pytest.raises(Refused) as refused:
            await people.post(path, **body)
        assert refused.value.status == 400

    async def test_lose_only_topics_that_they_have(self, people: Neighbour):
        with pytest.raises(Refused, match="no topic 9"):
            await people.call("DELETE", f"chats/{SUPPORT}/topics/9")


async def test_a_file_that_nobody_sent_is_not_found(people: Neighbour):
    status, _ = await people.raw("GET", "/sandbox/files/none")
    assert status == 404
