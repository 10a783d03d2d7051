"""A language as a story speaks it: names of commands, labels of buttons, what is answered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.chat.commands import COMMANDS
from bot.chat.languages import DOMAIN, LANGUAGES, LOCALES, SOURCE
from tests.scenarios.world import Said

PLACEHOLDER = re.compile(r"\\\{\w+\\\}")
# By the codes with which Telegram comes.
CODES = ("en", "pt-br", "es", "ru")
BOTH = CODES[:2]


@cache
def _catalogue(language: str) -> Catalog:
    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language of a code such as `pt-br`; answers are English where it has no catalogue."""

    code: str

    @property
    def short(self) -> str:
        return self.code[:2]

    @property
    def language(self) -> str:
        found = (name for name in LANGUAGES if name[:2] == self.short)
        return next(found, SOURCE)

    def name_of(self, command: str) -> str:
        """Return how a command is called."""
        return COMMANDS[command].called_in(self.short)

    def of(self, **words: str) -> str:
        """Return the words of this language, or the English ones."""
        return words.get(self.short, words["en"])

    def number(self, value: int) -> str:
        """Return a number as the language writes it."""
        return str(format_decimal(value, locale=self.language))

    def amount(self, value: str) -> str:
        """Return an amount of money as the language writes it, without its currency."""
        return str(format_decimal(Decimal(value), "#,##0.00", locale=self.language))

    def forms(self, text: str) -> tuple[str, ...]:
        """
        Return the forms of a text of the source: one, or as many as the language has plurals.

        :raises KeyError: nothing says that text any more.
        """
        # English has no catalogue: another one knows all texts, and which have a plural.
        found = _catalogue("pt_BR" if self.language == SOURCE else self.language).get(text)
        if found is None:
            raise KeyError(text)
        said = found.id if self.language == SOURCE else found.string
        return (said,) if isinstance(said, str) else tuple(said)

    def label(self, text: str) -> str:
        """Return the label of a button."""
        return self.forms(text)[0]

    def tells(self, said: Said | str, text: str) -> bool:
        """Whether a message holds a text of the source, whatever is filled in."""
        whole = said if isinstance(said, str) else said.text
        return any(re.search(_pattern(form), whole, re.DOTALL) for form in self.forms(text))

    def told(self, said: Said | str | Iterable[Said], text: str, *more: str) -> None:
        """Assert that one of these messages holds a text, and these words beside it."""
        heard = [said] if isinstance(said, Said | str) else list(said)
        whole = [one if isinstance(one, str) else one.text for one in heard]
        found = [one for one in whole if self.tells(one, text)]
        assert found, f"nobody says {self.forms(text)}: {whole}"
        for words in more:
            assert any(words in one for one in found), f"{words!r} is not in {found}"


def _pattern(form: str) -> str:
    return PLACEHOLDER.sub(".+?", re.escape(form))
