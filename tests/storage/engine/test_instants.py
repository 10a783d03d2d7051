"""An instant comes back to the microsecond."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.engine.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_instant_comes_back(instant):
    assert from_micros(to_micros(instant)) == instant
    assert maybe_from_micros(maybe_to_micros(instant)) == instant


def test_an_instant_is_the_same_from_any_zone():
    there = datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=-3)))
    assert to_micros(there) == to_micros(datetime(2026, 3, 1, 12, tzinfo=UTC))


def test_none_stays_none():
    assert maybe_to_micros(None) is None
    assert maybe_from_micros(None) is None


def test_a_naive_instant_is_refused():
    with pytest.raises(TypeError):
        to_micros(datetime(2026, 3, 1))  # noqa: DTZ001
