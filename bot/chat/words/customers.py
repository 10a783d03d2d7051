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
UNTIL = frozenset({"until", "till", "ate", "hasta", "до"})
PAID = frozenset({"paid", "pago", "paga", "pagado", "pagada", "оплачено", "оплачен"})
LIKE_AN_AMOUNT = re.compile(r"(?:[A-Za-z]{0,3}\$|€|[A-Z]{3})?[-−–]?[0-9][0-9.,]*(?:€)?")


@dataclass(frozen=True, slots=True)
class CustomerWords:
    """What was said; None was not. A name in quotation marks may hold what reads like a price."""

    name: str | None = None
    price: Amount | None = None
    paid_until: date | None = None


def customer(words: str, *, language: str) -> CustomerWords:
    """
    Read `NAME [PRICE] [paid until DATE]`; without a name it is about the customer there is.

    :raises AmountUnclear, DateUnclear, QuoteOpen:
    """
    tokens = tokens_of(words)
    paid_until = _taken_date(tokens, words, language)
    price = _taken_price(tokens, words)
    return CustomerWords(" ".join(tokens) or None, price, paid_until)


def _taken_date(tokens: list[str], words: str, language: str) -> date | None:
    """Take the day from the end, and the words before it that only lead to it."""
    if not tokens or _is_quoted(tokens[-1], words):
        return None
    linked = len(tokens) > 1 and folded(tokens[-2]) in UNTIL
    paid = linked and len(tokens) > 2 and folded(tokens[-3]) in PAID
    if not (paid or dates.like_a_date(tokens[-1])):
        return None
    found = dates.day(tokens.pop(), language=language)
    del tokens[len(tokens) - (2 if paid else 1 if linked else 0) :]
    return found


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
