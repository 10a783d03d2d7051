"""Pauses grow, and stop growing."""

import pytest

from bot.delivery.backoff import pause_after


class TestPause:
    def test_doubles_up_to_a_minute(self):
        pauses = [pause_after(failures).total_seconds() for failures in (1, 2, 3, 6, 7, 10**9)]
        assert pauses == [1, 2, 4, 32, 60, 60]

    def test_is_none_before_the_first_failure(self):
        with pytest.raises(ValueError, match="before the first"):
            pause_after(0)
