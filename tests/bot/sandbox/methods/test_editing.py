import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.bot.sandbox.neighbour import ANA, SAM, SUPPORT, Neighbour

GO = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


class TestEdits:
    async def test_change_the_message_in_place(self, bot: Bot, people: Neighbour):
        sent = await bot.send_message(ANA, "one", reply_markup=GO)
        await bot.edit_message_text("<b>two</b>", ANA, sent.message_id, parse_mode="HTML")
        (heard,) = await people.heard(ANA)
        assert (heard["html"], heard["buttons"], heard["edited"]) == ("<b>two</b>", [], True)

    async def test_that_change_nothing_are_refused(self, bot: Bot):
        sent = await bot.send_message(ANA, "<b>one</b>", parse_mode="HTML", reply_markup=GO)
        place = {"chat_id": ANA, "message_id": sent.message_id}
        with pytest.raises(BadRequest, match="Message is not modified: specified new message"):
            await bot.edit_message_text("<b>one</b>", **place, parse_mode="HTML", reply_markup=GO)
        with pytest.raises(BadRequest, match="Message is not modified"):
            await bot.edit_message_reply_markup(**place, reply_markup=GO)
        # The same letters in another dress are another text.
        await bot.edit_message_text("one", **place, reply_markup=GO)
        await bot.edit_message_reply_markup(**place)

    async def test_find_only_what_the_bot_said(self, bot: Bot, people: Neighbour):
        said = await people.say("mine")
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("yours", ANA, said)
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await bot.edit_message_text("x", ANA, 99)

    async def test_of_captions_need_a_file(self, bot: Bot, people: Neighbour):
        text = await bot.send_message(ANA, "one")
        file = await bot.send_document(ANA, b"x", filename="a.txt", caption="one")
        with pytest.raises(BadRequest, match="There is no caption in the message"):
            await bot.edit_message_caption(ANA, text.message_id, caption="two")
        with pytest.raises(BadRequest, match="There is no text in the message"):
            await bot.edit_message_text("two", ANA, file.message_id)
        await bot.edit_message_caption(ANA, file.message_id, caption="two")
        assert (await people.heard(ANA))[1]["text"] == "two"


class TestDeletion:
    async def test_takes_the_message_away(self, bot: Bot, people: Neighbour):
        sent = await bot.send_message(ANA, "one")
        await sent.delete()
        assert await people.heard(ANA) == []
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await sent.delete()

    async def test_is_refused_after_48_hours(self, bot: Bot, people: Neighbour):
        sent = await bot.send_message(ANA, "one")
        await people.advance("49h")
        with pytest.raises(BadRequest, match="Message can't be deleted for everyone"):
            await sent.delete()

    async def test_of_what_others_said_needs_an_admin(self, bot: Bot, people: Neighbour):
        said = await people.say("mine", who=SAM, chat=SUPPORT)
        with pytest.raises(BadRequest, match="Message can't be deleted"):
            await bot.delete_message(SUPPORT, said)
        await people.post(f"chats/{SUPPORT}/rights", admin=True)
        await bot.delete_message(SUPPORT, said)
