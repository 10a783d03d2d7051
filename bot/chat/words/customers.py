"""Words about a partner's own customer: a name, what it pays a month, until when it has paid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.chat.words import amounts, dates
from bot.chat.words.amounts import Amount
from bot.chat.words.naming import tokens_of
from bot.chat.words.understanding import folded, foreign_digits

# What takes the customer away.
NOBODY = frozenset({"-", "–", "—"})
# `Tue 24 Nov 2026`, `24 de novembro de 2026`.
LONGEST_DATE = 5
UNTIL = frozenset({"until", "till", "ate", "hasta", "до"})
PAID = frozenset({"paid", "pago", "paga", "pagado", "pagada", "оплачено", "оплачен"})
LIKE_AN_AMOUNT = re.compile(r"(?:[A-Za-z]{0,3}\$|€|[A-Z]{3})?[-−–]?[0-9][0-9.,]*(?:€)?")


@dataclass(frozen=True, slots=True)
class CustomerWords:
    """What was said; None was not. A name in quotation marks may hold what reads like a price."""

    name: str | None = None
    price: Amount | None = None
    paid_until: date | None = None


def customer(words: str, *, language: str, today: date) -> CustomerWords:
    """
    Read `NAME [PRICE] [paid until DATE]`; without a name it is about the customer there is.

    A day without its year is the one nearest to `today`.

    :raises AmountUnclear, DateUnclear, QuoteOpen:
    """
    tokens = tokens_of(words)
    paid_until = _taken_date(tokens, words, language, today)
    price = _taken_price(tokens, words)
    return CustomerWords(" ".join(tokens) or None, price, paid_until)


def _taken_date(tokens: list[str], words: str, language: str, today: date) -> date | None:
    """Take the day from the end, and the words before it that only lead to it."""
    if not tokens or _is_quoted(tokens[-1], words):
        return None
    for size in range(min(LONGEST_DATE, len(tokens)), 0, -1):
        before, said = tokens[:-size], " ".join(tokens[-size:])
        linked = bool(before) and folded(before[-1]) in UNTIL
        paid = linked and len(before) > 1 and folded(before[-2]) in PAID
        led = linked and dates.formed(said, language=language)
        if not (paid or led or dates.surely(said, language=language)):
            continue
        found = dates.day(said, language=language, today=today)
        del tokens[len(before) - (2 if paid else 1 if linked else 0) :]
        return found
    return None


def _taken_price(tokens: list[str], words: str) -> Amount | None:
    """Take the amount from the end; it may be two words (`R$ 59,90`)."""
    if not tokens or _is_quoted(tokens[-1], words):
        return None
    last = tokens[-1]
    before = tokens[-2] if len(tokens) > 1 else ""
    if before and (amounts.is_currency(before) or amounts.is_currency(last)):
        if LIKE_AN_AMOUNT.fullmatch(last) or LIKE_AN_AMOUNT.fullmatch(before):
            del tokens[-2:]
            return amounts.amount(f"{before} {last}")
        return None
    if LIKE_AN_AMOUNT.fullmatch(last) or (foreign_digits(last) and not last.isalpha()):
        del tokens[-1:]
        return amounts.amount(last)
    return None


def _is_quoted(token: str, words: str) -> bool:
    return f'"{token}"' in words or f"“{token}”" in words
