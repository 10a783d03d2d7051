"""What Stripe is asked, as a form; and how it says no."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

Json = dict[str, Any]

_PART = re.compile(r"\[([^\]]*)\]")
MOST_METADATA, LONGEST_KEY, LONGEST_VALUE = 50, 40, 500


class Wrong(Exception):
    """Stripe refuses; `stored`: it had begun, so that the same key gets the same answer again."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        stored: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.stored = stored
        error = {"message": message, "type": kind, "code": code, "param": param}
        self.body: Json = {"error": {name: one for name, one in error.items() if one is not None}}


def missing(kind: str, id_: str) -> Wrong:
    return Wrong(404, f"No such {kind}: '{id_}'", code="resource_missing", param="id")


def read(text: str) -> Json:
    """Return what `a[b][0][c]=x` says, as nested objects and lists."""
    found: Json = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, _, rest = name.partition("[")
        path = [first, *_PART.findall("[" + rest)] if rest else [first]
        _put(found, path, value)
    return {name: _listed(value) for name, value in found.items()}


def _put(into: Json, path: list[str], value: str) -> None:
    *way, last = path
    for step in way:
        into = into.setdefault(step, {})
    # `expand[]=a&expand[]=b`: an index of one's own for each.
    into[last or str(len(into))] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def check(given: Json, known: Iterable[str]) -> None:
    """Refuse what Stripe does not know, as it does."""
    for name in given:
        if name not in {*known, "expand", "metadata"}:
            message = f"Received unknown parameter: {name}"
            raise Wrong(400, message, code="parameter_unknown", param=name)
    metadata = given.get("metadata", {})
    if len(metadata) > MOST_METADATA or any(
        len(name) > LONGEST_KEY or len(value) > LONGEST_VALUE for name, value in metadata.items()
    ):
        raise Wrong(400, "Metadata: too many keys, or one too long", param="metadata")


def need(given: Json, name: str) -> Any:
    """Return a parameter that has to be there."""
    if given.get(name) in (None, "", {}, []):
        message = f"Missing required param: {name}."
        raise Wrong(400, message, code="parameter_missing", param=name)
    return given[name]


def whole(given: Json, name: str, default: int | None = None) -> int:
    value = given.get(name, default)
    try:
        return int(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Wrong(400, f"Invalid integer: {value}", param=name) from None


def flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise Wrong(400, f"Invalid boolean: {value}")
    return value == "true"
