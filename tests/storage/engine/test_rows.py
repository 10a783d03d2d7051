"""Lists and prefixes reach the database as parameters."""

import pytest

from storage.engine import rows
from storage.engine.rows import RowMissing, beyond, listed, must_touch, there


def test_a_list_is_parameters_and_never_empty():
    assert listed("kind", []) == (":kind_0", {"kind_0": ""})
    marks, parameters = listed("kind", ["a", "b'); --"])
    assert marks == ":kind_0, :kind_1, :kind_2"
    assert parameters == {"kind_0": "", "kind_1": "a", "kind_2": "b'); --"}


@pytest.mark.parametrize("after", ["", "z", "é", "\uffff", "😀"])
def test_all_that_begins_so_lies_before_what_is_beyond(after):
    # As both engines compare: by bytes of UTF-8.
    assert ("key:" + after).encode() < beyond("key:").encode() < b"key;"


def test_a_statement_that_touched_nothing_is_an_error():
    must_touch(1, "there")
    with pytest.raises(RowMissing, match="instance X"):
        must_touch(0, "instance X")


def test_a_row_that_has_to_be_there_is_an_error_where_it_is_not():
    assert there({"id": 1}, "it") == {"id": 1}
    with pytest.raises(RowMissing, match="partner P9"):
        there(None, "partner P9")


class TestARowReadLately:
    def test_is_not_read_again_while_it_is_the_same(self, monkeypatch):
        monkeypatch.setattr(rows, "MOST_REMEMBERED", 2)
        read = []

        @rows.remembered
        def name(row):
            read.append(row["id"])
            return row["name"]

        assert [name({"id": 1, "name": one}) for one in ("a", "a", "b", "a")] == [
            "a",
            "a",
            "b",
            "a",
        ]
        assert read == [1, 1]
        # What is more than is remembered makes room.
        assert name({"id": 2, "name": "c"}) == "c"
        assert name({"id": 1, "name": "a"}) == "a"
        assert read == [1, 1, 2, 1]
