from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.bot.chat.talk import Talk


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    database = await Database.open("sqlite://")
    opened = Talk(database)
    await opened.set_up()
    yield opened
    await database.close()
