"""
Days and months as people write them, and as they are written to them.

`2026-03-09`, `09/03/2026`, `ter. 09/03`, `Mon 9 Mar`; `2026-03`, `03/2026`, `março de 2026`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import cache
from itertools import product

from babel import Locale

from billing.calendar import Month
from bot.chat.languages import nearest
from bot.chat.words.understanding import NotUnderstood, folded, foreign_digits

# Beyond these nothing that the desk computes has a meaning.
YEARS = range(2001, 2101)
LEAP_YEAR = 2028
DAY_FIRST = ("pt", "es", "ru")

ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
CIVIL = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
SHORT = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})\.?")
SLASHED = re.compile(r"[0-9]{1,2}/[0-9]{1,2}")
# `9 mar`, `9 de março de 2026`, `Mar 9, 2026`.
NAMED_DAY = re.compile(
    r"(?:(?P<day>[0-9]{1,2}) (?:de )?(?P<month>[^\W\d_]+)\.?"
    r"|(?P<first>[^\W\d_]+)\.? (?P<second>[0-9]{1,2}))"
    r"(?:,? (?:de )?(?P<year>[0-9]{4})(?: г\.?)?)?"
)
LIKE_A_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
# `march`, `march 2026`, `março de 2026`, `mar/2026`, `март 2026 г.`.
NAMED_MONTH = re.compile(r"([^\W\d_]+)\.?(?:(?:\s+(?:de\s+)?|/)([0-9]{4})(?:\s*г\.?)?)?")
CIVIL_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{4})")


class DateUnclear(NotUnderstood):
    """
    No day, or not surely which. Facts: `wanted`, `why`.

    `why` is one of form, ambiguous, digits, no_such_day.
    """

    code = "date_unclear"


class MonthUnclear(NotUnderstood):
    """No month. Facts: `wanted`."""

    code = "month_unclear"


def like_a_date(word: str) -> bool:
    """Whether a word can only be meant as a date, well formed or not."""
    return LIKE_A_DATE.fullmatch(word) is not None


def day(words: str, *, language: str, today: date | None = None) -> date:
    """
    Read a day; which number of `09/03/2026` is the month depends on the speaker's language.

    Where the language leaves it open, only a day above the 12th makes it clear. Without its year
    it is the one nearest to `today`; without that, it is not understood. A day of the week before
    it has to be right, then or in the present year.

    :raises DateUnclear:
    """
    word = " ".join(words.split())
    if foreign_digits(word):
        raise DateUnclear(wanted=word[:64], why="digits")
    first, _, rest = word.partition(" ")
    weekday = _weekdays(nearest(language)).get(folded(first).rstrip(".,")) if rest else None
    bare = word if weekday is None else rest
    short = _without_year(bare, language) if today is not None else None
    if today is None or short is None:
        possible = [_whole(bare, language)]
    else:
        possible = _nearest_and_present(today, *short)
    fitting = [found for found in possible if weekday in {None, found.weekday()}]
    if not fitting:
        raise DateUnclear(wanted=word[:64], why="no_such_day")
    return fitting[0]


def surely(words: str, *, language: str) -> bool:
    """Whether words can only be a day: in figures, or with a day of the week before it."""
    first, _, rest = words.partition(" ")
    of_week = folded(first).rstrip(".,") in _weekdays(nearest(language))
    figures = like_a_date(words) or SLASHED.fullmatch(words) is not None
    return figures or (of_week and formed(rest, language=language))


def formed(words: str, *, language: str) -> bool:
    """Whether words have the form of a day, in figures or with the name of a month."""
    named = NAMED_DAY.fullmatch(folded(words))
    if named is not None:
        return (named["month"] or named["first"]) in _months(nearest(language))
    return any(form.fullmatch(words) for form in (ISO, CIVIL, SHORT))


def _without_year(word: str, language: str) -> tuple[int, int] | None:
    """Return month and day of what is written without a year; None: it is written otherwise."""
    if (named := NAMED_DAY.fullmatch(folded(word))) and not named["year"]:
        month = _months(nearest(language)).get(named["month"] or named["first"])
        return None if month is None else (month, int(named["day"] or named["second"]))
    found = SHORT.fullmatch(word)
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    if language.casefold().startswith(DAY_FIRST) or first == second or first > 12:
        return second, first
    if second > 12:
        return first, second
    raise DateUnclear(wanted=word[:64], why="ambiguous")


def _nearest_and_present(today: date, month: int, day_of_month: int) -> list[date]:
    """Return such a day in the year in which it is nearest, and in the present one."""
    near = [
        date(year, month, day_of_month)
        for year in range(today.year - 1, today.year + 2)
        if 1 <= month <= 12 and 1 <= day_of_month <= monthrange(year, month)[1]
    ]
    near.sort(key=lambda found: abs(found - today))
    # In this one the year is left out where days are written.
    return [*near[:1], *(found for found in near if found.year == today.year)]


def _whole(word: str, language: str) -> date:
    """Read a day with its year."""
    if found := ISO.fullmatch(word):
        return _day(word, found[1], found[2], found[3])
    named = NAMED_DAY.fullmatch(folded(word))
    month = _months(nearest(language)).get(named["month"] or named["first"]) if named else None
    if named is not None and named["year"] and month is not None:
        return _day(word, named["year"], str(month), named["day"] or named["second"])
    found = CIVIL.fullmatch(word)
    if found is None:
        raise DateUnclear(wanted=word[:64], why="no_such_day" if _in_no_year(word) else "form")
    first, second, year = found[1], found[2], found[3]
    if language.casefold().startswith(DAY_FIRST) or first == second or int(first) > 12:
        return _day(word, year, second, first)
    if int(second) > 12:
        return _day(word, year, first, second)
    raise DateUnclear(wanted=word[:64], why="ambiguous")


def _in_no_year(word: str) -> bool:
    """Whether a day without its year is none in any year, however it is read."""
    found = SHORT.fullmatch(word)
    if found is None:
        return False
    first, second = int(found[1]), int(found[2])
    return not any(
        1 <= of_year <= 12 and 1 <= day <= monthrange(LEAP_YEAR, of_year)[1]
        for day, of_year in ((first, second), (second, first))
    )


def month(words: str, *, language: str = "en", present: Month | None = None) -> Month:
    """
    Read a month: in figures, or by its name in the speaker's language or in English.

    A name without a year is the last such month up to the `present` one.

    :raises MonthUnclear:
    """
    word = " ".join(words.split())
    called = NAMED_MONTH.fullmatch(folded(word))
    if called is not None and (of_year := _months(nearest(language)).get(called[1])) is not None:
        if called[2] is None and present is None:
            raise MonthUnclear(wanted=word[:64])
        if called[2] is not None:
            return _month(word, int(called[2]), of_year)
        assert present is not None
        return Month(present.year - (of_year > present.month), of_year)
    if found := ISO_MONTH.fullmatch(word):
        year, number = int(found[1]), int(found[2])
    elif found := CIVIL_MONTH.fullmatch(word):
        year, number = int(found[2]), int(found[1])
    else:
        raise MonthUnclear(wanted=word[:64])
    return _month(word, year, number)


def _month(word: str, year: int, number: int) -> Month:
    if year not in YEARS or not 1 <= number <= 12:
        raise MonthUnclear(wanted=word[:64])
    return Month(year, number)


@cache
def _months(language: str) -> dict[str, int]:
    """Return the numbers of the months by their names, whole and short, as they are compared."""
    found: dict[str, int] = {}
    for spoken in ("en", language):
        of_year = Locale.parse(spoken).months
        # As it stands beside a day and as it stands alone, where a language tells them apart.
        for context, width in product(("format", "stand-alone"), ("wide", "abbreviated")):
            names = of_year[context][width]
            found.update({folded(name).rstrip("."): number for number, name in names.items()})
    return found


@cache
def _weekdays(language: str) -> dict[str, int]:
    """Return the days of the week by their names, whole and short; Monday is 0."""
    found: dict[str, int] = {}
    for spoken in ("en", language):
        of_week = Locale.parse(spoken).days
        for context, width in product(("format", "stand-alone"), ("wide", "abbreviated")):
            names = of_week[context][width]
            found.update({folded(name).rstrip("."): number for number, name in names.items()})
    return found


def _day(word: str, year: str, number: str, day_of_month: str) -> date:
    try:
        found = date(int(year), int(number), int(day_of_month))
    except ValueError:
        raise DateUnclear(wanted=word[:64], why="no_such_day") from None
    if found.year not in YEARS:
        raise DateUnclear(wanted=word[:64], why="no_such_day")
    return found
