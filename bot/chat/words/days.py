"""Words about days: how many, as what, for which instances. Pure; nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.days.extensions import ByDays, Form, ToRemaining, UntilDate
from bot.chat.words import dates
from bot.chat.words.understanding import NotUnderstood, folded, foreign_digits

MINUS = "-−–"
WHOLE = re.compile(r"\+?([0-9]+)")
GROUPED = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(?:\1[0-9]{3})+")
# `2.250` may be two thousand and so many, or two and a quarter.
EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
FRACTION = re.compile(r"([0-9]+)[.,]([0-9]+)")
LIKE_A_NUMBER = re.compile(rf"[{MINUS}+]?[0-9][0-9.,]*")
# `30days`, as it is written in a hurry.
GLUED = re.compile(r"([0-9]+)([a-zа-я]+)")
LAST = re.compile(r"(?:(.*?)[\s,;]+)?(\S+?)[\s,;]*", re.DOTALL)

# Words are compared as `folded` leaves them: without accents, and `й` is one with `и`.
DAYS = frozenset({"day", "days", "dia", "dias", "d"} | {"день", "дня", "днеи", "дн", "дн."})
CHANNELS = frozenset(
    {"channel", "channels", "canal", "canais", "canales"} | {"канал", "канала", "каналы", "каналов"}
)
MONTHLY = frozenset({"monthly", "mensal", "mensalmente", "mensual", "mensualmente", "ежемесячно"})
ON = frozenset(
    {"on", "yes", "sim", "si", "да", "ligar", "ligado", "ligada", "ligados", "ligadas"}
    | {"activar", "activado", "activada", "activados", "activadas"}
    | {"вкл", "вкл.", "включить", "включен"}
)
OFF = frozenset(
    {"off", "no", "nao", "нет", "desligar", "desligado", "desligada", "desligados", "desligadas"}
    | {"desactivar", "desactivado", "desactivada", "desactivados", "desactivadas"}
    | {"выкл", "выкл.", "выключить", "выключен"}
)
TO = frozenset({"to", "para"})
# The Spanish "to" is a name as well, for whoever speaks otherwise or names nothing before it.
SPANISH_TO = "a"
UNTIL = frozenset({"until", "till", "ate", "hasta", "до"})
# In Russian one word leads to a day and, before a bare number, to the days that are left then.
RUSSIAN_TO = "до"
# `магазин-1 на 30 дней`; whoever speaks otherwise may have something of that name.
RUSSIAN_BY = "на"


class DaysUnclear(NotUnderstood):
    """
    No number of days, or not surely which. Facts: `why`, `wanted`, `command`.

    `why` is form, digits, ambiguous or switch (neither on nor off). To a partner also its
    `balance` and what is `possible`.
    """

    code = "days_unclear"


@dataclass(frozen=True, slots=True)
class Channels:
    """`75 channels`."""

    count: int | Decimal


@dataclass(frozen=True, slots=True)
class Days:
    """`2250 days`."""

    count: int | Decimal


@dataclass(frozen=True, slots=True)
class Monthly:
    """`monthly on|off`; `on` None: neither was said."""

    on: bool | None


@dataclass(frozen=True, slots=True)
class NoUnit:
    """A number that may be days or channels."""

    count: int | Decimal


Purchase = Channels | Days | Monthly | NoUnit


@dataclass(frozen=True, slots=True)
class Extension:
    """
    `names` are the words for the instances, `form` what they get.

    `form` None: it was not said, and `asks` is what belongs there (days, date). `said` are the
    words of the form, as they are repeated.
    """

    names: str
    form: Form | None
    said: str = ""
    asks: str = "days"


@dataclass(frozen=True, slots=True)
class Auto:
    """`names on [DAYS]|off`; `on` None: neither was said. `said` are the words after the names."""

    names: str
    on: bool | None
    days: int | Decimal | None = None
    said: str = ""


def number(word: str, *, command: str) -> int | Decimal:
    """
    Read a number of days or channels; what it may be, the rules of days say.

    :raises DaysUnclear:
    """
    wanted = word.strip()
    if foreign_digits(wanted):
        raise _unclear(wanted, "digits", command)
    sign = -1 if wanted[:1] in MINUS and wanted else 1
    bare = wanted[1:].strip() if sign < 0 else wanted
    if found := WHOLE.fullmatch(bare):
        return sign * int(found[1])
    if GROUPED.fullmatch(bare):
        return sign * int(re.sub(r"[.,]", "", bare))
    if EITHER.fullmatch(bare):
        raise _unclear(wanted, "ambiguous", command)
    if found := FRACTION.fullmatch(bare):
        return sign * Decimal(f"{found[1]}.{found[2]}")
    raise _unclear(wanted, "form", command)


def purchase(words: str) -> Purchase:
    """
    Read what is bought.

    :raises DaysUnclear:
    """
    tokens = _unglued(folded(words)).split()
    if tokens[:1] and tokens[0] in MONTHLY:
        on = _switch(tokens[1:])
        if on is None and tokens[1:]:
            raise _unclear(words, "switch", "buy")
        return Monthly(on)
    units = [token for token in tokens if token in DAYS | CHANNELS]
    counts = [token for token in tokens if token not in units]
    if len(units) > 1 or len(counts) != 1:
        raise _unclear(words, "digits" if foreign_digits(words) else "form", "buy")
    count = number(counts[0], command="buy")
    if not units:
        return NoUnit(count)
    return Channels(count) if units[0] in CHANNELS else Days(count)


def extension(words: str, *, language: str, today: date | None = None) -> Extension:
    """
    Read an extension: the last number is the days, whatever stands before it names instances.

    :raises DaysUnclear, DateUnclear:
    """
    before, last = _parted(words)
    if folded(last) in DAYS and before:
        before, last = _parted(before)
    elif glued := GLUED.fullmatch(folded(last)):
        last = glued[1] if glued[2] in DAYS else last
    names, link = _parted(before)
    if folded(last) in TO | UNTIL and before:
        asks = "date" if folded(last) in UNTIL else "days"
        return Extension(before, None, last, asks)
    spoken, linked = language.casefold()[:2] if names else "", folded(link)
    if linked in TO or (linked == RUSSIAN_TO and WHOLE.fullmatch(last)):
        return Extension(names, ToRemaining(number(last, command="extend")), f"{link} {last}")
    if spoken == "es" and linked == SPANISH_TO:
        return Extension(names, ToRemaining(number(last, command="extend")), f"{link} {last}")
    if linked in UNTIL:
        until = dates.day(last, language=language, today=today)
        return Extension(names, UntilDate(until), f"{link} {until.isoformat()}")
    if spoken == "ru" and linked == RUSSIAN_BY:
        return Extension(names, ByDays(number(last, command="extend")), last)
    if LIKE_A_NUMBER.fullmatch(last) or foreign_digits(last):
        return Extension(before, ByDays(number(last, command="extend")), last)
    return Extension(words.strip(), None)


def auto(words: str) -> Auto:
    """
    Read who shall extend themselves, and by how many days.

    :raises DaysUnclear:
    """
    before, last = _parted(words)
    if folded(last) in OFF:
        return Auto(before, False, None, last)
    if folded(last) in ON:
        return Auto(before, True, None, last)
    if folded(last) in DAYS and before:
        before, last = _parted(before)
    names, link = _parted(before)
    if folded(link) in ON:
        return Auto(names, True, number(last, command="auto"), f"{link} {last}")
    return Auto(words.strip(), None)


def limit(words: str) -> int | None:
    """
    Read a limit in days; None for `off`.

    :raises DaysUnclear:
    """
    tokens = [token for token in _unglued(folded(words)).split() if token not in DAYS]
    if len(tokens) == 1 and tokens[0] in OFF:
        return None
    if len(tokens) != 1:
        raise _unclear(words, "form", "limit")
    wanted = number(tokens[0], command="limit")
    if not isinstance(wanted, int):
        raise _unclear(words, "form", "limit")
    return wanted


def words_of(form: Form) -> str:
    """Return a form as it is written after the instances."""
    match form:
        case ByDays(days):
            return str(days)
        case ToRemaining(days):
            return f"to {days}"
        case UntilDate(until):
            return f"until {until.isoformat()}"


def form_of(words: str) -> Form:
    """Read what `words_of` wrote."""
    kind, _, value = words.rpartition(" ")
    if kind == "until":
        return UntilDate(date.fromisoformat(value))
    return ToRemaining(int(value)) if kind == "to" else ByDays(int(value))


def _parted(words: str) -> tuple[str, str]:
    """Return the words before the last one, and the last."""
    found = LAST.fullmatch(words.strip())
    return ((found[1] or "").strip(" ,;"), found[2]) if found else ("", "")


def _unglued(words: str) -> str:
    return " ".join(
        f"{glued[1]} {glued[2]}" if (glued := GLUED.fullmatch(word)) else word
        for word in words.split()
    )


def _switch(tokens: list[str]) -> bool | None:
    if len(tokens) != 1 or tokens[0] not in ON | OFF:
        return None
    return tokens[0] in ON


def _unclear(wanted: str, why: str, command: str) -> DaysUnclear:
    return DaysUnclear(wanted=" ".join(wanted.split())[:64], why=why, command=command)
