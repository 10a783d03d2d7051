from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.delivery.heartbeat import Heartbeats
from bot.delivery.transport import AiohttpRequest
from storage.engine.database import Database
from tests.bot.delivery.clock import HurriedClock
from tests.bot.delivery.telegram import TOKEN, FakeTelegram
from tests.engines import TestDatabase


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    opened = Bot(
        TOKEN,
        base_url=telegram.address,
        request=AiohttpRequest(read_seconds=0.3),
        get_updates_request=AiohttpRequest(),
    )
    await opened.initialize()
    telegram.calls.clear()
    yield opened
    await opened.shutdown()


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    opened = await TestDatabase.anew()
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> HurriedClock:
    return HurriedClock()


@pytest.fixture
def hearts() -> Heartbeats:
    return Heartbeats()
