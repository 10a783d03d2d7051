"""A file is looked up in a transaction that only reads, and drawn beside the loop."""

import threading

import pytest

from bot.chat.replies.documents import CAPTIONS
from bot.documents import Documents
from bot.documents.kinds import KINDS
from bot.documents.making import Kind
from bot.settings import Operator
from tests.bot.documents.samples import Someone


class Store:
    async def read(self, unit):
        return await unit("work")


async def look(work, what):
    return work, what["number"]


async def test_a_file_is_drawn_in_a_thread_of_its_own():
    def draw(found, voice, tools):
        assert threading.current_thread() is not threading.main_thread()
        return f"{found[1]}.txt", voice.day(voice.now.date()).encode()

    documents = Documents(Store(), {"note": Kind(look, draw)}, Operator())
    made = await documents.made({"what": "note", "number": "N1"}, Someone())
    assert made == ("N1.txt", b"2 Mar 2026")


async def test_what_there_is_no_kind_of_is_a_fault_that_is_seen():
    with pytest.raises(KeyError):
        await Documents(Store(), {}, Operator()).made({"what": "x"}, Someone())


def test_all_that_is_said_beside_a_file_is_said_beside_one_that_there_is():
    assert set(CAPTIONS) <= set(KINDS)
