"""Days and months as people write them: `2026-03-09`, `09/03/2026`; `2026-03`, `03/2026`."""

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
SHORT = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})")
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


def day(word: str, *, language: str) -> date:
    """
    Read a day; which number of `09/03/2026` is the month depends on the speaker's language.

    Where the language leaves it open, only a day above the 12th makes it clear.

    :raises DateUnclear:
    """
    if foreign_digits(word):
        raise DateUnclear(wanted=word[:64], why="digits")
    if found := ISO.fullmatch(word):
        return _day(word, found[1], found[2], found[3])
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


def _day(word: str, year: str, number: str, day_of_month: str) -> date:
    try:
        found = date(int(year), int(number), int(day_of_month))
    except ValueError:
        raise DateUnclear(wanted=word[:64], why="no_such_day") from None
    if found.year not in YEARS:
        raise DateUnclear(wanted=word[:64], why="no_such_day")
    return found
