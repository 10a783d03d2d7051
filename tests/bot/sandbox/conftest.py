from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.sandbox.box import Box
from tests.bot.sandbox.neighbour import Neighbour, bot_of


@pytest.fixture(autouse=True)
def _spans_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    # Else python-telegram-bot warns about its own future at every 429.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    box = Box("sqlite://")
    await box.start(0)
    yield box
    await box.stop()


@pytest.fixture
async def bot(box: Box) -> AsyncIterator[Bot]:
    async with bot_of(box.url) as bot:
        yield bot


@pytest.fixture
async def people(box: Box) -> AsyncIterator[Neighbour]:
    async with Neighbour(box.url) as neighbour:
        yield neighbour
