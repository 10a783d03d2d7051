"""Ids can be read out, and not be guessed."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import ALPHABET, RandomIds

URL_SAFE = set(string.ascii_letters + string.digits + "-_")


class TestShort:
    @given(st.integers(1, 12))
    def test_has_a_letter_and_no_sign_that_is_misread(self, signs):
        found = RandomIds().short(signs)
        assert len(found) == signs
        assert set(found) <= set(ALPHABET)
        assert not set(found) & set("ILOU")
        assert any(sign.isalpha() for sign in found)

    def test_uses_every_sign(self):
        assert set("".join(RandomIds().short() for _ in range(1000))) == set(ALPHABET)

    def test_of_no_signs_is_refused(self):
        with pytest.raises(ValueError, match="at least one"):
            RandomIds().short(0)


class TestSecrets:
    @pytest.mark.parametrize(("make", "length"), [("opaque", 22), ("secret", 43)])
    def test_are_long_distinct_and_url_safe(self, make, length):
        found = [getattr(RandomIds(), make)() for _ in range(1000)]
        assert len(set(found)) == 1000
        assert {len(text) for text in found} == {length}
        assert set("".join(found)) <= URL_SAFE
