"""
Many instances in words: a list that was pasted, a table, a file of either.

A table begins with a row that names its columns; without one, each line is a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from billing.services.instances.bulk import Row
from billing.services.instances.customers import Told
from bot.chat.tables import rows as tables
from bot.chat.words import amounts, dates
from bot.chat.words.naming import BULLET
from bot.chat.words.understanding import NotUnderstood, folded

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "instance", "id", "nome", "instancia", "nombre", "имя", "название"),
    "customer": ("customer", "client", "cliente", "клиент"),
    "price": ("price", "preco", "precio", "цена"),
    "paid_until": (
        *("paid_until", "paid until", "pago_ate", "pago ate", "pagado_hasta", "pagado hasta"),
        "оплачено до",
    ),
}
NAMED = {folded(name): column for column, names in COLUMNS.items() for name in names}


def is_table(words: str) -> bool:
    """Whether words are a table that names its columns."""
    return _columns(words) is not None


def names_in(text: str) -> list[str]:
    """Return the names in a file: of a table its column of names, else each line's first cell."""
    columns = _columns(text)
    found = tables.cells(text)
    if columns is None:
        return [BULLET.sub("", cells[0]).strip() for _, cells in found if cells[0]]
    at = columns.index("name")
    return [cells[at] for _, cells in found[1:] if at < len(cells) and cells[at]]


def rows(words: str, *, language: str) -> list[Row]:
    """Read a table; a row that cannot be read says why and holds up no other."""
    columns = _columns(words) or []
    return [
        _row(dict(zip(columns, cells, strict=False)), language)
        for _, cells in tables.cells(words)[1:]
    ]


def _columns(text: str) -> list[str | None] | None:
    """Return the columns that the first row names, if it names that of names and nothing else."""
    first = text.lstrip("\ufeff\r\n ").partition("\n")[0]
    found = tables.cells(first)
    if not found:
        return None
    columns: Sequence[str | None] = [NAMED.get(folded(cell)) for cell in found[0][1]]
    return list(columns) if "name" in columns and None not in columns else None


def _row(cells: dict[str | None, str], language: str) -> Row:
    name, whose = cells.get("name", ""), cells.get("customer") or None
    price, until = cells.get("price"), cells.get("paid_until")
    try:
        amount = amounts.amount(price) if price else None
        told = Told(
            name=whose,
            minor=amount.minor if amount else None,
            currency=amount.currency if amount else None,
            paid_until=dates.day(until, language=language) if until else None,
        )
    except NotUnderstood as unclear:
        return Row(name, unread=unclear)
    return Row(name, told=None if told == Told() else told)
