"""
Where in the text of a TOML file an entry stands: the parser keeps no lines.

Only for files that were parsed; of tables, arrays of tables and keys as programmes have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Entry = tuple[str | int, ...]

_TABLE = re.compile(r"\[(?P<name>[\w.-]+)\]")
_ITEM = re.compile(r"\[\[(?P<name>[\w.-]+)\]\]")
_KEY = re.compile(r"(?P<name>[\w.-]+)\s*=")


def line_of(text: str, entry: Sequence[str | int]) -> int:
    """
    Return the line of an entry, counted from 1; of what is not there, of what it would be in.

    `entry` are keys and places in arrays, as `("tiers", 2, "next_from")`.
    """
    wanted = tuple(entry)
    found: dict[Entry, int] = {(): 1, **dict(_entries(text))}
    while wanted not in found:
        wanted = wanted[:-1]
    return found[wanted]


def _entries(text: str) -> Iterator[tuple[Entry, int]]:
    table: Entry = ()
    items: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _ITEM.match(line.strip()):
            name = found["name"]
            items[name] = items.get(name, -1) + 1
            table = (*name.split("."), items[name])
            yield table, number
        elif found := _TABLE.match(line.strip()):
            table = tuple(found["name"].split("."))
            yield table, number
        elif found := _KEY.match(line.strip()):
            yield (*table, *found["name"].split(".")), number
