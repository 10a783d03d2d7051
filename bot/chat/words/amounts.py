"""Amounts as people write them: `59,90`, `1.234,56`, `1,234.56`, `1 234,56`, `R$ 59,90`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from billing.money import MINOR_PER_MAJOR
from bot.chat.words.understanding import NotUnderstood, foreign_digits

CURRENCIES = {
    "r$": "BRL",
    "brl": "BRL",
    "us$": "USD",
    "usd": "USD",
    "$": "USD",
    "€": "EUR",
    "eur": "EUR",
}
SIGN = r"(?:[A-Za-z]{0,3}\$|[A-Za-z]{3}|[^\W\d_]{1,10}|[^\w\s.,()+−-])"
AMOUNT = re.compile(rf"(?P<before>{SIGN})?\s*(?P<number>[^A-Za-z$€]*?)\s*(?P<after>{SIGN})?")
MINUS = "-−–"
MOST_DIGITS = 9

WHOLE = re.compile(r"[0-9]+")
DECIMAL = re.compile(r"([0-9]+)[.,]([0-9]{2})")
GROUPED = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:,[0-9]{3})+)")
GROUPED_DECIMAL = re.compile(
    r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{2})|([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]{2})"
)
# As it is written, and shown, in Russian.
SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]{2})?")
GROUPS = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?P<cents>[.,][0-9]{2})?(?=\s|$)")


class AmountUnclear(NotUnderstood):
    """
    No amount, or not surely which. Facts: `wanted`, `why`.

    `why` is one of form, ambiguous, negative, currency, digits, too_large.
    """

    code = "amount_unclear"


@dataclass(frozen=True, slots=True)
class Amount:
    """Minor units, and the currency if one was written."""

    minor: int
    currency: str | None


def is_currency(word: str) -> bool:
    """Whether a word alone can only be the currency of the amount beside it."""
    return word.casefold() in CURRENCIES or _is_sign(word)


def amount(text: str) -> Amount:
    """
    Read an amount.

    A single separator before three digits may be either, so it is refused and never guessed.

    :raises AmountUnclear:
    """
    tidy = " ".join(text.split())
    if foreign_digits(tidy):
        raise _unclear(tidy, "digits")
    minus = tidy[:1] in MINUS and tidy != ""
    parts = AMOUNT.fullmatch(tidy.lstrip(MINUS + " ") if minus else tidy)
    if parts is None or (parts["before"] and parts["after"]):
        raise _unclear(tidy, "form")
    number = parts["number"].strip()
    currency = _currency(tidy, parts["before"] or parts["after"], number)
    if minus or (number[:1] in MINUS and number != ""):
        raise _unclear(tidy, "negative")
    return Amount(_minor(tidy, number), currency)


def leading(words: Sequence[str]) -> tuple[Amount, int]:
    """
    Read the amount that words begin with, and tell how many of them it takes.

    After a group of digits three more may be the next group or what follows the amount: that is
    refused, unless cents end them.

    :raises AmountUnclear:
    """
    at = 1 if len(words) > 1 and is_currency(words[0]) else 0
    grouped = GROUPS.match(" ".join(words[at:]))
    if grouped is not None and not grouped["cents"]:
        raise _unclear(grouped[0], "ambiguous")
    end = at + (1 if grouped is None else len(grouped[0].split()))
    if at == 0 and end < len(words) and is_currency(words[end]):
        end += 1
    return amount(" ".join(words[:end])), end


def _currency(tidy: str, sign: str | None, number: str) -> str | None:
    if not sign:
        return None
    known = CURRENCIES.get(sign.casefold())
    if known is None and (not number or not (_is_sign(sign) or len(sign) == 3)):
        raise _unclear(tidy, "form")
    if known is None:
        raise _unclear(tidy, "currency")
    return known


def _is_sign(word: str) -> bool:
    return word != "" and (
        word.endswith("$") or all(unicodedata.category(sign) == "Sc" for sign in word)
    )


def _minor(tidy: str, number: str) -> int:
    if SPACED.fullmatch(number):
        number = number.replace(" ", "")
    if WHOLE.fullmatch(number):
        return _counted(tidy, number, "00")
    if found := DECIMAL.fullmatch(number):
        return _counted(tidy, found[1], found[2])
    if found := GROUPED_DECIMAL.fullmatch(number):
        return _counted(tidy, found[1] or found[3], found[2] or found[4])
    if GROUPED.fullmatch(number):
        if len(re.findall(r"[.,]", number)) == 1:
            raise _unclear(tidy, "ambiguous")
        return _counted(tidy, number, "00")
    raise _unclear(tidy, "form")


def _counted(tidy: str, major: str, minor: str) -> int:
    digits = re.sub(r"[.,]", "", major)
    if len(digits) > MOST_DIGITS:
        raise _unclear(tidy, "too_large")
    return int(digits) * MINOR_PER_MAJOR + int(minor)


def _unclear(tidy: str, why: str) -> AmountUnclear:
    return AmountUnclear(wanted=tidy[:64], why=why)
