"""Whatever a platform answers, a gateway says one of the few things that its caller knows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.services.ports.platforms import (
    Held,
    Made,
    Offer,
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
    Remote,
)
from tests.bot.delivery.clock import START, HurriedClock
from tests.bot.gateways.beside import NAMES, gateway
from tests.standins.pictures import qr

KNOWN = (PlatformLater, PlatformRefused, PlatformSilent, PlatformUnable)
REMOTE = Remote("7K2QM", "Loja 7", "id/1", "token?1", "http://127.0.0.1:9/gate/1", START)
BARE = Remote("7K2QM", "Loja 7")
# Every name that is looked for in an answer.
WORDS = (
    *("id", "token", "name", "due", "paymentStatus", "content", "totalPage", "value", "code"),
    *("connected", "whatsappConnected", "error", "message", "details", "response", "status"),
    *("apiUrl", "activeTill", "mode", "stopped", "channels", "total", "projects", "liveDays"),
    *("expire", "base64", "text", "hash", "apikey", "instance", "instanceName", "state"),
    *("connectionStatus", "pairingCode", "instances"),
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.sampled_from(["", "7K2QM", "loja-7-7K2QM", "open", "live", "active", "\x00", "ü", "9" * 30]),
    st.sampled_from([1_790_000_000_000, "1790000000000", -1, 10**25, "http://[::1", "https://x"]),
    st.text(max_size=8),
)
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    ),
    max_leaves=12,
)
# All names at once, each with anything, so that one is read after the other.
FULL = st.fixed_dictionaries(dict.fromkeys(WORDS, LEAVES)).map(
    lambda body: {**body, "id": "x1", "token": "t1", "error": False}
)
WRAPPED = st.one_of(
    FULL,
    st.lists(FULL, max_size=2),
    st.lists(FULL, max_size=2).map(
        lambda rows: {"content": rows, "channels": rows, "projects": rows, "instances": rows}
    ),
    FULL.map(lambda body: {**body, "instance": body, "status": body, "hash": body}),
)
RAW = st.one_of(
    WRAPPED.map(lambda body: json.dumps(body).encode()),
    BODIES.map(lambda body: json.dumps(body).encode()),
    BODIES.map(lambda body: json.dumps(body).encode("utf-16")),
    st.binary(max_size=30),
    st.sampled_from([b"[" * 50_000, b"NaN", b'{"total": 1e999}', qr("x"), b"\xff\xfe", b""]),
)
ANSWERS = st.builds(
    lambda status, raw, headers: (status, raw, headers),
    st.sampled_from([200, 200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 409, 429, 500]),
    RAW,
    st.sampled_from([{}, {"retry-after": "x"}, {"content-encoding": "br"}, {"location": "//x"}]),
)


def asked(platform: Any) -> list[Callable[[], Awaitable[Any]]]:
    until = START + timedelta(days=30)
    return [
        ask
        for remote in (REMOTE, BARE)
        for ask in (
            lambda remote=remote: platform.find(remote),
            lambda remote=remote: platform.create(remote),
            lambda remote=remote: platform.subscribe(remote),
            lambda remote=remote: platform.cancel(remote),
            lambda remote=remote: platform.keep(remote),
            lambda remote=remote: platform.stop(remote),
            lambda remote=remote: platform.restart(remote),
            lambda remote=remote: platform.extend(remote, until),
            lambda remote=remote: platform.delete(remote),
            lambda remote=remote: platform.pairing(remote, None),
            lambda remote=remote: platform.pairing(remote, "5511"),
            lambda remote=remote: platform.connected(remote),
            platform.held,
            platform.days_left,
            platform.check,
        )
    ]


async def ask_all(name: str, answers: list[tuple[int, bytes, dict[str, str]]]) -> None:
    turn = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal turn
        turn += 1
        status, raw, headers = answers[turn % len(answers)]
        return httpx.Response(status, stream=httpx.ByteStream(raw), headers=headers)

    platform = gateway(name, "http://127.0.0.1:9", HurriedClock())
    await platform._http._client.aclose()
    platform._http._client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    for ask in asked(platform):
        platform._http._breakers.clear()
        with suppress(*KNOWN):
            check(await ask())
    await platform.close()


def check(came: Any) -> None:
    """What is returned is of the kinds that were promised."""
    match came:
        case Made():
            assert came.token.strip()
            assert came.remote_id
        case Offer():
            assert came.connected or (came.shown and came.lasts > timedelta(0))
        case [*held]:
            assert all(isinstance(one, Held) and isinstance(one.remote_id, str) for one in held)
        case _:
            assert came is None or type(came) in (bool, int)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers=st.lists(ANSWERS, min_size=1, max_size=4))
def test_nothing_but_what_was_agreed_comes_of_an_answer(name, answers):
    asyncio.run(ask_all(name, answers))
