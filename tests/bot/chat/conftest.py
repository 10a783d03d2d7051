from collections.abc import AsyncIterator

import pytest
from telegram.error import BadRequest

from tests.bot.chat import days_talk
from tests.bot.chat.talk import ADMIN, OWNER, STAFF_GROUP, Talk, message
from tests.engines import TestDatabase


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    database = await TestDatabase.anew()
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


class File:
    def __init__(self, content: bytes) -> None:
        self.content = content

    async def download_as_bytearray(self):
        return bytearray(self.content)


@pytest.fixture
def sent(talk, monkeypatch):
    """Return how to send a file with a caption."""

    async def send(content: bytes, caption="/import", user=ADMIN, size=None, **more):
        async def get_file(file_id, **rest):
            assert file_id == "F1"
            if content == b"gone":
                raise BadRequest("file is not there any more")
            return File(content)

        monkeypatch.setattr(type(talk.bot), "get_file", lambda _bot, *a, **k: get_file(*a, **k))
        document = {
            "file_id": "F1", "file_unique_id": "U1", "file_name": "table.csv",
            "file_size": size if size is not None else len(content),
        }  # fmt: skip
        told = {"caption": caption, "document": document, **more}
        without_text = {**message(user, "", STAFF_GROUP), **told}
        del without_text["text"]
        said = await talk.receive({"message": without_text})
        return [one for one in said if one.chat_id == STAFF_GROUP]

    return send
