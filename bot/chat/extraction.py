"""
Finds what has to be translated, for Babel (`make messages`).

Babel's own reader of Python loses the words of calls within calls, of which there are many here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import IO

Found = tuple[int, str, str | tuple[str, str], list[str]]

# Speech is called `say` by those who are handed it, and `self` by itself.
SINGULAR = frozenset({"say", "self", "mark"})


def said(
    file: IO[bytes], keywords: object = None, comment_tags: object = None, options: object = None
) -> Iterator[Found]:
    """Yield line, function, text or (one, many), comments: as Babel asks of such a function."""
    del keywords, comment_tags, options
    for node in ast.walk(ast.parse(file.read())):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]):
                if name in SINGULAR:
                    yield node.lineno, "gettext", text, []
            case ast.Call(
                func=ast.Attribute(attr="plural"),
                args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), *_],
            ):
                yield node.lineno, "ngettext", (one, many), []
