"""No token of an account or an instance gets into a log, a repr or an exception."""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from billing.services.ports.platforms import (
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
    Remote,
)
from bot.gateways.http import Call
from tests.bot.gateways.beside import NAMES, NEW, Beside, beside
from tests.standins import evolution, whapi, zapi

NO = (PlatformLater, PlatformRefused, PlatformSilent, PlatformUnable)
LOGGERS = ("", "httpx", "httpcore", "httpcore.connection", "httpcore.http11", "tenacity")
KINDS = (None, "refused", "500", "cut_before", "cut_after", "slow", "html", "wrong", "redirect")


class Listening(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said += [record.getMessage(), repr(record.args), repr(record.__dict__)]


@pytest.fixture
def heard():
    """Everything that is logged, by whomever, at DEBUG."""
    listening = Listening()
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(listening)
    yield listening
    logging.getLogger().removeHandler(listening)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def told(error: BaseException | None) -> list[str]:
    """Return all that an exception and those behind it say, tracebacks too."""
    said = []
    while error is not None:
        said += [str(error), repr(error), repr(error.__dict__), *traceback.format_exception(error)]
        error = error.__cause__ or error.__context__
    return said


def asks(far: Beside, remote: Remote) -> list[Any]:
    platform = far.platform
    return [
        *(getattr(platform, name)(remote) for name in ("subscribe", "cancel", "keep", "stop")),
        *(getattr(platform, name)(remote) for name in ("restart", "connected", "find", "create")),
        platform.extend(remote, far.clock.now() + timedelta(days=30)),
        platform.pairing(remote, None),
        platform.pairing(remote, "5511987654321"),
        platform.held(),
        platform.days_left(),
        platform.check(),
        platform.delete(remote),
    ]


@pytest.mark.parametrize("name", NAMES)
async def test_no_token_is_ever_told(name, heard):
    said: list[str] = []
    async with beside(name) as far:
        tokens = {zapi.TOKEN, whapi.TOKEN, evolution.API_KEY}
        for kind in KINDS:
            remote = await far.made()
            tokens.add(str(remote.token))
            for operation in [*far.stand.calls, "list", "status", "delete", "subscribe", "get"]:
                if kind is not None:
                    far.stand.order(operation, kind)
            for ask in asks(far, remote):
                try:
                    said.append(repr(await ask))
                except NO as error:
                    said += told(error)
            far.stand._faults.clear()
            await far.pass_(minutes=31)
            far.stand.rows = {id_: row for id_, row in far.stand.rows.items() if id_ == "balance"}
        path = f"/instances/1/token/{remote.token}/x"
        call = Call("GET", path, json={"t": remote.token}, headers={"a": str(remote.token)})
        said += [repr(remote), repr(far.platform), repr(far.platform.__dict__), repr(call)]
        said += [repr(far.platform._http)]
    everything = "\n".join([*said, *heard.said])
    assert all(tokens), "there is something to look for"
    assert [token for token in tokens if token in everything] == []
    assert "loja-7" in everything, "it listened"


@pytest.mark.parametrize("name", NAMES)
async def test_a_platform_that_repeats_a_token_in_its_refusal_is_masked(name):
    async with beside(name) as far:
        remote = await far.made()
        echoed = far.stand.refusal

        def repeating(status: int, why: str):
            return echoed(status, f"{why}: {remote.token} of {zapi.TOKEN}, {whapi.TOKEN}")

        far.stand.refusal = repeating
        said: list[str] = []
        for operation in far.stand.calls | {"status": 0, "pair": 0, "connect": 0}:
            far.stand.order(operation, "refused")
        for ask in asks(far, remote):
            with suppress(*NO):
                await ask
        for ask in (far.platform.connected(remote), far.platform.pairing(remote, None)):
            try:
                await ask
            except NO as error:
                said += told(error)
        own = {"zapi": zapi.TOKEN, "whapi": whapi.TOKEN, "evolution": evolution.API_KEY}[name]
        assert own not in "\n".join(said)
        assert str(remote.token) not in "\n".join(said)


async def test_an_account_does_not_show_its_secrets():
    for made in (NEW, Remote("0000A", "x", token="canary-token")):
        assert "canary" not in repr(made)
    for account in (
        zapi_account(),
        evolution_account(),
    ):
        assert "canary" not in repr(account)


def zapi_account():
    from bot.gateways.zapi import ZapiAccount

    return ZapiAccount("canary-a", "canary-b", hook="https://x/canary-c")


def evolution_account():
    from bot.gateways.evolution import EvolutionAccount

    return EvolutionAccount("https://x", "canary-a")
