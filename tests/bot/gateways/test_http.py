"""The line to a platform: what it makes of answers, how often it asks, and what it never says."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from billing.services.ports.platforms import PlatformRefused, PlatformSilent
from bot.gateways import answers
from bot.gateways.answers import Declined, Throttled
from bot.gateways.http import Call, Http, Timeouts
from bot.web.server import LoopServer, listen
from tests.bot.delivery.clock import HurriedClock
from tests.scenarios.process import free_port

GET, POST = Call("GET", "/x"), Call("POST", "/x", {"a": 1})
SECRET = "canary-of-the-account"
Handler = Callable[[Request], Awaitable[Response]]


@asynccontextmanager
async def line(answer: Handler | Response, **more) -> AsyncIterator[Http]:
    """Yield a line to a server that always answers so; its `calls` are those that came."""
    calls: list[Request] = []

    async def answered(request: Request) -> Response:
        calls.append(request)
        return answer if isinstance(answer, Response) else await answer(request)

    methods = ["GET", "POST", "DELETE"]
    listening = listen(0)
    listening.listen()
    server = LoopServer.of(Starlette(routes=[Route("/{path:path}", answered, methods=methods)]))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    clock = HurriedClock()
    http = Http(
        f"http://127.0.0.1:{listening.getsockname()[1]}/",
        clock,
        headers={"authorization": f"Bearer {SECRET}"},
        timeouts=Timeouts(connect=0.5, read=0.2, whole=0.5),
        **more,
    )
    http.calls, http.clock = calls, clock
    try:
        yield http
    finally:
        await http.close()
        server.end()
        await serving


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (400, Declined),
        (402, Declined),
        (404, Declined),
        (405, Declined),
        (415, Declined),
        (429, Throttled),
        (500, PlatformSilent),
        (503, PlatformSilent),
        (301, PlatformSilent),
        (307, PlatformSilent),
    ],
)
async def test_a_status_is_a_no_or_no_answer(status, raised):
    async with line(JSONResponse({"error": "so it is"}, status)) as http:
        with pytest.raises(raised) as error:
            await http.ask(POST)
        assert len(http.calls) == 1
        if raised is Declined:
            assert (error.value.status, error.value.why) == (status, "so it is")
        assert isinstance(error.value, PlatformRefused) is (raised is Declined)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        ("0", 0),
        ("999999999999", 86_400),
        ("soon", None),
        ("-1", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        (None, None),
    ],
)
async def test_retry_after_is_read_in_seconds(header, seconds):
    headers = {} if header is None else {"retry-after": header}
    async with line(Response(status_code=429, headers=headers)) as http:
        with pytest.raises(Throttled) as throttled:
            await http.ask(GET)
        after = throttled.value.after
        assert after == (None if seconds is None else timedelta(seconds=seconds))
        assert len(http.calls) == 1, "it was told to wait"


async def test_a_question_is_asked_three_times_and_a_change_once():
    async with line(Response(status_code=502)) as http:
        began = http.clock.now()
        with pytest.raises(PlatformSilent) as silent:
            await http.ask(GET)
        assert silent.value.why == "HTTP 502"
        assert len(http.calls) == 3
        assert timedelta(0) < http.clock.now() - began < timedelta(seconds=5)
        with pytest.raises(PlatformSilent):
            await http.ask(POST)
        assert len(http.calls) == 4


async def test_nobody_there_is_silence():
    http = Http(f"http://127.0.0.1:{free_port()}", HurriedClock(), headers={})
    with pytest.raises(PlatformSilent) as silent:
        await http.ask(GET)
    assert silent.value.why == "the connection failed: ConnectError"
    await http.close()


async def test_an_answer_that_drips_is_given_up():
    async def drip(_: Request) -> Response:
        async def body() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b" "
                await asyncio.sleep(0.05)

        return StreamingResponse(body(), media_type="application/json")

    async with line(drip) as http:
        with pytest.raises(PlatformSilent) as silent:
            await http.ask(POST)
        assert silent.value.why == "no answer in time"


async def test_a_packed_answer_is_not_unpacked():
    packed = gzip.compress(b'{"id": "x"}')
    answer = Response(packed, headers={"content-encoding": "gzip"}, media_type="application/json")
    async with line(answer) as http:
        with pytest.raises(PlatformSilent):
            await http.ask(GET)
        assert http.calls[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"error": "no"}', "no"),
        (b'{"error": {"code": 1, "message": "not so"}}', "not so"),
        (b'{"error": true, "message": "nor so"}', "nor so"),
        (b'{"error": true, "response": {"message": ["a", "b", 3]}}', "a; b"),
        (b'{"error": true}', "HTTP 200"),
    ],
)
async def test_an_error_with_status_200_is_a_no(body, why):
    async with line(Response(body, media_type="application/json")) as http:
        with pytest.raises(Declined) as no:
            await http.ask(POST)
        assert no.value.why == why
        assert (await http.ask(Call("GET", "/x", lenient=True))).object()


@pytest.mark.parametrize(
    ("body", "confirms"),
    [
        (b"", True),
        (b"{}", True),
        (b"true", True),
        (b'{"error": false}', True),
        (b"<html>", False),
        (b"[]", False),
        (b"false", False),
        (b"null", False),
        (b'"done"', False),
        (b"[" * 100_000, False),
    ],
)
async def test_a_change_is_done_where_the_answer_can_say_so(body, confirms):
    async with line(Response(body, media_type="application/json")) as http:
        if confirms:
            await http.ask(POST)
        else:
            with pytest.raises(PlatformSilent):
                await http.ask(POST)


async def test_a_sentence_is_one_short_line_without_secrets():
    told = f"no:\r\n\x1b[31m {SECRET} and in/stance {'x' * 500}"
    async with line(JSONResponse({"error": told}, 400)) as http:
        with pytest.raises(Declined) as no:
            await http.ask(Call("POST", "/x", secrets=["in/stance"]))
    why = no.value.why
    assert why.startswith("no: [31m *** and *** xxx")
    assert len(why) == 200
    assert why.isprintable()
    assert answers.sentence({"error": "in%2Fstance"}, 400, ["in/stance"]) == "***"


async def test_calls_in_a_lane_go_one_after_the_other():
    under_way, most = 0, 0

    async def counted(_: Request) -> Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return JSONResponse({})

    async with line(counted, gap=timedelta(milliseconds=400)) as http:
        await asyncio.gather(*(http.ask(POST) for _ in range(6)))
        assert most == 1
        # HurriedClock: the gaps pass by its own time.
        assert http.clock.passed() >= 5 * timedelta(milliseconds=400)


async def test_who_waits_in_a_lane_of_a_platform_that_went_down_calls_no_more():
    async with line(Response(status_code=500), gap=timedelta(0)) as http:
        told = await asyncio.gather(*(http.ask(POST) for _ in range(9)), return_exceptions=True)
        assert len(http.calls) == 5
        assert sum("left alone" in error.why for error in told) == 4


async def test_a_channel_that_is_down_does_not_close_the_way_to_the_platform():
    async with line(JSONResponse({})) as http:
        elsewhere = f"http://127.0.0.1:{free_port()}"
        for _ in range(6):
            with pytest.raises(PlatformSilent):
                await http.ask(Call("POST", "/x", at=elsewhere))
        await http.ask(POST)


@pytest.mark.parametrize("at", ["http://a b", "nowhere", "http://127.0.0.1:99999", "http://\x00"])
async def test_an_address_that_is_none_is_silence(at):
    async with line(PlainTextResponse("")) as http:
        with pytest.raises(PlatformSilent):
            await http.ask(Call("POST", "/x", at=at))


async def test_a_header_that_cannot_be_sent_is_silence_that_does_not_tell_it():
    async with line(JSONResponse({})) as http:
        for token in ("a\r\nb: c", "é€"):
            with pytest.raises(PlatformSilent) as silent:
                await http.ask(Call("GET", "/x", headers={"authorization": f"Bearer {token}"}))
            assert token not in silent.value.why


class TestReading:
    @pytest.mark.parametrize(
        ("given", "found"),
        [(7, 7), ("7", 7), ("-7", -7), ("7.0", None), (7.0, None), (True, None), (None, None)],
    )
    def test_a_whole_number_comes_bare_or_in_quotes(self, given, found):
        assert answers.whole({"n": given}, "n") == found

    @pytest.mark.parametrize("given", [0, 1, "true", None, []])
    def test_only_true_and_false_are_known(self, given):
        assert answers.flag({"x": given}, "x") is None
        assert answers.flag({"x": False}, "x") is False

    @pytest.mark.parametrize(
        "given", ["", "x", "data:image/png;base64,!!", "data:image/png;base64,eA=="]
    )
    def test_only_a_png_is_a_picture(self, given):
        assert answers.picture(given) is None

    @pytest.mark.parametrize("body", [b"{}", b"[1]", b'[{"a": 1}, 2]', b'{"content": {}}', b"x"])
    def test_a_list_is_whole_or_none(self, body):
        with pytest.raises(PlatformSilent):
            answers.Answer(200, "application/json", body).rows("content")
