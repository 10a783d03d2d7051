"""The transport says whether a request can have been carried out, and never tells the token."""

import asyncio

import pytest
from telegram import Bot, InputFile
from telegram.error import BadRequest

from bot.delivery.transport import AiohttpRequest, NeverSent, Unanswered
from tests.bot.delivery.telegram import HANG_UP_AFTER, SILENCE, TOKEN


class TestRequest:
    async def test_never_went_out_where_nobody_listens(self, unused_tcp_port):
        bot = Bot(
            TOKEN, base_url=f"http://127.0.0.1:{unused_tcp_port}/bot", request=AiohttpRequest()
        )
        with pytest.raises(NeverSent) as failed:
            await bot.initialize()
        assert TOKEN not in repr(failed.value)
        assert failed.value.__cause__ is None
        await bot.shutdown()

    @pytest.mark.parametrize("fault", [HANG_UP_AFTER, SILENCE])
    async def test_is_in_doubt_once_it_went_out(self, bot, telegram, fault):
        telegram.fail("sendMessage", fault)
        with pytest.raises(Unanswered) as failed:
            await bot.send_message(7, "hello")
        assert TOKEN not in repr(failed.value)

    async def test_never_went_out_where_no_connection_is_free(self, telegram):
        request = AiohttpRequest(connections=1, read_seconds=1)
        bot = Bot(TOKEN, base_url=telegram.address, request=request)
        await bot.initialize()
        telegram.fail("sendMessage", SILENCE)
        first = asyncio.create_task(bot.send_message(7, "one"))
        await asyncio.sleep(0.05)
        with pytest.raises(NeverSent):
            await bot.send_message(7, "two", pool_timeout=0.05, connect_timeout=0.05)
        with pytest.raises(Unanswered):
            await first
        assert len(telegram.called("sendMessage")) == 1
        await bot.shutdown()

    async def test_carries_files_with_names_in_any_script(self, bot, telegram):
        name = 'счёт № 7 "март".pdf'
        await bot.send_document(7, InputFile(b"%PDF", filename=name), caption="счёт")
        (given,) = telegram.called("sendDocument")
        assert given["document"][1] == b"%PDF"
        assert given["document"][0].startswith("счёт № 7")
        assert given["caption"] == "счёт"

    async def test_that_is_too_large_is_refused_for_good(self, bot, telegram):
        telegram.fail("sendMessage", (413, {"description": "Request Entity Too Large"}))
        with pytest.raises(BadRequest):
            await bot.send_message(7, "hello")
