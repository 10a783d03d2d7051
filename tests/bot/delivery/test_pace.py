"""The pace never exceeds what Telegram bears, in any window, and wastes no more than it must."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pace import Limits, Pace
from tests.bot.delivery.clock import START

SECOND = timedelta(seconds=1)
CHATS = st.sampled_from([1, 2, 3, -1, -2])
# Who wants to send, and how long after the one before.
WISHES = st.lists(st.tuples(CHATS, st.integers(0, 3_000)), max_size=150)


def sent(pace: Pace, wishes: list[tuple[int, int]]) -> list[tuple[int, timedelta]]:
    """Send each as soon as it is allowed; return (chat, instant since the start)."""
    now = START
    went = []
    for chat_id, later in wishes:
        now = max(now + timedelta(milliseconds=later), pace.ready_at(chat_id, now))
        now = max(now, pace.ready_at(chat_id, now))
        pace.spend(chat_id, now)
        went.append((chat_id, now - START))
    return went


def most_within(instants: list[timedelta], window: timedelta) -> int:
    return max(
        (sum(first <= other < first + window for other in instants) for first in instants),
        default=0,
    )


class TestLimits:
    @given(WISHES)
    def test_of_all_chats_together_hold_in_every_second(self, wishes):
        went = sent(Pace(Limits(per_second=4)), wishes)
        assert most_within([instant for _, instant in went], SECOND) <= 4

    @given(WISHES)
    def test_of_one_chat_hold_in_every_window(self, wishes):
        went = sent(Pace(), wishes)
        for chat_id in {chat for chat, _ in went}:
            instants = [instant for chat, instant in went if chat == chat_id]
            for seconds in (1, 2, 5, 30):
                # A burst of three, then one a second.
                assert most_within(instants, seconds * SECOND) <= 3 + seconds - 1 + 1

    @given(st.lists(st.integers(0, 4_000), max_size=120))
    def test_of_a_group_hold_in_every_minute(self, gaps):
        went = sent(Pace(), [(-1, gap) for gap in gaps])
        assert most_within([instant for _, instant in went], 60 * SECOND) <= 18

    @given(WISHES)
    def test_keep_nobody_waiting_who_was_silent(self, wishes):
        pace = Pace()
        went = sent(pace, wishes)
        end = START + (went[-1][1] if went else timedelta(0)) + 60 * SECOND
        assert pace.ready_at(1, end) == end
        assert pace.ready_at(-1, end) == end

    def test_let_3000_chats_hear_within_two_minutes(self):
        went = sent(Pace(), [(chat_id, 0) for chat_id in range(1, 3001)])
        assert went[-1][1] <= timedelta(seconds=3000 / 28 + 1)


class TestPause:
    def test_holds_its_own_chat_only(self):
        pace = Pace()
        pace.pause(1, START + 30 * SECOND)
        assert pace.ready_at(1, START) == START + 30 * SECOND
        assert pace.ready_at(2, START) == START

    def test_is_not_stretched_by_a_clock_that_is_set_back(self):
        pace = Pace()
        for _ in range(5):
            pace.spend(1, START)
        pace.pause(2, START + 30 * SECOND)
        year_ago = START - timedelta(days=365)
        assert pace.ready_at(1, year_ago) <= year_ago + 5 * SECOND
        assert pace.ready_at(2, year_ago) == year_ago + 30 * SECOND


class TestMemory:
    def test_is_given_back_by_chats_that_are_quiet(self):
        pace = Pace(Limits(per_second=10_000))
        for number in range(5_000):
            pace.spend(number, START + number * SECOND)
        assert len(pace._chats) < 1_100
