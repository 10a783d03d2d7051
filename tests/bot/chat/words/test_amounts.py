import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.refusals import Refusal
from bot.chat.words.amounts import Amount, AmountUnclear, amount, is_currency


class TestAmount:
    @pytest.mark.parametrize(
        ("text", "minor", "currency"),
        [
            ("59,90", 5990, None),
            ("59.90", 5990, None),
            ("60", 6000, None),
            ("1.234,56", 123456, None),
            ("1,234.56", 123456, None),
            ("1.234.567", 123456700, None),
            ("12.345.678,90", 1234567890, None),
            ("R$ 59,90", 5990, "BRL"),
            ("R$59,90", 5990, "BRL"),
            ("R$\xa059,90", 5990, "BRL"),  # as it is copied from a message
            ("BRL 59.90", 5990, "BRL"),
            ("59.90 brl", 5990, "BRL"),
            ("US$ 10", 1000, "USD"),
            ("10 €", 1000, "EUR"),
            ("0", 0, None),  # the use case refuses it
            ("999999999", 99999999900, None),
        ],
    )
    def test_is_read_as_people_write_it(self, text, minor, currency):
        assert amount(text) == Amount(minor, currency)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("1.234", "ambiguous"),  # a thousand, or one and a bit
            ("1,234", "ambiguous"),
            ("-59,90", "negative"),
            ("−59,90", "negative"),  # a typographic minus
            ("R$ -5", "negative"),
            ("£ 5", "currency"),
            ("GBP 5", "currency"),
            ("A$ 5", "currency"),
            ("٥٩.٩٠", "digits"),
            ("５９,９０", "digits"),
            ("½", "digits"),
            ("5²", "digits"),
            ("1234567890", "too_large"),
            ("9" * 4000, "too_large"),
            ("", "form"),
            ("R$", "form"),
            ("ten", "form"),
            ("59,9", "form"),
            ("59,900,1", "form"),
            ("1.23.456", "form"),
            ("5e3", "form"),
            ("0x10", "form"),
            ("R$ 5 BRL", "form"),
            ("+5", "form"),
            ("5 %", "form"),
            ("1_000", "form"),
            ("NaN", "form"),
        ],
    )
    def test_is_refused_with_the_reason(self, text, why):
        with pytest.raises(AmountUnclear) as refused:
            amount(text)
        assert refused.value.facts["why"] == why

    @given(st.text())
    def test_of_any_text_is_an_amount_or_a_refusal(self, text):
        try:
            found = amount(text)
        except Refusal:
            return
        assert 0 <= found.minor < 10**11
        assert not any(sign.isnumeric() and not sign.isascii() for sign in text)

    @given(st.integers(0, 10**11 - 1))
    def test_written_in_either_manner_is_the_same(self, minor):
        english = f"{minor // 100:,}.{minor % 100:02}"
        portuguese = english.translate(str.maketrans(",.", ".,"))
        assert amount(english).minor == amount(portuguese).minor == minor


@pytest.mark.parametrize(
    ("word", "is_one"), [("R$", True), ("brl", True), ("£", True), ("REF", False), ("59", False)]
)
def test_a_word_alone_is_a_currency_only_if_it_can_be_nothing_else(word, is_one):
    assert is_currency(word) is is_one
