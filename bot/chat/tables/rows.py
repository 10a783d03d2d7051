"""Tables as people send them, a CSV file or pasted lines: to rows of what is to be brought in."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date

from billing.services.partners.import_rows import Row, Sum
from bot.chat.words import amounts, dates
from bot.chat.words.understanding import NotUnderstood, folded

MOST_ROWS = 500
LONGEST_CELL = 200
DELIMITERS = "\t;,|"
DAYS = re.compile(r"([0-9]{1,6})\s*(?:d|days?|d[ií]as?|день|дня|дней)", re.IGNORECASE)

# In the order in which they stand where no row names them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "partner": ("partner", "company", "parceiro", "empresa", "socio", "партнер"),
    "programme": ("programme", "program", "programa", "программа"),
    "instance": ("instance", "name", "instancia", "nome", "nombre", "инстанс", "имя"),
    "paid_until": (
        "paid_until",
        "paid until",
        "pago_ate",
        "pago ate",
        "pagado_hasta",
        "pagado hasta",
        "оплачено до",
    ),
    "migrate": ("migrate", "migrar", "перевести"),
    "price": ("price", "preco", "precio", "цена"),
    "balance": ("balance", "saldo", "баланс"),
    "reference": ("platform_id", "platform id", "id", "connected_id", "id na plataforma"),
    "origin": ("origin", "origem", "origen"),
}
NAMED = {name: column for column, names in COLUMNS.items() for name in names}
YES = frozenset({"yes", "y", "true", "1", "sim", "s", "si", "да"})
NO = frozenset({"no", "n", "false", "0", "nao", "нет"})
ORIGINS = {"panel": True, "painel": True, "api": False}
# A date or an amount.
FIGURES = re.compile(r"[0-9][0-9.,/ -]*")


class TableUnclear(NotUnderstood):
    """No table. Facts: `why` (empty, too_many, columns, statement, amounts), `most`."""

    code = "table_unclear"


class CellUnclear(NotUnderstood):
    """A value that its column cannot have. Facts: `column`, `wanted`."""

    code = "cell_unclear"


def rows(text: str, *, language: str) -> list[Row]:
    """
    Read a table; a row that cannot be read says why and holds up no other.

    :raises TableUnclear:
    """
    found = cells(text)
    if not found:
        raise TableUnclear(why="empty", most=MOST_ROWS)
    names = [NAMED.get(folded(cell)) for cell in found[0][1]]
    if "partner" in names:
        if len(found) == 1:
            raise TableUnclear(why="empty", most=MOST_ROWS)
        found = found[1:]
    elif any(name is not None for name in names) or _is_a_heading(found):
        raise TableUnclear(why="columns", most=MOST_ROWS)
    else:
        names = list(COLUMNS)
    if len(found) > MOST_ROWS:
        raise TableUnclear(why="too_many", most=MOST_ROWS)
    return [_row(line, _named(cells, names), language) for line, cells in found]


def _is_a_heading(found: Sequence[tuple[int, list[str]]]) -> bool:
    """Whether the first row names columns: it has words where all below it is dates or amounts."""
    (_, first), below = found[0], [cells for _, cells in found[1:]]
    for column, named in enumerate(first):
        under = [cells[column] for cells in below if column < len(cells) and cells[column]]
        if named and under and not FIGURES.fullmatch(named) and all(map(FIGURES.fullmatch, under)):
            return True
    return False


def cells(text: str) -> list[tuple[int, list[str]]]:
    """
    Return the rows that hold anything, each with its line.

    :raises TableUnclear:
    """
    lines = text.strip("\ufeff\r\n").splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    found = []
    try:
        for cells in reader:
            tidy = [cell.strip()[:LONGEST_CELL] for cell in cells]
            if any(tidy):
                found.append((reader.line_num, tidy))
    except csv.Error:
        raise TableUnclear(why="columns", most=MOST_ROWS) from None
    return found


def _named(cells: Sequence[str], names: Sequence[str | None]) -> dict[str, str]:
    return {
        name: cell for name, cell in zip(names, cells, strict=False) if name is not None and cell
    }


def _row(line: int, cells: dict[str, str], language: str) -> Row:
    partner = cells.get("partner", "")
    try:
        price, (credit, days) = cells.get("price"), _balance(cells.get("balance", ""))
        return Row(
            line=line,
            partner=partner,
            programme=folded(cells["programme"]) if "programme" in cells else None,
            instance=cells.get("instance"),
            paid_until=_day(cells.get("paid_until"), language),
            migrate=_yes(cells.get("migrate")),
            price=None if price is None else _sum(price),
            credit=credit,
            days=days,
            reference=cells.get("reference"),
            panel=_panel(cells.get("origin")),
        )
    except NotUnderstood as unclear:
        return Row(line=line, partner=partner, instance=cells.get("instance"), unread=unclear)


def _day(cell: str | None, language: str) -> date | None:
    return None if cell is None else dates.day(cell, language=language)


def _yes(cell: str | None) -> bool | None:
    if cell is None:
        return None
    if folded(cell) not in YES | NO:
        raise CellUnclear(column="migrate", wanted=cell[:64])
    return folded(cell) in YES


def _panel(cell: str | None) -> bool:
    if cell is None:
        return False
    if folded(cell) not in ORIGINS:
        raise CellUnclear(column="origin", wanted=cell[:64])
    return ORIGINS[folded(cell)]


def _balance(cell: str) -> tuple[Sum | None, int | None]:
    if found := DAYS.fullmatch(cell):
        return None, int(found[1]) or None
    if not cell:
        return None, None
    credit = _sum(cell)
    return (credit if credit.minor else None), None


def _sum(cell: str) -> Sum:
    amount = amounts.amount(cell)
    return Sum(amount.minor, amount.currency)
