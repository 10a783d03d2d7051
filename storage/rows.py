"""What all repositories need to ask for rows and to be sure that they were there."""

from collections.abc import Iterable

from storage.transaction import Parameter, Row


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
    parameters: dict[str, Parameter] = {
        f"{name}_{place}": value for place, value in enumerate(("", *values))
    }
    return ", ".join(f":{key}" for key in parameters), parameters


def beyond(prefix: str) -> str:
    """
    Return the text that sorts after all that begin with `prefix`.

    A range of the index on either engine, where LIKE would fold case on one of them.
    """
    return prefix + "\U0010ffff"
