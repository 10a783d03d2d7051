"""
The languages that the bot speaks, from the catalogues under locales/.

English is the source: what stands in the code. The others are gettext catalogues, read as they
are written when the bot starts, so that there is nothing compiled that could be out of date.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.chat.words.understanding import folded

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "partnerdesk"
SOURCE = "en"
# A catalogue's name, and the language's own name, as its speakers look for it.
LANGUAGES = {SOURCE: "English", "pt_BR": "Português (Brasil)", "es": "Español", "ru": "Русский"}


def nearest(code: str | None) -> str:
    """Return the language that is meant by a code such as Telegram's `pt-br`, or English."""
    wanted = (code or "").replace("-", "_").casefold()
    for language in LANGUAGES:
        if language.casefold() == wanted:
            return language
    for language in LANGUAGES:
        if language.partition("_")[0] == wanted.partition("_")[0]:
            return language
    return SOURCE


def named(words: str) -> str | None:
    """Return the language that is called so: by its code, itself, or another of the languages."""
    wanted = folded(words).replace("-", "_")
    for code, own in LANGUAGES.items():
        names = [own, *(Locale.parse(speaks).languages[code[:2]] for speaks in LANGUAGES)]
        if any(folded(name).startswith(wanted) for name in (code, *names)):
            return code
    return None


@cache
def catalogue(language: str) -> NullTranslations:
    """
    Return the translations into a language of `LANGUAGES`.

    :raises OSError, babel.messages.pofile.PoFileError: the catalogue cannot be read.
    """
    if language == SOURCE:
        return NullTranslations()
    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
