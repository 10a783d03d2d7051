"""Of each platform is known whether it answers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from billing.services.ports.platforms import (
    PlatformLater,
    PlatformRefused,
    PlatformSilent,
    PlatformUnable,
    Remote,
)
from bot.gateways.chosen import ChosenPlatforms

AT = datetime(2026, 1, 1, tzinfo=UTC)
REMOTE = Remote("K7Q2M", "loja")


class Far:
    """Answers every call with what it was told to."""

    def __init__(self) -> None:
        self.answer: Exception | None = None

    def __getattr__(self, operation: str) -> Any:
        async def call(*_asked: object) -> None:
            if self.answer is not None:
                raise self.answer

        return call


@pytest.fixture
def far() -> Far:
    return Far()


@pytest.fixture
def wired(far) -> Any:
    return ChosenPlatforms({"embedded": Far(), "zapi": far})


async def test_one_that_was_not_asked_is_not_told_of(wired):
    assert wired.troubles() == {}
    assert wired.chosen == {"zapi"}


async def test_every_call_tells_whether_it_answers(wired, far):
    there = wired.at("zapi")
    calls = {
        **dict.fromkeys(("find", "create", "subscribe", "cancel", "keep", "stop"), (REMOTE,)),
        **dict.fromkeys(("restart", "delete", "connected"), (REMOTE,)),
        "extend": (REMOTE, AT),
        "pairing": (REMOTE, None),
        **dict.fromkeys(("held", "days_left", "check"), ()),
    }
    for name, asked in calls.items():
        far.answer = PlatformSilent("HTTP 500")
        with pytest.raises(PlatformSilent):
            await getattr(there, name)(*asked)
        assert wired.troubles() == {"zapi": "HTTP 500"}, name
        far.answer = None
        await getattr(there, name)(*asked)
        assert wired.troubles() == {"zapi": None}, name


@pytest.mark.parametrize(
    "no", [PlatformRefused("no"), PlatformLater(AT, "later"), PlatformUnable("no call")]
)
async def test_a_no_is_an_answer(wired, far, no):
    far.answer = no
    with pytest.raises(type(no)):
        await wired.at("zapi").subscribe(REMOTE)
    assert wired.troubles() == {"zapi": None}


async def test_all_are_asked_whether_the_account_answers(wired, far):
    assert await wired.ask() == {"zapi": None}
    far.answer = PlatformRefused("Unauthorized")
    assert await wired.ask() == {"zapi": "Unauthorized"}
    far.answer = PlatformSilent("no answer")
    assert await wired.ask() == {"zapi": "no answer"}
