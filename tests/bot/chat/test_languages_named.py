"""A language is known by its code, its own name, and what the other languages call it."""

import pytest

from bot.chat import languages


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("en", "en"), ("inglês", "en"), ("английский", "en"), ("pt-br", "pt_BR"), ("pt", "pt_BR"),
        ("Portuguese", "pt_BR"), ("espanhol", "es"), ("Spanish", "es"), ("русский", "ru"),
        ("ruso", "ru"), ("xx", None),
    ],
)  # fmt: skip
def test_language_is_known_by_its_names(words, code):
    assert languages.named(words) == code
