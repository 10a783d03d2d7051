"""The same thing, however it is typed, is the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.folding import fold


class TestFold:
    @pytest.mark.parametrize(
        ("typed", "folded"),
        [
            ("Loja", "loja"),
            ("AÇÃO", "acao"),  # accents that are one sign
            ("Ac\u0327a\u0303o", "acao"),  # and those that are two
            ("  loja   7\t", "loja 7"),
            ("loja\u00a07", "loja 7"),  # a space that does not break
            ("\uff11\uff12", "12"),  # full-width digits
            ("Straße", "strasse"),  # folding is more than lower case
            ("İzmir", "izmir"),  # an I that brings a dot along
            ("Ёлка", "елка"),
            ("ﬁnal", "final"),  # a ligature
            ("№ 5", "no 5"),
            ("", ""),
            ("PIX-12/A", "pix-12/a"),  # signs stay
        ],
    )
    def test_leaves_what_tells_things_apart(self, typed, folded):
        assert fold(typed) == folded

    @given(st.text())
    def test_twice_changes_nothing(self, text):
        assert fold(fold(text)) == fold(text)

    @given(st.text())
    def test_leaves_no_outer_or_double_space(self, text):
        assert fold(text) == " ".join(fold(text).split())
