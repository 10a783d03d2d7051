import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.bot.sandbox.methods.test_sending import PNG
from tests.bot.sandbox.neighbour import ANA, BRUNO, Neighbour


class TestCopyMessage:
    async def test_says_a_text_anew_as_it_is(self, bot: Bot, people: Neighbour):
        original = await bot.send_message(ANA, "<b>Hi</b>", parse_mode="HTML")
        copied = await bot.copy_message(BRUNO, ANA, original.message_id, caption="not this")
        (heard,) = await people.heard(BRUNO)
        assert (heard["message_id"], heard["html"]) == (copied.message_id, "<b>Hi</b>")
        assert heard["forwarded"] is False

    async def test_brings_a_file_with_another_caption_and_buttons(
        self, bot: Bot, people: Neighbour
    ):
        original = await bot.send_photo(ANA, PNG, caption="before")
        await bot.copy_message(BRUNO, ANA, original.message_id)
        keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "x"}]]}
        await bot.copy_message(
            BRUNO, ANA, original.message_id, caption="<i>now</i>", parse_mode="HTML",
            reply_markup=keyboard,
        )  # fmt: skip
        plain, changed = await people.heard(BRUNO)
        assert (plain["text"], changed["text"]) == ("before", "now")
        assert plain["document"] == changed["document"] is not None
        assert changed["buttons"]

    @pytest.mark.parametrize(
        ("source", "message_id", "words"),
        [
            (4242, 1, "Chat not found"),
            (ANA, 99, "Message to copy not found"),
        ],
    )
    async def test_refuses_what_is_not_there(self, bot: Bot, source, message_id, words):
        with pytest.raises(BadRequest, match=words):
            await bot.copy_message(BRUNO, source, message_id)

    async def test_refuses_what_no_person_said(self, bot: Bot, people: Neighbour):
        group = await people.post("chats", title="New", members=[ANA])
        with pytest.raises(BadRequest, match="Message can't be copied"):
            await bot.copy_message(ANA, group["id"], 1)
