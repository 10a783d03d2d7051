"""
A bank's statement as it comes, a CSV file, a spreadsheet or pasted lines: to what came in.

Which sign parts the cents, and which number of a day is the month, the columns tell together.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from billing.matching import Incoming
from billing.money import MINOR_PER_MAJOR
from billing.refusals import Refusal
from bot.chat.tables.rows import DELIMITERS, TableUnclear, cells
from bot.chat.words import dates, grammar
from bot.chat.words.amounts import CURRENCIES, MOST_DIGITS, AmountUnclear
from bot.chat.words.understanding import NotUnderstood, folded, foreign_digits

# So much comes in at most with one statement; as many lines are looked at for the columns' names.
MOST_ROWS, MOST_PREAMBLE = 200, 30
NAMED = {
    **dict.fromkeys(
        ("date", "data", "fecha", "дата", "booking date", "data lancamento", "data do lancamento"),
        "date",
    ),
    **dict.fromkeys(
        ("amount", "valor", "value", "importe", "monto", "сумма", "credit", "credito"), "amount"
    ),
    **dict.fromkeys(
        (
            *("reference", "ref", "referencia", "id", "documento", "document", "identificador"),
            *("transaction id", "референс", "номер документа"),
        ),
        "reference",
    ),
    **dict.fromkeys(
        (
            *("description", "descricao", "descripcion", "historico", "details", "memo", "payer"),
            *("concepto", "pagador", "назначение", "описание"),
        ),
        "text",
    ),
    **dict.fromkeys(("currency", "moeda", "moneda", "валюта"), "currency"),
}
NEEDED = frozenset({"date", "amount", "reference"})
# `(59,90)`, `R$ -59,90`, `59,90-`, `59,90 D`: money that went out.
OUT = re.compile(r"[-−–(]|[0-9]\s*D(?:[ÉE]B\.?)?$", re.IGNORECASE)
SIGN = re.compile(r"[A-Za-z]*\$|€|[A-Za-z]{3}(?![A-Za-z])")
BARE = re.compile(r"[0-9][0-9.,' ]*")
CENTS = re.compile(r".*[0-9]([.,])[0-9]{1,2}")
AN_INVOICE = re.compile(r"[A-Za-z]{2,5}-[0-9]{4}-[0-9]+\b")


@dataclass(frozen=True, slots=True)
class BankTable:
    """What came in, the rows that cannot be read with why, and how many are no money in."""

    rows: tuple[Incoming, ...]
    unread: tuple[tuple[int, Refusal], ...]
    others: int


def is_table(words: str) -> bool:
    """Whether words are a statement, and not a payment written over several lines."""
    return "\n" in words.strip() and AN_INVOICE.match(words.strip()) is None


def read(text: str, *, language: str) -> BankTable:
    """
    Read a statement; a row that cannot be read says why and holds up no other.

    :raises TableUnclear:
    """
    at, names, body = _columns(text)
    try:
        rows = [(line + at, _named(row, names)) for line, row in cells(body)[1:]]
    except TableUnclear:
        raise TableUnclear(why="statement", most=MOST_ROWS) from None
    came = [(line, row) for line, row in rows if _comes_in(row.get("amount", ""))]
    if not rows:
        raise TableUnclear(why="empty", most=MOST_ROWS)
    if len(came) > MOST_ROWS:
        raise TableUnclear(why="too_many", most=MOST_ROWS)
    cents = _cents(row["amount"] for _, row in came)
    spoken = _days_language(names, cents, language)
    found, unread = [], []
    for line, row in came:
        try:
            found.append(_incoming(line, row, cents, spoken))
        except NotUnderstood as unclear:
            unread.append((line, unclear))
    return BankTable(tuple(found), tuple(unread), len(rows) - len(came))


def _columns(text: str) -> tuple[int, list[str], str]:
    """Find the row that names the columns: how many lines are above it, its cells, the table."""
    lines = text.strip("\ufeff\r\n").splitlines()
    for at, line in enumerate(lines[:MOST_PREAMBLE]):
        delimiter = max(DELIMITERS, key=line.count)
        try:
            (found,) = csv.reader([line], delimiter=delimiter, skipinitialspace=True)
        except (csv.Error, ValueError):
            continue
        names = [folded(cell) for cell in found]
        if {NAMED.get(name) for name in names} >= NEEDED:
            return at, names, "\n".join(lines[at:])
    raise TableUnclear(why="statement", most=MOST_ROWS)


def _named(row: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, cell in zip(names, row, strict=False):
        if (column := NAMED.get(name)) is not None and cell:
            # Two columns of a kind: both may tell who pays, of the others the first counts.
            if column == "text" and column in found:
                found[column] = f"{found[column]} {cell}"
            found.setdefault(column, cell)
    return found


def _comes_in(cell: str) -> bool:
    """Whether an amount is money in; a row without one, as that of a balance, is none."""
    return bool(re.search(r"[1-9]", cell) or foreign_digits(cell)) and not OUT.search(cell)


def _cents(amounts: Iterable[str]) -> str | None:
    """
    Return the sign before the cents that a column has; None if no amount shows it.

    :raises TableUnclear: amounts contradict one another.
    """
    signs = set()
    for amount in amounts:
        bare = _bare(amount)[0]
        if found := CENTS.fullmatch(bare):
            signs.add(found[1])
        elif "." in bare and "," in bare:
            signs.add(max(".,", key=bare.rfind))
        else:
            # `1.234.567`: what stands twice parts thousands.
            signs |= {other for sign, other in (".,", ",.") if bare.count(sign) > 1}
    if len(signs) > 1:
        raise TableUnclear(why="amounts", most=MOST_ROWS)
    return signs.pop() if signs else None


def _bare(cell: str) -> tuple[str, str]:
    """Return the figures of an amount, and the currency that stands beside them."""
    tidy = re.sub(r"(?<=[0-9])\s*C(?:R[ÉE]D\.?)?$", "", " ".join(cell.split()), flags=re.IGNORECASE)
    sign = SIGN.search(tidy)
    bare = SIGN.sub("", tidy, count=1).strip().lstrip("+").strip()
    return bare, sign[0] if sign else ""


def _minor(cell: str, cents: str | None) -> tuple[int, str | None]:
    bare, sign = _bare(cell)
    if foreign_digits(bare):
        raise AmountUnclear(wanted=cell[:64], why="digits")
    if not BARE.fullmatch(bare):
        raise AmountUnclear(wanted=cell[:64], why="form")
    if sign and sign.casefold() not in CURRENCIES:
        raise AmountUnclear(wanted=cell[:64], why="currency")
    if cents is None and ("." in bare or "," in bare):
        raise AmountUnclear(wanted=cell[:64], why="ambiguous")
    major, _, minor = bare.partition(cents) if cents is not None else (bare, "", "")
    groups = re.split(r"[.,' ]", major)
    whole = all(len(group) == 3 for group in groups[1:]) and all(groups)
    if not whole or not re.fullmatch(r"[0-9]{0,2}", minor):
        raise AmountUnclear(wanted=cell[:64], why="form")
    digits = "".join(groups)
    if len(digits) > MOST_DIGITS:
        raise AmountUnclear(wanted=cell[:64], why="too_large")
    return int(digits) * MINOR_PER_MAJOR + int(minor.ljust(2, "0")), CURRENCIES.get(sign.casefold())


def _days_language(names: Sequence[str], cents: str | None, language: str) -> str:
    """Return in which language days are: a bank that writes `1.234,56` has the day first."""
    return "pt" if cents == "," or {"data", "fecha", "дата"} & set(names) else language


def _incoming(line: int, row: dict[str, str], cents: str | None, language: str) -> Incoming:
    minor, sign = _minor(row["amount"], cents)
    return Incoming(
        line=line,
        on=_day(row.get("date", ""), language),
        minor=minor,
        currency=_currency(row.get("currency")) or sign,
        reference=" ".join(row.get("reference", "").split())[: grammar.LONGEST_REFERENCE],
        text=row.get("text", ""),
    )


def _day(cell: str, language: str) -> date:
    """Read a day; the time of day that some banks write behind it does not matter."""
    return dates.day(re.split(r"[T\s]", cell, maxsplit=1)[0], language=language)


def _currency(cell: str | None) -> str | None:
    if cell is None:
        return None
    known = CURRENCIES.get(cell.casefold())
    if known is None:
        raise AmountUnclear(wanted=cell[:64], why="currency")
    return known
