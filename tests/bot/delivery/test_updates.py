"""Every update finds a row and a lane, whatever is in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.updates import UNREADABLE_LANE, entry, lane_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


class TestLane:
    @pytest.mark.parametrize(
        ("update", "lane"),
        [
            ({"message": {"chat": {"id": -5}, "from": {"id": 7}}}, "-5"),
            ({"edited_message": {"chat": {"id": 7}}}, "7"),
            # A tap belongs to the chat of its message, so that it is not
            # handled beside what is typed there.
            ({"callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -5}}}}, "-5"),
            ({"callback_query": {"from": {"id": 7}}}, "7"),
            ({"my_chat_member": {"chat": {"id": -5}}}, "-5"),
            # Has to be answered in ten seconds, so it waits behind nothing.
            ({"pre_checkout_query": {"id": "q1", "from": {"id": 7}}}, "checkout:q1"),
            ({"something_new": {"id": 1}}, UNREADABLE_LANE),
            ({"message": {"chat": {"id": "7"}}}, UNREADABLE_LANE),
        ],
    )
    def test_is_the_chat(self, update, lane):
        assert lane_of({"update_id": 1} | update) == lane


class TestEntry:
    @given(JSON | st.fixed_dictionaries({"update_id": JSON, "message": JSON}))
    def test_is_made_of_anything(self, raw):
        update_id, lane, body = entry(raw)
        assert -(2**63) <= update_id < 2**63
        assert lane
        body.encode()
        json.loads(body)

    def test_of_what_has_no_id_is_the_same_each_time_and_below_zero(self):
        first, second = entry({"update_id": "x"}), entry({"update_id": "x"})
        assert first == second
        assert first[0] < 0
        assert entry({"update_id": "y"})[0] != first[0]
