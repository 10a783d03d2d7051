"""Words, amounts and dates on a file, as its reader writes them; plain text, never markup."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from decimal import Decimal
from gettext import NullTranslations
from typing import Protocol

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from billing.calendar import Month, zone_named
from billing.money import MINOR_PER_MAJOR, Money

# On paper the year is always there, and a month is never taken for a day.
DAYS = {"en": "d MMM y", "pt": "dd/MM/y", "es": "dd/MM/y", "ru": "dd.MM.y"}
MONTHS = {"en": "LLLL y", "pt": "LLLL 'de' y", "es": "LLLL 'de' y", "ru": "LLLL y"}


class Reader(Protocol):
    """Whom a file is for."""

    @property
    def language(self) -> str:
        """The name of a locale, as `pt_BR`."""
        ...

    @property
    def zone(self) -> str: ...
    @property
    def now(self) -> datetime: ...
    @property
    def words(self) -> NullTranslations: ...


class Voice:
    """Speaks to one reader. Called with a text of the source language it says it in theirs."""

    def __init__(self, reader: Reader) -> None:
        self.locale = Locale.parse(reader.language)
        self.language = reader.language
        self.zone, self.now = reader.zone, reader.now
        self._words = reader.words
        self._made: dict[Hashable, str] = {}

    def __call__(self, text: str, /, **values: object) -> str:
        """Say a text; values may be words, numbers, Money, months and dates."""
        return self._filled(self._words.gettext(text), values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Say what depends on a number, which is also the value `n`."""
        return self._filled(self._words.ngettext(one, many, n), {"n": n, **values})

    def show(self, value: object) -> str:
        """Return one value as this reader writes it."""
        shows: tuple[tuple[type, Callable[..., str]], ...] = (
            (str, str),
            (int, lambda number: format_decimal(number, locale=self.locale)),
            (Money, self.money),
            (Month, self.month),
            (datetime, self.at),
            (date, self.day),
        )
        for kind, show in shows:
            if isinstance(value, kind):
                return show(value)
        raise TypeError(f"cannot be said: {type(value).__name__}")

    def money(self, amount: Money) -> str:
        """Return an amount with its currency's sign."""
        major = Decimal(amount.minor) / MINOR_PER_MAJOR
        return self._once(
            amount, lambda: format_currency(major, amount.currency, locale=self.locale)
        )

    def month(self, month: Month) -> str:
        """Return `March 2026`."""
        return self._once(month, lambda: self._dated(month.day(1), MONTHS))

    def day(self, day: date) -> str:
        """Return `5 Mar 2026`."""
        return self._once(day, lambda: self._dated(day, DAYS))

    def at(self, instant: datetime) -> str:
        """Return `5 Mar 2026, 09:00`, by the reader's clock."""
        local = instant.astimezone(zone_named(self.zone))
        clock = format_datetime(local, format="HH:mm", locale=self.locale)
        return f"{self.day(local.date())}, {clock}"

    def _dated(self, day: date, patterns: Mapping[str, str]) -> str:
        return str(format_date(day, format=patterns[self.locale.language], locale=self.locale))

    def _once(self, value: Hashable, made: Callable[[], str]) -> str:
        """Return what was made of a value before: on a list most are alike."""
        if value not in self._made:
            self._made[value] = made()
        return self._made[value]

    def _filled(self, text: str, values: dict[str, object]) -> str:
        return text.format_map({name: self.show(value) for name, value in values.items()})
