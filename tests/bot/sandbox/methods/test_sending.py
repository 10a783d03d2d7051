import io
from datetime import timedelta

import pytest
from telegram import Bot, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.sandbox.box import Box
from tests.bot.sandbox.neighbour import ANA, BRUNO, SUPPORT, Neighbour

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000030000000208060000009d74661a0000000049454e44ae426082"
)


def keyboard(**button):
    return {"inline_keyboard": [[{"text": "Go", **button}]]}


class TestSendMessage:
    async def test_shows_people_the_text_without_markup(self, bot: Bot, people: Neighbour):
        sent = await bot.send_message(ANA, "<b>R&amp;D</b> 😀", parse_mode="HTML")
        assert sent.text == "R&D 😀"
        (heard,) = await people.heard(ANA)
        assert heard["text"] == "R&D 😀"
        assert heard["html"] == "<b>R&amp;D</b> 😀"
        assert heard["from"]["is_bot"] is True

    @pytest.mark.parametrize(
        ("parameters", "words"),
        [
            ({"text": ""}, "Message text is empty"),
            ({"text": " \n "}, "Text must be non-empty"),
            ({"text": "x" * 4097}, "Message is too long"),
            ({"text": "<b>x", "parse_mode": "HTML"}, "Can't parse entities: can't find end tag"),
            ({"text": "*x*", "parse_mode": "MarkdownV2"}, "Unsupported parse_mode"),
            ({"text": "x", "reply_to_message_id": 99}, "Message to be replied not found"),
            ({"text": "x", "message_thread_id": 9}, "Message thread not found"),
            ({"text": "x", "reply_markup": keyboard(callback_data="é" * 33)},
             "Button_data_invalid"),  # 66 bytes in 33 letters
            ({"text": "x", "reply_markup": keyboard(callback_data="")}, "Button_data_invalid"),
            ({"text": "x", "reply_markup": keyboard()}, "Text buttons are unallowed"),
            ({"text": "x", "reply_markup": keyboard(url="javascript:x")}, "Wrong HTTP URL"),
            ({"text": "x", "entities": [{"type": "bold"}]}, "entities"),
            ({"text": "x", "reply_markup": "nonsense"}, "Can't parse reply markup JSON object"),
        ],
    )  # fmt: skip
    async def test_refuses_what_telegram_refuses(self, people, parameters, words, box):
        body = {"chat_id": ANA, **parameters}
        status, answer = await people.raw("POST", f"/bot{box.token}/sendMessage", json=body)
        assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
        assert words.lower() in answer["description"].lower()

    async def test_takes_4096_letters_after_parsing(self, bot: Bot):
        await bot.send_message(ANA, f"<b>{'x' * 4096}</b>", parse_mode="HTML")

    async def test_takes_64_bytes_of_callback_data(self, bot: Bot):
        await bot.send_message(ANA, "x", reply_markup=keyboard(callback_data="é" * 32))

    @pytest.mark.parametrize("chat", [12345, -100123, "@nobody"])
    async def test_finds_no_chat_that_is_not_there(self, bot: Bot, chat):
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(chat, "x")

    async def test_is_refused_by_who_blocked_the_bot(self, bot: Bot, people: Neighbour):
        await people.post(f"people/{ANA}/block")
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(ANA, "x")
        await people.post(f"people/{ANA}/unblock")
        await bot.send_message(ANA, "x")
        blocked, unblocked = await bot.get_updates()
        assert blocked.my_chat_member.new_chat_member.status == "kicked"
        assert unblocked.my_chat_member.new_chat_member.status == "member"

    async def test_is_paced_by_the_sandboxes_clock(self, bot: Bot, people: Neighbour):
        async def send(times):
            for _ in range(times):
                await bot.send_message(ANA, "x")

        await send(5)
        with pytest.raises(RetryAfter) as refused:
            await send(3)
        assert refused.value._retry_after == timedelta(seconds=1)
        await bot.send_message(BRUNO, "another chat")
        await people.advance("1m")
        await bot.send_message(ANA, "x")

    async def test_answers_what_it_is_told_to(self, bot: Bot, people: Neighbour):
        asked = await people.say("/list")
        sent = await bot.send_message(ANA, "nothing", reply_to_message_id=asked)
        assert sent.reply_to_message.text == "/list"
        lenient = await bot.send_message(
            ANA, "x", reply_to_message_id=99, allow_sending_without_reply=True
        )
        assert lenient.reply_to_message is None

    async def test_leaves_out_other_keyboards(self, bot: Bot, people: Neighbour):
        await bot.send_message(ANA, "x", reply_markup={"remove_keyboard": True})
        assert (await people.heard(ANA))[0]["buttons"] == []


class TestFiles:
    async def test_arrive_whole_with_name_and_caption(self, bot: Bot, people: Neighbour, box: Box):
        sent = await bot.send_document(
            ANA, io.BytesIO(b"%PDF-1.7"), filename="fatura № 7.pdf", caption="<i>7</i>",
            parse_mode="HTML",
        )  # fmt: skip
        assert (sent.document.file_name, sent.caption) == ("fatura № 7.pdf", "7")
        (heard,) = await people.heard(ANA)
        assert heard["text"] == "7"
        file = heard["document"]
        assert file["mime_type"] == "application/pdf"
        assert file["size"] == 8
        async with people._session.get(file["url"]) as answer:
            assert await answer.read() == b"%PDF-1.7"
            assert answer.headers["Content-Disposition"] == "attachment"
        assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == b"%PDF-1.7"

    async def test_can_be_sent_again_by_their_id(self, bot: Bot, people: Neighbour):
        sent = await bot.send_document(ANA, b"x", filename="a.txt")
        await bot.send_document(BRUNO, sent.document.file_id)
        assert (await people.heard(BRUNO))[0]["document"]["file_name"] == "a.txt"
        with pytest.raises(BadRequest, match="Wrong remote file identifier"):
            await bot.send_document(ANA, "no-such-id")
        with pytest.raises(BadRequest, match="File must be non-empty"):
            await bot.send_document(ANA, b"", filename="a.txt")

    async def test_that_are_pictures_are_shown(self, bot: Bot, people: Neighbour):
        sent = await bot.send_photo(ANA, PNG)
        assert (sent.photo[-1].width, sent.photo[-1].height) == (3, 2)
        (heard,) = await people.heard(ANA)
        assert heard["document"]["mime_type"] == "image/png"

    async def test_can_come_as_an_album(self, bot: Bot, people: Neighbour):
        media = [InputMediaPhoto(PNG, caption="one"), InputMediaPhoto(PNG)]
        sent = await bot.send_media_group(ANA, media)
        assert sent[0].media_group_id == sent[1].media_group_id
        assert [one["text"] for one in await people.heard(ANA)] == ["one", ""]
        with pytest.raises(BadRequest, match="2-10 items"):
            await bot.send_media_group(ANA, media[:1])

    async def test_have_captions_of_at_most_1024(self, bot: Bot):
        with pytest.raises(BadRequest, match="Message caption is too long"):
            await bot.send_document(ANA, b"x", filename="a.txt", caption="x" * 1025)

    async def test_can_be_replaced_by_an_edit(self, bot: Bot, people: Neighbour):
        sent = await bot.send_document(ANA, b"x", filename="a.txt")
        await sent.edit_media(InputMediaDocument(b"y", filename="b.txt", caption="new"))
        (heard,) = await people.heard(ANA)
        assert (heard["document"]["file_name"], heard["text"]) == ("b.txt", "new")


class TestAnswerCallbackQuery:
    async def test_refuses_a_query_that_is_too_old_or_unknown(self, bot: Bot, people: Neighbour):
        sent = await bot.send_message(ANA, "x", reply_markup=keyboard(callback_data="go"))
        await people.post(
            "presses", chat_id=ANA, from_id=ANA, message_id=sent.message_id, button="Go"
        )
        (update,) = await bot.get_updates()
        assert await update.callback_query.answer("in time")
        await people.advance("3m")
        for query in (update.callback_query.id, "1"):
            with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
                await bot.answer_callback_query(query)


async def test_a_typing_bot_is_noticed_by_nobody(bot: Bot, people: Neighbour):
    await bot.send_chat_action(SUPPORT, "typing")
    assert await people.heard(SUPPORT) == []
