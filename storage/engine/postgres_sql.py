"""The one SQL text, as psycopg wants it."""

import re
from functools import lru_cache

# Strings, quoted names and comments stay as they are; a cast's two colons are no parameter.
_PIECES = re.compile(
    r"""
    '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | ::\w+ | (?<![:\w]):([a-z_]\w*) | %
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def translated(sql: str) -> bytes:
    """Return the statement with `%(name)s` for `:name`, and every other per cent sign doubled."""
    return _PIECES.sub(_piece, sql).encode()


def _piece(found: re.Match[str]) -> str:
    name = found[1]
    return f"%({name})s" if name else found[0].replace("%", "%%")
