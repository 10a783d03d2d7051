"""The answers that are measured are answers: each command of each chat has one."""

from tests.benches import chat


async def test_every_command_of_every_chat_is_answered_and_timed():
    took = await chat.measure(chats=3, seconds=2)
    assert len(took) == 6
    assert all(0 < seconds < 10 for seconds in took)
