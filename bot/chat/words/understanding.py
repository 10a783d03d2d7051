"""Words that are not understood: a refusal that names the form wanted."""

from __future__ import annotations

import unicodedata

from billing.refusals import Refusal


class NotUnderstood(Refusal):
    """What was written has not the form that is wanted; a question that was asked stays open."""


class WordsMissing(NotUnderstood):
    """Something is not there. Facts: `command`, `missing`."""

    code = "words_missing"


class NoWords(NotUnderstood):
    """A command that is said alone came with words. Facts: `command`, `wanted`."""

    code = "no_words"


class QuoteOpen(NotUnderstood):
    """A quotation mark opens and none closes. Facts: `wanted`."""

    code = "unclosed_quote"


def folded(text: str) -> str:
    """Return words without case, accents, outer and doubled spaces, as names are compared."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    apart = unicodedata.normalize("NFKD", plain)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(bare.split())


def foreign_digits(text: str) -> bool:
    """Whether there are digits, or signs that stand for numbers, of another script than ASCII's."""
    return any(sign.isnumeric() and not sign.isascii() for sign in text)
