from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.bot.chat import days_talk
from tests.bot.chat.talk import OWNER, Talk


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    database = await Database.open("sqlite://")
    opened = Talk(database)
    await opened.set_up()
    yield opened
    await database.close()


@pytest.fixture
async def number(talk) -> str:
    """Return the number of an invoice of loja-1, issued on 1 April, which is the day."""
    await talk.create("loja-1")
    card = await talk.tell(OWNER, "/subscribe loja-1")
    await talk.press(OWNER, card, "confirm")
    await talk.carry_out()
    talk.later(days=30)
    return await talk.close(2026, 3)


@pytest.fixture
async def in_days(talk) -> Talk:
    """Return the talk with its first partner under the days programme."""
    return await days_talk.in_days(talk)
