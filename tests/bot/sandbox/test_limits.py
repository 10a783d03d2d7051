from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.clock import MovableClock
from bot.sandbox.errors import ApiError
from bot.sandbox.limits import Limits
from bot.sandbox.values import Chat

START = datetime(2026, 1, 30, 18, tzinfo=UTC)
PRIVATE, GROUP = Chat(1, "private", "Ana"), Chat(-1, "supergroup", "Support")


@pytest.fixture
def clock():
    return MovableClock(START)


@pytest.fixture
def limits(clock):
    return Limits(clock)


def spent(limits, chat, tries):
    """Return how many went through before the first refusal."""
    for done in range(tries):
        try:
            limits.spend(chat)
        except ApiError:
            return done
    return tries


class TestLimits:
    def test_allow_a_private_chat_a_burst_of_five_then_one_a_second(self, clock, limits):
        assert spent(limits, PRIVATE, 10) == 5
        clock.move_to(START + timedelta(seconds=2.1))
        assert spent(limits, PRIVATE, 10) == 2

    def test_allow_a_group_twenty_a_minute(self, clock, limits):
        assert spent(limits, GROUP, 30) == 20
        clock.move_to(START + timedelta(seconds=59))
        assert spent(limits, GROUP, 1) == 0
        clock.move_to(START + timedelta(seconds=61))
        assert spent(limits, GROUP, 30) == 20

    def test_allow_thirty_a_second_over_all(self, clock, limits):
        chats = [Chat(person, "private", "") for person in range(1, 41)]
        assert sum(spent(limits, chat, 1) for chat in chats) == 30
        clock.move_to(START + timedelta(seconds=1.1))
        limits.spend_edit()
        assert sum(spent(limits, chat, 1) for chat in chats) == 29

    def test_name_how_long_to_wait(self, clock, limits):
        spent(limits, GROUP, 20)
        clock.move_to(START + timedelta(seconds=20.5))
        with pytest.raises(ApiError) as refused:
            limits.spend(GROUP)
        assert refused.value.code == 429
        assert refused.value.description == "Too Many Requests: retry after 40"
        assert refused.value.parameters == {"retry_after": 40}

    def test_count_an_album_by_its_pictures(self, limits):
        limits.spend(PRIVATE, 5)
        assert spent(limits, PRIVATE, 1) == 0

    def test_pace_edits_over_all_only(self, limits):
        for _ in range(30):
            limits.spend_edit()
        with pytest.raises(ApiError):
            limits.spend_edit()
