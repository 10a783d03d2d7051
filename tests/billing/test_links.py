"""Whether a number is connected: what a look changes, and when a drop is certain."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.links import LASTS, Link, dropped, seen

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
UP = Link(connected=True, since=NOON)


def later(**span: float) -> datetime:
    return NOON + timedelta(**span)


class TestSeen:
    def test_knows_nothing_new_where_the_platform_does_not_say(self):
        assert seen(UP, connected=None, at=later(hours=1)) == UP

    @pytest.mark.parametrize("connected", [True, False])
    def test_keeps_since_when_while_nothing_changes(self, connected):
        known = Link(connected=connected, since=NOON)
        assert seen(known, connected=connected, at=later(hours=1)) == known

    def test_is_no_drop_where_it_never_was_connected(self):
        first = seen(Link(), connected=False, at=NOON)
        assert first == Link(connected=False, since=NOON)
        assert not dropped(Link(), first)

    def test_is_a_drop_only_at_the_second_look(self):
        doubted = seen(UP, connected=False, at=later(minutes=1))
        assert doubted == Link(False, later(minutes=1), later(minutes=1))
        assert not dropped(UP, doubted)
        soon = seen(doubted, connected=False, at=later(minutes=1) + LASTS - timedelta(seconds=1))
        assert soon == doubted
        certain = seen(doubted, connected=False, at=later(minutes=1) + LASTS)
        assert certain == Link(connected=False, since=later(minutes=1))
        assert dropped(doubted, certain)

    def test_forgets_a_drop_that_did_not_last(self):
        doubted = seen(UP, connected=False, at=later(minutes=1))
        back = seen(doubted, connected=True, at=later(minutes=2))
        assert back == Link(connected=True, since=later(minutes=2))
        assert not dropped(doubted, back)


@given(st.lists(st.tuples(st.sampled_from([True, False, None]), st.integers(1, 900)), max_size=40))
def test_tells_of_each_drop_once_and_of_none_that_did_not_last(looks):
    link, at, told = Link(), NOON, []
    for connected, seconds in looks:
        at += timedelta(seconds=seconds)
        after = seen(link, connected=connected, at=at)
        if dropped(link, after):
            assert after.since is not None
            assert at - after.since >= LASTS
            told.append(after.since)
        # What is doubted is not connected, and since when never lies ahead.
        assert after.doubted_at is None or after.connected is False
        assert after.since is None or after.since <= at
        link = after
    assert len(told) == len(set(told))
