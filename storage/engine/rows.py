"""What all repositories need to ask for rows and to be sure that they were there."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from storage.engine.transaction import Parameter, Row

T = TypeVar("T")

MOST_REMEMBERED = 4096


class RowMissing(LookupError):
    """A row that had to be there was not: a fault of ours, never of a person."""


def must_touch(count: int, what: str) -> None:
    """
    Refuse to do nothing in silence.

    :raises RowMissing: if a statement touched no row.
    """
    if count == 0:
        raise RowMissing(what)


def there(row: Row | None, what: str) -> Row:
    """
    Return a row that has to be there.

    :raises RowMissing: if it is not.
    """
    if row is None:
        raise RowMissing(what)
    return row


def listed(name: str, values: Iterable[str]) -> tuple[str, dict[str, Parameter]]:
    """
    Return the inside of an IN list, `:name_0, :name_1`, and its parameters.

    The empty string is always among them: an empty list is no SQL.
    """
    given = ("", *values)
    return _marks(name, len(given)), {f"{name}_{place}": one for place, one in enumerate(given)}


@lru_cache(maxsize=256)
def _marks(name: str, count: int) -> str:
    return ", ".join(f":{name}_{place}" for place in range(count))


@lru_cache(maxsize=512)
def filled(sql: str, place: str, marks: str) -> str:
    """Return SQL with a list in its place: the same text each time, whose hash is known."""
    return sql.replace(place, marks)


def beyond(prefix: str) -> str:
    """
    Return the text that sorts after all that begin with `prefix`.

    A range of the index on either engine, where LIKE would fold case on one of them.
    """
    return prefix + "\U0010ffff"


def remembered(read: Callable[[Row], T]) -> Callable[[Row], T]:
    """
    Let rows that were read lately, and are the same in every column, not be read again.

    For what is read whole, always in the same columns, and cannot be changed.
    """
    known: dict[tuple[object, ...], T] = {}

    def read_once(row: Row) -> T:
        values = tuple(row.values())
        found = known.get(values)
        if found is None:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            found = known[values] = read(row)
        return found

    return read_once
