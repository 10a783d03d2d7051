"""
Speaking to one reader: words of the language, amounts and dates as they are written there.

Everything that is said is built here, and everything that is filled in is escaped here, so a
name that holds markup is shown and never interpreted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone_location
from babel.numbers import format_currency, format_decimal

from billing.calendar import Month, zone_named
from billing.money import MINOR_PER_MAJOR, Money
from bot.chat.languages import catalogue

# Signs that are not seen, and could make what follows read otherwise than it is written.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TAG = re.compile(r"<[^>]*>")
# Where a text has room for a list, this many characters of it are shown.
LIST_ROOM = 2600

# With and without the year, which is left out when it is the present one.
DAYS = {
    "en": ("EEE d MMM", "EEE d MMM y"),
    "pt_BR": ("EEE dd/MM", "EEE dd/MM/y"),
    "es": ("EEE d MMM", "EEE d MMM y"),
    # In figures, which stay as they are after any preposition.
    "ru": ("EEE dd.MM", "EEE dd.MM.y"),
}
AT = {"en": ", HH:mm", "pt_BR": " 'às' HH:mm", "es": " 'a las' HH:mm", "ru": ", HH:mm"}
MONTHS = {"en": "LLLL y", "pt_BR": "LLLL 'de' y", "es": "LLLL 'de' y", "ru": "LLLL y"}


class Html(str):
    """Text in which every value is escaped."""

    __slots__ = ()


def escaped(value: str) -> Html:
    """Return what a person wrote so that it is shown as it is."""
    return Html(html.escape(UNSEEN.sub("", value), quote=False))


def bold(value: str) -> Html:
    """Emphasise."""
    return Html(f"<b>{value if isinstance(value, Html) else escaped(value)}</b>")


def code(value: str) -> Html:
    """Show what may be copied: an id, a number, a command."""
    return Html(f"<code>{value if isinstance(value, Html) else escaped(value)}</code>")


def lines(*parts: Html | None) -> Html:
    """Put one below the other; None leaves its line out, an empty one stays as a blank line."""
    return Html("\n".join(part for part in parts if part is not None))


def expandable(*parts: Html) -> Html:
    """Return lines that the reader opens who wants them."""
    return Html(f"<blockquote expandable>{lines(*parts)}</blockquote>")


def visible_length(text: Html) -> int:
    """Return the length as Telegram counts it: without markup, in UTF-16 units."""
    return len(html.unescape(TAG.sub("", text)).encode("utf-16-le")) // 2


def plain(text: Html) -> str:
    """Return the text alone, as it is wanted on buttons and in toasts."""
    return html.unescape(TAG.sub("", text))


def mark(text: str) -> str:
    """Let the extraction find words that are looked up later."""
    return text


@dataclass(frozen=True, slots=True)
class Speech:
    """
    How one reader is spoken to: language, time zone, and what the time is.

    Called with a text of the source language it returns that text in the reader's, the values
    filled in and escaped.
    """

    language: str
    zone: str
    now: datetime

    def __call__(self, text: str, /, **values: object) -> Html:
        """Say a text; values may be words, numbers, Money, dates, instants (in the zone)."""
        return self._filled(catalogue(self.language).gettext(text), values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> Html:
        """Say what depends on a number, which is also the value `n`."""
        found = catalogue(self.language).ngettext(one, many, n)
        return self._filled(found, {"n": n, **values})

    @property
    def words(self) -> NullTranslations:
        """Return the catalogue of the reader's language, for texts that are no HTML."""
        return catalogue(self.language)

    def show(self, value: object) -> Html:
        """Return one value as this reader writes it."""
        match value:
            case Html():
                return value
            case str():
                return escaped(value)
            case bool():
                raise TypeError("a flag is not a value: say what it means")
            case int():
                return Html(format_decimal(value, locale=self._locale))
            case Money():
                return self.money(value)
            case Month():
                return self.month(value)
            case datetime():
                return self.at(value)
            case date():
                return self.day(value)
            case _:
                raise TypeError(f"cannot be said: {type(value).__name__}")

    def money(self, amount: Money) -> Html:
        """Return an amount with its currency's sign, in a form that can be typed back."""
        major = Decimal(amount.minor) / MINOR_PER_MAJOR
        shown = format_currency(major, amount.currency, locale=self._locale)
        # No line breaks within an amount; typed back, any space in it is as good as another.
        return Html(re.sub(r"\s", "\xa0", shown))

    def month(self, month: Month) -> Html:
        """Return `March 2026`."""
        return Html(format_date(month.day(1), format=MONTHS[self.language], locale=self._locale))

    def day(self, day: date, *, zone: str | None = None) -> Html:
        """Return `Thu 5 Mar`; a zone that keeps other days than the reader's is named."""
        pattern = DAYS[self.language][day.year != self.today.year]
        shown = format_date(day, format=pattern, locale=self._locale)
        return Html(shown + (self._other_clock(zone, day) if zone else ""))

    def at(self, instant: datetime) -> Html:
        """Return `Thu 5 Mar, 09:00`, by the reader's clock."""
        local = instant.astimezone(zone_named(self.zone))
        pattern = DAYS[self.language][local.year != self.today.year] + AT[self.language]
        return Html(format_datetime(local, format=pattern, locale=self._locale))

    def clock(self, instant: datetime) -> Html:
        """Return `10:32`, by the reader's clock; of another day than the present one with it."""
        local = instant.astimezone(zone_named(self.zone))
        return Html(f"{local:%H:%M}") if local.date() == self.today else self.at(instant)

    def until(self, instant: datetime) -> Html:
        """Return the last moment before an instant: a midnight is the end of the day before."""
        local = instant.astimezone(zone_named(self.zone))
        if local.time() == time(0):
            day_before = self.day(local.date() - timedelta(days=1))
            return self("the end of {day}", day=day_before)
        return self.at(instant)

    def place(self, zone: str) -> Html:
        """Return how a time zone is called: the city that it is named for."""
        city = get_timezone_location(zone_named(zone), locale=self._locale, return_city=True)
        return escaped("UTC" if zone == "UTC" else city)

    def names(self, names: Sequence[str], *, most: int = 5) -> Html:
        """Return names in a row, the rest of many as their number."""
        shown = ", ".join(bold(name) for name in names[:most])
        left = len(names) - most
        if left <= 0:
            return Html(shown)
        return Html(shown + self.plural(" and {n} more", " and {n} more", left))

    def listed(self, items: Iterable[Html], *, room: int = LIST_ROOM, more: int = 0) -> Html:
        """
        Put items one below the other as long as there is room, and say how many are left.

        `more` is how many there are beside these.
        """
        waiting = list(items)
        shown: list[Html] = []
        while waiting and visible_length(waiting[0]) < room:
            room -= visible_length(waiting[0]) + 1
            shown.append(waiting.pop(0))
        left = len(waiting) + more
        if left:
            shown.append(self.plural("… and {n} more", "… and {n} more", left))
        return lines(*shown)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.language)

    @property
    def today(self) -> date:
        """Return which day it is for this reader."""
        return self.now.astimezone(zone_named(self.zone)).date()

    def _other_clock(self, zone: str, day: date) -> str:
        noon = datetime.combine(day, time(12))
        there, here = (zone_named(name).utcoffset(noon) for name in (zone, self.zone))
        return "" if there == here else self(" ({place} time)", place=self.place(zone))

    def _filled(self, text: str, values: dict[str, object]) -> Html:
        return Html(text.format_map({name: self.show(value) for name, value in values.items()}))
