import pytest
from telegram import Bot
from telegram.error import Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.sandbox.box import Box
from bot.sandbox.exchange import TOKEN
from tests.bot.sandbox.neighbour import ANA, BRUNO, Neighbour, Refused


class TestCalls:
    @pytest.mark.parametrize(
        "parts",
        [
            {"json": {"chat_id": ANA, "text": "hi"}},
            {"data": {"chat_id": str(ANA), "text": "hi"}},
            {"params": {"chat_id": str(ANA), "text": "hi"}},
        ],
    )
    async def test_come_in_every_form(self, people: Neighbour, parts):
        status, answer = await people.raw("POST", f"/bot{TOKEN}/SENDMESSAGE", **parts)
        assert (status, answer["result"]["text"]) == (200, "hi")

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            (f"/bot{TOKEN}/sendVideoNote", 404),
            (f"/bot{TOKEN}/nonsense", 404),
            ("/bot1:wrong/getMe", 401),
            ("/file/bot1:wrong/x", 401),
            (f"/file/bot{TOKEN}/documents/none", 404),
        ],
    )
    async def test_that_are_none_are_answered_as_telegram_does(self, people, path, status):
        got, answer = await people.raw("GET", path)
        assert got == status
        assert (answer["ok"], answer["error_code"]) == (False, status)

    @pytest.mark.parametrize("body", [b"{", b"[1]"])
    async def test_with_a_body_that_is_no_json_are_refused(self, people: Neighbour, body):
        headers = {"Content-Type": "application/json"}
        path = f"/bot{TOKEN}/sendMessage"
        status, answer = await people.raw("POST", path, data=body, headers=headers)
        assert status == 400
        assert "JSON" in answer["description"]

    async def test_with_a_wrong_number_are_refused(self, people: Neighbour):
        body = {"chat_id": ANA, "message_id": "x"}
        status, _ = await people.raw("POST", f"/bot{TOKEN}/deleteMessage", json=body)
        assert status == 400
        status, answer = await people.raw("POST", f"/bot{TOKEN}/sendMessage", json={"text": "x"})
        assert (status, answer["description"]) == (400, "Bad Request: chat_id is empty")

    async def test_with_another_token_fail_in_the_client(self, box: Box):
        with pytest.raises(InvalidToken):
            async with Bot("1:other", base_url=f"{box.url}/bot"):
                pass


class TestFaults:
    @pytest.mark.parametrize(
        ("kind", "error"),
        [
            ("429", RetryAfter),
            ("403", Forbidden),
            ("500", NetworkError),
            ("timeout_before", NetworkError),
            ("timeout_after", NetworkError),
        ],
    )
    async def test_fail_the_next_calls_of_that_method(self, bot, people, kind, error):
        await people.post("faults", method="sendMessage", times=2, kind=kind)
        for _ in range(2):
            with pytest.raises(error):
                await bot.send_message(ANA, "x")
        await bot.get_me()
        await bot.send_message(ANA, "last")
        heard = [one["text"] for one in await people.heard(ANA)]
        # Only a reply that was lost on its way back leaves the message behind.
        assert heard == (["x", "x", "last"] if kind == "timeout_after" else ["last"])

    async def test_can_be_for_one_chat(self, bot: Bot, people: Neighbour):
        await people.post("faults", method="sendMessage", chat_id=ANA, times=1, kind="403")
        await bot.send_message(BRUNO, "x")
        with pytest.raises(Forbidden):
            await bot.send_message(ANA, "x")

    async def test_hit_polling_too_and_lose_nothing(self, bot: Bot, people: Neighbour):
        await people.say("hello")
        await people.post("faults", method="getUpdates", times=1, kind="timeout_after")
        with pytest.raises(NetworkError):
            await bot.get_updates()
        assert len(await bot.get_updates()) == 1

    @pytest.mark.parametrize(
        "order",
        [
            {"method": "sendMessage", "times": 1, "kind": "rain"},
            {"method": "sendNothing", "times": 1, "kind": "429"},
            {"method": "sendMessage", "times": 0, "kind": "429"},
            {"method": "sendMessage", "times": "1", "kind": "429"},
            {"times": 1, "kind": "429"},
            {"platform": "create", "times": 1, "kind": "429"},
            {"platform": "create", "times": 1, "kind": "refused"},  # no bot lives here
        ],
    )
    async def test_that_make_no_sense_are_refused(self, people: Neighbour, order):
        with pytest.raises(Refused) as refused:
            await people.post("faults", **order)
        assert refused.value.status == 400
